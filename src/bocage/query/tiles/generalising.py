"""What a tile shows when it holds more than can be drawn: the large features, simplified; the others together, counted.

- positions that are in the same cell of 16 pixels become one, in their middle;
- surfaces smaller than a threshold become blocks: the bounds of those whose middles are in the same cell of 8 pixels;
- lines smaller than the threshold are joined into one feature for each cell: their ends are moved to a mesh, and each edge of
  the mesh is kept once, so that a network keeps its look.

Nothing is dropped: the counts of cells and the features that are drawn alone add up to all the rows. Cells are those of the
whole grid, and each is in one tile. Pixels are those of a tile shown on 512.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bocage.query.rendering import name as quoted
from bocage.query.tiles import columns as c
from bocage.query.tiles.drawing import MARGIN, NEAR, THICK, unit
from bocage.query.tiles.projecting import thickness
from bocage.query.tiles.requests import EXTENT

if TYPE_CHECKING:
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.grids import Grid

MOST_DRAWN = 2_500
"""Features of a tile that are drawn each by itself."""
MOST_POSITIONS = 40_000
"""Positions of their geometries, together."""
RUNGS = (0, 8, 16, 32, 64, 128, 256, 512, 1024, 1_000_000)
"""Thresholds, in units: the first with which no more than MOST_DRAWN remain is taken. The last leaves nothing alone but in its
cell."""
CELL = {0: 128, 1: 64, 2: 64}
"""Units, by dimension."""
MESH = 16
MESHES = (16, 32, 64)
"""Units: the first with which no tile has more than MOST_EDGES is taken for a zoom. The last one is as wide as a cell."""
MOST_EDGES = 25_000
"""Of meshes in a tile: 7 bytes each, about."""
TOLERANCE = 4
"""Units by which a simplified line may be away from the true one."""
_JOINED = quoted("~joined")
COLUMNS = (c.KEY, c.COUNT, *c.PLACED)


class Seen(NamedTuple):
    """Conditions on the rows of a tile: which of the large ones are drawn, which of the others are counted in cells, which of these
    are drawn when they are alone there, and which cells are drawn."""

    large: str = "true"
    small: str = "true"
    alone: str = "true"
    cells: str = "true"


def reach(rung: int) -> int:
    """Units around a tile in which all those count that are in a cell with something that is seen in it."""
    return MARGIN + min(rung, RUNGS[-2]) // 2 + CELL[1]


def seen_in(frame: Frame, rung: int, *, wide: bool) -> Seen:
    """`wide`: the rows are those within `reach`, so that it is known whether what counts in the next tile is alone in its cell: it
    is then drawn here too, as far as it goes. Otherwise they are those that meet the tile, and it is not."""
    if not wide:
        return Seen(small=frame.home)
    far = reach(rung)
    return Seen(
        frame.meets, frame.home_within(far), f"{frame.meets} AND {frame.home_within(far - CELL[1])}", frame.home
    )


def generalised(rows: str, grid: Grid, zoom: int, rung: int, seen: Seen = Seen(), mesh: int = MESH) -> str:
    """SELECT of COLUMNS from `rows` (a FROM item) that has KEY and PLACED. `mesh`: of MESHES."""
    step = unit(grid, zoom)
    if not rung:
        return _alone(f"{rows} AS r WHERE {seen.large}", step)
    small = _small(rows, grid, step, rung, seen.small)
    alone = _alone(f"{rows} AS r WHERE {_large(rung, step)} AND {seen.large}", step)
    return f"""WITH small AS NOT MATERIALIZED ({small}), cells AS MATERIALIZED ({_cells()})
        {alone} UNION ALL BY NAME SELECT {_listed("s")} FROM (SELECT *, 1::BIGINT AS {c.COUNT} FROM small) AS s
            WHERE {c.KEY} IN (SELECT {c.KEY} FROM cells WHERE {c.COUNT} = 1) AND {seen.alone}
        UNION ALL BY NAME {_together(step, mesh, seen.cells)}"""


def edges_sql(rows: str, grid: Grid, zoom: int, rung: int, mesh: int) -> str:
    """SELECT of one number: how many edges of meshes the fullest tile has."""
    step = unit(grid, zoom)
    across = EXTENT // CELL[1]
    per_tile = f"SELECT count(*) AS edges FROM ({_edges(step, mesh)}) AS e GROUP BY cx // {across}, cy // {across}"
    return f"WITH small AS NOT MATERIALIZED ({_small(rows, grid, step, rung)}) SELECT max(edges) FROM ({per_tile}) AS t"


def _large(rung: int, step: float) -> str:
    return f"({c.SHAPE} IS NOT NULL AND {c.SIDE} >= {rung * step!r})"


def _small(rows: str, grid: Grid, step: float, rung: int, counted: str = "true") -> str:
    """SELECT of the rows that are not drawn alone, with their cells."""
    size = f"CASE {c.KIND} WHEN 0 THEN {CELL[0] * step!r} ELSE {CELL[1] * step!r} END"
    across = f"floor(({c.HOME_X} - {grid.left!r}) / {size})::BIGINT AS cx"
    down = f"floor(({grid.top!r} - {c.HOME_Y}) / {size})::BIGINT AS cy"
    less = f"AND NOT coalesce({_large(rung, step)}, false)"
    return f"SELECT *, {across}, {down} FROM {rows} AS r WHERE {c.KIND} IS NOT NULL AND {counted} {less}"


def clustered(rows: str, grid: Grid, zoom: int) -> str:
    """The same of positions alone: SELECT of KEY, COUNT, KIND, HOME_X and HOME_Y."""
    size = CELL[0] * unit(grid, zoom)
    cell = f"floor(({c.HOME_X} - {grid.left!r}) / {size!r}), floor(({grid.top!r} - {c.HOME_Y}) / {size!r})"
    middle = f"avg({c.HOME_X}) AS {c.HOME_X}, avg({c.HOME_Y}) AS {c.HOME_Y}"
    counted = f"min({c.KEY}) AS {c.KEY}, count(*) AS {c.COUNT}, 0 AS {c.KIND}"
    return f"SELECT {counted}, {middle} FROM {rows} AS r WHERE {c.KIND} IS NOT NULL GROUP BY {cell}"


def _listed(table: str) -> str:
    return ", ".join(f"{table}.{column}" for column in COLUMNS)


def _alone(rows: str, step: float) -> str:
    """Each by itself, simplified. The shortest edge is known of those thick enough to have their near points joined."""
    simpler = f"ST_Normalize(ST_SimplifyPreserveTopology({c.SHAPE}::GEOMETRY, {TOLERANCE * step!r}))"
    shape = f"CASE WHEN {c.KIND} > 0 AND {c.SHAPE} IS NOT NULL THEN {simpler} ELSE {c.SHAPE} END AS {c.SHAPE}"
    measured = (
        f"SELECT * REPLACE ({thickness(c.SHAPE)} AS {c.THICK}) FROM (SELECT * REPLACE ({shape}) FROM {rows}) AS a"
    )
    thick = f"{c.KIND} > 0 AND {c.SHAPE} IS NOT NULL AND {c.THICK} >= {THICK * step!r}"
    joined = f"CASE WHEN {thick} THEN TRY(ST_RemoveRepeatedPoints({c.SHAPE}, {NEAR * step!r})) END"
    edge = f"CASE WHEN {thick} AND {_JOINED} IS NOT NULL THEN {NEAR * step!r} ELSE 0 END AS {c.EDGE}"
    replaced = f"{edge}, coalesce({_JOINED}, {c.SHAPE}) AS {c.SHAPE}"
    known = f"SELECT * REPLACE ({replaced}) FROM (SELECT *, {joined} AS {_JOINED} FROM ({measured}) AS m) AS j"
    return f"SELECT {_listed('a')} FROM (SELECT *, 1::BIGINT AS {c.COUNT} FROM ({known}) AS k) AS a WHERE {c.KIND} IS NOT NULL"


def _cells() -> str:
    bounds = f"min({c.X0}) AS {c.X0}, min({c.Y0}) AS {c.Y0}, max({c.X1}) AS {c.X1}, max({c.Y1}) AS {c.Y1}"
    middle = f"avg({c.HOME_X}) AS {c.HOME_X}, avg({c.HOME_Y}) AS {c.HOME_Y}"
    counted = f"min({c.KEY}) AS {c.KEY}, count(*) AS {c.COUNT}"
    return f"SELECT {c.KIND}, cx, cy, {counted}, {middle}, {bounds} FROM small GROUP BY {c.KIND}, cx, cy"


def _together(step: float, mesh: int, drawn: str) -> str:
    """Cells of several rows. Of those of lines, the mesh is their shape, if there is one."""
    nothing = ", ".join(f"NULL::DOUBLE AS {column}" for column in (c.AX, c.AY, c.BX, c.BY))
    plain = ", ".join(f"b.{column}" for column in (c.KEY, c.COUNT, c.KIND, c.HOME_X, c.HOME_Y, c.X0, c.Y0, c.X1, c.Y1))
    measures = f"{NEAR * step!r} * 8 AS {c.THICK}, {NEAR * step!r} * 8 AS {c.EDGE}, 1::BIGINT AS {c.WEIGHT}"
    joined = f"SELECT {plain}, m.shape AS {c.SHAPE}, {measures}, {nothing} FROM cells AS b"
    return f"""SELECT * FROM ({joined} LEFT JOIN ({_mesh(step, mesh)}) AS m
        ON m.kind = b.{c.KIND} AND m.cx = b.cx AND m.cy = b.cy WHERE b.{c.COUNT} > 1 AND {drawn}) AS t"""


def _mesh(step: float, mesh: int) -> str:
    """(kind, cx, cy, shape): the edges of the mesh that lines of a cell go along, each once, whichever way. `kind` is 1: the engine
    compares every cell with every mesh when a join asks of one side alone."""
    side = mesh * step
    line = f"ST_MakeLine(ST_Point(a * {side!r}, b * {side!r}), ST_Point(p * {side!r}, q * {side!r}))"
    # Sorted before and not by the aggregate, which would keep a buffer for each of the cells.
    sorted_edges = f"SELECT * FROM ({_edges(step, mesh)}) AS e ORDER BY cx, cy, a, b, p, q"
    return f"SELECT 1 AS kind, cx, cy, ST_Collect(list({line})) AS shape FROM ({sorted_edges}) AS m GROUP BY cx, cy"


def _edges(step: float, mesh: int) -> str:
    """(cx, cy, a, b, p, q): from a, b to p, q, in steps of the mesh."""
    side = mesh * step
    corners = (c.AX, c.AY, c.BX, c.BY)
    snapped = ", ".join(
        f"round({end} / {side!r}) AS {name}" for end, name in zip(corners, ("a", "b", "p", "q"), strict=True)
    )
    forth = "a < p OR (a = p AND b <= q)"
    ends = ", ".join(
        f"CASE WHEN {forth} THEN {one} ELSE {other} END AS {one}" for one, other in ("ap", "bq", "pa", "qb")
    )
    return f"""SELECT DISTINCT cx, cy, {ends} FROM (SELECT cx, cy, {snapped} FROM small WHERE {c.KIND} = 1)
        WHERE a <> p OR b <> q"""
