"""Rows put in order by ranks: the page is that of all the rows, sorted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.query.lookups import sorting
from bocage.query.lookups.lookup import ABSENT, Index
from bocage.query.lookups.sorting import Key, page_of, page_of_all

columns = st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=1, max_size=60)


def index_of(values: list[int | None]) -> Index:
    different = sorted({one for one in values if one is not None})
    rank = np.array([ABSENT if one is None else different.index(one) for one in values], np.uint32)
    there = np.flatnonzero(rank != ABSENT).astype(np.uint32)
    return Index(there[np.argsort(rank[there], kind="stable")], rank, lambda row: values[row])


def expected(values: list[list[int | None]], downs: list[bool], rows: list[int]) -> list[int]:
    def place(row: int) -> list[tuple[bool, int]]:
        return [
            (one[row] is None, (one[row] or 0) * (-1 if down else 1)) for one, down in zip(values, downs, strict=True)
        ]

    return sorted(rows, key=lambda row: (place(row), row))


@settings(max_examples=200, deadline=None)
@given(columns, st.data())
def test_pages_of_all_rows_and_of_some(values, data):
    other = data.draw(st.lists(st.one_of(st.none(), st.integers(0, 2)), min_size=len(values), max_size=len(values)))
    downs = data.draw(st.lists(st.booleans(), min_size=1, max_size=2))
    offset, limit = data.draw(st.integers(0, 30)), data.draw(st.integers(0, 30))
    both = [values, other][: len(downs)]
    keys = [Key(index_of(one), down) for one, down in zip(both, downs, strict=True)]
    in_order = expected(both, downs, list(range(len(values))))
    page = page_of_all(keys, offset, limit)
    assert page is None or page.tolist() == in_order[offset : offset + limit]
    some = data.draw(st.sets(st.integers(0, len(values) - 1)))
    rows = np.array(sorted(some), np.uint32)
    found = page_of(rows, keys, offset, limit)
    assert found is not None
    assert found.tolist() == expected(both, downs, sorted(some))[offset : offset + limit]


@pytest.mark.parametrize("down", [True, False])
def test_equals_are_many(monkeypatch, down):
    """With one key, those that are not on the page are not put in order."""
    monkeypatch.setattr(sorting, "MOST", 20)
    values: list[int | None] = [1] * 3 + [2] * 90 + [3] * 3 + [None]
    found = page_of_all([Key(index_of(values), down)], 2, 8)
    assert found is not None
    assert found.tolist() == expected([values], [down], list(range(len(values))))[2:10]
    other: list[int | None] = [row % 7 for row in range(len(values))]
    assert page_of_all([Key(index_of(values), down), Key(index_of(other), False)], 2, 8) is None
