"""A tile made of a pack, without the engine: of everything, or of what was picked of it for a reader (`restricting`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from bocage.query.tiles import encoding, wire
from bocage.query.tiles.cutting import cut_by_engine
from bocage.query.tiles.drawing import MARGIN
from bocage.query.tiles.gathering import clustered, gathered
from bocage.query.tiles.generalising import reach
from bocage.query.tiles.packing import ID, ROWS, VALUE, level_of
from bocage.query.tiles.painting import Canvas
from bocage.query.tiles.picking import Picked, TooMany, picked
from bocage.query.tiles.properties import COUNT, LONGEST_TEXT, RECORD
from bocage.query.tiles.rings import Ints, Rings, together
from bocage.query.tiles.values import fields_of, shortened
from bocage.query.tiles.wire import Column

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.packs import Pack
    from bocage.query.tiles.pyramid import PlacedRelation


Values = Callable[[Ints], Sequence[tuple[str, pa.Array]]]
"""Of rows, by their ranks in the section ROWS: the identifiers and the values of the fields, as `fields_of`
writes them, by name, in this order."""


def composed(pack: Pack, relation: PlacedRelation, frame: Frame, layer: str, fields: Sequence[Field]) -> bytes | None:
    """None for what the engine does: a tile of too many rows, or one that is too heavy even with short texts or none, of which
    more must be put together.

    Raises the errors of `engine.session` where surfaces are left to it."""
    try:
        what, level = chosen(pack, frame)
    except TooMany:
        return None
    values = partial(_values, pack, fields)
    return finished(what, level, relation, frame, layer, values, textual=bool(fields))


def finished(
    what: Picked | None,
    level: str,
    relation: PlacedRelation,
    frame: Frame,
    layer: str,
    values: Values,
    *,
    textual: bool,
) -> bytes | None:
    """The tile of what was picked in a table. `textual`: there are values besides the identifiers. None for one that is too heavy.

    Raises the errors of `engine.session` where surfaces are left to it, and those of `values`."""
    if what is None:
        return b""
    rings = _drawn(what, relation, frame, level)
    if not len(rings.owner):
        return b""
    shown = np.unique(rings.owner)
    what = replace(what, kind=what.kind[shown], count=what.count[shown], key=what.key[shown])
    return _lightest(what, _ranked(rings, shown), layer, _columns(what, values), textual=textual)


def chosen(pack: Pack, frame: Frame) -> tuple[Picked | None, str]:
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


def _lightest(what: Picked, rings: Rings, layer: str, columns: list[Column], *, textual: bool) -> bytes | None:
    for longest in (LONGEST_TEXT, encoding.SHORT_TEXT, 0) if textual else (0,):
        content = wire.layer(layer, what.kind, rings, _shortened(columns, longest))
        if len(content) <= encoding.MOST_BYTES:
            return content
    return None


def _columns(what: Picked, values: Values) -> list[Column]:
    """The identifier of what is one record and the count of the others, then the values of the fields."""
    one = np.flatnonzero(what.count == 1)
    several = np.flatnonzero(what.count > 1)
    columns = [Column(COUNT, fields_of(pa.array(what.count[several])), several)] if len(several) else []
    found = values(what.key[one]) if len(one) else ()
    return [*columns, *(Column(name, fields, one, distinct=name == RECORD) for name, fields in found)]


def _values(pack: Pack, fields: Sequence[Field], ranks: Ints) -> Sequence[tuple[str, pa.Array]]:
    """As everybody sees them."""
    rows = pack.section(ROWS)
    if rows is None:
        return ()
    found = rows.rows(ranks, [ID, *(VALUE + field.name for field in fields)])
    return list(zip((RECORD, *(field.name for field in fields)), found.columns, strict=True))


def _shortened(columns: list[Column], longest: int) -> list[Column]:
    """Texts of so many characters; 0 for no value besides the identifiers and the counts."""
    if not longest:
        return [one for one in columns if one.name in (RECORD, COUNT)]
    return [
        one if longest >= LONGEST_TEXT or one.name in (RECORD, COUNT)
        else replace(one, values=shortened(one.values, longest))
        for one in columns
    ]  # fmt: skip
