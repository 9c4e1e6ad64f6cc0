"""Part 1, the abstract tests of the core re-expressed (17-069r4, annex A), and what desktop clients need beyond it."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pytest

from tests.oracles import OPENAPI
from tests.publish.ogc.conftest import LAYERS
from tests.query.table import ROWS

RELATIONS = {"self", "alternate", "service-desc", "service-doc", "conformance", "data"}
PROGRAM = (
    "from openapi_spec_validator import validate; import json, sys; validate(json.load(sys.stdin)); print('valid')"
)


def links(document, rel):
    return [one for one in document["links"] if one["rel"] == rel]


def test_the_landing_page_leads_everywhere(ask):
    landing = ask("")
    assert {one["rel"] for one in landing["links"]} >= RELATIONS
    for one in landing["links"]:
        response = ask.raw(one["href"].removeprefix("http://testserver"))
        assert response.status_code == 200, one
        assert response["Content-Type"].partition(";")[0] == one["type"].partition(";")[0], one
    assert ask.raw("/ogc").status_code == 200


def test_what_it_conforms_to(ask):
    classes = set(ask("conformance")["conformsTo"])
    for one in (
        "ogcapi-features-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/oas30", "ogcapi-features-2/1.0/conf/crs",
        "ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter", "cql2/1.0/conf/cql2-text",
        "cql2/1.0/conf/basic-cql2", "cql2/1.0/conf/basic-spatial-operators", "cql2/1.0/conf/basic-spatial-functions",
    ):  # fmt: skip
        assert f"http://www.opengis.net/spec/{one}" in classes


def test_the_description_is_what_desktop_clients_read(ask, tmp_path):
    document = ask("api")
    assert document["openapi"] == "3.0.3"
    schema = document["components"]["parameters"]["limit"]["schema"]
    assert (schema["minimum"], schema["default"], schema["maximum"]) == (1, 10_000, 100_000)
    for slug in ("lieux", *LAYERS.values()):
        parameters = document["paths"][f"/collections/{slug}/items"]["get"]["parameters"]
        assert {"$ref": "#/components/parameters/limit"} in parameters
    assert "/collections/agents/items" not in document["paths"]
    limit = document["components"]["parameters"]["limit"]
    assert (limit["in"], limit["style"], limit["explode"]) == ("query", "form", False)
    program = tmp_path / "validate.py"
    program.write_text(PROGRAM, encoding="utf-8")
    assert OPENAPI.run(program, text=json.dumps(document)).strip() == "valid"


def test_collections_say_what_they_are(ask):
    document = ask("collections")
    assert {one["id"] for one in document["collections"]} == {"lieux", *LAYERS.values()}
    assert document["numberMatched"] == document["numberReturned"] == 4
    for one in document["collections"]:
        alone = ask(f"collections/{one['id']}")
        assert {key: alone[key] for key in ("id", "title", "itemType", "extent", "itemCount")} == {
            key: one[key] for key in ("id", "title", "itemType", "extent", "itemCount")
        }
        assert links(alone, "self")
        assert links(alone, "items")
        assert alone["extent"]["spatial"]["crs"].endswith("CRS84")
        west, south, east, north = alone["extent"]["spatial"]["bbox"][0]
        assert (west <= east, south <= north) == (True, True)


def test_collections_are_paged(ask):
    seen, path = [], "/ogc/collections?limit=2&f=json"
    while path:
        page = ask(path)
        seen += [one["id"] for one in page["collections"]]
        following = links(page, "next")
        path = following[0]["href"].removeprefix("http://testserver") if following else ""
    assert sorted(seen) == sorted({"lieux", *LAYERS.values()})


def test_features_of_a_page(ask):
    page = ask("collections/lieux/items", limit=10)
    assert (page["type"], page["numberMatched"], page["numberReturned"], len(page["features"])) == (
        "FeatureCollection", len(ROWS), 10, 10,
    )  # fmt: skip
    assert links(page, "self")[0]["type"] == "application/geo+json"
    assert {one["type"] for one in links(page, "alternate")} >= {"text/html", "text/csv", "application/vnd.flatgeobuf"}
    assert len(links(page, "next")) == 1
    first = page["features"][0]
    alone = ask(f"collections/lieux/items/{first['id']}")
    assert {key: alone[key] for key in ("type", "id", "geometry", "properties")} == first
    assert {one["rel"] for one in alone["links"]} >= {"self", "alternate", "collection"}


def test_values_are_those_of_the_rows(ask):
    page = ask("collections/lieux/items")
    for feature, row in zip(page["features"], ROWS, strict=True):
        told = feature["properties"]
        assert (told["code"], told["nom"], told["pop"], told["ouvert"], told["tags"]) == (
            row["code"], row["nom"], row["pop"], row["ouvert"], row["tags"],
        )  # fmt: skip
        assert told["jour"] == (row["jour"] and row["jour"].isoformat())
        assert (feature["geometry"] is None) == (row["contour"] is None)


@pytest.mark.parametrize("limit", [1, 3, 80, 100_000, 10**30])
def test_limit(ask, limit):
    assert len(ask("collections/lieux/items", limit=limit)["features"]) == min(limit, len(ROWS))


@pytest.mark.parametrize(
    "given",
    [
        {"limit": "0"}, {"limit": "-1"}, {"limit": "a"}, {"offset": "-1"}, {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"},
        {"bbox": "1,3,2,2"},
        {"bbox": "nan,0,1,1"}, {"bbox": "0,0,1,1,2"}, {"datetime": "hier"}, {"datetime": "2020-13-01"}, {"datetime": "../.."},
        {"crs": "http://www.opengis.net/def/crs/EPSG/0/999999"}, {"crs": "x"}, {"bbox-crs": "x", "bbox": "0,0,1,1"}, {"f": "docx"},
        {"unknown": "1"}, {"sortby": "absent"}, {"sortby": "contour"}, {"properties": "absent"}, {"resultType": "all"},
        {"skipGeometry": "perhaps"}, {"filter": "pop >"}, {"filter": "pop > 1", "filter-lang": "sql"}, {"cursor": "absent"},
        {"filter": "S_INTERSECTS(contour, POINT(0 0))", "filter-crs": "x"}, {"pop": "many"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_400_that_says_so(ask, given):
    response = ask.raw("collections/lieux/items", **given)
    body = json.loads(response.content)
    assert (response.status_code, body["code"], body["status"]) == (400, "InvalidParameterValue", 400), body
    assert len(body["description"]) > 20


def test_what_is_absent_or_hidden_is_the_same_404(ask):
    bodies = {
        ask.raw(f"collections/{name}/items{rest}").content for name in ("agents", "absent") for rest in ("", "/1")
    }
    assert len(bodies) == 1
    assert json.loads(bodies.pop())["code"] == "NotFound"
    assert ask.raw("collections/lieux/items/absent").status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "2024-01-01/2024-06-30",
            lambda moment: datetime(2024, 1, 1, tzinfo=UTC) <= moment < datetime(2024, 7, 1, tzinfo=UTC),
        ),
        ("2024-01-01T00:00:00Z/..", lambda moment: moment >= datetime(2024, 1, 1, tzinfo=UTC)),
        ("../2024-01-02", lambda moment: moment < datetime(2024, 1, 3, tzinfo=UTC)),
        ("/2024-01-02T12:00:00Z", lambda moment: moment <= datetime(2024, 1, 2, 12, tzinfo=UTC)),
        ("2024-01-03", lambda moment: moment.date() == date(2024, 1, 3)),
    ],
)
def test_datetime_looks_at_the_instants(ask, given, kept):
    found = ask("collections/lieux/items", datetime=given)
    assert [one["properties"]["code"] for one in found["features"]] == [
        row["code"] for row in ROWS if row["maj"] is not None and kept(row["maj"])
    ]


def test_the_name_of_a_field_is_a_parameter(ask):
    found = ask("collections/lieux/items", nom="Nantes", ouvert="true")
    assert [one["properties"]["code"] for one in found["features"]] == [
        row["code"] for row in ROWS if row["nom"] == "Nantes" and row["ouvert"] is True
    ]


def test_properties_and_geometry_are_chosen(ask):
    feature = ask("collections/lieux/items", properties="pop,nom", limit=1)["features"][0]
    assert set(feature["properties"]) == {"pop", "nom"}
    assert feature["geometry"]["type"] == "Polygon"
    bare = ask("collections/lieux/items", properties="pop", skipGeometry="true", limit=1)["features"][0]
    assert (bare["geometry"], set(bare["properties"])) == (None, {"pop"})


def test_hits_alone(ask):
    found = ask("collections/lieux/items", resultType="hits", filter="pop > 30")
    expected = sum(row["pop"] is not None and row["pop"] > 30 for row in ROWS)
    assert (found["numberMatched"], found["numberReturned"], found["features"]) == (expected, 0, [])


def test_schemas(ask):
    schema = ask("collections/lieux/schema")["properties"]
    assert list(schema) == ["_id", *(key for key in ROWS[0] if key != "_row")]
    assert (schema["_id"]["x-ogc-role"], schema["contour"]["x-ogc-role"]) == ("id", "primary-geometry")
    assert schema["contour"]["format"] == "geometry-polygon"
    assert schema["maj"] == {
        "type": "string",
        "format": "date-time",
        "x-ogc-role": "primary-instant",
        "x-ogc-propertySeq": 7,
    }
    queryables = ask("collections/lieux/queryables")
    assert (queryables["additionalProperties"], set(queryables["properties"])) == (False, set(schema) - {"_id"})
    assert set(ask("collections/lieux/sortables")["properties"]) == {
        "code",
        "nom",
        "pop",
        "surface",
        "ouvert",
        "jour",
        "maj",
    }


def test_methods_and_headers(ask):
    response = ask.raw("collections/lieux/items", "options")
    assert (response.status_code, response["Allow"]) == (200, "GET, HEAD, OPTIONS")
    assert response["Access-Control-Allow-Origin"] == "*"
    refused = ask.raw("collections/lieux/items", "post")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
    whole, head = (ask.raw("collections/lieux/items", method, limit=2) for method in ("get", "head"))
    assert head.content == b""
    assert (head.status_code, head["Content-Length"]) == (200, str(len(whole.content)))
    assert re.fullmatch(r'"[0-9a-f]{64}"', whole["ETag"])
    known = ask.raw("collections/lieux/items", headers={"If-None-Match": whole["ETag"]}, limit=2)
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", whole["ETag"])
    assert ask.raw("collections/lieux/items", limit=3)["ETag"] != whole["ETag"]
    assert (whole["Cache-Control"], "Accept" in whole["Vary"]) == ("no-cache", True)


def test_only_the_headers_of_a_large_page(ask, monkeypatch):
    monkeypatch.setattr("bocage.publish.ogc.items.HELD", 10)
    response = ask.client.head("/ogc/collections/lieux/items")
    assert (response.status_code, response.streaming, response.content) == (200, False, b"")
    assert response["OGC-NumberReturned"] == str(len(ROWS))


def test_each_language_has_its_validator(ask):
    french, english = (ask.raw("", lang=one, f="json") for one in ("fr", "en"))
    assert french["ETag"] != english["ETag"]
    assert json.loads(french.content)["title"] != json.loads(english.content)["title"]
