"""What a tile shows when it holds more than can be drawn, as `generalising` says it to the engine: the large features, the others
counted in cells. Here for the rows of one tile, at zooms above the pyramid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bocage.query.tiles.drawing import NEAR
from bocage.query.tiles.generalising import CELL, MESHES, MOST_EDGES, reach
from bocage.query.tiles.picking import Picked, at_home
from bocage.query.tiles.rings import NOTHING, Floats, Ints, Rings, single

if TYPE_CHECKING:
    from bocage.query.tiles.drawing import Frame


def gathered(what: Picked, frame: Frame, rung: int) -> Picked:
    """`what`: all that is within the `reach` of the rung. `rung`: in units, from which features are alone."""
    step, far = frame.unit, reach(rung)
    seen = what.meets(frame)
    large = what.shaped & (what.side >= rung * step)
    near = np.flatnonzero(~large & at_home(what.hx, what.hy, frame, far))
    if not rung or not len(near):
        return what.only(large & seen)
    kind, hx, hy = what.kind[near], what.hx[near], what.hy[near]
    cell = cells_of(kind, hx, hy, frame)
    lonely = np.bincount(cell)[cell] == 1
    known = at_home(hx, hy, frame, far - CELL[1])  # the others of its cell are here, if there are any
    alone = large & seen
    alone[near[lonely & known]] = True
    found = what.only(alone & seen)
    shared = ~lonely & at_home(hx, hy, frame)
    if not shared.any():
        return found
    several = np.zeros(len(what), bool)
    several[near[shared]] = True
    return found.and_more(together(what.only(several), np.unique(cell[shared], return_inverse=True)[1], step))


def cells_of(kind: Ints, hx: Floats, hy: Floats, frame: Frame) -> Ints:
    """The number of the cell of each: those of the whole grid."""
    size = np.where(kind == 0, CELL[0], CELL[1]) * frame.unit
    across = np.floor((hx - frame.grid.left) / size).astype(np.int64)
    down = np.floor((frame.grid.top - hy) / size).astype(np.int64)
    return _numbered(kind, across, down)


def _numbered(*columns: Ints) -> Ints:
    """Equal rows have one number, from 0, in their order."""
    found: Ints = np.unique(_keys(*columns), return_inverse=True)[1]
    return found


def _keys(*columns: Ints) -> Ints:
    """One number for each row, the same for equal rows, in their order: the columns side by side in eight bytes, when they fit."""
    found, room = np.zeros(len(columns[0]), np.int64), 1
    for column in columns if len(found) else ():
        least = int(column.min())
        span = int(column.max()) - least + 1
        room *= span
        if room > MOST_KEYS:
            return _ranks(*columns)
        found = found * span + (column - least)
    return found


MOST_KEYS = 2**62


def _ranks(*columns: Ints) -> Ints:
    order = np.lexsort(columns[::-1])
    changes = np.zeros(len(order), bool)
    for column in columns:
        changes[1:] |= column[order][1:] != column[order][:-1]
    found = np.empty(len(order), np.int64)
    found[order] = np.cumsum(changes)
    return found


def together(what: Picked, cell: Ints, step: float) -> Picked:
    """One for each cell. Of lines, the mesh that they go along is their shape."""
    order = np.argsort(cell, kind="stable")
    starts = np.flatnonzero(np.diff(cell[order], prepend=-1))
    count = np.bincount(cell)

    def least(column: Floats) -> Floats:
        found: Floats = np.minimum.reduceat(column[order], starts)
        return found

    def most(column: Floats) -> Floats:
        found: Floats = np.maximum.reduceat(column[order], starts)
        return found

    def middle(column: Floats) -> Floats:
        found: Floats = np.bincount(cell, column) / count
        return found

    mesh = _lightest_mesh(what, cell, step)
    fine = np.full(len(count), NEAR * step * 8)
    shaped = np.bincount(mesh.owner, minlength=len(count)) > 0
    return Picked(
        what.kind[order][starts], least(what.x0), least(what.y0), most(what.x1), most(what.y1), middle(what.hx),
        middle(what.hy), fine, count, np.minimum.reduceat(what.key[order], starts), mesh, shaped,
    )  # fmt: skip


def _lightest_mesh(what: Picked, cell: Ints, step: float) -> Rings:
    """The finest that is not too much for a tile."""
    for mesh in MESHES:
        found = _mesh(what, cell, mesh * step)
        if len(found.owner) <= MOST_EDGES:
            break
    return found


def _mesh(what: Picked, cell: Ints, side: float) -> Rings:
    """The edges of the mesh that lines go along, each once in a cell, whichever way."""
    lines = what.kind == 1
    own = what.rings.within(lines)
    if not len(own.owner):
        return NOTHING
    changes = np.flatnonzero(np.diff(own.owner))
    first, last = np.concatenate([[0], changes + 1]), np.concatenate([changes, [len(own.owner) - 1]])
    start, end = own.at[own.starts[first]], own.at[(own.starts + own.counts - 1)[last]]
    a, b = (np.floor(one / side + 0.5).astype(np.int64) for one in (start, end))
    turned = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    ends = np.where(turned[:, None], np.concatenate([b, a], axis=1), np.concatenate([a, b], axis=1))
    long = (a != b).any(axis=1)
    owner, ends = cell[own.owner[first]][long], ends[long]
    _numbers, once = np.unique(_keys(owner, *ends.T), return_index=True)
    return single(owner[once], 2, ends[once] * side)


def clustered(what: Picked, frame: Frame) -> Picked:
    """The same of positions alone."""
    cell = cells_of(what.kind, what.hx, what.hy, frame)
    return together(what, cell, frame.unit)
