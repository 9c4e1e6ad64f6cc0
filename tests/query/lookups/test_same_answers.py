"""What is looked up is what a naive reading finds, and what the statement over the whole table says, in the same order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.query.errors import QueryError
from bocage.query.odsql.printing import printed
from bocage.query.requests import OdsqlRequest
from bocage.query.services import Page, records
from tests.query import test_corpus_reference, test_corpus_where
from tests.query.companies import COMPANIES, FIELDS, ROWS
from tests.query.lookups.kept import KEPT, USED, looking_up
from tests.query.test_random_everything import conditions, holds
from tests.query.test_restricted_queries import RESTRICTIONS

ALL = [*test_corpus_where.ALL, *test_corpus_where.DATES]
PARIS = "Europe/Paris"
PLAIN = "siret, nom, effectif, ca, actif, creation, maj, position, year, `12`"
SORTED = [
    one.name for one in FIELDS if one.type.value in ("string", "integer", "number", "boolean", "date", "datetime")
]


def test_the_corpus_is_looked_up_right():
    USED.clear()
    with looking_up():
        for where, test in ALL:
            request = OdsqlRequest(select="siret", where=(where,), limit=100, timezone=PARIS)
            page = records(OPERATOR, KEPT, request)
            expected = [row["siret"] for row in ROWS if test(row)]
            assert ([row["siret"] for row in page.rows], page.total_count) == (expected, len(expected)), where
    assert USED["page"] > 60
    assert USED["candidates"] > 15


def test_the_corpus_of_the_reference_is_looked_up_right():
    with looking_up():
        for where, _test in test_corpus_reference.WHERE:
            request = OdsqlRequest(where=(where,), limit=100, order_by="ca desc, nom")
            assert both(request, OPERATOR)[0] == both(request, OPERATOR)[1], where


def both(request: OdsqlRequest, viewer: Any, limits: Any = None) -> tuple[Any, Any]:
    """Looked up, and not; an error in its place."""
    return answer(replace(KEPT, limits=limits), request, viewer), answer(
        replace(COMPANIES, limits=limits), request, viewer
    )


def answer(relation: Any, request: OdsqlRequest, viewer: Any) -> Page | str:
    try:
        return records(viewer, relation, request)
    except QueryError as error:
        return repr(error)


keys = st.lists(
    st.tuples(st.sampled_from(SORTED), st.sampled_from(["asc", "desc"])), max_size=3, unique_by=lambda key: key[0]
)
selects = st.sampled_from(["", PLAIN, "siret, zone", "nom, length(nom) as n", "naf, brut"])


def asked(tree: Any, order: list[tuple[str, str]], select: str, offset: int, limit: int) -> OdsqlRequest:
    order_by = ", ".join(f"`{name}` {way}" for name, way in order)
    where = () if tree is None else (printed(tree),)
    return OdsqlRequest(select=select, where=where, order_by=order_by, offset=offset, limit=limit, timezone=PARIS)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(conditions, st.sampled_from([0, 3, 50]))
def test_a_condition_keeps_what_a_naive_reading_keeps(tree, candidates):
    with looking_up(candidates):
        page = records(OPERATOR, KEPT, OdsqlRequest(select="siret", where=(printed(tree),), limit=100))
    expected = [row["siret"] for row in ROWS if holds(tree, row)]
    assert ([row["siret"] for row in page.rows], page.total_count) == (expected, len(expected))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.none(), conditions), keys, selects, st.integers(0, 100), st.integers(0, 100))
def test_pages_in_any_order_are_the_same(tree, order, select, offset, limit):
    request = asked(tree, order, select, offset, limit)
    with looking_up():
        looked, read = both(request, OPERATOR)
    assert looked == read


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(RESTRICTIONS, st.one_of(st.none(), conditions), keys, st.integers(0, 40), st.integers(0, 100))
def test_readers_from_whom_something_is_kept_are_shown_the_same(ruled, tree, order, offset, limit):
    limits, _rule = ruled
    with looking_up():
        looked, read = both(asked(tree, order, "", offset, limit), ANONYMOUS, limits)
    assert looked == read


@pytest.mark.parametrize("select", ["count(*) as n, sum(ca) as s", "commune, max(maj) as m"])
def test_summaries_of_few_rows(select):
    groups = "commune" if "commune" in select else ""
    request = OdsqlRequest(select=select, where=("effectif > 12",), group_by=groups, limit=100)
    with looking_up():
        looked, read = both(request, OPERATOR)
    assert looked == read
    assert isinstance(looked, Page)
