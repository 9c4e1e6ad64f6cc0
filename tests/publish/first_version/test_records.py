"""Records: their shape, pages, order, filters of place, facets; one record by its identifier."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import shapely

from tests.publish.first_version.conftest import expected
from tests.query.table import ROWS

pytestmark = pytest.mark.django_db
SEARCH = "/api/records/1.0/search/"


def fields_of(row, zone=UTC):
    """A row as the first version writes it: what is missing is not there."""
    shown = {name: value for name, value in row.items() if value is not None and name != "_row"}
    for name, value in shown.items():
        if isinstance(value, datetime):
            shown[name] = value.astimezone(zone).isoformat()
        elif isinstance(value, date):
            shown[name] = value.isoformat()
    if "tags" in shown:
        shown["tags"] = ",".join(shown["tags"])
    if "centre" in shown:
        shown["centre"] = shown["centre"][::-1]
    if "meta" in shown:
        shown["meta"] = json.loads(shown["meta"])
    return {name: value for name, value in shown.items() if value != ""}


def test_every_record_is_the_row_in_the_words_of_the_first_version(ask):
    found = ask("search", rows=100, timezone="Europe/Paris")
    assert found["nhits"] == len(ROWS)
    assert len({record["recordid"] for record in found["records"]}) == len(ROWS)
    for record, row in zip(found["records"], ROWS, strict=True):
        assert record["datasetid"] == "lieux"
        assert datetime.fromisoformat(record["record_timestamp"]).utcoffset() is not None
        wanted = fields_of(row, ZoneInfo("Europe/Paris"))
        shape = wanted.pop("contour", None)
        given = dict(record["fields"])
        drawn = given.pop("contour", None)
        assert {name: list(value) if name == "centre" else value for name, value in wanted.items()} == given
        assert (drawn is None) == (shape is None)
        if shape is not None:
            assert shapely.equals(shapely.geometry.shape(drawn), shape)
        point = None if row["centre"] is None else {"type": "Point", "coordinates": list(row["centre"])}
        assert record.get("geometry") == point


def test_what_was_understood_is_echoed(ask):
    found = ask(
        "search", q="pop>3", rows=2, start=1, sort="-pop", facet=["nom", "jour"], refine__nom="Nantes", lang="fr"
    )
    assert found["parameters"] == {
        "dataset": "lieux", "q": "pop>3", "rows": 2, "start": 1, "sort": ["-pop"], "facet": ["nom", "jour"], "lang": "fr",
        "refine": {"nom": "Nantes"}, "timezone": "UTC", "format": "json",
    }  # fmt: skip


@pytest.mark.parametrize(("rows", "start"), [(0, 0), (7, 0), (7, 75), (200, 0), (7, 80), (7, 500), (-1, 3)])
def test_pages(ask, rows, start):
    found = ask("search", rows=rows, start=start)
    assert found["nhits"] == len(ROWS)
    most = len(ROWS) if rows == -1 else rows
    assert [record["fields"]["code"] for record in found["records"]] == [r["code"] for r in ROWS[start : start + most]]


@pytest.mark.parametrize(
    "parameters",
    [
        {"rows": "10001"},
        {"rows": "-2"},
        {"rows": "many"},
        {"rows": "9" * 5000},
        {"start": "-1"},
        {"rows": "10", "start": "9991"},
        {"rows": "٣"},
        {"fields": "absent"},
        {"sort": "absent"},
        {"sort": "centre"},
        {"refine.absent": "x"},
        {"exclude.absent": "x"},
        {"facet": "absent"},
        {"facet": "centre"},
        {"facet": [f"f{n}" for n in range(51)]},
        {"timezone": "Mars/Olympus"},
        {"dataset": ["lieux", "agents"]},
        {"dataset": ""},
        {"geo_field": "nom", "geofilter.distance": "1,2,3"},
        {"q": "a" * 20_001},
        {"q": ["a"] * 51},
        {"callback": "alert(1)//"},
        {"format": "jsonp", "callback": "a b"},
        {"refine.nom": "a" * 20_001},
    ],
)
def test_a_wrong_parameter_is_refused_in_the_envelope(client, lieux, parameters):
    answer = client.get(SEARCH, {"dataset": "lieux"} | parameters)
    assert answer.status_code == 400, answer.content
    assert answer.json().keys() == {"errorcode", "error"}
    assert answer["Access-Control-Allow-Origin"] == "*"


def key(name, missing):
    return lambda row: (row[name] is None, missing if row[name] is None else row[name])


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [
        ("-pop", sorted(ROWS, key=key("pop", 0))),
        ("pop", sorted(ROWS, key=lambda row: (row["pop"] is None, -(row["pop"] or 0)))),
        ("-jour,-code", sorted(sorted(ROWS, key=key("code", "")), key=key("jour", date.min))),
        ("record_timestamp", ROWS),
    ],
)
def test_order_is_downwards_unless_a_minus_sign_says_otherwise(ask, sort, wanted):
    found = ask("search", rows=100, sort=sort)
    assert [record["fields"]["code"] for record in found["records"]] == [row["code"] for row in wanted]


def test_fields_are_the_ones_asked_for(ask):
    found = ask("search", rows=100, fields="code, pop", sort="-code")
    assert [set(record["fields"]) for record in found["records"]] == [
        {"code", "pop"} if row["pop"] is not None else {"code"} for row in ROWS
    ]
    assert found["records"][0]["geometry"]["type"] == "Point"


def test_refinements(codes):
    assert codes(refine__nom="Nantes") == expected(lambda row: row["nom"] == "Nantes")
    assert codes(refine__nom=["Nantes", "Orvault"]) == []
    either = {"refine__nom": ["Nantes", "Orvault"], "disjunctive__nom": "true"}
    assert codes(**either) == expected(lambda row: row["nom"] in ("Nantes", "Orvault"))
    assert codes(exclude__nom=["Nantes", "Orvault"]) == expected(lambda row: row["nom"] not in ("Nantes", "Orvault"))
    assert codes(refine__tags="école") == expected(lambda row: "école" in (row["tags"] or []))
    assert codes(refine__jour="2024/02") == expected(lambda row: str(row["jour"])[:7] == "2024-02")
    assert codes(refine__pop="12") == expected(lambda row: row["pop"] == 12)
    assert codes(refine__nom='x", pop:"1') == []


def counted(name, rows=ROWS):
    counts: dict[str, int] = {}
    for row in rows:
        for value in row[name] if isinstance(row[name], list) else [row[name]]:
            if value is not None:
                counts[value] = counts.get(value, 0) + 1
    return counts


def test_facets(ask):
    groups = {group["name"]: group for group in ask("search", facet=["nom", "tags", "jour"])["facet_groups"]}
    for name in ("nom", "tags"):
        shown = groups[name]["facets"]
        assert {value["path"]: value["count"] for value in shown} == counted(name)
        assert [value["count"] for value in shown] == sorted((value["count"] for value in shown), reverse=True)
        assert {value["state"] for value in shown} == {"displayed"}
        assert groups[name]["count"] == sum(counted(name).values())
    assert {value["name"] for value in groups["jour"]["facets"]} == {"2023", "2024", "2025"}


def test_facets_under_a_refinement(ask):
    found = ask("search", facet=["jour", "nom"], refine__jour="2024", exclude__nom="Nantes", facetsort__nom="alphanum")
    groups = {group["name"]: group["facets"] for group in found["facet_groups"]}
    year = next(value for value in groups["jour"] if value["path"] == "2024")
    assert year["state"] == "refined"
    assert {month["path"] for month in year["facets"]} <= {f"2024/{number:02}" for number in range(1, 13)}
    assert sum(month["count"] for month in year["facets"]) == year["count"] == found["nhits"]
    names = [value["path"] for value in groups["nom"]]
    assert names == sorted(names)
    assert {"name": "Nantes", "path": "Nantes", "count": 0, "state": "excluded"} in groups["nom"]


def test_disjunctive_facets_count_the_other_values_too(ask):
    found = ask("search", facet="nom", refine__nom="Nantes", disjunctive__nom="true")
    assert {value["path"]: value["count"] for value in found["facet_groups"][0]["facets"]} == counted("nom")


def test_no_facet_no_group(ask):
    assert "facet_groups" not in ask("search")


def test_one_record_by_its_identifier(ask, client):
    record = ask("search", rows=1, start=5)["records"][0]
    address = f"/api/datasets/1.0/lieux/records/{record['recordid']}"
    assert client.get(address).json() == client.get(address + "/").json() == record
    assert ask("search", q=f"recordid:{record['recordid']}")["records"] == [record]
    for absent in ("0" * 32, "x" * 500, "%27", "a%00b"):
        answer = client.get(f"/api/datasets/1.0/lieux/records/{absent}/")
        assert answer.status_code in (400, 404)
        assert answer.json().keys() == {"errorcode", "error"}


def test_csv_and_geojson_of_a_page(client, lieux):
    answer = client.get(SEARCH, {"dataset": "lieux", "format": "csv", "rows": 3, "start": 2, "fields": "code,pop"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    pops = ["" if row["pop"] is None else str(row["pop"]) for row in ROWS]
    assert lines == ["code;pop", *(f"{row['code']};{pops[row['_row']]}" for row in ROWS[2:5])]
    answer = client.get(SEARCH, {"dataset": "lieux", "format": "geojson", "rows": 4})
    assert len(json.loads(b"".join(answer.streaming_content))["features"]) == 4


def test_rows_too_long_for_one_answer_are_refused(ask, monkeypatch):
    monkeypatch.setattr("bocage.publish.first_version.search.MOST_BYTES", 1000)
    assert "download" in ask("search", status=400, rows=80)["error"]


def test_indented_on_request(client, lieux):
    plain = client.get(SEARCH, {"dataset": "lieux"})
    pretty = client.get(SEARCH, {"dataset": "lieux", "pretty_print": "true"})
    assert plain.json() == pretty.json()
    assert b"\n    " in pretty.content
    assert b"\n" not in plain.content


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"select": "_timestamp, code"}, len(ROWS)),
        ({"select": "_timestamp, code", "where": "_timestamp > date'2020' and code = '44007'"}, 1),
        ({"select": "_timestamp, code", "order_by": "_timestamp, code desc"}, len(ROWS)),
        ({"select": "_timestamp, code", "where": "_timestamp < date'2020'"}, 0),
    ],
)
def test_the_second_version_tells_the_same_moment_when_it_is_asked(client, ask, asked, found):
    told = client.get("/api/explore/v2.1/catalog/datasets/lieux/records", {**asked, "limit": 100}).json()
    assert told["total_count"] == found
    moments = {record["record_timestamp"] for record in ask("search", rows=1)["records"]}
    assert {record["_timestamp"] for record in told["results"]} <= moments
