"""OGC API – Records, part 1 (20-004r1), annex A: the catalogue as a collection of records, from its landing page."""

from __future__ import annotations

import jsonschema
import pytest

from tests.interfaces.geo.service import GEOJSON, Service
from tests.interfaces.geo.test_features_core import FEATURES, LANDING, check_links
from tests.interfaces.geo.world import OF, OPEN

RECORD = {
    "type": "object", "required": ["id", "type", "geometry", "properties", "links"],
    "properties": {
        "id": {"type": "string"}, "type": {"const": "Feature"}, "conformsTo": {"type": "array"}, "time": {},
        "geometry": {"oneOf": [{"type": "null"}, {"type": "object"}]},
        "properties": {"type": "object", "required": ["type", "title"], "properties": {
            "type": {"type": "string"}, "title": {"type": "string"}, "description": {"type": "string"},
            "keywords": {"type": "array", "items": {"type": "string"}}, "contacts": {"type": "array"}, "themes": {"type": "array"},
            "created": {"type": "string"}, "updated": {"type": "string"}, "license": {"type": "string"}}},
        "links": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["href", "rel"]}},
    },
}  # fmt: skip


@pytest.fixture
def records(client, data, documents) -> Service:
    return Service(client, "/records/", documents)


@pytest.fixture
def items(records: Service) -> str:
    (catalogue,) = records.listed["collections"]
    return records.follow(records.json(records.follow(catalogue, "self", "collection")), "items", kind=GEOJSON)


def identifiers(page: dict) -> list[str]:
    return [one["id"] for one in page["features"]]


def test_landing_page_and_classes(records: Service):
    jsonschema.validate(records.landing, LANDING)
    check_links(records.landing, "service-desc", "conformance", "data")
    assert any("ogcapi-records-1/1.0/conf/record-core" in one for one in records.classes)
    for one in records.landing["links"]:
        response = records.get(one["href"])
        assert response.status_code == 200, one
        assert response["Content-Type"].partition(";")[0] == one["type"].partition(";")[0], one


def test_the_catalogue_is_a_collection_of_records(records: Service):
    (catalogue,) = records.listed["collections"]
    assert catalogue["itemType"] == "record"
    assert records.description["openapi"].startswith("3.0")


def test_every_open_dataset_is_a_record_and_no_other(records: Service, items: str):
    found = records.features(items, limit=2)
    assert len(found) == len({one["id"] for one in found}) == len(OPEN)
    for one in found:
        jsonschema.validate(one, RECORD)
    assert "agents" not in str(found)


def test_pages(records: Service, items: str):
    page = records.json(items, GEOJSON, limit=2)
    jsonschema.validate(page, FEATURES)
    assert (page["numberMatched"], page["numberReturned"], len(page["features"])) == (len(OPEN), 2, 2)
    whole = records.json(items, GEOJSON)
    assert identifiers({"features": records.features(items, limit=2)}) == identifiers(whole)


def test_one_record(records: Service, items: str):
    for listed in records.json(items, GEOJSON)["features"]:
        alone = records.json(records.follow(listed, "self"), GEOJSON)
        jsonschema.validate(alone, RECORD)
        assert (alone["id"], alone["properties"]["title"]) == (listed["id"], listed["properties"]["title"])
    root = items.partition("?")[0]
    assert records.get(f"{root}/absent").status_code == records.get(f"{root}/agents").status_code == 404
    assert records.get(f"{root}/absent").content == records.get(f"{root}/agents").content


def test_bbox(records: Service, items: str):
    """/conf/record-core-query-parameters: where a record says it is, it is found."""
    west, south, east, north = OF["arrets"].bbox
    found = identifiers(records.json(items, GEOJSON, bbox=f"{west},{south},{east},{north}"))
    everything = records.json(items, GEOJSON)["features"]
    drawn = [one["id"] for one in everything if one["geometry"]]
    assert set(found) <= {one["id"] for one in everything}
    assert len(found) >= 4
    far = identifiers(records.json(items, GEOJSON, bbox="100,-40,101,-39"))
    assert len([one for one in far if one in drawn]) <= 1  # the layer of the whole world alone


@pytest.mark.parametrize(
    ("given", "least"),
    [({"q": "arrets"}, 1), ({"q": "territoire"}, len(OF)), ({"type": "dataset"}, len(OPEN)), ({"q": "rienqueceladuneautre"}, 0)],
)  # fmt: skip
def test_words_and_kinds(records: Service, items: str, given: dict[str, str], least: int):
    assert records.json(items, GEOJSON, **given)["numberMatched"] >= least
    if not least:
        assert records.json(items, GEOJSON, **given)["numberMatched"] == 0


def test_ids(records: Service, items: str):
    some = identifiers(records.json(items, GEOJSON))[1:3]
    assert set(identifiers(records.json(items, GEOJSON, ids=",".join(some)))) == set(some)


def test_order(records: Service, items: str):
    """/conf/sorting."""
    up, down = (
        [one["properties"]["title"] for one in records.json(items, GEOJSON, sortby=f"{sign}title")["features"]]
        for sign in ("", "-")
    )
    assert up == down[::-1]


@pytest.mark.parametrize(
    "given",
    [
        {"unknown": "1"},
        {"limit": "0"},
        {"bbox": "1,2"},
        {"datetime": "hier"},
        {"filter": "title ="},
        {"sortby": "nowhere"},
    ],
)
def test_what_is_wrong_is_refused(records: Service, items: str, given: dict[str, str]):
    assert records.json(items, GEOJSON, status=400, **given)["code"]
