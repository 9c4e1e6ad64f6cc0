"""What is made once for each version and grid, in a file of the hot cache beside that of its rows.

- `rows`: all the rows of the version, with their identifiers and their places in the grid, along the Hilbert curve: a tile reads
  a few blocks of it. It is read as the version is, so that conditions and rights apply to it unchanged.
- `zooms` (zoom, rung): those where some tile holds more than can be drawn, and from which size features are alone.
- `level_<zoom>`: what is drawn there, for each zoom of the pyramid of the grid that is among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.access.viewer import OPERATOR
from bocage.catalog.vocabulary import FieldType
from bocage.query.record_ids import ids_sql
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import main_geometry
from bocage.query.tiles import columns as c
from bocage.query.tiles.drawing import unit
from bocage.query.tiles.generalising import (
    MESHES,
    MOST_DRAWN,
    MOST_EDGES,
    MOST_POSITIONS,
    RUNGS,
    clustered,
    edges_sql,
    generalised,
)
from bocage.query.tiles.projecting import placed

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.query.relation import Relation
    from bocage.query.tiles.grids import Grid
    from bocage.store.engine import Session, SideFile

EDITION = "3"
"""Grows when the tables, or the tiles made of them, change: older ones are made again."""


@dataclass(frozen=True)
class PlacedRelation(DatasetRelation):
    """The same rows in the order of the places of `drawn`, with the columns of `columns.PLACED`, PLACE and RECORD. A reader from
    whom something is kept does not see these: their columns are listed, and made of what they see."""

    grid: Grid
    drawn: Field

    @property
    def flat(self) -> bool:
        """Whether every row is a position."""
        return is_flat(self, self.drawn)

    def source(self, session: Session, viewer: Viewer) -> str:
        return f"{tables(session, self)}.rows"


def placed_relation(relation: DatasetRelation, grid: Grid) -> PlacedRelation | None:
    """None when nothing of the relation can be drawn. Kept with the relation: what is known of one is known of the other."""
    drawn = main_geometry(relation.fields)
    if drawn is None:
        return None
    kept: dict[Grid, PlacedRelation] = vars(relation).setdefault("_placed", {})
    if grid not in kept:
        kept[grid] = PlacedRelation(relation.dataset, relation.version, grid, drawn)
    return kept[grid]


def is_flat(relation: Relation, drawn: Field) -> bool:
    """Whether nothing else than positions can be in the column."""
    facts = [version.geometry for version in relation.versions]
    only_points = all(one.get("column") == drawn.name and one.get("types") == ["Point"] for one in facts)
    return drawn.type == FieldType.GEOPOINT or (bool(facts) and only_points)


def side_name(grid: Grid) -> str:
    """Of the file, among those of its version."""
    return f"tiles-{grid.identifier}"


def tables(session: Session, relation: PlacedRelation) -> str:
    """SQL prefix of the tables, built when they are not there."""
    plain = DatasetRelation(relation.dataset, relation.version)
    ids = ids_sql(plain, plain.source(session, OPERATOR))
    identity = hashlib.sha256(f"{plain.key} {relation.drawn.name} {ids}".encode()).hexdigest()[:16]

    def build(file: SideFile) -> None:
        _write(file, plain.source(session, OPERATOR), ids, relation)

    return session.side_tables(relation.version, side_name(relation.grid), f"{EDITION} {identity}", build)


def rungs(session: Session, place: str) -> dict[int, int]:
    """The zooms where tiles are too full for the whole of the version to be drawn, with the threshold of each."""
    return dict(session.execute(f"SELECT zoom, rung FROM {place}.zooms ORDER BY zoom"))


def rung_of(session: Session, place: str, zoom: int) -> int | None:
    """The threshold of a zoom; None where everything is drawn."""
    return rungs(session, place).get(zoom)


def _write(file: SideFile, source: str, ids: str, relation: PlacedRelation) -> None:
    grid, flat = relation.grid, relation.flat
    located = f"({placed(source, relation.drawn, grid, flat=flat)})"
    rows = file.keep("rows", _along_the_curve(file, located, ids, flat))
    crowded = list(_crowded(file, rows, grid, flat))
    listed = ", ".join(f"({zoom}, {rung})" for zoom, rung in crowded) or "(NULL, NULL)"
    file.keep("zooms", f"SELECT * FROM (VALUES {listed}) AS z(zoom, rung) WHERE zoom IS NOT NULL")
    keyed = f"(SELECT *, {c.PLACE} AS {c.KEY} FROM {rows})"
    for zoom, rung in crowded:
        if zoom < grid.pyramid:
            level = clustered(keyed, grid, zoom) if flat else _generalised(file, keyed, grid, zoom, rung)
            file.keep(f"level_{zoom}", f"SELECT * FROM ({level}) ORDER BY {c.KEY}")


def _generalised(file: SideFile, keyed: str, grid: Grid, zoom: int, rung: int) -> str:
    """With the finest mesh that is not too much for a tile."""
    for mesh in MESHES[:-1] if rung else ():
        ((edges,),) = file.execute(edges_sql(keyed, grid, zoom, rung, mesh))
        if (edges or 0) <= MOST_EDGES:
            return generalised(keyed, grid, zoom, rung, mesh=mesh)
    return generalised(keyed, grid, zoom, rung, mesh=MESHES[-1])


def _along_the_curve(file: SideFile, located: str, ids: str, flat: bool) -> str:
    """SELECT of all the rows with their identifiers, neighbours near each other. The curve is drawn within their own bounds: it
    has 65,536 steps each way. Of a shape that could not be made, nothing is drawn."""
    extent = f"min({c.HOME_X}), min({c.HOME_Y}), max({c.HOME_X}), max({c.HOME_Y})"
    ((left, bottom, right, top),) = file.execute(f"SELECT {extent} FROM {located} AS l WHERE {c.HOME_X} IS NOT NULL")
    left, bottom, right, top = (left or 0.0, bottom or 0.0, right or 1.0, top or 1.0)
    box = f"{{'min_x': {left!r}, 'min_y': {bottom!r}, 'max_x': {right + 1!r}, 'max_y': {top + 1!r}}}::BOX_2D"
    curve = f"CASE WHEN p.{c.KIND} IS NOT NULL THEN ST_Hilbert({c.HOME_X}, {c.HOME_Y}, {box}) END NULLS LAST, p._row"
    lost = f"CASE WHEN {c.KIND} > 0 AND {c.SHAPE} IS NULL THEN NULL ELSE {c.KIND} END AS {c.KIND}"
    columns = "p.*" if flat else f"p.* REPLACE ({lost})"
    named = (
        f"SELECT {columns}, i.id AS {c.RECORD} FROM {located} AS p JOIN ({ids}) AS i ON i.row = p._row ORDER BY {curve}"
    )
    return f"SELECT *, row_number() OVER () - 1 AS {c.PLACE} FROM ({named})"


def _crowded(file: SideFile, rows: str, grid: Grid, flat: bool) -> Iterator[tuple[int, int]]:
    """Each zoom where a tile is too full, with its threshold: from the first one that is not, none is."""
    spread = file.put_aside("spread", _spread(rows, grid))
    for zoom in range(grid.lowest, grid.highest + 1):
        if zoom <= grid.pyramid:
            across = 1 << (grid.pyramid - zoom)
            counts = f"SELECT {_counted(unit(grid, zoom))} FROM {spread} GROUP BY tx // {across}, ty // {across}"
        else:
            side = grid.tile_side(zoom)
            tile = f"floor(({c.HOME_X} - {grid.left!r}) / {side!r}), floor(({grid.top!r} - {c.HOME_Y}) / {side!r})"
            counts = f"SELECT {counts_sql(unit(grid, zoom), flat=flat)} FROM {rows} WHERE {c.KIND} IS NOT NULL GROUP BY {tile}"
        (most,) = file.execute(f"SELECT max(COLUMNS(*)) FROM ({counts})")
        rung = rung_for(most)
        if rung is None:
            return
        yield zoom, rung


def _spread(rows: str, grid: Grid) -> str:
    """(tx, ty, side, weight, n): how many rows of each tile of the pyramid's foot have their sides within a factor of two: counts
    of the zooms above are made of it. `side`: the least of them; missing for positions."""
    foot = grid.tile_side(grid.pyramid)
    tx = f"floor(({c.HOME_X} - {grid.left!r}) / {foot!r})::BIGINT AS tx"
    ty = f"floor(({grid.top!r} - {c.HOME_Y}) / {foot!r})::BIGINT AS ty"
    step = unit(grid, grid.highest)
    side = (
        f"CASE WHEN {c.SHAPE} IS NOT NULL AND {c.SIDE} > 0 THEN pow(2, floor(log2({c.SIDE} / {step!r}))) * {step!r} END"
    )
    counted = f"sum({c.WEIGHT}) AS weight, count(*) AS n"
    return f"SELECT {tx}, {ty}, {side} AS side, {counted} FROM {rows} WHERE {c.KIND} IS NOT NULL GROUP BY ALL"


def _counted(step: float) -> str:
    """As `counts_sql`, from `_spread`."""
    alone = (f"sum(n) FILTER (WHERE side >= {rung * step * 0.999!r})" for rung in RUNGS[1:])
    named = (f"{one}::BIGINT AS n{rank}" for rank, one in enumerate(["sum(n)", *alone]))
    return ", ".join(["sum(weight)::BIGINT AS weight", *named])


def counts_sql(step: float, *, flat: bool = False) -> str:
    """Aggregates: the positions of geometries, then for each rung how many features would be drawn alone. `flat`: of positions,
    the first only."""
    if flat:
        return "count(*) AS weight, count(*) AS n0"
    alone = (f"count(*) FILTER (WHERE {c.SHAPE} IS NOT NULL AND {c.SIDE} >= {rung * step!r})" for rung in RUNGS[1:])
    named = (f"{one} AS n{rank}" for rank, one in enumerate(["count(*)", *alone]))
    return ", ".join([f"sum({c.WEIGHT})::BIGINT AS weight", *named])


def rung_for(counts: tuple[int | None, ...]) -> int | None:
    """The threshold for the counts of `counts_sql`: None when everything can be drawn as it is."""
    weight, *alone = (one or 0 for one in counts)
    if weight <= MOST_POSITIONS and alone[0] <= MOST_DRAWN:
        return None
    return next((rung for rung, count in zip(RUNGS, alone, strict=False) if count <= MOST_DRAWN), RUNGS[-1])
