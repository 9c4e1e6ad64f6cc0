"""What a tile shows of some of the rows of a pack: those that exist for a reader, counted as `generalising` says it to the engine.

How full the tile is, and so what is drawn alone in it, is told from these rows and from no other; so are their order and the
middles of cells, to the last bit: nothing in the bytes of the tile comes of a row that is not there for the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bocage.query.tiles.gathering import cells_of, together
from bocage.query.tiles.generalising import CELL, MOST_DRAWN, RUNGS
from bocage.query.tiles.picking import Picked, at_home, picked
from bocage.query.tiles.pyramid import rung_for
from bocage.query.tiles.requests import EXTENT
from bocage.query.tiles.rings import NOTHING, Floats, Ints, Truths

if TYPE_CHECKING:
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.packs import Batch, Section

FINE_BITS = 10
"""A unit is cut in 1,024 parts, to which positions are rounded before they are added: sums are then whole numbers, the same in any
order."""
CELL_BITS = FINE_BITS + CELL[0].bit_length() - 1
ACROSS_BITS = (EXTENT // CELL[0]).bit_length() - 1
"""Cells of positions in a row of a tile."""


def crowd(section: Section, frame: Frame, exists: Truths | None) -> Picked | None:
    """None when nothing is seen. `exists`: for each row of the version, by number; None when all do. `key`: of rows of the section.

    Raises TooMany, of shapes."""
    return _positions(section, frame, exists) if frame.flat else _shapes(section, frame, exists)


def among(batch: Batch, rows: Ints, exists: Truths | None) -> Ints:
    """Those of the rows of a batch that exist."""
    if exists is None:
        return rows
    numbers = batch.numbers("row")
    found: Ints = rows[exists[numbers if len(rows) == len(numbers) else numbers[rows]]]
    return found


# --- Positions ---------------------------------------------------------------------------------------------------------


class _Cells:
    """Of the cells of a tile, in turn: how many rows, the sums of their distances from its left and from its top, in parts of
    a unit, and the rank of one of them."""

    def __init__(self, frame: Frame) -> None:
        self.frame, self.size = frame, 1 << (2 * ACROSS_BITS)
        self.count = np.zeros(self.size, np.int64)
        self.right, self.down = np.zeros(self.size), np.zeros(self.size)
        self.rank = np.zeros(self.size, np.int64)

    def add(self, hx: Floats, hy: Floats, ranks: Ints) -> None:
        left, _bottom, _right, top = self.frame.bounds
        right, down = self._fine(hx - left), self._fine(top - hy)
        cell = (down >> CELL_BITS << ACROSS_BITS) + (right >> CELL_BITS)
        self.count += np.bincount(cell, minlength=self.size)
        self.right += np.bincount(cell, right, minlength=self.size)
        self.down += np.bincount(cell, down, minlength=self.size)
        self.rank[cell] = ranks

    def _fine(self, metres: Floats) -> Ints:
        """Of what is in the tile, even when it is rounded."""
        parts = (metres * ((1 << FINE_BITS) / self.frame.unit)).astype(np.int64)
        return np.minimum(parts, (EXTENT << FINE_BITS) - 1, out=parts)

    def picked(self) -> Picked:
        """In the order of the cells."""
        some = np.flatnonzero(self.count)
        count = self.count[some]
        left, _bottom, _right, top = self.frame.bounds
        fine = self.frame.unit / (1 << FINE_BITS)
        hx = left + (self.right[some] / count + 0.5) * fine
        hy = top - (self.down[some] / count + 0.5) * fine
        return _dots(hx, hy, count, self.rank[some])


def _positions(section: Section, frame: Frame, exists: Truths | None) -> Picked | None:
    """Each by itself while they are few, by the order of their numbers."""
    cells, total = _Cells(frame), 0
    few: list[tuple[Floats, Floats, Ints, Ints]] = []
    for batch, rows in section.near(frame.bounds):
        hx, hy, kept = _at_home(batch, rows, frame, exists)
        if not len(kept):
            continue
        total += len(kept)
        if total <= MOST_DRAWN:
            few.append((hx, hy, kept + batch.start, batch.numbers("row")[kept].astype(np.int64)))
        cells.add(hx, hy, kept + batch.start)
    if total > MOST_DRAWN:
        return cells.picked()
    if not total:
        return None
    hx, hy, ranks, numbers = (np.concatenate(one) for one in zip(*few, strict=True))
    order = np.argsort(numbers)
    return _dots(hx[order], hy[order], np.ones(total, np.int64), ranks[order])


def _at_home(batch: Batch, rows: Ints, frame: Frame, exists: Truths | None) -> tuple[Floats, Floats, Ints]:
    """Where those are that exist and count in the tile, and which they are."""
    kept = among(batch, rows, exists)
    at = slice(None) if len(kept) == batch.rows.num_rows else kept  # the whole of it lies side by side
    hx, hy = batch.numbers("hx")[at], batch.numbers("hy")[at]
    home = at_home(hx, hy, frame)
    return (hx, hy, kept) if home.all() else (hx[home], hy[home], kept[home])


def _dots(hx: Floats, hy: Floats, count: Ints, key: Ints) -> Picked:
    size = len(key)
    return Picked(
        np.zeros(size, np.int64), hx, hy, hx, hy, hx, hy, np.zeros(size), count, key, NOTHING, np.zeros(size, np.bool_)
    )


# --- Shapes ------------------------------------------------------------------------------------------------------------


def _shapes(section: Section, frame: Frame, exists: Truths | None) -> Picked | None:
    found = picked(section, frame, exists=lambda batch, rows: among(batch, rows, exists))
    if found is None:
        return None
    numbers = section.rows(found.key, ["row"]).column(0).to_numpy()
    found = found.ordered(np.argsort(numbers))
    rung = _rung(found, frame.unit)
    return found if rung is None else _gathered(found, frame, rung)


def _rung(found: Picked, step: float) -> int | None:
    """As the aggregates of `pyramid.counts_sql` tell it."""
    weight = len(found.rings.at) + int(np.count_nonzero(~found.shaped))
    side = found.side[found.shaped]
    alone = (int(np.count_nonzero(side >= rung * step)) for rung in RUNGS[1:])
    return rung_for((weight, len(found), *alone))


def _gathered(what: Picked, frame: Frame, rung: int) -> Picked:
    """The large ones, and the others in the cells of this tile, where they count."""
    if not rung:
        return what
    large = what.shaped & (what.side >= rung * frame.unit)
    small = np.flatnonzero(~large & at_home(what.hx, what.hy, frame))
    if not len(small):
        return what.only(large)
    cell = cells_of(what.kind[small], what.hx[small], what.hy[small], frame)
    lonely = np.bincount(cell)[cell] == 1
    alone, several = large.copy(), np.zeros(len(what), bool)
    alone[small[lonely]] = True
    found = what.only(alone)
    if lonely.all():
        return found
    several[small[~lonely]] = True
    cells = np.unique(cell[~lonely], return_inverse=True)[1]
    return found.and_more(together(what.only(several), cells, frame.unit))
