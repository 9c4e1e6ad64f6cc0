"""Counts of facets against naive counts."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bocage.access.viewer import OPERATOR
from bocage.query.errors import InvalidParameter
from bocage.query.requests import FacetRequest, OdsqlRequest
from bocage.query.services import facets
from tests.query.table import ROWS, TABLE


def values_of(row, name):
    value = row[name]
    if value is None:
        return []
    return (
        list(dict.fromkeys(value))
        if isinstance(value, list)
        else [str(value).lower() if value in (True, False) else str(value)]
    )


def counted(name, rows):
    counts = Counter(value for row in rows for value in values_of(row, name))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def shown(request, facet):
    return [(value.value, value.count) for value in facets(OPERATOR, TABLE, request, [facet])[facet.name]]


@pytest.mark.parametrize("name", ["nom", "ouvert", "tags", "pop"])
def test_counts_of_every_kind_of_field(name):
    assert shown(OdsqlRequest(), FacetRequest(name)) == counted(name, ROWS)


def test_counts_obey_where_refine_and_exclude_of_other_facets():
    request = OdsqlRequest(where=["pop > 10"], refine=["ouvert:true"], exclude=["tags:eau"])
    rows = [r for r in ROWS if (r["pop"] or 0) > 10 and r["ouvert"] and "eau" not in (r["tags"] or [])]
    assert shown(request, FacetRequest("nom")) == counted("nom", rows)


def test_a_refined_facet_narrows_itself_unless_its_values_are_alternatives():
    request = OdsqlRequest(refine=["nom:Nantes"])
    (only,) = facets(OPERATOR, TABLE, request, [FacetRequest("nom")])["nom"]
    assert (only.value, only.state) == ("Nantes", "refined")
    found = facets(OPERATOR, TABLE, request, [FacetRequest("nom", disjunctive=True)])["nom"]
    assert [(v.value, v.count) for v in found] == counted("nom", ROWS)
    assert {v.value: v.state for v in found if v.state != "displayed"} == {"Nantes": "refined"}


def test_an_excluded_value_is_shown_as_such():
    found = facets(OPERATOR, TABLE, OdsqlRequest(exclude=["nom:Nantes"]), [FacetRequest("nom")])["nom"]
    assert {v.value: (v.state, v.count) for v in found}["Nantes"] == ("excluded", 0)
    assert sum(v.count for v in found) == sum(r["nom"] not in (None, "Nantes") for r in ROWS)


def test_a_refined_value_is_shown_beyond_the_limit_and_without_rows():
    request = OdsqlRequest(refine=["nom:Élancourt"], where=["pop > 1000"])
    (value,) = facets(OPERATOR, TABLE, request, [FacetRequest("nom", limit=1)])["nom"]
    assert (value.value, value.count, value.state) == ("Élancourt", 0, "refined")


def test_dates_open_year_by_month_by_day():
    found = facets(OPERATOR, TABLE, OdsqlRequest(), [FacetRequest("jour", sort="alphanum")])["jour"]
    years = Counter(str(r["jour"].year) for r in ROWS if r["jour"])
    assert [(v.name, v.count, v.facets) for v in found] == [(year, years[year], ()) for year in sorted(years)]
    request = OdsqlRequest(refine=["jour:2024/02"])
    (year,) = facets(OPERATOR, TABLE, request, [FacetRequest("jour")])["jour"]
    (month,) = year.facets
    assert (month.name, month.value, month.state) == ("02", "2024/02", "refined")
    days = Counter(
        r["jour"].strftime("%Y/%m/%d")
        for r in ROWS
        if r["jour"] and r["jour"] >= date(2024, 2, 1) and r["jour"] < date(2024, 3, 1)
    )
    assert {day.value: day.count for day in month.facets} == days


def test_paths_open_step_by_step_and_count_each_row_once():
    wanted = FacetRequest("tags", hierarchical=True)
    found = {v.value: v for v in facets(OPERATOR, TABLE, OdsqlRequest(), [wanted])["tags"]}
    moving = [r for r in ROWS if any(tag.startswith("mobilité/") for tag in r["tags"] or [])]
    assert found["mobilité"].count == len(moving)
    found = {v.value: v for v in facets(OPERATOR, TABLE, OdsqlRequest(refine=["tags:mobilité"]), [wanted])["tags"]}
    below = {v.name: v.count for v in found["mobilité"].facets}
    assert below == {kind: sum(f"mobilité/{kind}" in r["tags"] for r in moving) for kind in ("bus", "tram")}


@pytest.mark.parametrize("sort", ["count", "-count", "alphanum", "-alphanum", "num", "-num"])
def test_sorts(sort):
    found = shown(OdsqlRequest(), FacetRequest("pop", sort=sort))
    key = {"count": lambda v: v[1], "alphanum": lambda v: v[0], "num": lambda v: int(v[0])}[sort.removeprefix("-")]
    assert [key(v) for v in found] == sorted((key(v) for v in found), reverse=sort.startswith("-"))
    assert len(shown(OdsqlRequest(), FacetRequest("pop", sort=sort, limit=5))) == 5


@pytest.mark.parametrize("facet", [FacetRequest("centre"), FacetRequest("meta"), FacetRequest("nom", sort="best")])
def test_what_cannot_be_a_facet_is_refused(facet):
    with pytest.raises(InvalidParameter):
        facets(OPERATOR, TABLE, OdsqlRequest(), [facet])
