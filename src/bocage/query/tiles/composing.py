"""A tile for a reader from whom nothing is kept, who asks for no condition: made of a pack, without the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bocage.query.tiles import encoding, wire
from bocage.query.tiles.cutting import cut_by_engine
from bocage.query.tiles.drawing import MARGIN
from bocage.query.tiles.gathering import clustered, gathered
from bocage.query.tiles.generalising import reach
from bocage.query.tiles.packing import ROWS, VALUE, level_of
from bocage.query.tiles.painting import Canvas
from bocage.query.tiles.picking import Picked, TooMany, picked
from bocage.query.tiles.properties import COUNT, LONGEST_TEXT, RECORD
from bocage.query.tiles.rings import Ints, Rings, together
from bocage.query.tiles.wire import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.catalog.fields import Field
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.packs import Pack
    from bocage.query.tiles.pyramid import PlacedRelation


def composed(pack: Pack, relation: PlacedRelation, frame: Frame, layer: str, fields: Sequence[Field]) -> bytes | None:
    """None for what the engine does: a tile of too many rows, or one that is too heavy even with short texts or none, of which
    more must be put together.

    Raises the errors of `engine.session` where surfaces are left to it."""
    try:
        what, level = _chosen(pack, frame)
    except TooMany:
        return None
    if what is None:
        return b""
    rings = _drawn(what, relation, frame, level)
    if not len(rings.owner):
        return b""
    shown = np.unique(rings.owner)
    what, rings = (
        replace(what, kind=what.kind[shown], count=what.count[shown], key=what.key[shown]),
        _ranked(rings, shown),
    )
    return _lightest(pack, what, rings, layer, fields)


def _chosen(pack: Pack, frame: Frame) -> tuple[Picked | None, str]:
    """What stands for the rows of the tile, and the table that it comes from."""
    rung = pack.said.get(str(frame.zoom))
    level = level_of(frame.zoom) if rung is not None and frame.zoom < frame.grid.pyramid else ROWS
    section = pack.section(level)
    alone = level != ROWS or not rung
    found = picked(section, frame, MARGIN if alone else reach(rung or 0)) if section is not None else None
    if found is None or rung is None or level != ROWS:
        return found, level
    return (clustered(found, frame) if frame.flat else gathered(found, frame, rung)), level


def _drawn(what: Picked, relation: PlacedRelation, frame: Frame, level: str) -> Rings:
    canvas = Canvas(frame, what)
    painting = canvas.painted()
    if not len(painting.unsure):
        return painting.rings
    cut = cut_by_engine(relation, frame, level, what.key[painting.unsure])
    cut = cut.owned(painting.unsure[cut.owner])
    left = np.zeros(len(what), bool)
    left[painting.unsure] = True
    return together([painting.rings, cut, *canvas.specks(left, [cut])])


def _ranked(rings: Rings, shown: Ints) -> Rings:
    """Only what is drawn is a feature."""
    return rings.owned(np.searchsorted(shown, rings.owner))


def _lightest(pack: Pack, what: Picked, rings: Rings, layer: str, fields: Sequence[Field]) -> bytes | None:
    columns = _columns(pack, what, fields)
    for longest in (LONGEST_TEXT, encoding.SHORT_TEXT, 0) if fields else (0,):
        content = wire.layer(layer, what.kind, rings, _shortened(columns, longest))
        if len(content) <= encoding.MOST_BYTES:
            return content
    return None


def _columns(pack: Pack, what: Picked, fields: Sequence[Field]) -> list[Column]:
    """The identifier of what is one record and the count of the others, then the values of the fields."""
    one = np.flatnonzero(what.count == 1)
    several = np.flatnonzero(what.count > 1)
    columns = [Column(COUNT, pa.array(what.count[several]), several)] if len(several) else []
    rows = pack.section(ROWS)
    if rows is None or not len(one):
        return columns
    found = rows.rows(what.key[one], ["id", *(VALUE + field.name for field in fields)])
    names = [RECORD, *(field.name for field in fields)]
    return [*columns, *(Column(name, found.column(rank), one) for rank, name in enumerate(names))]


def _shortened(columns: list[Column], longest: int) -> list[Column]:
    """Texts of so many characters; 0 for no value besides the identifiers and the counts."""
    if not longest:
        return [one for one in columns if one.name in (RECORD, COUNT)]
    return [one if longest >= LONGEST_TEXT or one.name in (RECORD, COUNT) else _short(one, longest) for one in columns]


def _short(column: Column, longest: int) -> Column:
    if not pa.types.is_string(column.values.type):
        return column
    cut = pc.binary_join_element_wise(pc.utf8_slice_codeunits(column.values, 0, longest - 1), "…", "")
    long = pc.greater(pc.utf8_length(column.values), longest)
    return replace(column, values=pc.if_else(long, cut, column.values))
