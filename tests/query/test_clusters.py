"""The bound on what is joined: beyond it, a cluster is a cell of the grid, and every row is still in one."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot

from bocage.query import clusters
from bocage.query.sql import DIALECT, written
from tests.query.companies import ROWS, ask

THREE = "SELECT * FROM (VALUES (0, 0.1, 0.1), (1, 0.2, 0.1), (7, 50.0, 3.0), (NULL, NULL, NULL)) AS t(cell, lon, lat)"


def joined(most: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    monkeypatch.setattr(clusters, "MOST_CELLS", most)
    rows = sqlglot.parse_one(THREE, dialect=DIALECT)
    return duckdb.sql(written(clusters.merged(rows, 360.0))).fetchall()  # type: ignore[arg-type]


def test_a_few_cells_are_joined_and_too_many_are_not_even_listed(monkeypatch):
    assert {cell for cell, _ in joined(3, monkeypatch)} == {0, 1, 7}
    assert len({cluster for _, cluster in joined(3, monkeypatch)}) == 2
    assert joined(2, monkeypatch) == []


def test_beyond_the_bound_rows_are_counted_cell_by_cell(monkeypatch):
    asked = {"select": "count(*) as n", "group_by": "geo_cluster(position, 14)", "limit": 1000}
    few = ask(**asked)
    monkeypatch.setattr(clusters, "MOST_CELLS", 1)
    many = ask(**asked)
    assert sum(row["n"] for row in many.rows) == sum(row["n"] for row in few.rows) == len(ROWS)
    assert many.total_count >= few.total_count > 2
    assert all(row["geo_cluster(position, 14)"] for row in many.rows[:-1])
