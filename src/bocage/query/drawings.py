"""What an image of a map shows of a relation, as one reader sees it: dots and paths, in pixels, however many rows there are.

Nothing is left out. Each shape that is large enough for the image is a path; positions, shapes smaller than two pixels, and
those that are one too many are gathered by the cells of a grid, each of them a dot that says how many it stands for. The engine
projects, simplifies and writes the paths; what leaves it is bounded by the size of the image, not by that of the dataset.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.query.compile import ROW, Compiler, alias
from bocage.query.coordinates import STORED
from bocage.query.places import overlaps
from bocage.query.plan import Column
from bocage.query.rendering import literal, main_geometry
from bocage.query.restricted import seen_by
from bocage.query.rights import opened, prepare, scope_for
from bocage.query.sql import column, written

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.access.viewer import Viewer
    from bocage.query.compile import Source
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate
    from bocage.query.relation import Relation
    from bocage.query.windows import Window
    from bocage.store.engine import Session

AROUND = 16
"""Pixels beyond the window whose dots and strokes reach into it: images side by side fit together."""
SMALL = 2.0
"""Pixels below which a shape has no form."""
FEWEST_SHAPES, MOST_SHAPES = 1_000, 12_000
"""Of one image, by its size."""
MOST_DOTS = 60_000
MOST_POSITIONS = 400_000
"""Of all the paths; beyond, they are simplified four times more, then sixteen."""
TOLERANCE = 0.4
"""Pixels by which a simplified path may leave its own."""
FAR = 2_000
"""Pixels beyond which a path is cut: who fills it counts in numbers that end."""
CHUNK = 100
"""Shapes of one path."""
CELLS = {"position": 3.0, "small": 2.0}
"""Pixels across a cell, in small images."""


@dataclass(frozen=True)
class Drawing:
    """`dots`: one row for each cell, columns `x`, `y` (pixels from the top left corner), `count`, `small` (whether it stands
    for shapes). `areas`, `lines`: paths as SVG writes them, holes the other way round than what is around them."""

    dots: pa.Table
    areas: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


def drawing(
    viewer: Viewer,
    relation: Relation,
    window: Window,
    condition: Callable[[Scope], Predicate | None] = lambda _scope: None,
) -> Drawing | None:
    """None for a reader for whom nothing of it is on a map. Raises AccessDenied, the errors of the language, QueryTooLong."""
    found = drawings(viewer, relation, window, [condition])
    return found[0] if found else None


def drawings(
    viewer: Viewer, relation: Relation, window: Window, conditions: Sequence[Callable[[Scope], Predicate | None]]
) -> list[Drawing]:
    """One for each condition, as one reading; none for a reader for whom nothing of it is on a map. Raises the same."""
    relation = seen_by(viewer, relation)
    field = main_geometry(relation.fields)
    if field is None:
        return []
    scope = scope_for(viewer, relation)
    wanted = [condition(scope) for condition in conditions]
    prepare(relation, *wanted)
    found = []
    with opened(viewer, relation) as (session, source, telling):
        telling.rows = 0
        for one in wanted:
            reading = _Reading(session, source, window, Column(field.name, field.type), one)
            areas, lines, loose = ((), (), None) if field.type == FieldType.GEOPOINT else reading.paths()
            dots = reading.dots(loose)
            telling.rows += reading.seen
            found.append(Drawing(dots, areas, lines))
        telling.tell()
    return found


class _Reading:
    """The statements of one drawing."""

    def __init__(
        self, session: Session, source: Source, window: Window, geometry: Column, condition: Predicate | None
    ) -> None:
        self.session, self.window, self.geometry = session, window, geometry
        self.seen = 0
        compiler = Compiler(source)
        name = geometry.name
        bounds = [alias(column(f"_{name}_{side}"), side) for side in ("xmin", "ymin", "xmax", "ymax")]
        select = compiler.select([*bounds, alias(column(name), "g"), alias(column(ROW), "r")], condition)
        around = overlaps(compiler, geometry, *window.degrees(AROUND))
        self.rows = written(select.where(around, copy=False))
        self.parameters = compiler.parameters.values
        wide, high = window.pixel_degrees
        self.size = f"greatest((xmax - xmin) / {wide!r}, (ymax - ymin) / {high!r})"
        self.most_shapes = max(FEWEST_SHAPES, min(MOST_SHAPES, window.width * window.height // 16))
        self.last: tuple[float, int] | None = None

    def paths(self) -> tuple[tuple[str, ...], tuple[str, ...], pa.Table]:
        """Areas, lines, and the positions that stand among them."""
        import pyarrow as pa

        self.last = self._last_shape()
        found = pa.Table.from_batches(self.session.arrow(self._paths(), self.parameters), schema=_paths_schema())
        self.seen += int(sum(found.column("shapes").to_pylist()))
        kinds, paths = found.column("kind").to_pylist(), found.column("path").to_pylist()
        areas, lines = (
            [path for one, path in zip(kinds, paths, strict=True) if one == kind] for kind in ("area", "line")
        )
        return (
            tuple(areas),
            tuple(lines),
            found.filter(pa.array([one == "dot" for one in kinds], pa.bool_())).select(dots_schema().names),
        )

    def dots(self, loose: pa.Table | None) -> pa.Table:
        import pyarrow as pa

        found = pa.Table.from_batches(self.session.arrow(self._dots(), self.parameters), schema=dots_schema())
        self.seen += int(sum(found.column("count").to_pylist()))
        return pa.concat_tables([found, loose]) if loose is not None else found

    def _last_shape(self) -> tuple[float, int] | None:
        """Size and row of the smallest that is drawn, when there are more than can be."""
        large = f"SELECT {self.size} AS size, r FROM ({self.rows}) AS w WHERE {self.size} >= {SMALL}"
        found = self.session.execute(
            f"{large} ORDER BY size DESC, r LIMIT 1 OFFSET {self.most_shapes - 1}", self.parameters
        )
        return (float(found[0][0]), int(found[0][1])) if found else None

    def _drawn(self) -> str:
        """SQL of whether a row is a path."""
        if self.last is None:
            return f"{self.size} >= {SMALL}"
        size, row = self.last
        return f"({self.size} > {size!r} OR ({self.size} = {size!r} AND r <= {row}))"

    # --- positions ---------------------------------------------------------------------------------------------------

    def _dots(self) -> str:
        """The middle of what each cell holds, projected once the rows are gathered."""
        pixels = self.window.width * self.window.height
        wide, high = self.window.pixel_degrees
        cell = {kind: max(least, math.sqrt(pixels / MOST_DOTS)) for kind, least in CELLS.items()}
        x, y = "(xmin + xmax) / 2", "(ymin + ymax) / 2"
        small = "xmax > xmin OR ymax > ymin"
        rest = "" if self.geometry.type == FieldType.GEOPOINT else f"WHERE NOT coalesce({self._drawn()}, false)"
        side = f"CASE WHEN {small} THEN {cell['small']!r} ELSE {cell['position']!r} END"
        gathered = (
            f"SELECT avg({x}) AS lon, avg({y}) AS lat, count(*) AS count, {small} AS small FROM ({self.rows}) AS w {rest} "
            f"GROUP BY small, floor({x} / ({side} * {wide!r})), floor({y} / ({side} * {high!r}))"
        )
        there = self._projected("ST_Point(lon, lat)")
        placed = f"SELECT {there} AS p, count, small FROM ({gathered}) AS c"
        return f"{_POSITION.format(**self._affine())} FROM ({placed}) AS d WHERE {_FINITE}"

    # --- shapes ------------------------------------------------------------------------------------------------------

    def _paths(self) -> str:
        """Simplified, cut when they go far beyond, projected, taken to pieces, and written."""
        tolerance = TOLERANCE * min(self.window.pixel_degrees)
        bounded = f"SELECT r, xmin, ymin, xmax, ymax, {_simplified('g', tolerance)} AS s FROM ({self.rows}) AS w"
        simple = f"{bounded} WHERE {self._drawn()}"
        fewer = " ".join(
            f"WHEN total > {MOST_POSITIONS * times} THEN {_simplified('s', tolerance * 4 * times)}" for times in (4, 1)
        )
        fitted = f"SELECT r, xmin, ymin, xmax, ymax, CASE {fewer} ELSE s END AS s FROM simple, counted"
        moved = self._projected(self._cut("s"))
        affine = self._affine()
        pixels = f"ST_Affine({moved}, {affine['a']}, 0::DOUBLE, 0::DOUBLE, {affine['e']}, {affine['x']}, {affine['y']})"
        parts = f"SELECT r, unnest(ST_Dump({pixels})).geom AS p FROM ({fitted}) AS f"
        kinds = (
            "SELECT r, p, CASE ST_GeometryType(p)::VARCHAR WHEN 'POLYGON' THEN 'area' WHEN 'LINESTRING' THEN 'line' "
            f"ELSE 'dot' END AS kind FROM ({parts}) AS d WHERE NOT ST_IsEmpty(p) AND {_FINITE}"
        )
        paths = (
            "SELECT r, kind, CASE kind WHEN 'area' THEN ST_AsSVG(TRY(ST_Normalize(p)), false, 2) ELSE ST_AsSVG(p, false, 2) END "
            f"AS path, dense_rank() OVER (ORDER BY r) // {CHUNK} AS chunk FROM kinds WHERE kind <> 'dot'"
        )
        joined = (
            "SELECT kind, string_agg(path, ' ') AS path, count(DISTINCT r) AS shapes, NULL::DOUBLE AS x, NULL::DOUBLE AS y, "
            f"NULL::BIGINT AS count, false AS small FROM ({paths}) AS q WHERE {_PLACED} GROUP BY kind, chunk"
        )
        loose = (
            "SELECT 'dot', NULL, count(DISTINCT r), avg(ST_X(p)), -avg(ST_Y(p)), count(*), false FROM kinds WHERE kind = 'dot' "
            f"GROUP BY floor(ST_X(p) / {CELLS['position']}), floor(ST_Y(p) / {CELLS['position']})"
        )
        return (
            f"WITH simple AS MATERIALIZED ({simple}), counted AS MATERIALIZED (SELECT coalesce(sum(ST_NPoints(s)), 0) AS total "
            f"FROM simple), kinds AS MATERIALIZED ({kinds}) {joined} UNION ALL {loose}"
        )

    def _cut(self, shape: str) -> str:
        """SQL of a shape, without what is far outside of the image. Of one that cannot be cut, its bounds are."""
        west, south, east, north = self.window.degrees(FAR)
        near = f"xmin >= {west!r} AND xmax <= {east!r} AND ymin >= {south!r} AND ymax <= {north!r}"
        box = "ST_MakeEnvelope({!r}, {!r}, {!r}, {!r})".format(*self.window.degrees(4 * AROUND))
        ways = (shape, f"ST_MakeValid({shape})", "ST_MakeEnvelope(xmin, ymin, xmax, ymax)")
        cut = ", ".join(f"TRY(ST_Intersection({way}, {box}))" for way in ways)
        return f"CASE WHEN {near} THEN {shape} ELSE coalesce({cut}) END"

    def _projected(self, geometry: str) -> str:
        if not self.window.crs.projected:
            return geometry
        return f"TRY(ST_Transform({geometry}, {literal(STORED)}, {literal(self.window.crs.code)}, always_xy := true))"

    def _affine(self) -> dict[str, str]:
        """To pixels: `x` to the right; `y` upwards, as the engine writes it the other way round."""
        wide, high = self.window.pixel
        a, e = 1 / wide, 1 / high
        return {
            "a": f"({a!r})::DOUBLE",
            "e": f"({e!r})::DOUBLE",
            "x": f"({-self.window.west * a!r})::DOUBLE",
            "y": f"({-self.window.north * e!r})::DOUBLE",
        }


def dots_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("x", pa.float64()), ("y", pa.float64()), ("count", pa.int64()), ("small", pa.bool_())])


def _paths_schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([("kind", pa.string()), ("path", pa.string()), ("shapes", pa.int64()), *dots_schema()])


def _simplified(shape: str, tolerance: float) -> str:
    """Without its smaller turns; itself when nothing is left of it."""
    simple = f"ST_Simplify({shape}, {tolerance!r})"
    return f"CASE WHEN ST_IsEmpty({simple}) THEN {shape} ELSE {simple} END"


_POSITION = "SELECT ST_X(p) * {a} + {x} AS x, -(ST_Y(p) * {e} + {y}) AS y, count, small"
_PLACED = "NOT contains(path, 'nan') AND NOT contains(path, 'inf')"
"""Bounds look over the positions of a path that are nowhere in a projection."""
_FINITE = "isfinite(ST_XMin(p)) AND isfinite(ST_XMax(p)) AND isfinite(ST_YMin(p)) AND isfinite(ST_YMax(p))"
