"""Positions of many geometries side by side, in rings: of a ring of a surface, a line, or the positions of a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def spans(starts: Ints, counts: Ints) -> Ints:
    """Each start and the numbers that follow it, as many as `counts` says: 5, 9 by 2, 3 → 5 6 9 10 11."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()))


@dataclass(frozen=True)
class Rings:
    """`owner`: the feature of each ring; `counts`: its positions; `at` (n, 2): all of them in turn."""

    owner: Ints
    counts: Ints
    at: Floats

    @cached_property
    def starts(self) -> Ints:
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def ring(self) -> Ints:
        """The ring of each position."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def following(self) -> Ints:
        """The position after each one, around its ring."""
        found = np.arange(1, len(self.at) + 1)
        some = self.counts > 0
        found[(self.starts + self.counts - 1)[some]] = self.starts[some]
        return found

    @cached_property
    def areas(self) -> Floats:
        """Twice the area inside each ring, closed or not: positive when it turns as outer rings do on a screen."""
        x, y = self.at.T
        x_, y_ = self.at[self.following].T
        return self.sums(x * y_ - x_ * y)

    def sums(self, values: Floats | Truths) -> Floats:
        """Of the values of the positions of each ring."""
        found: Floats = np.bincount(self.ring, values, minlength=len(self.counts)).astype(float)
        return found

    def chosen(self, rings: Ints | Truths) -> Rings:
        counts = self.counts[rings]
        return Rings(self.owner[rings], counts, self.at[spans(self.starts[rings], counts)])

    def without(self, positions: Truths) -> Rings:
        """Without these positions; rings may be left empty."""
        if not positions.any():
            return self
        kept = ~positions
        counts = self.sums(kept).astype(np.int64)
        return Rings(self.owner, counts, self.at[kept])

    def opened(self) -> Rings:
        """Rings without their last position, which is the first one."""
        last = np.zeros(len(self.at), bool)
        last[(self.starts + self.counts - 1)[self.counts > 0]] = True
        return self.without(last)

    def moved(self, at: Floats) -> Rings:
        return Rings(self.owner, self.counts, at)

    def owned(self, owner: Ints) -> Rings:
        return Rings(owner, self.counts, self.at)

    def within(self, features: Truths) -> Rings:
        """Those of these features, under the same numbers."""
        kept = features[self.owner]
        return self if kept.all() else self.chosen(kept)


NOTHING = Rings(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 2)))


def one_after_the_other(parts: Sequence[Rings]) -> Rings:
    some = [one for one in parts if len(one.owner)]
    if len(some) < 2:
        return some[0] if some else NOTHING
    return Rings(*(np.concatenate([getattr(one, name) for one in some]) for name in ("owner", "counts", "at")))


def together(parts: Sequence[Rings]) -> Rings:
    """All the rings, by owner; those of one keep their order."""
    found = one_after_the_other(parts)
    if (found.owner[1:] >= found.owner[:-1]).all():
        return found
    return found.chosen(np.argsort(found.owner, kind="stable"))


def single(owner: Ints, size: int, at: Floats) -> Rings:
    """One ring of `size` positions for each owner."""
    return Rings(owner, np.full(len(owner), size, np.int64), at.reshape(-1, 2))
