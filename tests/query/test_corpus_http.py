"""The same questions through the interface: envelopes, keys, words of the errors."""

# ruff: noqa: E501  queries read better whole

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import get_resolver

from bocage.access.vocabulary import Visibility
from bocage.organizations.models import Organization
from bocage.query import services
from bocage.query.relation import DatasetRelation
from tests.publish.conftest import published
from tests.query.companies import COMPANIES, ROWS
from tests.query.test_corpus_where import ALL, DATES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bocage.publish.urls")]
RECORDS = "/api/explore/v2.1/catalog/datasets/lieux/records"
DATASETS = "/api/explore/v2.1/catalog/datasets"


@pytest.fixture
def companies(db, monkeypatch):
    """A dataset whose rows are ours."""
    get_resolver().url_patterns  # noqa: B018  nothing first imported meanwhile keeps the stand-ins
    organization = Organization.objects.create(slug="metropole", name="Métropole", kind="epci", path="/1/")
    dataset = published(organization, "lieux", Visibility.OPEN, len(ROWS))
    for name in ("records", "facets"):
        real = getattr(services, name)
        monkeypatch.setattr(services, name, _over_companies(real))
    return dataset


def _over_companies(real: Callable[..., Any]) -> Callable[..., Any]:
    """Rows of any dataset are those of COMPANIES; the catalogue is itself."""

    def read(viewer: Any, relation: Any, *rest: Any) -> Any:
        return real(viewer, COMPANIES if isinstance(relation, DatasetRelation) else relation, *rest)

    return read


def given(client: Any, **clauses: Any) -> tuple[int, Any]:
    answer = client.get(RECORDS, clauses)
    return answer.status_code, json.loads(answer.content)


SAMPLE = [*ALL[::6], *DATES[::4]]


@pytest.mark.parametrize(
    ("where", "test"), SAMPLE, ids=[f"{rank} {where[:60]}" for rank, (where, _test) in enumerate(SAMPLE)]
)
def test_rows_through_the_interface(client, companies, where, test):
    status, found = given(client, where=where, select="siret", limit="100", timezone="Europe/Paris")
    assert status == 200
    expected = [{"siret": row["siret"]} for row in ROWS if test(row)]
    assert found == {"total_count": len(expected), "results": expected}


SUFFIX = "Clause(s) containing the error(s): "
SYNTAX, MALFORMED, PARAMETER = "ODSQLSyntaxError", "ODSQLError", "InvalidRESTParameterError"


def syntax(token: str, position: int, text: str, clause: str) -> tuple[str, str]:
    return SYNTAX, f"ODSQL syntax exception: unexpected {token} at position {position} in {text}. {SUFFIX}{clause}."


def unknown(field: str, clause: str) -> tuple[str, str]:
    return MALFORMED, f"ODSQL query is malformed: Unknown field: {field}. {SUFFIX}{clause}."


