"""A system that answers something else is caught before it is timed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from benchmarks.agreement import check_equal
from benchmarks.systems import BareDuckDB
from benchmarks.workload import QUERIES

from benchmarks import data

ROWS = 60_000


class Other(BareDuckDB):
    """The same table, its questions altered."""

    def __init__(self, first, was, becomes):
        self.engine, self.was, self.becomes = first.engine, was, becomes

    def ask(self, question, key):
        return super().ask(replace(question, sql=question.sql.replace(self.was, self.becomes)), key)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    system = BareDuckDB(folder, data.make(folder, ROWS))
    yield system
    system.stop()


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_the_same_answers_agree(bare, query):
    check_equal(query, [bare, Other(bare, "", "")])


@pytest.mark.parametrize(
    ("name", "was", "becomes"),
    [
        ("Q1", "OFFSET ", "OFFSET 1"),
        ("Q2", "DESC", "ASC"),
        ("Q3", "SELECT *", "SELECT * REPLACE (nombre + 1 AS nombre)"),
        ("Q5", "ST_Point(latitude, longitude)", "ST_Point(longitude, latitude)"),
        ("Q5", "<= 800", "<= 810"),
        ("Q7", "median(", "avg("),
        ("Q8", "count(*)", "count(*) + 1"),
        ("Q10", "%Y", "%m"),
    ],
)
def test_another_answer_is_caught(bare, name, was, becomes):
    query = next(one for one in QUERIES if one.name == name)
    with pytest.raises(SystemExit, match=name):
        check_equal(query, [bare, Other(bare, was, becomes)])
