"""Lines and rings cut at the sides of a box, all of them at once."""

from __future__ import annotations

import numpy as np

from bocage.query.tiles.rings import Floats, Ints, Rings, Truths

Box = tuple[float, float, float, float]


def clipped_lines(lines: Rings, box: Box) -> Rings:
    """The pieces of lines inside a box (least x, least y, most x, most y): Liang and Barsky."""
    begins = np.ones(len(lines.at), bool)
    begins[lines.starts[lines.counts > 0]] = False
    stop = np.flatnonzero(begins)
    start, end = lines.at[stop - 1], lines.at[stop]
    enters, leaves = _inside(start, end, box)
    kept = np.flatnonzero(enters <= leaves)
    enters, leaves, start, end = enters[kept], leaves[kept], start[kept], end[kept]
    owner_ring = lines.ring[stop[kept]]
    # A piece goes on from the one before when both touch at the same position of the same line.
    goes_on = np.zeros(len(kept), bool)
    goes_on[1:] = (
        (owner_ring[1:] == owner_ring[:-1]) & (kept[1:] == kept[:-1] + 1) & (leaves[:-1] == 1) & (enters[1:] == 0)
    )
    return _pieces(
        lines, owner_ring, goes_on, start + (end - start) * enters[:, None], start + (end - start) * leaves[:, None]
    )


def _inside(start: Floats, end: Floats, box: Box) -> tuple[Floats, Floats]:
    """From which to which share of each segment it is inside; the first is larger when it is nowhere."""
    enters, leaves = np.zeros(len(start)), np.ones(len(start))
    for axis in (0, 1):
        way = end[:, axis] - start[:, axis]
        low, high = box[axis] - start[:, axis], box[axis + 2] - start[:, axis]
        still = way == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            first, last = np.minimum(low / way, high / way), np.maximum(low / way, high / way)
        outside = still & ((low > 0) | (high < 0))
        enters = np.where(still, np.where(outside, 2.0, enters), np.maximum(enters, first))
        leaves = np.where(still, leaves, np.minimum(leaves, last))
    return enters, leaves


def _pieces(lines: Rings, ring: Ints, goes_on: Truths, start: Floats, end: Floats) -> Rings:
    sizes = np.where(goes_on, 1, 2)
    at = np.empty((int(sizes.sum()), 2))
    ends = np.cumsum(sizes) - 1
    at[ends] = end
    at[(ends - 1)[~goes_on]] = start[~goes_on]
    first = np.flatnonzero(~goes_on)
    counts = np.add.reduceat(sizes, first) if len(first) else np.zeros(0, np.int64)
    return Rings(lines.owner[ring[first]], counts.astype(np.int64), at)


def clipped_rings(rings: Rings, box: Box) -> tuple[Rings, Truths]:
    """Open rings inside a box, and which of them cannot be cut in this way (Sutherland and Hodgman): those that would be in
    several pieces, since a ring that crosses a side more than twice is joined along it."""
    broken = np.zeros(len(rings.counts), bool)
    for axis in (0, 1):
        for bound, below in ((box[axis], False), (box[axis + 2], True)):
            rings, crossed = _half(rings, axis, bound, below=below)
            broken |= crossed > 2
    return rings, broken


def _half(rings: Rings, axis: int, bound: float, *, below: bool) -> tuple[Rings, Floats]:
    """What is on one side of a bound, and how many times each ring crosses it."""
    along = rings.at[:, axis]
    inside = along <= bound if below else along >= bound
    if inside.all():
        return rings, np.zeros(len(rings.counts))
    following = rings.following
    crosses = inside != inside[following]
    sizes = inside.astype(np.int64) + crosses
    places = np.cumsum(sizes) - sizes
    at = np.empty((int(sizes.sum()), 2))
    at[places[inside]] = rings.at[inside]
    start, end = rings.at[crosses], rings.at[following[crosses]]
    share = (bound - start[:, axis]) / (end[:, axis] - start[:, axis])
    met = start + (end - start) * share[:, None]
    met[:, axis] = bound
    at[places[crosses] + inside[crosses]] = met
    counts = rings.sums(sizes.astype(float)).astype(np.int64)
    return Rings(rings.owner, counts, at), rings.sums(crosses)
