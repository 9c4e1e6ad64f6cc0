"""The rows of a page, by the ranks of what sorts them: only those that may be on it are put in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bocage.query.lookups.lookup import ABSENT, Rows

if TYPE_CHECKING:
    from bocage.query.lookups.lookup import Index

MOST = 250_000
"""Rows that are put in order at once."""


@dataclass(frozen=True)
class Key:
    index: Index
    descending: bool

    def of(self, rows: Rows) -> npt.NDArray[np.int64]:
        """Numbers in the order of the page: what is missing comes last, both ways."""
        rank = self.index.ranks_of(rows).astype(np.int64)
        return np.where(rank == ABSENT, rank, -rank) if self.descending else rank


def page_of(rows: Rows, keys: Sequence[Key], offset: int, limit: int) -> Rows | None:
    """Of rows that are given by number. None when they are too many."""
    end = offset + limit
    if not keys:
        return rows[offset:end]
    first = keys[0].of(rows)
    if len(rows) > max(2 * end, 1_000):
        near = np.flatnonzero(first <= np.partition(first, end - 1)[end - 1]) if end else np.zeros(0, np.intp)
        rows, first = rows[near], first[near]
    if len(rows) > MOST:
        return None
    later: list[npt.NDArray[Any]] = [key.of(rows) for key in reversed(keys[1:])]
    return rows[np.lexsort([rows, *later, first])][offset:end]


def page_of_all(keys: Sequence[Key], offset: int, limit: int) -> Rows | None:
    """Of every row of the table: the order of the first key says where to look."""
    index, end = keys[0].index, offset + limit
    count = len(index.order)
    if end > count or not end:
        return None
    rows = _those_before(index, count - end if keys[0].descending else end - 1, keys[0].descending)
    if len(keys) == 1:
        rows = _lowest(rows, end)
    return page_of(np.sort(np.concatenate(rows)), keys, offset, limit) if sum(map(len, rows)) <= MOST else None


def _those_before(index: Index, last: int, down: bool) -> tuple[Rows, Rows]:
    """Those that come before the last row of the page, and those that are equal to it. `last`: its position in the order."""
    start, end = index.start_of(last), index.end_of(last)
    return index.order[end:] if down else index.order[:start], index.order[start:end]


def _lowest(rows: tuple[Rows, Rows], most: int) -> tuple[Rows, Rows]:
    """Among equals, the number of the row decides: the others are not on the page, however many they are."""
    before, equal = rows
    left = most - len(before)
    return before, equal if len(equal) <= left else np.partition(equal, left - 1)[:left]
