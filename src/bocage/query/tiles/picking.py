"""The rows of a section of a pack that are seen in a tile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bocage.query.tiles.drawing import MARGIN
from bocage.query.tiles.rings import NOTHING, Floats, Ints, Rings, Truths, one_after_the_other

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.packs import Batch, Box, Section

GONE = 255
"""Kind of what has no place."""
MOST_POSITIONS, MOST_SHAPES = 3_000_000, 300_000
"""Rows of one tile that are held at once: 100 MB, about. The engine puts more of them aside on disk."""


@dataclass(frozen=True)
class Picked:
    """Columns of `columns`, side by side, metres of the grid. `key`: number of the record among those of the version; of several,
    of one of them. `rings`: positions of those that have a shape, owned by their ranks here."""

    kind: Ints
    x0: Floats
    y0: Floats
    x1: Floats
    y1: Floats
    hx: Floats
    hy: Floats
    thick: Floats
    count: Ints
    key: Ints
    rings: Rings
    shaped: Truths

    def __len__(self) -> int:
        return len(self.key)

    @property
    def side(self) -> Floats:
        found: Floats = np.maximum(self.x1 - self.x0, self.y1 - self.y0)
        return found

    def meets(self, frame: Frame) -> Truths:
        """As `Frame.meets`, of what was picked within a wider reach."""
        return _met(self.x0, self.y0, self.x1, self.y1, frame.around)

    def only(self, which: Truths) -> Picked:
        if which.all():
            return self
        number = np.cumsum(which) - 1
        rings, kept = self.rings.within(which), np.flatnonzero(which)
        columns = {name: column[kept] for name, column in vars(self).items() if name != "rings"}
        return Picked(**columns, rings=rings.owned(number[rings.owner]))

    def ordered(self, order: Ints) -> Picked:
        """The same, one after the other as `order` says."""
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        owner = rank[self.rings.owner]
        by_owner = np.argsort(owner, kind="stable")
        rings = self.rings.chosen(by_owner).owned(owner[by_owner])
        columns = {name: column[order] for name, column in vars(self).items() if name != "rings"}
        return Picked(**columns, rings=rings)

    def and_more(self, other: Picked) -> Picked:
        return all_of([self, other])


def all_of(pieces: Sequence[Picked]) -> Picked:
    """One after the other. There is one at least, and those that hold nothing are left out."""
    pieces = [one for one in pieces if len(one)] or pieces[:1]
    if len(pieces) == 1:
        return pieces[0]
    starts = np.cumsum([0, *(len(one) for one in pieces)])
    rings = [one.rings.owned(one.rings.owner + start) for one, start in zip(pieces, starts, strict=False)]
    columns = {name: np.concatenate([vars(one)[name] for one in pieces]) for name in vars(pieces[0]) if name != "rings"}
    return Picked(**columns, rings=one_after_the_other(rings))


Exists = Callable[["Batch", Ints], Ints]


class TooMany(Exception):
    """The rows of a tile would take too much memory."""


def picked(section: Section, frame: Frame, reach: float = MARGIN, exists: Exists | None = None) -> Picked | None:
    """What is seen in a tile, or within `reach` units of it: shapes wherever they are, the others, and what stands for several,
    where they count. `exists`: of rows of a batch, those that are there for the reader, when some are not.

    Raises TooMany."""
    pieces, count = [], 0
    around = frame.within(reach)
    for batch, rows in section.near(frame.bounds if frame.flat else around):
        kept = rows[_home(batch, rows, frame) if frame.flat else _seen(batch, rows, frame, around)]
        kept = exists(batch, kept) if exists else kept
        count += len(kept)
        if count > (MOST_POSITIONS if frame.flat else MOST_SHAPES):
            raise TooMany
        if len(kept):
            pieces.append(_picked(batch, kept))
    return all_of(pieces) if pieces else None


def _home(batch: Batch, rows: Ints, frame: Frame) -> Truths:
    """As `Frame.home`."""
    if "hx" in batch.names:
        return at_home(batch.numbers("hx")[rows], batch.numbers("hy")[rows], frame)
    x0, y0, x1, y1 = (batch.numbers(name)[rows] for name in ("x0", "y0", "x1", "y1"))
    return at_home((x0 + x1) / 2, (y0 + y1) / 2, frame)


def at_home(hx: Floats, hy: Floats, frame: Frame, reach: float = 0) -> Truths:
    """As `Frame.home_within`."""
    left, bottom, right, top = frame.within(reach)
    found: Truths = (hx >= left) & (hx < right) & (hy > bottom) & (hy <= top)
    return found


def _seen(batch: Batch, rows: Ints, frame: Frame, around: Box) -> Truths:
    """As `Frame.meets_within`."""
    x0, y0, x1, y1 = (batch.numbers(name)[rows] for name in ("x0", "y0", "x1", "y1"))
    near = _met(x0, y0, x1, y1, around)
    near &= batch.numbers("kind")[rows] != GONE
    elsewhere = batch.numbers("shaped")[rows] > 0
    if "n" in batch.names:
        elsewhere &= batch.numbers("n")[rows] == 1
    found: Truths = near & (elsewhere | _home(batch, rows, frame))
    return found


def _met(x0: Floats, y0: Floats, x1: Floats, y1: Floats, around: Box) -> Truths:
    """Of bounds, whether they meet a box: left, bottom, right, top."""
    left, bottom, right, top = around
    found: Truths = (x0 <= right) & (x1 >= left) & (y0 <= top) & (y1 >= bottom)
    return found


def _picked(batch: Batch, rows: Ints) -> Picked:
    size = len(rows)

    def column(name: str, absent: Any) -> Any:
        return batch.numbers(name)[rows] if name in batch.names else absent

    def zeros() -> Floats:
        return np.zeros(size)

    sides = [column(name, None) for name in ("x0", "y0", "x1", "y1")]
    hx = column("hx", None) if "hx" in batch.names else (sides[0] + sides[2]) / 2
    hy = column("hy", None) if "hy" in batch.names else (sides[1] + sides[3]) / 2
    x0, y0, x1, y1 = sides if "x0" in batch.names else (hx, hy, hx, hy)
    shaped = column("shaped", zeros()) > 0
    drawn = np.flatnonzero(shaped)
    rings = batch.rings(rows[drawn], drawn) if len(drawn) else NOTHING
    kind = column("kind", zeros()).astype(np.int64)
    count, key = column("n", np.ones(size, np.int64)), column("key", rows + batch.start)
    return Picked(kind, x0, y0, x1, y1, hx, hy, column("thick", zeros()), count, key, rings, shaped)


def rings_of(shapes: pa.ListArray) -> Rings:
    """Of lists that were just made: they begin with the first position of their values."""
    parts, outer = shapes.values, shapes.offsets.to_numpy().astype(np.int64)
    inner = parts.offsets.to_numpy().astype(np.int64)
    x, y = (parts.values.field(rank).to_numpy() for rank in (0, 1))
    owner = np.repeat(np.arange(len(shapes)), np.diff(outer))
    first, last = int(inner[0]), int(inner[-1])
    return Rings(owner, np.diff(inner), np.stack([x[first:last], y[first:last]], axis=1))
