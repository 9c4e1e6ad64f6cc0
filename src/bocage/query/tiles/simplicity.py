"""Whether rings of integers cross or touch themselves."""

from __future__ import annotations

import numpy as np

from bocage.query.tiles.rings import Floats, Rings, Truths, spans

MOST = 24
"""Positions of a ring that is looked at; of a longer one nothing is said."""
AT_ONCE = 2_000
"""Rings looked at together: their edges are compared two by two."""


def simple(rings: Rings) -> Truths:
    """Of open rings of three positions or more, none twice in turn: False for those that are not simple, or too long."""
    found = np.zeros(len(rings.counts), bool)
    for size in np.unique(rings.counts[rings.counts <= MOST]).tolist():
        alike = np.flatnonzero(rings.counts == size)
        for start in range(0, len(alike), AT_ONCE):
            some = alike[start : start + AT_ONCE]
            places = spans(rings.starts[some], rings.counts[some])
            found[some] = _simple(rings.at[places].reshape(len(some), size, 2))
    return found


def _simple(at: Floats) -> Truths:
    """(rings, positions, 2). Edges that follow one another only share an end; the others share nothing."""
    size = at.shape[1]
    after = np.roll(at, -1, axis=1)
    turns_back = (_cross(at, after, np.roll(at, -2, axis=1)) == 0) & (
        ((after - at) * (np.roll(at, -2, axis=1) - after)).sum(axis=2) < 0
    )
    one, other = np.triu_indices(size, 2)
    apart = ~((one == 0) & (other == size - 1))
    one, other = one[apart], other[apart]
    meets = _meet(at[:, one], after[:, one], at[:, other], after[:, other])
    found: Truths = ~(turns_back.any(axis=1) | meets.any(axis=1))
    return found


def _meet(a: Floats, b: Floats, c: Floats, d: Floats) -> Truths:
    """Whether the edges ab and cd have a position in common."""
    sides = [np.sign(_cross(*three)) for three in ((a, b, c), (a, b, d), (c, d, a), (c, d, b))]
    boxes = (np.maximum(a, b) >= np.minimum(c, d)) & (np.maximum(c, d) >= np.minimum(a, b))
    found: Truths = (sides[0] * sides[1] <= 0) & (sides[2] * sides[3] <= 0) & boxes.all(axis=-1)
    return found


def _cross(a: Floats, b: Floats, c: Floats) -> Floats:
    found: Floats = (b[..., 0] - a[..., 0]) * (c[..., 1] - a[..., 1]) - (b[..., 1] - a[..., 1]) * (
        c[..., 0] - a[..., 0]
    )
    return found
