"""Descriptions, cells, freshness, catalogue addresses: small rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.clock import now
from bocage.portal.catalogue_query import LAST_PAGE, PAGE_SIZE, CatalogueQuery
from bocage.portal.cells import cell
from bocage.portal.freshness import freshness_of
from bocage.portal.markdown import excerpt, safe_html
from bocage.portal.paging import paging


@given(st.text(alphabet="<>\"'&#[]()!`*_-:/ \nahrefscriptjavonl=", max_size=200))
def test_markdown_never_makes_anything_active(text: str) -> None:
    html = safe_html(text).lower()
    assert "<script" not in html
    assert "<svg" not in html
    assert 'href="javascript' not in html


def test_headings_of_a_description_start_below_those_of_the_page() -> None:
    assert "<h3>One</h3>" in safe_html("# One\n\n### Two")
    assert "<h5>Two</h5>" in safe_html("# One\n\n### Two")
    assert "<h3>Only</h3>" in safe_html("#### Only")


def test_an_excerpt_is_the_first_paragraph_cut_between_words() -> None:
    assert excerpt("**Des** arbres & des haies.\n\nNote.") == "Des arbres & des haies."
    cut = excerpt("mot " * 200, 50)
    assert len(cut) <= 51
    assert cut.endswith("mot…")


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        (FieldType.INTEGER, 2026, "2026"),
        (FieldType.INTEGER, -1234567, "-1\u202f234\u202f567"),
        (FieldType.NUMBER, 0.1, "0,1"),
        (FieldType.NUMBER, 1e-7, "0,0000001"),
        (FieldType.NUMBER, 12345.5, "12\u202f345,5"),
        (FieldType.BOOLEAN, False, "Non"),
        (FieldType.DATE, "2026-05-04", "04/05/2026"),
        (FieldType.DATETIME, "2026-05-04T08:00:00+00:00", "04/05/2026 10:00"),
        (FieldType.GEOPOINT, {"lon": -1.5, "lat": 47.2}, "47.20000, -1.50000"),
        (FieldType.ARRAY, ["a", "b"], "a, b"),
        (FieldType.STRING, "00123", "00123"),
    ],
)
def test_a_value_is_written_as_people_read_it(type_: FieldType, value: object, expected: str, french: None) -> None:
    assert cell(Field("x", type_), value).text == expected


@pytest.fixture
def french() -> object:
    with translation.override("fr"):
        yield


def test_only_real_addresses_become_links() -> None:
    field = Field("x", FieldType.STRING)
    assert cell(field, "https://example.org/a").kind == "link"
    for text in ("javascript:alert(1)", "https://a b", 'https://"x', "data:text/html,x", "//example.org"):
        assert cell(field, text).kind == "text"
    assert cell(field, None).kind == cell(field, "").kind == "absent"


@pytest.mark.parametrize(
    ("frequency", "days", "state"),
    [
        ("DAILY", 1, "kept"),
        ("DAILY", 3, "late"),
        ("ANNUAL", 300, "kept"),
        ("IRREG", 900, "none"),
        ("NEVER", 9000, "none"),
    ],
)
def test_the_promise_of_freshness_is_judged(frequency: str, days: int, state: str) -> None:
    dataset = Dataset(update_frequency=frequency, data_updated_at=now() - timedelta(days=days))
    assert freshness_of(dataset).state == state
    assert freshness_of(dataset).sentence


def test_no_data_is_not_late() -> None:
    assert freshness_of(Dataset(update_frequency="DAILY")).state == "empty"


@given(
    st.lists(
        st.tuples(st.sampled_from(["q", "theme", "page", "sort", "organization", "x"]), st.text(max_size=20)),
        max_size=8,
    )
)
def test_any_address_of_the_catalogue_is_understood_and_written_back(pairs: list[tuple[str, str]]) -> None:
    parameters = QueryDict(mutable=True)
    for name, value in pairs:
        parameters.appendlist(name, value)
    query = CatalogueQuery.read(parameters)
    assert 0 <= query.offset <= (LAST_PAGE - 1) * PAGE_SIZE
    again = CatalogueQuery.read(QueryDict(query.address(page=query.page)[1:]))
    assert again == query


def test_toggling_a_filter_twice_changes_nothing() -> None:
    query = CatalogueQuery.read(QueryDict("q=a&theme=eau&page=3"))
    assert query.toggled("theme", "voirie").toggled("theme", "voirie").address() == query.address()
    assert query.toggled("theme", "eau").refine == {}


@given(st.integers(0, 5000), st.integers(1, 600))
def test_pages_lead_everywhere_and_nowhere_else(total: int, page: int) -> None:
    made = paging(total, page, 20, str, last_page=100)
    numbers = [step.number for step in made.steps if step.number]
    assert all(1 <= number <= made.pages <= 100 for number in numbers)
    assert [step.number for step in made.steps if step.current] in ([], [made.page])
    assert made.first <= made.last <= total
