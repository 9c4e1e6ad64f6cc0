"""What people type in the form of the table becomes ODSQL that means that and nothing else."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bocage.access.viewer import ANONYMOUS
from bocage.catalog.models import Dataset
from bocage.portal.table_query import LAST_PAGE, PAGE_SIZE, TableQuery
from bocage.query.odsql.parse import parse_where
from bocage.query.relation import DatasetRelation
from bocage.query.services import records
from bocage.store.selectors import current_version
from tests.portal.conftest import FIELDS


def read(query: str) -> TableQuery:
    return TableQuery.read(FIELDS, QueryDict(query))


def rows(dataset: Dataset, query: str) -> list[int | None]:
    version = current_version(dataset)
    assert version is not None
    page = records(ANONYMOUS, DatasetRelation(dataset, version), read(query).request())
    return [row["places"] for row in page.rows]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [12, 20000, None]),
        ("sort=-places&min_places=1", [20000, 12]),
        ("min_places=1+000", [20000]),
        ("max_taux=0,5", [12]),
        ("is_ouvert=yes", [12]),
        ("is_ouvert=no", [20000]),
        ("min_jour=2026-02-01&max_jour=2026-02-03", [20000]),
        ("f_commune=orv", [20000]),
        ("q=orvault", [20000]),
        ("min_places=abc", [12, 20000, None]),
        ("f_unknown=x&sort=unknown&page=zero", [12, 20000, None]),
    ],
)
def test_filters_keep_the_rows_they_say(dataset: Dataset, query: str, expected: list[int | None]) -> None:
    assert rows(dataset, query) == expected


@given(st.text(max_size=60))
def test_no_text_escapes_its_quotes(words: str) -> None:
    parameters = QueryDict(mutable=True)
    parameters["q"] = words
    parameters["f_commune"] = words
    for clause in TableQuery.read(FIELDS, parameters).request().where:
        parse_where(clause)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999", "--1", "2026-13-01", "0x10"])
def test_what_is_not_a_value_is_said_on_its_column(value: str) -> None:
    query = read(f"min_places={value}&min_jour={value}")
    assert query.request().where == []
    assert query.faulty
    assert sum(bool(control.error) for control in query.controls) == 2


@given(st.text(max_size=12))
def test_pages_stay_within_bounds(page: str) -> None:
    parameters = QueryDict(mutable=True)
    parameters["page"] = page
    assert 0 <= TableQuery.read(FIELDS, parameters).request().offset <= (LAST_PAGE - 1) * PAGE_SIZE


def test_addresses_keep_everything_but_the_page() -> None:
    address = read("q=a&c=places&c=taux&page=4&min_places=2").address(sort="taux")
    assert parse_qs(address[1:]) == {"q": ["a"], "c": ["places", "taux"], "min_places": ["2"], "sort": ["taux"]}


def test_the_error_is_shown_beside_its_input(client: Client, dataset: Dataset) -> None:
    html = client.get("/explore/dataset/places/table/?min_places=abc").content.decode()
    assert 'aria-describedby="error_places"' in html
    assert "“abc” is not a number." in html
