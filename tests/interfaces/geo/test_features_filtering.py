"""OGC API – Features, part 3 (19-079r2), annex A: queryables, filters, fields as parameters, on every collection.

What predicates mean is proved elsewhere, by the 274 of the standard (`tests/publish/ogc/test_predicates.py`); here: that what is
announced can be used, and that what is not announced is refused."""

from __future__ import annotations

import json

import jsonschema
import pytest

from tests.interfaces.geo.service import GEOJSON, Service
from tests.interfaces.geo.test_features_core import EXCEPTION
from tests.interfaces.geo.world import DRAWN, OPEN

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
CLASSES = ("queryables", "queryables-query-parameters", "filter", "features-filter")


def queryables(service: Service, slug: str) -> dict:
    address = service.follow(service.collection(slug), f"{REL}queryables")
    response = service.get(address, "application/schema+json")
    assert (response.status_code, response["Content-Type"]) == (200, "application/schema+json")
    return json.loads(response.content)


def plain(properties: dict) -> dict[str, dict]:
    """Those that are not geometry."""
    return {name: told for name, told in properties.items() if "type" in told}


def sample(service: Service, slug: str) -> dict:
    """A value of each field, of the first features."""
    found: dict = {}
    for feature in service.json(service.items(slug), GEOJSON, limit=30)["features"]:
        for name, value in feature["properties"].items():
            if value is not None and not isinstance(value, list | dict):
                found.setdefault(name, value)
    return found


