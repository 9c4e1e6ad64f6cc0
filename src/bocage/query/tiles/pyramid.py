"""What is made once for each version and grid, in a file of the hot cache beside that of its rows.

- `rows`: all the rows of the version, with their identifiers and their places in the grid, along the Hilbert curve: a tile reads
  a few blocks of it. It is read as the version is, so that conditions and rights apply to it unchanged.
- `zooms` (zoom, rung): those where some tile holds more than can be drawn, and from which size features are alone.
- `level_<zoom>`: what is drawn there, for each zoom of the pyramid of the grid that is among them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.access.viewer import OPERATOR
from bocage.query.record_ids import ids_sql
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import main_geometry
from bocage.query.tiles import columns as c
from bocage.query.tiles.drawing import unit
from bocage.query.tiles.generalising import MOST_DRAWN, MOST_POSITIONS, RUNGS, generalised
from bocage.query.tiles.projecting import placed

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.fields import Field
    from bocage.query.tiles.grids import Grid
    from bocage.store.engine import Session, SideFile

EDITION = "1"
"""Grows when the tables, or the tiles made of them, change: older ones are made again."""


@dataclass(frozen=True)
class PlacedRelation(DatasetRelation):
    """The same rows in the order of the places of `drawn`, with the columns of `columns.PLACED`, PLACE and RECORD. A reader from
    whom something is kept does not see these: their columns are listed, and made of what they see."""

    grid: Grid
    drawn: Field

    def source(self, session: Session, viewer: Viewer) -> str:
        return f"{tables(session, self)}.rows"


def placed_relation(relation: DatasetRelation, grid: Grid) -> PlacedRelation | None:
    """None when nothing of the relation can be drawn."""
    drawn = main_geometry(relation.fields)
    return None if drawn is None else PlacedRelation(relation.dataset, relation.version, grid, drawn)


def tables(session: Session, relation: PlacedRelation) -> str:
    """SQL prefix of the tables, built when they are not there."""
    plain = DatasetRelation(relation.dataset, relation.version)
    ids = ids_sql(plain, plain.source(session, OPERATOR))
    identity = hashlib.sha256(f"{plain.key} {relation.drawn.name} {ids}".encode()).hexdigest()[:16]

    def build(file: SideFile) -> None:
        _write(file, plain.source(session, OPERATOR), ids, relation)

    return session.side_tables(relation.version, f"tiles-{relation.grid.identifier}", f"{EDITION} {identity}", build)


def rung_of(session: Session, place: str, zoom: int) -> int | None:
    """The threshold of a zoom where tiles are too full for the whole of the version to be drawn; None elsewhere."""
    found = session.execute(f"SELECT rung FROM {place}.zooms WHERE zoom = {int(zoom)}")
    return found[0][0] if found else None


def _write(file: SideFile, source: str, ids: str, relation: PlacedRelation) -> None:
    grid = relation.grid
    lost = f"CASE WHEN {c.KIND} > 0 AND {c.SHAPE} IS NULL THEN NULL ELSE {c.KIND} END AS {c.KIND}"
    located = f"SELECT * REPLACE ({lost}) FROM ({placed(source, relation.drawn, grid)})"
    left, bottom, right, top = grid.bounds
    box = f"{{'min_x': {left!r}, 'min_y': {bottom!r}, 'max_x': {right!r}, 'max_y': {top!r}}}::BOX_2D"
    along = f"CASE WHEN {c.KIND} IS NOT NULL THEN ST_Hilbert({c.HOME_X}, {c.HOME_Y}, {box}) END NULLS LAST, _row"
    named = f"SELECT p.*, i.id AS {c.RECORD} FROM ({located}) AS p JOIN ({ids}) AS i ON i.row = p._row ORDER BY {along}"
    rows = file.keep("rows", f"SELECT *, row_number() OVER () - 1 AS {c.PLACE} FROM ({named})")
    crowded = list(_crowded(file, rows, grid))
    listed = ", ".join(f"({zoom}, {rung})" for zoom, rung in crowded) or "(NULL, NULL)"
    file.keep("zooms", f"SELECT * FROM (VALUES {listed}) AS z(zoom, rung) WHERE zoom IS NOT NULL")
    keyed = f"(SELECT *, {c.PLACE} AS {c.KEY} FROM {rows})"
    for zoom, rung in crowded:
        if zoom < grid.pyramid:
            file.keep(f"level_{zoom}", f"{_by_place(generalised(keyed, grid, zoom, rung))}")


def _by_place(level: str) -> str:
    """Rows keep to the curve, so that a tile of the level reads a few blocks of it."""
    return f"SELECT * FROM ({level}) ORDER BY {c.KEY}"


def _crowded(file: SideFile, rows: str, grid: Grid) -> list[tuple[int, int]]:
    """Each zoom where a tile is too full, with its threshold: from the first one that is not, none is."""
    found: list[tuple[int, int]] = []
    for zoom in range(grid.lowest, grid.highest + 1):
        side = grid.tile_side(zoom)
        tile = f"floor(({c.HOME_X} - {grid.left!r}) / {side!r}), floor(({grid.top!r} - {c.HOME_Y}) / {side!r})"
        counts = f"SELECT {counts_sql(unit(grid, zoom))} FROM {rows} WHERE {c.KIND} IS NOT NULL GROUP BY {tile}"
        (most,) = file.execute(f"SELECT max(COLUMNS(*)) FROM ({counts})")
        rung = rung_for(most)
        if rung is None:
            break
        found.append((zoom, rung))
    return found


def counts_sql(step: float) -> str:
    """Aggregates: the positions, then for each rung how many features would be drawn alone."""
    alone = (f"count(*) FILTER (WHERE {c.SHAPE} IS NOT NULL AND {c.SIDE} >= {rung * step!r})" for rung in RUNGS[1:])
    named = (f"{one} AS n{rank}" for rank, one in enumerate(["count(*)", *alone]))
    return ", ".join([f"sum({c.WEIGHT})::BIGINT AS weight", *named])


def rung_for(counts: tuple[int | None, ...]) -> int | None:
    """The threshold for the counts of `counts_sql`: None when everything can be drawn as it is."""
    weight, *alone = (one or 0 for one in counts)
    if weight <= MOST_POSITIONS and alone[0] <= MOST_DRAWN:
        return None
    return next((rung for rung, count in zip(RUNGS, alone, strict=True) if count <= MOST_DRAWN), RUNGS[-1])
