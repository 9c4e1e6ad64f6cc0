"""From metres of a grid to the integers of a tile, as `drawing` says it to the engine: the same rules, for all features at once.

What is left to the engine are the surfaces that arithmetic alone cannot cut or round without breaking them: `unsure`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bocage.query.tiles.clipping import clipped_lines, clipped_rings
from bocage.query.tiles.drawing import LEAST, MARGIN, SMALL, THICK
from bocage.query.tiles.picking import at_home
from bocage.query.tiles.requests import EXTENT
from bocage.query.tiles.rings import NOTHING, Floats, Ints, Rings, Truths, single, together
from bocage.query.tiles.simplicity import simple

if TYPE_CHECKING:
    from bocage.query.tiles.drawing import Frame
    from bocage.query.tiles.picking import Picked

AROUND = (float(-MARGIN), float(-MARGIN), float(EXTENT + MARGIN), float(EXTENT + MARGIN))


@dataclass(frozen=True)
class Painting:
    """`rings`: integers, owned by ranks of what was picked. `unsure`: ranks of those that are left to the engine."""

    rings: Rings
    unsure: Ints


class Canvas:
    """What was picked, in units of a tile."""

    def __init__(self, frame: Frame, what: Picked) -> None:
        self.what, self.frame = what, frame
        self.u0, self.v0 = _held(self._u(what.x0)), _held(self._v(what.y1))
        self.u1, self.v1 = _held(self._u(what.x1)), _held(self._v(what.y0))
        self.thick = what.thick >= THICK * frame.unit

    def _u(self, x: Floats) -> Floats:
        return (x - self.frame.bounds[0]) * (1 / self.frame.unit)

    def _v(self, y: Floats) -> Floats:
        return (self.frame.bounds[3] - y) * (1 / self.frame.unit)

    def painted(self) -> Painting:
        what = self.what
        bare = ~what.shaped
        tiny = (what.side <= SMALL * self.frame.unit) | ((what.count > 1) & bare)
        dot = (what.kind == 0) & (bare | (what.count > 1))
        box, stroke = (what.kind == 2) & tiny, (what.kind == 1) & tiny
        shaped = what.shaped & ~dot & ~box & ~stroke
        surfaces, unsure = self._surfaces(shaped & (what.kind == 2))
        lines = self._lines(shaped & (what.kind == 1))
        found = [
            self._dots(dot),
            self._boxes(box),
            self._strokes(stroke),
            lines,
            surfaces,
            self._points(shaped & (what.kind == 0)),
        ]
        left = np.zeros(len(what), bool)
        left[unsure] = True
        found += self.specks(shaped & ~left, found)
        return Painting(together(found), unsure)

    def specks(self, wanted: Truths, found: list[Rings]) -> list[Rings]:
        """Of what is too thin to be kept when it is rounded, in the middle of where it is, in the tile where it counts."""
        lost = wanted & ~self.thick & at_home(self.what.hx, self.what.hy, self.frame)
        for one in found:
            lost[one.owner] = False
        ranks = np.flatnonzero(lost)
        if not len(ranks):
            return []
        middle = _round((self.u0 + self.u1) / 2)[ranks], _round((self.v0 + self.v1) / 2)[ranks]
        line, surface = self.what.kind[ranks] == 1, self.what.kind[ranks] == 2
        u, v = middle
        ends = np.stack([u, v, u + LEAST, v], axis=1)
        return [
            single(ranks[line], 2, ends[line]),
            _corners(ranks[surface], u[surface], v[surface], u[surface], v[surface]),
        ]

    def _dots(self, which: Truths) -> Rings:
        ranks = np.flatnonzero(which)
        if not len(ranks):
            return NOTHING
        u, v = self._u(self.what.hx[ranks]), self._v(self.what.hy[ranks])
        return single(ranks, 1, np.clip(np.floor(np.stack([u, v], axis=1)), 0, EXTENT - 1))

    def _boxes(self, which: Truths) -> Rings:
        ranks = np.flatnonzero(which)
        if not len(ranks):
            return NOTHING
        return _corners(ranks, self.u0[ranks], self.v0[ranks], self.u1[ranks], self.v1[ranks])

    def _strokes(self, which: Truths) -> Rings:
        """From one end of a short line to the other; a little way east if they are the same."""
        ranks = np.flatnonzero(which)
        if not len(ranks):
            return NOTHING
        what = self.what
        start = np.stack([what.x0[ranks], what.y0[ranks]], axis=1)
        end = np.stack([what.x1[ranks], what.y1[ranks]], axis=1)
        own = what.rings.within(which & (what.count == 1))
        if len(own.owner):
            first, last = _outermost(own)
            places = np.searchsorted(ranks, own.owner[first])
            start[places] = own.at[own.starts[first]]
            end[places] = own.at[(own.starts + own.counts - 1)[last]]
        ua, va, ub, vb = (
            _held(one) for one in (self._u(start[:, 0]), self._v(start[:, 1]), self._u(end[:, 0]), self._v(end[:, 1]))
        )
        ub = np.where((ua == ub) & (va == vb), ub + LEAST, ub)
        return single(ranks, 2, np.stack([ua, va, ub, vb], axis=1))

    def _units(self, which: Truths) -> Rings:
        rings = self.what.rings.within(which)
        return rings.moved(np.stack([self._u(rings.at[:, 0]), self._v(rings.at[:, 1])], axis=1))

    def _points(self, which: Truths) -> Rings:
        if not which.any():
            return NOTHING
        points = self._units(which)
        at = _round(points.at)
        away = (at < AROUND[0]) | (at > AROUND[2])
        return _some(points.moved(at).without(away[:, 0] | away[:, 1]), 1)

    def _wholly(self) -> Truths:
        what, (left, bottom, right, top) = self.what, self.frame.around
        found: Truths = (what.x0 >= left) & (what.x1 <= right) & (what.y0 >= bottom) & (what.y1 <= top)
        return found

    def _lines(self, which: Truths) -> Rings:
        if not which.any():
            return NOTHING
        found = self._units(which)
        beyond = which & ~self._wholly()
        if beyond.any():
            found = together([found.within(~beyond), clipped_lines(found.within(beyond), AROUND)])
        found = found.moved(_round(found.at))
        again = (found.at[1:] == found.at[:-1]).all(axis=1) & (found.ring[1:] == found.ring[:-1])
        return _some(found.without(np.concatenate([[False], again])), 2)

    def _surfaces(self, which: Truths) -> tuple[Rings, Ints]:
        """Rings keep their turn, or go; what is thin must be simple once it is rounded."""
        if not which.any():
            return NOTHING, np.zeros(0, np.int64)
        found = self._units(which).opened()
        doubt = np.zeros(len(self.what), bool)
        beyond = which & ~self._wholly()
        if beyond.any():
            within, across = found.within(~beyond), found.within(beyond)
            cut, broken = clipped_rings(across, AROUND)
            moved = cut.counts != across.counts
            holes = np.bincount(across.owner[across.areas < 0], minlength=len(doubt)) > 0
            doubt[across.owner[broken | (moved & holes[across.owner])]] = True
            found = together([within, cut])
        rounded = found.moved(_round(found.at))
        following = rounded.following
        rounded = rounded.without((rounded.at == rounded.at[following]).all(axis=1))
        thin = ~self.thick[rounded.owner] & (rounded.counts > 2)
        doubt[rounded.owner[thin][~simple(rounded.chosen(thin))]] = True
        holed = np.bincount(rounded.owner, minlength=len(doubt)) > 1
        doubt |= holed & ~self.thick
        doubt[np.bincount(found.owner, found.counts, minlength=len(doubt)) == 0] = False  # nothing is left of it here
        kept = _turned(found, rounded).within(~doubt)
        return kept, np.flatnonzero(doubt)


def _turned(before: Rings, after: Rings) -> Rings:
    """Rings that still have an area, on the same side, and holes of those that do."""
    outer = before.areas > 0
    kept = (after.counts > 2) & (np.sign(after.areas) == np.sign(before.areas))
    last_outer = np.maximum.accumulate(np.where(outer, np.arange(len(outer)), -1))
    kept &= (last_outer >= 0) & kept[last_outer] & (after.owner[last_outer] == after.owner)
    return after.chosen(kept)


def _corners(owner: Ints, u0: Floats, v0: Floats, u1: Floats, v1: Floats) -> Rings:
    """Of boxes, LEAST wide at least, turned as outer rings are."""
    u1, v1 = np.maximum(u0 + LEAST, u1), np.maximum(v0 + LEAST, v1)
    return single(owner, 4, np.stack([u0, v0, u1, v0, u1, v1, u0, v1], axis=1))


def _outermost(rings: Rings) -> tuple[Ints, Ints]:
    """The first and the last ring of each owner, which are in order."""
    changes = np.flatnonzero(np.diff(rings.owner))
    return np.concatenate([[0], changes + 1]), np.concatenate([changes, [len(rings.owner) - 1]])


def _some(rings: Rings, least: int) -> Rings:
    return rings.chosen(rings.counts >= least)


def _round(numbers: Floats) -> Floats:
    found: Floats = np.floor(numbers + 0.5)
    return found


def _held(numbers: Floats) -> Floats:
    """Within the tile and its margin."""
    return np.clip(_round(numbers), -MARGIN, EXTENT + MARGIN - LEAST)
