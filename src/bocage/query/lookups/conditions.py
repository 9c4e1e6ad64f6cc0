"""Conditions as tests on ranks: which rows hold, decided by comparing whole numbers that lie side by side.

What a value is compared with becomes a place in the order of its column, once; then each row is tested by its rank alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

import numpy as np

from bocage.query.lookups.lookup import ABSENT, Bools, Index, Rows

At = Rows | slice
"""Which rows are tested: their numbers, or all of them."""
EVERY = slice(None)


class Test(Protocol):
    def holds(self, at: At) -> Bools:
        """For each of the rows. What cannot be decided, because a value is missing, does not hold."""


@dataclass(frozen=True)
class Span:
    """The value stands between two places of the order of its column."""

    index: Index
    first: int
    last: int

    @property
    def count(self) -> int:
        return max(0, self.last - self.first)

    def rows(self) -> Rows:
        """By number."""
        return np.sort(self.index.order[self.first : self.last])

    def holds(self, at: At) -> Bools:
        rank = self.index.rank[at]
        if not self.count:
            return np.zeros(len(rank), np.bool_)
        low, high = self.index.rank_at(self.first), self.index.rank_at(self.last)
        below: Bools = rank < np.uint32(high)
        return below if low == 0 else below & (rank >= np.uint32(low))


@dataclass(frozen=True)
class Numbered:
    """The number of the row is between two."""

    first: int
    last: int
    row_count: int

    @property
    def count(self) -> int:
        return max(0, min(self.last, self.row_count) - max(self.first, 0))

    def rows(self) -> Rows:
        return np.arange(max(self.first, 0), max(self.first, 0) + self.count, dtype=np.uint32)

    def holds(self, at: At) -> Bools:
        rows = np.arange(self.row_count, dtype=np.uint32) if isinstance(at, slice) else at
        found: Bools = (rows >= max(self.first, 0)) & (rows < max(self.last, 0))
        return found


@dataclass(frozen=True)
class Absent:
    index: Index

    def holds(self, at: At) -> Bools:
        found: Bools = self.index.rank[at] == np.uint32(ABSENT)
        return found


@dataclass(frozen=True)
class Decided:
    value: bool
    row_count: int

    def holds(self, at: At) -> Bools:
        return np.full(self.row_count if isinstance(at, slice) else len(at), self.value)


@dataclass(frozen=True)
class Negated:
    test: Test

    def holds(self, at: At) -> Bools:
        return ~self.test.holds(at)


@dataclass(frozen=True)
class Joined:
    """All of the tests, or one of them."""

    tests: Sequence[Test]
    both: Callable[[Bools, Bools], Bools]

    def holds(self, at: At) -> Bools:
        return reduce(self.both, (test.holds(at) for test in self.tests))


def every(tests: Sequence[Test]) -> Test:
    """What always holds is not asked; two spans of a column are one."""
    spans: dict[int, Span] = {}
    asked: list[Test] = []
    for one in (inner for outer in tests for inner in conjuncts(outer)):
        if isinstance(one, Span):
            known = spans.get(id(one.index), one)
            spans[id(one.index)] = Span(one.index, max(one.first, known.first), min(one.last, known.last))
        elif not (isinstance(one, Decided) and one.value):
            asked.append(one)
    left = [*spans.values(), *asked] or list(tests[:1])
    return left[0] if len(left) == 1 else Joined(left, np.logical_and)


def conjuncts(test: Test) -> Sequence[Test]:
    """Tests that must all hold for this one to hold."""
    return test.tests if isinstance(test, Joined) and test.both is np.logical_and else [test]


def some(tests: Sequence[Test]) -> Test:
    return tests[0] if len(tests) == 1 else Joined(tests, np.logical_or)


FEW = 16
"""One row in so many, or fewer, are tested one by one; more are tested with all the others, which reads side by side."""


def rows_that_hold(test: Test, row_count: int) -> Rows:
    """By number. Of tests that must all hold, the one that leaves the fewest rows says where to look."""
    tests = conjuncts(test)
    spans = [one for one in tests if isinstance(one, Span | Numbered)]
    best = min(spans, key=lambda one: one.count, default=None)
    if best is None or best.count * FEW > row_count:
        return np.flatnonzero(test.holds(EVERY)).astype(np.uint32)
    rows = best.rows()
    for one in tests:
        if one is not best:
            rows = rows[one.holds(rows)]
    return rows
