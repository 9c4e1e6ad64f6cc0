"""A page that is found by the numbers of its rows is the one found by sorting and counting."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.restrictions import Cells, Masked, Restriction
from bocage.access.viewer import ANONYMOUS
from bocage.query import paging, services
from bocage.query.compile import Statement
from bocage.query.counts import MOST_KEPT, Counts
from bocage.query.requests import OdsqlRequest
from bocage.store.session import EngineSession
from tests.query.table import ROWS, TABLE, TableRelation

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Uncounted(TableRelation):
    """The same rows, as if a rule could hide some."""

    __hash__ = object.__hash__

    def row_count(self, viewer):
        return None


def page(relation, **clauses):
    found = services.records(ANONYMOUS, relation, OdsqlRequest(**clauses))
    return found.total_count, found.rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.sampled_from([0, 1, 7, 100]),
    offset=st.sampled_from([0, 1, 5, len(ROWS) - 1, len(ROWS), len(ROWS) + 3]),
    where=st.sampled_from([(), ("_id is not null",), ("code is not null",), ("code = 'nothing has it'",)]),
    order_by=st.sampled_from(["", "code desc"]),
    grouped=st.sampled_from([{}, {"select": "count(*) as n"}, {"select": "count(*) as n", "group_by": "code"}]),
)
def test_the_same_page_and_the_same_total(limit, offset, where, order_by, grouped):
    order_by = "" if grouped else order_by
    clauses = {"limit": limit, "offset": offset, "where": where, "order_by": order_by, **grouped}
    assert page(TABLE, **clauses) == page(Uncounted(), **clauses)


def test_a_page_of_all_rows_runs_one_statement(monkeypatch):
    ran = []
    run = EngineSession._run

    def recorded(self, sql, parameters):
        ran.append(sql)
        return run(self, sql, parameters)

    monkeypatch.setattr(EngineSession, "_run", recorded)
    total, rows = page(TABLE, limit=3, offset=2)
    assert (total, len(rows), len(ran)) == (len(ROWS), 3, 1)


@pytest.mark.parametrize(
    "clauses",
    [
        {"order_by": "pop desc, code", "offset": 7},
        {"order_by": "jour", "where": ("pop > 10",)},
        {"where": ("code is not null",), "offset": 5},
        {"order_by": "length(nom), code", "select": "nom as label, pop + 1"},
        {"order_by": "random(3)"},
        {"where": ("code = 'nothing has it'",)},
        {"order_by": "distance(centre, geom'POINT(-1.55 47.21)')", "where": ("nom is not null",)},
        {"order_by": "pop", "offset": len(ROWS) - 2},
        {"where": ('"nantes"',), "order_by": "code desc"},
    ],
)
@pytest.mark.parametrize("relation", [TABLE, Uncounted()], ids=["counted", "uncounted"])
def test_a_page_whose_rows_are_found_first_is_the_same(monkeypatch, clauses, relation):
    clauses = {"limit": 10, **clauses}
    at_once = page(relation, **clauses)
    monkeypatch.setattr(paging, "MANY_ROWS", 0)
    assert page(relation, **clauses) == at_once


@pytest.mark.parametrize(
    "limits",
    [
        Restriction(rows=("pop > 20",), hidden=frozenset({"jour"})),
        Restriction(masks=(Masked("nom", "truncate", "1"),), grid_m=5_000),
        Restriction(cells=(Cells(4, ("nom", "ouvert"), ("pop",)),)),
    ],
    ids=["rows", "masks", "cells"],
)
def test_rights_are_below_both_statements(monkeypatch, limits):
    relation = TableRelation(limits=limits)
    clauses = {"order_by": "nom desc", "offset": 3, "limit": 10, "where": ("nom is not null",)}
    at_once = page(relation, **clauses)
    monkeypatch.setattr(paging, "MANY_ROWS", 0)
    assert page(relation, **clauses) == at_once


def test_only_what_sorts_is_read_of_the_rows_left_out(monkeypatch):
    ran = []
    run = EngineSession._run

    def recorded(self, sql, parameters):
        ran.append(sql)
        return run(self, sql, parameters)

    monkeypatch.setattr(EngineSession, "_run", recorded)
    monkeypatch.setattr(paging, "MANY_ROWS", 0)
    page(TABLE, order_by="pop desc", limit=3, offset=5)
    assert "nom" not in ran[0].partition(" FROM ")[0]
    assert "LIMIT" not in ran[1]


def test_what_was_counted_once_is_not_counted_again():
    counts, asked = Counts(), []

    def ask(statement):
        asked.append(statement)
        return len(asked)

    same = [Statement("SELECT count(*) FROM v1.main.rows WHERE a = $1", ["x"]) for _ in range(2)]
    assert [counts.of(one, ask) for one in same] == [1, 1]
    others = [
        Statement(same[0].sql, ["y"]),
        Statement(same[0].sql, [["x"]]),
        Statement(same[0].sql.replace("v1", "v2"), ["x"]),
    ]
    assert [counts.of(one, ask) for one in others] == [2, 3, 4]


def test_what_changes_under_one_name_is_counted_each_time():
    counts, found = Counts(), iter(range(9))
    one = Statement('SELECT count(*) FROM memory.main."resident_1"')
    assert [counts.of(one, lambda _: next(found)) for _ in range(2)] == [0, 1]


def test_old_counts_leave():
    counts, asked = Counts(), []
    statements = [Statement(f"SELECT {number}") for number in range(MOST_KEPT + 1)]
    for one in [*statements, statements[-1], statements[0]]:
        counts.of(one, lambda statement: asked.append(statement) or 0)
    assert len(asked) == len(statements) + 1
