"""Each shape alone: `geometry`, parameters `column`, and optionally `type` (Point, LineString, Polygon: its Multi… passes).

Rules and codes: `geometry.unreadable` (`geometry-unreadable`), `geometry.empty` (`geometry-empty`, warning), `geometry.invalid`
(`geometry-invalid`, note: reason and place), `geometry.type` (`geometry-type`, field `expected`, note: kind found),
`geometry.outside-territory` (`outside-territory`, field `territory`), `geometry.duplicate` (`geometry-duplicate`, warning, note:
how many rows hold it), `geometry.sliver` (`geometry-sliver`, warning, fields `square_metres`, `compactness`, note: area in m²).
In the strict profile (`strict.geometry`) every column of type geojson is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.columns import column
from bocage.check.rules.geometry.reasons import invalid_shapes
from bocage.check.rules.geometry.shapes import MOST_SHAPES, Shapes, shapes_of
from bocage.check.rules.kinds import RULES, Bench, Cell, Test
from bocage.check.verdict import Family, Fault
from bocage.store.engine import literal

NAME = "geometry"
KINDS = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection")
SLIVER_AREA = 10.0  # m², below which a thin polygon is what two drawings of one line leave between them
SLIVER_COMPACTNESS = 0.05  # 4 π area / perimeter², 1 for a disc
PRECISION = 1e-7  # degrees, a centimetre: two shapes as near are the same
TERRITORY_TOLERANCE = 0.003  # degrees, some 300 m


class Geometry:
    name = NAME

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            cell = column(bench, parameters.text(NAME, params, "column"))
            kind = parameters.optional_text(NAME, params, "type")
            if kind and kind not in KINDS:
                raise parameters.unknown_value(NAME, "type", kind, KINDS)
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        return [] if cell is None else tests_of(bench, cell, kind)


class GeometryOfStrict:
    name = "strict.geometry"

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        located = [cell for cell in bench.cells.values() if cell.field.type == "geojson"]
        return [test for cell in located for test in tests_of(bench, cell, "")]


def too_many(cell: Cell, rule: str, limit: int, number: int) -> Family:
    """A warning: what was not looked at, and why."""
    fields = {"rule": rule, "limit": limit, "count": number}
    return Family(
        "geometry-too-many",
        "geometry.too-many",
        "warning",
        cell.field.name,
        cell.place,
        fields=fields,
        examples=(Fault(),),
    )


def refused_test(cell: Cell, table: str, rule: str, level: str = "error", **fields: Any) -> Test:
    """The rows that hold one of the texts of a table; its notes go along."""
    code = rule.replace(".", "-", 1) if rule != "geometry.outside-territory" else "outside-territory"
    return Test(
        Family(code, rule, level, cell.field.name, cell.place, fields=fields),
        f"{cell.text} IN (SELECT value FROM {table})",
        f"left({cell.text}, 200)",
        f"(SELECT min(note) FROM {table} WHERE value = {cell.text})",
    )


def tests_of(bench: Bench, cell: Cell, kind: str) -> list[Test | Family]:
    with shapes_of(bench, cell) as shapes:
        if shapes.number > MOST_SHAPES:
            return [too_many(cell, NAME, MOST_SHAPES, shapes.number)]
        return [*_alone(shapes, kind), *_repeated(shapes), *_territory(shapes)]


def _alone(shapes: Shapes, kind: str) -> Iterator[Test]:
    cell, table = shapes.cell, shapes.table
    unreadable = shapes.refused(f"SELECT text, NULL FROM {table} WHERE shape IS NULL")
    yield refused_test(cell, unreadable, "geometry.unreadable")
    empty = shapes.refused(f"SELECT text, NULL FROM {table} WHERE ST_IsEmpty(shape)")
    yield refused_test(cell, empty, "geometry.empty", "warning")
    yield refused_test(cell, invalid_shapes(shapes), "geometry.invalid")
    if kind:
        of_kind = f"ST_GeometryType(shape)::VARCHAR NOT IN ({literal(kind.upper())}, {literal('MULTI' + kind.upper())})"
        others = shapes.refused(f"SELECT text, ST_GeometryType(shape)::VARCHAR FROM {table} WHERE {of_kind}")
        yield refused_test(cell, others, "geometry.type", expected=kind)
    area = "abs(ST_Area(scaled))"
    thin = f"4 * pi() * {area} / nullif(pow(ST_Perimeter(scaled), 2), 0) < {SLIVER_COMPACTNESS}"
    slivers = shapes.refused(
        f"SELECT text, round({area}, 2) FROM {table} WHERE ST_GeometryType(shape)::VARCHAR IN ('POLYGON', 'MULTIPOLYGON') "
        f"AND TRY(ST_IsValid(shape)) AND {area} < {SLIVER_AREA} AND {thin}"
    )
    yield refused_test(
        cell, slivers, "geometry.sliver", "warning", square_metres=SLIVER_AREA, compactness=SLIVER_COMPACTNESS
    )


def _repeated(shapes: Shapes) -> Iterator[Test]:
    """The same shape on several rows, however each is written."""
    reduced = f"ST_ReducePrecision(shape, {PRECISION})"
    same = f"CASE WHEN NOT ST_IsEmpty({reduced}) THEN ST_AsWKB(ST_Normalize({reduced})) END"
    repeated = shapes.refused(
        f"SELECT text, sum(rows) OVER (PARTITION BY same)::BIGINT FROM (SELECT text, rows, TRY({same}) AS same "
        f"FROM {shapes.table} WHERE shape IS NOT NULL AND TRY(ST_IsValid(shape))) WHERE same IS NOT NULL "
        f"QUALIFY sum(rows) OVER (PARTITION BY same) > 1"
    )
    yield refused_test(shapes.cell, repeated, "geometry.duplicate", "warning")


def _territory(shapes: Shapes) -> Iterator[Test]:
    producer = shapes.bench.producer
    if boundary := producer.get("boundary_wkt"):
        outline = f"ST_Buffer(ST_GeomFromText({literal(str(boundary))}), {TERRITORY_TOLERANCE})"
    elif box := producer.get("bbox"):
        west, south, east, north = (float(one) for one in box)
        outline = f"ST_Buffer(ST_MakeEnvelope({west}, {south}, {east}, {north}), {TERRITORY_TOLERANCE})"
    else:
        return
    outside = shapes.refused(
        f"WITH outline AS MATERIALIZED (SELECT {outline} AS territory) SELECT text, NULL FROM {shapes.table}, outline "
        f"WHERE shape IS NOT NULL AND NOT ST_IsEmpty(shape) AND TRY(ST_IsValid(shape)) AND NOT ST_CoveredBy(shape, territory)"
    )
    yield refused_test(shapes.cell, outside, "geometry.outside-territory", territory=str(producer.get("name") or ""))


RULES.register(NAME, Geometry())
RULES.register(GeometryOfStrict.name, GeometryOfStrict())