STATISTICS = (MALFORMED, "ODSQL query is malformed: StatAggregation only supports numeric or date expression.")
GEOGRAPHIC = (MALFORMED, "Aggregation on geo point field is not possible")
ERRORS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"where": "BOGUS("}, syntax("(", 5, "BOGUS(", "where")),
    ({"where": "garbage=="}, syntax("=", 8, "garbage==", "where")),
    ({"where": 'contains(nom, "x")'}, syntax("(", 8, 'contains(nom, "x")', "where")),
    ({"where": "nom not in ('a')"}, syntax("not", 4, "nom not in ('a')", "where")),
    ({"where": "nom not like 'a'"}, syntax("not", 4, "nom not like 'a'", "where")),
    ({"where": "and: 'x'"}, syntax("and", 0, "and: 'x'", "where")),
    ({"where": "if(nom='a',1,0)"}, syntax("(", 2, "if(nom='a',1,0)", "where")),
    ({"where": "nom = 'x"}, syntax("'", 6, "nom = 'x", "where")),
    ({"where": "effectif > 1;"}, syntax(";", 12, "effectif > 1;", "where")),
    ({"where": "effectif >> 1"}, syntax(">", 10, "effectif >> 1", "where")),
    ({"where": "nom in ()"}, syntax(")", 8, "nom in ()", "where")),
    ({"where": ["actif", "len(nom) = 2"]}, syntax("(", 3, "len(nom) = 2", "where")),
    ({"select": "sum(effectif > 2)"}, syntax(">", 13, "sum(effectif > 2)", "select")),
    ({"select": "sum(effectif = 2)"}, syntax("=", 13, "sum(effectif = 2)", "select")),
    ({"select": "case(nom)"}, syntax("(", 4, "case(nom)", "select")),
    ({"select": "nom nom"}, syntax("nom", 4, "nom nom", "select")),
    ({"select": "nom > 'a'"}, syntax(">", 4, "nom > 'a'", "select")),
    ({"select": "geo_cluster(position, 7) as c", "group_by": "geo_cluster(position, 7)"}, syntax("as", 25, "geo_cluster(position, 7) as c", "select")),
    ({"select": "count(*), geo_cluster(position,7)  AS c"}, syntax("AS", 35, "count(*), geo_cluster(position,7)  AS c", "select")),
    ({"group_by": "nom desc"}, syntax("desc", 4, "nom desc", "group_by")),
    ({"order_by": "nom ascending"}, syntax("ascending", 4, "nom ascending", "order_by")),
    ({"order_by": "nom, , ca"}, syntax(",", 5, "nom, , ca", "order_by")),
    ({"select": "absent"}, unknown("absent", "select")),
    ({"where": "absent = 1"}, unknown("absent", "where")),
    ({"group_by": "absent"}, unknown("absent", "group_by")),
    ({"order_by": "-absent"}, unknown("absent", "order_by")),
    ({"refine": "absent:1"}, unknown("absent", "refine")),
    ({"exclude": "absent:1"}, unknown("absent", "exclude")),
    ({"select": "sum(absent)"}, unknown("absent", "select")),
    ({"where": "search(absent, 'x')"}, unknown("absent", "where")),
    ({"where": "prescriptions"}, unknown("prescriptions", "where")),
    ({"group_by": "`year(creation) as annee`"}, unknown("year(creation) as annee", "group_by")),
    ({"select": "sum(nom)"}, STATISTICS),
    ({"select": "min(nom)"}, STATISTICS),
    ({"select": "max(nom)", "group_by": "commune"}, STATISTICS),
    ({"select": "avg(siret)/sum(ca)*100"}, STATISTICS),
    ({"select": "median(actif)"}, STATISTICS),
    ({"select": "percentile(naf, 50)"}, STATISTICS),
    ({"group_by": "position"}, GEOGRAPHIC),
    ({"group_by": "commune, zone as z"}, GEOGRAPHIC),
    ({"limit": "101"}, (PARAMETER, "Invalid value for limit API parameter: 101 was found but -1 <= limit <= 100 is expected.")),
    ({"timezone": "localtime"}, (PARAMETER, "Invalid value for timezone API parameter: localtime was found but a valid timezone is expected.")),
    ({"limit": "-2"}, (PARAMETER, "Invalid value for limit API parameter: -2 was found but -1 <= limit <= 100 is expected.")),
    ({"limit": "100", "offset": "9950"}, (PARAMETER, "Invalid value for sum of offset + limit API parameter: 10050 was found but <= 10000 is expected.")),
    ({"limit": "20000", "offset": "1", "group_by": "nom"}, (PARAMETER, "Invalid value for sum of offset + limit API parameter: 20001 was found but <= 20000 is expected.")),
]  # fmt: skip


@pytest.mark.parametrize(("clauses", "expected"), ERRORS, ids=[str(clauses) for clauses, _ in ERRORS])
def test_errors_word_for_word(client, companies, clauses, expected):
    status, found = given(client, **clauses)
    assert status == 400
    assert found == dict(zip(("error_code", "message"), expected, strict=True))


