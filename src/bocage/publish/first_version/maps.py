"""What maps ask: clusters of positions, shapes with their statistics, shapes alone, and where everything is."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.publish.files.text import SEPARATOR
from bocage.publish.first_version import parameters, places
from bocage.publish.first_version.analysis import TRUNCATED, filtered
from bocage.publish.first_version.answers import json_answer
from bocage.publish.first_version.records import point, simplified, tolerance_at
from bocage.publish.first_version.refusals import Malformed
from bocage.publish.first_version.search import found
from bocage.publish.first_version.series import Series, read_series
from bocage.query import services
from bocage.query.odsql import nodes
from bocage.query.odsql.groupings import centroid
from bocage.query.odsql.printing import printed
from bocage.query.plan import (
    ROW_ID,
    Aggregate,
    Call,
    Column,
    Expression,
    Missing,
    Not,
    Operation,
    Output,
    Plan,
    Summary,
    all_of,
)
from bocage.query.planning import MOST_GROUPS
from bocage.query.rendering import concatenated, literal
from bocage.query.rendering import name as quoted

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.odsql.scope import Scope
    from bocage.query.services import Page

LARGEST_ZOOM = 25
LARGEST_RADIUS = 4096
MOST_SHAPES = 1_000
WORLD = [-180.0, -90.0, 180.0, 90.0]


def geocluster(inquiry: Inquiry) -> HttpResponse:
    """Positions that are less than `clusterdistance` pixels apart, or about, at the zoom `clusterprecision`."""
    zoom = min(LARGEST_ZOOM, _number(inquiry, "clusterprecision", None))
    radius = max(1, min(LARGEST_RADIUS, _number(inquiry, "clusterdistance", 50)))
    hulls = inquiry.text("clustermode") != "heatmap" and inquiry.text("return_polygons").lower() != "false"

    def outputs(column: Column) -> tuple[Expression, dict[str, Expression]]:
        key = Call(Operation.CLUSTER, (column,), FieldType.STRING, (zoom, radius))
        shown: dict[str, Expression] = {"centre": centroid(column)}
        return key, shown | ({"hull": Aggregate(Summary.HULL, column, FieldType.GEOMETRY)} if hulls else {})

    def cluster(row: dict[str, Any]) -> dict[str, Any]:
        centre = row["centre"]["cluster_centroid"]
        told: dict[str, Any] = {"cluster_center": [centre["lat"], centre["lon"]]}
        return told | ({"cluster": row["hull"]["geometry"]} if hulls and row["hull"] else {})

    return _clusters(inquiry, places.geographic_field, outputs, cluster)


def geopolygon(inquiry: Inquiry) -> HttpResponse:
    """Shapes, each once, with the statistics of the records that have it."""

    def outputs(column: Column) -> tuple[Expression, dict[str, Expression]]:
        first = Aggregate(Summary.MINIMUM, Column(ROW_ID, FieldType.STRING), FieldType.STRING)
        centre = centroid(column)
        return column, {"shape": column, "digest": first, "centre": centre}

    def cluster(row: dict[str, Any]) -> dict[str, Any]:
        shape, centre = row["shape"], row["centre"]["cluster_centroid"]
        point = {"type": "Point", "coordinates": [shape["lon"], shape["lat"]]} if "lon" in shape else shape["geometry"]
        middle = [centre["lat"], centre["lon"]]
        return {"cluster": point, "geo_digest": row["digest"], "cluster_center": middle}

    return _clusters(inquiry, places.shape_field, outputs, cluster)


Outputs = Callable[[Column], tuple[Expression, dict[str, Expression]]]


def _clusters(
    inquiry: Inquiry,
    field: Callable[[Inquiry, Scope], Column],
    outputs: Outputs,
    cluster: Callable[[dict[str, Any]], dict[str, Any]],
) -> HttpResponse:
    """Groups with a place, their counts and series, and the extremes of these."""
    series = read_series(inquiry)

    def plan_in(scope: Scope) -> Plan:
        column = field(inquiry, scope)
        key, shown = outputs(column)
        base = filtered(inquiry, scope)
        count = Aggregate(Summary.COUNT, None, FieldType.INTEGER)
        columns = [Output(Field(name, one.type), one) for name, one in (shown | {"count": count}).items()]
        for position, one in enumerate(series):
            columns += one.outputs(scope, f"y{position}")
        condition = all_of([part for part in (base.condition, Not(Missing(column))) if part])
        return dataclasses.replace(
            base, outputs=tuple(columns), condition=condition, groups=(key,), summarised=True, limit=MOST_GROUPS
        )

    page = services.planned(inquiry.viewer, inquiry.relation, plan_in, timezone=inquiry.timezone, lang=inquiry.lang)
    clusters = [cluster(row) | _counted(row, series) for row in page.rows]
    answer = {"clusters": clusters, "count": _extremes([one["count"] for one in clusters])}
    if series:
        answer["series"] = {one.name: _extremes([found["series"][one.name] for found in clusters]) for one in series}
    return json_answer(inquiry, answer, open_data=inquiry.open_data, **_truncated(page))


def _counted(row: dict[str, Any], series: Sequence[Series]) -> dict[str, Any]:
    told: dict[str, Any] = {"count": row["count"]}
    values = {one.name: one.value(row, f"y{position}") for position, one in enumerate(series)}
    return told | ({"series": values} if series else {})


def _extremes(values: Sequence[Any]) -> dict[str, Any]:
    numbers = [value for value in values if isinstance(value, int | float)]
    return {"min": min(numbers, default=0), "max": max(numbers, default=0)}


def _truncated(page: Page) -> dict[str, str]:
    return {TRUNCATED: "true"} if page.total_count > MOST_GROUPS else {}


def _number(inquiry: Inquiry, name: str, default: int | None) -> int:
    """Maps give whole numbers, and sometimes the middle of a zoom."""
    text = inquiry.text(name)
    if not text and default is None:
        raise Malformed(name, "it is missing")
    return parameters.whole(name, text.split(".")[0], default or 0, 0, 100_000)


def boundingbox(inquiry: Inquiry) -> HttpResponse:
    """`bbox` is west, south, east, north; the world when there is nothing."""

    def plan_in(scope: Scope) -> Plan:
        column = places.geographic_field(inquiry, scope)
        columns = {
            "count": Aggregate(Summary.COUNT, column, FieldType.INTEGER),
            "box": Aggregate(Summary.BOX, column, FieldType.GEOMETRY),
        }
        outputs = tuple(Output(Field(name, one.type), one) for name, one in columns.items())
        return dataclasses.replace(filtered(inquiry, scope), outputs=outputs, summarised=True, limit=1)

    page = services.planned(inquiry.viewer, inquiry.relation, plan_in, timezone=inquiry.timezone, lang=inquiry.lang)
    row = page.rows[0]
    told = parameters.echo(inquiry.given, timezone=inquiry.timezone)
    answer = {"count": row["count"], "bbox": _bounds(row["box"]) if row["count"] else WORLD, "parameters": told}
    return json_answer(inquiry, answer, open_data=inquiry.open_data)


def _bounds(box: dict[str, Any]) -> list[float]:
    geometry = box["geometry"]
    ring = {"Point": [geometry["coordinates"]], "LineString": geometry["coordinates"]}.get(geometry["type"])
    positions = ring or geometry["coordinates"][0]
    longitudes, latitudes = zip(*((one[0], one[1]) for one in positions), strict=True)
    return [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]


def geopreview(inquiry: Inquiry) -> HttpResponse:
    """Shapes alone, simplified to half a pixel of the zoom `clusterprecision`: an array of {geometry, geo_digest}."""
    rows = parameters.whole("rows", inquiry.text("rows"), MOST_SHAPES, -1, parameters.MOST_ROWS)
    zoom = _number(inquiry, "clusterprecision", LARGEST_ZOOM)
    scope = inquiry.scope
    column = printed(nodes.Name(places.shape_field(inquiry, scope).name))
    there = f"{column} is not null"
    request = inquiry.odsql(
        scope,
        select=f"{printed(nodes.Name(ROW_ID))} as digest, {column} as shape",
        limit=parameters.MOST_ROWS if rows == -1 else rows,
        offset=parameters.whole("start", inquiry.text("start"), 0, 0, parameters.MOST_ROWS),
    )
    request = dataclasses.replace(request, where=(*request.where, there))
    _, shapes = found(inquiry, inquiry.relation, request, ShapeLine(tolerance_at(min(zoom, LARGEST_ZOOM))))
    return json_answer(inquiry, shapes, open_data=inquiry.open_data)


@dataclass(frozen=True)
class ShapeLine:
    """`{"geo_digest", "geometry"}`, written by the engine."""

    tolerance: float

    def line(self, columns: Sequence[Field], _timezone: str) -> str:
        digest, shape = (quoted(column.name) for column in columns)
        geometry = point(f"{shape}.lon", f"{shape}.lat")
        if columns[1].type == FieldType.GEOMETRY:
            geometry = f"ST_AsGeoJSON({simplified(shape, self.tolerance)})::VARCHAR"
        pieces = [literal(SEPARATOR + '{"geo_digest":'), f"to_json({digest})::VARCHAR", literal(',"geometry":')]
        return concatenated([*pieces, geometry, literal("}")])
