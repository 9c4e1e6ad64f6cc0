"""Shapes that cover a territory without overlapping: `coverage`, parameters `column`, and `gaps` ("no" to allow them).

Rules and codes: `geometry.overlap` (`geometry-overlap`, field `square_metres`, note: the area shared, in m²) on the rows that
overlap; `geometry.gap` (`geometry-gap`, a warning on the table, fields `square_metres` and `places`, `lon lat` of each) for the
holes of the whole. Areas are told above a square metre: two drawings of one boundary never agree to the last decimal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.columns import column
from bocage.check.rules.geometry.rule import PRECISION, refused_test, too_many
from bocage.check.rules.geometry.shapes import MOST_TOGETHER, Shapes, shapes_of
from bocage.check.rules.kinds import RULES, Bench, Test
from bocage.check.verdict import Family, Fault

NAME = "coverage"
SMALLEST = 1.0  # m²
SHOWN = 20  # places of holes
_POLYGONS = "ST_GeometryType(shape)::VARCHAR IN ('POLYGON', 'MULTIPOLYGON') AND TRY(ST_IsValid(shape))"
# Square metres of an area in square degrees, at a latitude.
_METRES = "111320.0 * 110574 * cos(radians({}))"


class Coverage:
    name = NAME

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            cell = column(bench, parameters.text(NAME, params, "column"))
            gaps = parameters.optional_text(NAME, params, "gaps") != "no"
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        if cell is None:
            return []
        with shapes_of(bench, cell) as shapes:
            if shapes.number > MOST_TOGETHER:
                return [too_many(cell, NAME, MOST_TOGETHER, shapes.number)]
            return [_overlaps(shapes), *(_holes(shapes) if gaps else ())]


def _overlaps(shapes: Shapes) -> Test:
    shared = f"ST_Area(ST_Intersection(a.shape, b.shape)) * {_METRES.format('ST_YMin(a.shape)')}"
    pairs = (
        f"SELECT a.text AS one, b.text AS other, {shared} AS shared FROM (SELECT * FROM {shapes.table} WHERE {_POLYGONS}) AS a "
        f"JOIN (SELECT * FROM {shapes.table} WHERE {_POLYGONS}) AS b ON ST_Intersects(a.shape, b.shape) WHERE a.id < b.id"
    )
    table = shapes.refused(
        f"WITH pairs AS MATERIALIZED (SELECT * FROM ({pairs}) WHERE shared > {SMALLEST}) "
        f"SELECT text, round(sum(shared), 1) FROM "
        f"(SELECT one AS text, shared FROM pairs UNION ALL SELECT other, shared FROM pairs) GROUP BY text"
    )
    return refused_test(shapes.cell, table, "geometry.overlap", square_metres=SMALLEST)


def _holes(shapes: Shapes) -> list[Family]:
    """The rings inside the union of all shapes, that none of them fills."""
    rings = (
        f"SELECT unnest(list_transform(range(1, ST_NumInteriorRings(part) + 1), "
        f"lambda n: ST_MakePolygon(ST_InteriorRingN(part, n::INTEGER)))) AS hole FROM (SELECT unnest(ST_Dump(whole)).geom AS part "
        f"FROM (SELECT ST_Union_Agg(ST_ReducePrecision(shape, {PRECISION})) AS whole FROM {shapes.table} WHERE {_POLYGONS}))"
    )
    area = f"ST_Area(hole) * {_METRES.format('ST_YMin(hole)')}"
    holes = shapes.bench.workshop.execute(
        f"SELECT {area} AS area, round(ST_X(ST_Centroid(hole)), 6), round(ST_Y(ST_Centroid(hole)), 6) FROM ({rings}) "
        f"WHERE {area} > {SMALLEST} ORDER BY area DESC"
    )
    if not holes:
        return []
    fields = {
        "square_metres": round(sum(area for area, _, _ in holes), 1),
        "places": [f"{lon} {lat}" for _, lon, lat in holes[:SHOWN]],
    }
    cell = shapes.cell
    return [
        Family("geometry-gap", "geometry.gap", "warning", cell.field.name, cell.place, len(holes), fields, (Fault(),))
    ]


RULES.register(NAME, Coverage())