REFUSED = [
    {"where": "creation IN [2022-03-12 TO 2022-04-27]"}, {"where": "maj > 2024-01-01"}, {"where": "position = 3"}, {"where": "nom"},
    {"where": "sum(ca) > 1"}, {"where": "random(1) = 1"}, {"where": "json_format(brut) = 'a'"}, {"where": "range(ca, 2) = 'a'"},
    {"where": "geo_cluster(position, 3) = 'a'"}, {"where": "envelope(position) is null"}, {"where": "search(effectif, 'a')"},
    {"where": "now(days='x') > maj"}, {"where": "now(fortnights=1) > maj"}, {"where": "now(month=13) > maj"}, {"where": "now(weekday=7) > maj"},
    {"where": "now(day=0) > maj"}, {"where": "now(years=99999) > maj"}, {"where": "creation = date'2023-02-30'"}, {"where": "creation = date'hier'"},
    {"where": "within_distance(position, geom'POINT(1 2)', 10)"}, {"where": "within_distance(position, geom'POINT(1 2)', 10parsecs)"},
    {"where": "within_distance(nom, geom'POINT(1 2)', 10m)"}, {"where": "in_bbox(position, 1, 2, 3)"}, {"where": "in_bbox(position, 'a', 2, 3, 4)"},
    {"where": "intersects(position, geom'0101')"}, {"where": "intersects(position, geom'01FF00000000000000000000000000000000000000')"},
    {"where": "vector_similarity_threshold('jazz')"}, {"order_by": "vector_similarity('jazz')"}, {"select": "vector_similarity('jazz')"},
    {"select": "percentile(ca, 101)"}, {"select": "percentile(ca)"}, {"select": "nom, count(*)"}, {"group_by": "nom", "select": "*"},
    {"select": "random(1)"}, {"select": "date_format(nom, 'yy')"}, {"select": "date_format(creation, 'G')"}, {"select": "date_format(creation, 4)"},
    {"select": "sum(sum(ca))"}, {"select": "nom + 1"}, {"select": "length(ca)"}, {"select": "lower(ca)"}, {"select": "year(nom)"},
    {"select": "ifnull(nom, 1)"}, {"select": "json_format(ca)"}, {"select": "json_format(brut, 12)"}, {"select": "search('a')"},
    {"select": "envelope(nom)"}, {"select": "bbox(ca)"}, {"select": "distance(nom, geom'POINT(1 2)')"}, {"select": "include(zzz*)"},
    {"group_by": "length(nom)"}, {"group_by": "now()"}, {"group_by": "count(*)"}, {"group_by": "range(nom, 2)"}, {"group_by": "range(ca, 0)"},
    {"group_by": "range(creation, 2 months)"}, {"group_by": "range(creation, 3)"}, {"group_by": "range(ca, 3, 2)"}, {"group_by": "range(ca, 1 day)"},
    {"group_by": "geo_cluster(position, 26)"}, {"group_by": "geo_cluster(position, 1.5)"}, {"group_by": "geo_cluster(nom, 3)"},
    {"group_by": "geo_cluster(position, 3, 0)"}, {"group_by": "distance(position, geom'POINT(1 2)')"}, {"group_by": "json_format(brut)"},
    {"order_by": "count(*)"}, {"order_by": "position"}, {"order_by": "random('a')"}, {"group_by": "nom", "order_by": "ca"},
    {"select": "count(*)", "group_by": "nom", "order_by": "nom, count(*)"}, {"select": "avg(ca) as m", "group_by": "nom", "order_by": "nom, m desc"},
    {"select": "bbox(position)", "order_by": "bbox(position)"}, {"order_by": "envelope(position)"}, {"order_by": "json_format(brut)"},
]  # fmt: skip


@pytest.mark.parametrize("clauses", REFUSED, ids=str)
def test_what_has_no_place_there_is_a_clean_error(client, companies, clauses):
    status, found = given(client, **clauses)
    assert (status, found["error_code"]) == (400, MALFORMED)
    assert set(found) == {"error_code", "message"}
    assert found["message"].startswith("ODSQL query is malformed: ")
    assert found["message"].endswith(f"{SUFFIX}{list(clauses)[-1]}.")


def test_facets_of_paths_dates_and_lists(client, companies):
    answer = client.get(
        RECORDS.replace("records", "facets"), {"facet": ["chemin", "naf"], "refine": "chemin:Culture/Musée"}
    )
    found = {one["name"]: one["facets"] for one in answer.json()["facets"]}
    below = [row for row in ROWS if (row["chemin"] or "").startswith("Culture/Musée")]
    (culture,) = [one for one in found["chemin"] if one["value"] == "Culture"]
    assert (culture["state"], culture["count"]) == ("refined", len(below))
    assert {one["value"]: one["count"] for one in found["naf"]} == {
        code: sum(code in (row["naf"] or []) for row in below) for row in below for code in row["naf"] or []
    }


def test_the_catalogue_speaks_the_same_language(client, companies):
    for where, count in (
        ("datasetid:\"lieux\"", 1), ("datasetid = 'autre'", 0), ("has_records", 1), ("has_records = false", 0), ("features='geo'", 1),
        ("features in (\"geo\")", 1), ("publisher:\"Métropole\"", 1), ("default.publisher = \"Métropole\"", 1), ("modified > date'2024'", 1),
        ("default.modified < date'2024'", 0), ("default.records_count >= 96", 1), ("title like \"titre\"", 1), ("search(\"ttre\")", 1),
        ("\"titre\" and \"lieux\"", 1), ("startswith(title, \"Titre\")", 1), ("suggest(title, \"LIEU\")", 1), ("length(title) > 100", 0),
        ("year(modified) = 2026", 1), ("explore.download_count > 100", 0), ("explore.popularity_score = 0", 1), ("not title is null", 1),
    ):  # fmt: skip
        answer = client.get(DATASETS, {"where": where})
        assert answer.status_code == 200, (where, answer.content)
        assert answer.json()["total_count"] == count, where
    for order_by in (
        "modified desc",
        "-modified",
        "title",
        "default.title asc",
        "random(1)",
        "length(title) desc",
        "-explore.download_count",
    ):
        assert client.get(DATASETS, {"order_by": order_by}).status_code == 200, order_by
    groups = client.get(DATASETS, {"group_by": "publisher, year(modified) as an", "select": "count(*) as n"}).json()
    assert groups["results"] == [{"publisher": "Métropole", "an": 2026, "n": 1}]
    refused = client.get(DATASETS, {"where": "vector_similarity_threshold('jazz')"})
    assert refused.status_code == 400
    assert "index of meanings" in refused.json()["message"]
