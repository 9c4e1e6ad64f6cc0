"""The rows of a section of a pack that are seen in a tile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from bocage.query.tiles.drawing import MARGIN
from bocage.query.tiles.packs import joined, numbers
from bocage.query.tiles.rings import NOTHING, Floats, Ints, Rings, Truths

if TYPE_CHECKING:
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.packs import Box, Section

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
        left, bottom, right, top = frame.around
        found: Truths = (self.x0 <= right) & (self.x1 >= left) & (self.y0 <= top) & (self.y1 >= bottom)
        return found

    def only(self, which: Truths) -> Picked:
        number = np.cumsum(which) - 1
        rings = self.rings.within(which)
        columns = {name: column[which] for name, column in vars(self).items() if name != "rings"}
        return replace(self, **columns, rings=rings.owned(number[rings.owner]))

    def and_more(self, other: Picked) -> Picked:
        rings = (self.rings, other.rings.owned(other.rings.owner + len(self)))
        joined_rings = Rings(
            *(np.concatenate([getattr(one, name) for one in rings]) for name in ("owner", "counts", "at"))
        )
        columns = {
            name: np.concatenate([column, getattr(other, name)])
            for name, column in vars(self).items()
            if name != "rings"
        }
        return replace(self, **columns, rings=joined_rings)


_COLUMNS = frozenset({"kind", "x0", "y0", "x1", "y1", "hx", "hy", "thick", "rings", "shaped", "n", "key"})


class TooMany(Exception):
    """The rows of a tile would take too much memory."""


def picked(section: Section, frame: Frame, reach: float = MARGIN) -> Picked | None:
    """What is seen in a tile, or within `reach` units of it: shapes wherever they are, the others, and what stands for several,
    where they count.

    Raises TooMany."""
    pieces, keys, count = [], [], 0
    around = frame.within(reach)
    for start, batch, rows in section.near(frame.bounds if frame.flat else around):
        kept = rows[_home(batch, rows, frame) if frame.flat else _seen(batch, rows, frame, around)]
        count += len(kept)
        if count > (MOST_POSITIONS if frame.flat else MOST_SHAPES):
            raise TooMany
        if len(kept):
            pieces.append(batch.select([name for name in batch.schema.names if name in _COLUMNS]).take(pa.array(kept)))
            keys.append(kept + start)
    return _picked(joined(pieces), np.concatenate(keys)) if pieces else None


def _home(batch: pa.RecordBatch, rows: Ints, frame: Frame) -> Truths:
    """As `Frame.home`."""
    names = batch.schema.names
    if "hx" in names:
        return at_home(numbers(batch, "hx")[rows], numbers(batch, "hy")[rows], frame)
    x0, y0, x1, y1 = (numbers(batch, name)[rows] for name in ("x0", "y0", "x1", "y1"))
    return at_home((x0 + x1) / 2, (y0 + y1) / 2, frame)


def at_home(hx: Floats, hy: Floats, frame: Frame, reach: float = 0) -> Truths:
    """As `Frame.home_within`."""
    left, bottom, right, top = frame.within(reach)
    found: Truths = (hx >= left) & (hx < right) & (hy > bottom) & (hy <= top)
    return found


def _seen(batch: pa.RecordBatch, rows: Ints, frame: Frame, around: Box) -> Truths:
    """As `Frame.meets_within`."""
    left, bottom, right, top = around
    near = (numbers(batch, "x0")[rows] <= right) & (numbers(batch, "x1")[rows] >= left)
    near &= (numbers(batch, "y0")[rows] <= top) & (numbers(batch, "y1")[rows] >= bottom)
    near &= numbers(batch, "kind")[rows] != GONE
    elsewhere = numbers(batch, "shaped")[rows] > 0
    if "n" in batch.schema.names:
        elsewhere &= numbers(batch, "n")[rows] == 1
    found: Truths = near & (elsewhere | _home(batch, rows, frame))
    return found


def _picked(batch: pa.RecordBatch, rows: Ints) -> Picked:
    names, size = set(batch.schema.names), len(rows)

    def column(name: str, absent: Any) -> Any:
        return numbers(batch, name) if name in names else absent

    def zeros() -> Floats:
        return np.zeros(size)

    sides = [column(name, None) for name in ("x0", "y0", "x1", "y1")]
    hx = column("hx", None) if "hx" in names else (sides[0] + sides[2]) / 2
    hy = column("hy", None) if "hy" in names else (sides[1] + sides[3]) / 2
    x0, y0, x1, y1 = sides if "x0" in names else (hx, hy, hx, hy)
    rings = rings_of(batch.column("rings")) if "rings" in names else NOTHING
    shaped = column("shaped", zeros()) > 0
    kind = column("kind", zeros()).astype(np.int64)
    count, key = column("n", np.ones(size, np.int64)), column("key", rows)
    return Picked(kind, x0, y0, x1, y1, hx, hy, column("thick", zeros()), count, key, rings, shaped)


def rings_of(shapes: pa.ListArray) -> Rings:
    """Of lists that were just taken: they begin with the first position of their values."""
    parts, outer = shapes.values, shapes.offsets.to_numpy().astype(np.int64)
    inner = parts.offsets.to_numpy().astype(np.int64)
    x, y = (parts.values.field(rank).to_numpy() for rank in (0, 1))
    owner = np.repeat(np.arange(len(shapes)), np.diff(outer))
    first, last = int(inner[0]), int(inner[-1])
    return Rings(owner, np.diff(inner), np.stack([x[first:last], y[first:last]], axis=1))
