"""A page that is found by the numbers of its rows is the one found by sorting and counting."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.viewer import ANONYMOUS
from bocage.query import services
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