def literal(value: object, told: dict) -> str:
    """In CQL2 text."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        word = {"date": "DATE", "date-time": "TIMESTAMP"}.get(told.get("format", ""))
        return f"{word}('{value}')" if word else "'" + value.replace("'", "''") + "'"
    return repr(value)


def test_declared(service: Service):
    assert {f"ogcapi-features-3/1.0/conf/{one}" for one in CLASSES} <= service.classes
    assert {"cql2/1.0/conf/cql2-text", "cql2/1.0/conf/cql2-json", "cql2/1.0/conf/basic-cql2"} <= service.classes


@pytest.mark.parametrize("slug", OPEN)
def test_queryables(service: Service, slug: str):
    """/conf/queryables/queryables-link, get-queryables-success."""
    document = queryables(service, slug)
    jsonschema.Draft202012Validator.check_schema(document)
    assert document["type"] == "object"
    assert document["$schema"] in (
        "https://json-schema.org/draft/2020-12/schema",
        "https://json-schema.org/draft/2019-09/schema",
    )
    assert document["$id"].startswith("http://")
    assert document["additionalProperties"] is False
    assert document["properties"]
    for told in document["properties"].values():
        assert "type" in told or told.get("format", "").startswith("geometry-"), told


@pytest.mark.parametrize("slug", OPEN)
def test_every_queryable_can_be_asked_in_both_languages(service: Service, slug: str):
    """/conf/filter/filter-param, filter-lang-param; /conf/features-filter/filter-param."""
    properties, values, items = queryables(service, slug)["properties"], sample(service, slug), service.items(slug)
    whole = service.json(items, GEOJSON, limit=1)["numberMatched"]
    for name, value in values.items():
        told = properties[name]
        text = service.json(items, GEOJSON, limit=1, filter=f"{name} = {literal(value, told)}")["numberMatched"]
        node = {"date": {"date": value}, "date-time": {"timestamp": value}}.get(told.get("format", ""), value)
        document = {"op": "=", "args": [{"property": name}, node]}
        as_json = service.json(items, GEOJSON, limit=1, filter=json.dumps(document), filter__lang="cql2-json")
        missing = service.json(items, GEOJSON, limit=1, filter=f"{name} IS NULL")["numberMatched"]
        others = service.json(items, GEOJSON, limit=1, filter=f"NOT ({name} = {literal(value, told)})")["numberMatched"]
        assert as_json["numberMatched"] == text >= 1
        assert text + others + missing == whole, name


@pytest.mark.parametrize("slug", DRAWN)
def test_geometry_can_be_asked(service: Service, slug: str):
    """/conf/filter/filter-crs: as bbox answers."""
    properties = queryables(service, slug)["properties"]
    west, south, east, north = service.collection(slug)["extent"]["spatial"]["bbox"][0]
    box = (west, south, (west + east) / 2, (south + north) / 2)
    wanted = service.json(service.items(slug), GEOJSON, bbox=",".join(map(repr, box)), limit=1)["numberMatched"]
    drawn = [name for name, told in properties.items() if told.get("x-ogc-role") == "primary-geometry"]
    assert len(drawn) == 1
    for given in ({}, {"filter__crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}):
        text = f"S_INTERSECTS({drawn[0]}, BBOX({','.join(map(repr, box))}))"
        assert service.json(service.items(slug), GEOJSON, filter=text, limit=1, **given)["numberMatched"] == wanted


@pytest.mark.parametrize("slug", OPEN)
def test_fields_are_parameters(service: Service, slug: str):
    """/conf/queryables-query-parameters/parameters: as the filter answers."""
    properties, items = queryables(service, slug)["properties"], service.items(slug)
    for name, value in sample(service, slug).items():
        text = f"{name} = {literal(value, properties[name])}"
        wanted = service.json(items, GEOJSON, limit=1, filter=text)["numberMatched"]
        written = str(value).lower() if isinstance(value, bool) else value
        assert service.json(items, GEOJSON, limit=1, **{name: written})["numberMatched"] == wanted, name


@pytest.mark.parametrize(
    "given",
    [{"filter": "nowhere = 1"}, {"filter": "code ="}, {"filter": "code = 'A'", "filter__lang": "cql-text"},
     {"filter": '{"op": "="}', "filter__lang": "cql2-json"}, {"filter": "[]", "filter__lang": "cql2-json"}, {"nowhere": "1"},
     {"sortby": "nowhere"}, {"properties": "nowhere"}],
)  # fmt: skip
def test_what_is_not_announced_is_refused(service: Service, given: dict[str, str]):
    """/conf/filter/…: 400, never everything."""
    for slug in OPEN:
        jsonschema.validate(service.json(service.items(slug), GEOJSON, status=400, **given), EXCEPTION)


@pytest.mark.parametrize("slug", OPEN)
def test_filters_and_the_parameters_of_the_core_together(service: Service, slug: str):
    """/conf/features-filter/filter-param: their conjunction, through every page."""
    value = sample(service, slug)["nom"].replace("'", "''")
    text = f"nom <> '{value}'"
    whole = service.features(service.items(slug), filter=text)
    paged = service.features(service.items(slug), filter=text, limit=max(5, len(whole) // 4))
    assert [one["id"] for one in paged] == [one["id"] for one in whole]
    assert all(one["properties"]["nom"] != value for one in whole)
    boxed = service.json(service.items(slug), GEOJSON, filter=text, bbox="-1.62,47.17,-1.55,47.22", limit=1)
    assert boxed["numberMatched"] <= len(whole)


@pytest.mark.parametrize("slug", OPEN)
def test_sortables_put_in_order(service: Service, slug: str):
    """Part 5, /conf/sortables, and the parameter sortby of part 8: both ways, page after page."""
    items = service.items(slug)
    address = service.follow(service.collection(slug), f"{REL}sortables")
    for name in plain(service.json(address, "application/schema+json")["properties"]):
        pages = [service.json(items, GEOJSON, sortby=f"{sign}{name}", limit=300)["features"] for sign in "+-"]
        up, down = ([one["properties"][name] for one in page] for page in pages)
        known, falling = ([one for one in way if one is not None] for way in (up, down))
        assert (known, falling) == (sorted(known), sorted(falling, reverse=True))
        assert up[len(known) :] == [None] * (len(up) - len(known))  # missing values last, both ways
        assert down[len(falling) :] == [None] * (len(down) - len(falling))
