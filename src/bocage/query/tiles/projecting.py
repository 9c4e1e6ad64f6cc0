"""From longitude and latitude to a grid: SQL of the columns of `columns.PLACED`.

- What lies across the antimeridian beyond ±180° is moved by whole turns, so that its middle is within them.
- What lies beyond the domain of the grid (the poles for Web Mercator) is cut off; what is nowhere in it is nowhere.
- Invalid surfaces are mended; of a collection, the parts of the highest dimension are drawn. Heights are forgotten.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bocage.query.rendering import literal
from bocage.query.rendering import name as quoted
from bocage.query.tiles import columns as c

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.query.tiles.grids import Grid
    from bocage.store.engine import Session

STORED = "OGC:CRS84"
MERCATOR = "EPSG:3857"
RADIUS = 6_378_137.0
_WEST, _SOUTH, _EAST, _NORTH, _GEOMETRY = (quoted(f"~{one}") for one in ("west", "south", "east", "north", "geometry"))
_TURN = quoted("~turn")


def placed(rows: str, field: Field, grid: Grid, *, flat: bool) -> str:
    """SELECT of all the columns of `rows` (a FROM item, with the geometry and the bounds of `field`), and of PLACED. `flat`: each
    is a position."""
    if flat:
        return _positions(rows, field, grid)
    moved = f"SELECT *, {_shape(grid)} AS {c.SHAPE} FROM ({_turned(rows, field, grid)})"
    bounded = f"SELECT * EXCLUDE ({c.KIND}), {_bounds(grid)} FROM ({moved})"
    finite = f"{c.X0} IS NOT NULL AND isfinite({c.X0} + {c.X1} + {c.Y0} + {c.Y1})"
    kinds = f"SELECT *, CASE WHEN {finite} THEN ST_Dimension({_GEOMETRY}) END AS {c.KIND} FROM ({bounded})"
    gone = f"{_WEST}, {_SOUTH}, {_EAST}, {_NORTH}, {_GEOMETRY}, {_TURN}"
    return f"SELECT * EXCLUDE ({gone}), {_measures()} FROM ({kinds})"


def _positions(rows: str, field: Field, grid: Grid) -> str:
    bounds = f"SELECT *, {_bounds(grid, only_positions=True)} FROM ({_turned(rows, field, grid, shape=False)})"
    kind = f"CASE WHEN isfinite({c.X0} + {c.Y0}) THEN 0 END AS {c.KIND}"
    nothing = [f"NULL::DOUBLE AS {column}" for column in (c.AX, c.AY, c.BX, c.BY)]
    measures = ", ".join([
        kind, f"{c.X0} AS {c.HOME_X}", f"{c.Y0} AS {c.HOME_Y}", f"NULL::GEOMETRY AS {c.SHAPE}", f"1e300 AS {c.THICK}",
        f"0.0::DOUBLE AS {c.EDGE}", *nothing, f"1::BIGINT AS {c.WEIGHT}",
    ])  # fmt: skip
    return f"SELECT * EXCLUDE ({_WEST}, {_SOUTH}, {_EAST}, {_NORTH}, {_TURN}), {measures} FROM ({bounds})"


def _turned(rows: str, field: Field, grid: Grid, *, shape: bool = True) -> str:
    """With the bounds in degrees, turned to where they are drawn."""
    west, south, east, north = (quoted(f"_{field.name}_{side}") for side in ("xmin", "ymin", "xmax", "ymax"))
    turn = f"-360 * floor((({west} + {east}) / 2 + 180) / 360)"
    geometry = f"ST_Force2D({quoted(field.name)}::GEOMETRY)"
    bounds = f"{west} + {_TURN} AS {_WEST}, {east} + {_TURN} AS {_EAST}, {south} AS {_SOUTH}, {north} AS {_NORTH}"
    if not shape:
        return f"SELECT *, {bounds} FROM (SELECT *, {turn} AS {_TURN} FROM {rows} AS t)"
    named = f"SELECT *, {turn} AS {_TURN}, {geometry} AS {_GEOMETRY} FROM {rows} AS t"
    return f"SELECT *, {bounds}, ST_Dimension({_GEOMETRY}) AS {c.KIND} FROM ({named})"


def _shape(grid: Grid) -> str:
    """The geometry in the grid; missing for positions, and for what cannot be made valid."""
    extended = f"{_WEST} < {_EAST} OR {_SOUTH} < {_NORTH}"
    single = (
        f"CASE WHEN {c.KIND} = 2 AND NOT ST_IsValid({_GEOMETRY}) THEN ST_MakeValid({_GEOMETRY}) ELSE {_GEOMETRY} END"
    )
    single = f"ST_CollectionExtract({single}, {c.KIND} + 1)"
    turned = f"CASE WHEN {_TURN} = 0 THEN {single} ELSE ST_Affine({single}, 1, 0, 0, 1, {_TURN}, 0) END"
    envelope = f"ST_MakeEnvelope({', '.join(map(repr, grid.domain))})"
    inside = _inside(grid)
    cut = f"CASE WHEN {inside} THEN {turned} ELSE ST_CollectionExtract(ST_Intersection({turned}, {envelope}), {c.KIND} + 1) END"
    there = f"ST_Transform({cut}, {literal(STORED)}, {literal(grid.crs)}, always_xy := true)"
    return f"CASE WHEN {extended} THEN TRY({_alone(f'ST_Normalize({there})')}) END"


def _alone(shape: str) -> str:
    """The only part of what has one; nothing of what is empty."""
    return f"""list_first(list_transform([{shape}], lambda g: CASE WHEN ST_IsEmpty(g) THEN NULL
        WHEN ST_NGeometries(g) = 1 THEN ST_Dump(g)[1].geom ELSE g END))"""


def _inside(grid: Grid) -> str:
    west, south, east, north = grid.domain
    return f"{_WEST} >= {west!r} AND {_EAST} <= {east!r} AND {_SOUTH} >= {south!r} AND {_NORTH} <= {north!r}"


def _bounds(grid: Grid, *, only_positions: bool = False) -> str:
    """Of a position, itself, if it is within the domain. Of a shape for Web Mercator, those of its degrees, cut: they are
    known without moving it."""
    west, south, east, north = grid.domain
    meets = f"{_WEST} <= {east!r} AND {_EAST} >= {west!r} AND {_SOUTH} <= {north!r} AND {_NORTH} >= {south!r}"
    if grid.crs == MERCATOR:
        sides = [_mercator_x(_within(_WEST, grid, 0)), _mercator_y(_within(_SOUTH, grid, 1)),
                 _mercator_x(_within(_EAST, grid, 0)), _mercator_y(_within(_NORTH, grid, 1))]  # fmt: skip
    else:
        point = (
            f"TRY(ST_Transform(ST_Point({_WEST}, {_SOUTH}), {literal(STORED)}, {literal(grid.crs)}, always_xy := true))"
        )
        flat = f"{_WEST} = {_EAST} AND {_SOUTH} = {_NORTH}"
        extents = (f"ST_{axis}{end}({c.SHAPE})" for end in ("Min", "Max") for axis in "XY")
        positions = (f"ST_{axis}({point})" for _end in ("Min", "Max") for axis in "XY")
        sides = (
            [*positions]
            if only_positions
            else [
                f"CASE WHEN {flat} THEN {position} ELSE {extent} END"
                for position, extent in zip(positions, extents, strict=True)
            ]
        )
    names = (c.X0, c.Y0, c.X1, c.Y1)
    return ", ".join(
        f"CASE WHEN {meets} THEN {side} END AS {column}" for column, side in zip(names, sides, strict=True)
    )


def _within(angle: str, grid: Grid, axis: int) -> str:
    low, high = grid.domain[axis], grid.domain[axis + 2]
    return f"CASE WHEN {angle} < {low!r} THEN {low!r} WHEN {angle} > {high!r} THEN {high!r} ELSE {angle} END"


def _mercator_x(longitude: str) -> str:
    return f"radians({longitude}) * {RADIUS!r}"


def _mercator_y(latitude: str) -> str:
    return f"ln(tan({math.pi / 4!r} + radians({latitude}) / 2)) * {RADIUS!r}"


def _measures() -> str:
    """What is said of a shape besides its bounds."""
    ends = f"CASE WHEN {c.KIND} = 1 THEN ST_{{end}}Point(ST_Dump({c.SHAPE})[{{part}}].geom) END"
    start, stop = ends.format(end="Start", part=1), ends.format(end="End", part=-1)
    return ", ".join([
        f"({c.X0} + {c.X1}) / 2 AS {c.HOME_X}", f"({c.Y0} + {c.Y1}) / 2 AS {c.HOME_Y}",
        f"{thickness(c.SHAPE)} AS {c.THICK}", f"{shortest_edge(c.SHAPE)} AS {c.EDGE}",
        f"ST_X({start}) AS {c.AX}", f"ST_Y({start}) AS {c.AY}", f"ST_X({stop}) AS {c.BX}", f"ST_Y({stop}) AS {c.BY}",
        f"coalesce(ST_NPoints({c.SHAPE}), 1)::BIGINT AS {c.WEIGHT}",
    ])  # fmt: skip


def thickness(shape: str) -> str:
    """`columns.THICK`, of a shape of `columns.KIND`."""
    ring = "ST_Area(ST_MakePolygon({ring})) / nullif(ST_Length({ring}), 0)"
    holes = f"list_transform(range(1, ST_NInteriorRings(p.geom) + 1), lambda i: {ring.format(ring='ST_InteriorRingN(p.geom, i)')})"
    rings = f"least({ring.format(ring='ST_ExteriorRing(p.geom)')}, coalesce(list_min({holes}), 1e300))"
    surface = f"""CASE WHEN ST_NInteriorRings({shape}) = 0 THEN ST_Area({shape}) / nullif(ST_Perimeter({shape}), 0)
        ELSE list_min(list_transform(ST_Dump({shape}), lambda p: {rings})) END"""
    extent = "greatest(ST_XMax(p.geom) - ST_XMin(p.geom), ST_YMax(p.geom) - ST_YMin(p.geom)) / 2"
    line = f"list_min(list_transform(ST_Dump({shape}), lambda p: {extent}))"
    return f"CASE {c.KIND} WHEN 2 THEN coalesce(TRY({surface}), 0) WHEN 1 THEN coalesce({line}, 0) ELSE 1e300 END"


def shortest_edge(shape: str) -> str:
    """`columns.EDGE`: known of lines and surfaces of one part, without a hole."""
    pairs = "list_zip(p[:-2], p[2:])"
    edge = "greatest(abs(e[1].x - e[2].x), abs(e[1].y - e[2].y))"
    line = f"CASE {c.KIND} WHEN 2 THEN ST_ExteriorRing({shape}) ELSE {shape} END"
    simple = f"({c.KIND} = 1 AND ST_GeometryType({shape}) = 'LINESTRING') OR ({c.KIND} = 2 AND ST_NInteriorRings({shape}) = 0)"
    points = f"[ST_LineString2DFromWKB(ST_AsWKB({line}))::STRUCT(x DOUBLE, y DOUBLE)[]]"
    least = f"list_transform({points}, lambda p: list_min(list_transform({pairs}, lambda e: {edge})))[1]"
    return f"CASE WHEN {simple} THEN coalesce({least}, 0) ELSE 0 END"


def degrees_around(
    session: Session, grid: Grid, box: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """West, south, east, north around a box of the grid (left, bottom, right, top), a little too large rather than too small."""
    if grid.crs == MERCATOR:
        west, east = (math.degrees(x / RADIUS) for x in (box[0], box[2]))
        south, north = (math.degrees(math.atan(math.sinh(y / RADIUS))) for y in (box[1], box[3]))
        return west, south, east, north
    steps = [one / 16 for one in range(17)]
    xs, ys = ([box[i] + (box[i + 2] - box[i]) * step for step in steps] for i in (0, 1))
    edge = [(x, y) for x in xs for y in (box[1], box[3])] + [(x, y) for y in ys for x in (box[0], box[2])]
    listed = ", ".join(f"({x!r}, {y!r})" for x, y in edge)
    moved = f"TRY(ST_Transform(ST_Point(x, y), {literal(grid.crs)}, {literal(STORED)}, always_xy := true))"
    sides = "min(ST_X(p)), min(ST_Y(p)), max(ST_X(p)), max(ST_Y(p))"
    ((west, south, east, north),) = session.execute(
        f"SELECT {sides} FROM (SELECT {moved} AS p FROM (VALUES {listed}) AS v(x, y))"
    )
    if None in (west, south, east, north) or not all(map(math.isfinite, (west, south, east, north))):
        return grid.domain
    margin = 0.1 * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin
