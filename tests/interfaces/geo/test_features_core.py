"""OGC API – Features, part 1 (17-069r4), annex A: each abstract test that the executable suite `ets-ogcapi-features10` runs.

As the suite does, the tests start from the landing page, follow links, and take the parameters from the OpenAPI document. What the
suite leaves to manual inspection (only features of the box, only those of the time) is asserted here on data that is known.

One SHALL is not followed, and that is decided (docs/developer/ogc.md): features without geometry, or without date, are in no box
and at no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
import shapely
from django.utils.dateparse import parse_date, parse_datetime

from tests.interfaces.geo.service import GEOJSON, OPENAPI, Service
from tests.interfaces.geo.world import DATED, DRAWN, OF, OPEN
from tests.query.table import ROWS

TEXT = {"type": "string"}
LINK = {"type": "object", "required": ["href", "rel"], "properties": {"href": TEXT, "rel": TEXT, "type": TEXT}}
LINKS = {"type": "array", "minItems": 1, "items": LINK}
BOX = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
LANDING = {"type": "object", "required": ["links"], "properties": {"title": TEXT, "description": TEXT, "links": LINKS}}
CONFORMANCE = {"type": "object", "required": ["conformsTo"],
               "properties": {"conformsTo": {"type": "array", "items": {"type": "string", "pattern": "^https?://"}}}}  # fmt: skip
COLLECTION = {
    "type": "object", "required": ["id", "links"],
    "properties": {
        "id": TEXT, "title": TEXT, "description": TEXT, "links": LINKS, "itemType": TEXT, "crs": {"type": "array", "items": TEXT},
        "extent": {"properties": {"spatial": {"required": ["bbox"], "properties": {"bbox": {"type": "array", "items": BOX}}}}},
    },
}  # fmt: skip
COLLECTIONS = {
    "type": "object",
    "required": ["links", "collections"],
    "properties": {"links": LINKS, "collections": {"type": "array", "items": COLLECTION}},
}
FEATURE = {
    "type": "object", "required": ["type", "geometry", "properties"],
    "properties": {"type": {"const": "Feature"}, "id": {"type": ["string", "integer"]}, "properties": {"type": ["object", "null"]},
                   "geometry": {"oneOf": [{"type": "null"}, {"type": "object", "required": ["type"]}]}},
}  # fmt: skip
FEATURES = {
    "type": "object", "required": ["type", "features"],
    "properties": {"type": {"const": "FeatureCollection"}, "features": {"type": "array", "items": FEATURE}, "links": LINKS,
                   "numberMatched": {"type": "integer", "minimum": 0}, "numberReturned": {"type": "integer", "minimum": 0}},
}  # fmt: skip
EXCEPTION = {"type": "object", "required": ["code"], "properties": {"code": TEXT, "description": TEXT}}
BOXES = (
    (-1.5, 50.0, 1.5, 53.0), (-80.0, -5.0, -70.0, 5.0), (177.0, 65.0, -177.0, 70.0), (-180.0, 85.0, 180.0, 90.0),
    (-180.0, -90.0, 180.0, -85.0),
)  # fmt: skip
"""Those of the suite: over the meridian, the equator, the antimeridian, at both poles."""
ITEM_PATHS = tuple(f"/collections/{slug}/items" for slug in OPEN)
FORMS = {"html": "text/html", "json": "application/json"}


def check_links(document, *relations: str) -> None:
    """/req/core/…-links: these relations, each with a rel and a type."""
    found = {one["rel"] for one in document["links"]}
    assert found >= {"self", "alternate", *relations}, document["links"]
    for one in document["links"]:
        assert one["rel"]
        assert one["type"] or one["rel"] not in ("self", "alternate", *relations)


def check_features(document) -> list:
    """/ats/core/fc-response; the features."""
    jsonschema.validate(document, FEATURES)
    check_links(document)
    kinds = {one["type"].partition(";")[0] for one in document["links"] if one["rel"] in ("self", "alternate")}
    assert {GEOJSON, "text/html"} <= kinds
    assert document["numberReturned"] == len(document["features"])
    assert_inside(document["features"], (-180, -90, 180, 90))  # /req/core/crs84
    return document["features"]


def shape_of(feature):
    return None if feature["geometry"] is None else shapely.geometry.shape(feature["geometry"])


def assert_inside(features, box) -> None:
    """Every position, within what a number loses when it is written."""
    found = shapely.get_coordinates([shape_of(one) for one in features])
    west, south, east, north = box
    assert ((found >= (west - 1e-9, south - 1e-9)) & (found <= (east + 1e-9, north + 1e-9))).all()


def in_box(shape, box) -> bool:
    west, south, east, north = box
    boxes = [box] if west <= east else [(west, south, 180, north), (-180, south, east, north)]
    return any(shapely.box(*one).intersects(shape) for one in boxes)


class TestGeneral:
    """A.2.1 – A.2.4: the protocol, the landing page, the description, the classes."""

    def test_http(self, service: Service):
        assert service.get(service.root).status_code == 200
        assert service.get(service.root, method="options").status_code in (200, 204)
        refused = service.get(service.root, method="put")
        assert (refused.status_code, "GET" in refused["Allow"]) == (405, True)

    @pytest.mark.parametrize("form", FORMS)
    def test_landing_page(self, service: Service, form: str):
        assert service.get(service.root, FORMS[form])["Content-Type"].startswith(FORMS[form])

    def test_landing_page_leads_on(self, service: Service):
        jsonschema.validate(service.landing, LANDING)
        check_links(service.landing, "service-desc", "service-doc", "conformance", "data")

    def test_every_link_of_the_landing_page_answers_what_it_says(self, service: Service):
        for one in service.landing["links"]:
            if "{" in one["href"]:
                continue  # a template
            response = service.get(one["href"])
            assert response.status_code == 200, one
            assert response["Content-Type"].partition(";")[0] == one["type"].partition(";")[0], one

    def test_api_definition(self, service: Service):
        response = service.get(service.follow(service.landing, "service-desc"), OPENAPI)
        assert (response.status_code, response["Content-Type"]) == (200, OPENAPI)
        assert service.description["openapi"].startswith("3.0")
        assert service.get(service.follow(service.landing, "service-doc"), "text/html").status_code == 200

    def test_conformance(self, service: Service):
        document = service.json(service.follow(service.landing, "conformance"))
        jsonschema.validate(document, CONFORMANCE)
        assert {f"ogcapi-features-1/1.0/conf/{one}" for one in ("core", "oas30", "geojson", "html")} <= service.classes


class TestCollections:
    """A.2.5 – A.2.6."""

    def test_collections(self, service: Service):
        jsonschema.validate(service.listed, COLLECTIONS)
        check_links(service.listed)
        assert {one["id"] for one in service.listed["collections"]} >= set(OPEN)
        assert service.get(service.follow(service.landing, "data"), "text/html").status_code == 200

    def test_each_collection_has_its_items(self, service: Service):
        """/req/core/fc-md-items, fc-md-items-links: in every representation that the server has."""
        for one in service.listed["collections"]:
            kinds = {link["type"] for link in one["links"] if link["rel"] == "items"}
            assert {GEOJSON, "text/html"} <= kinds, one
            assert all(link["type"] for link in one["links"])

    @pytest.mark.parametrize("slug", OPEN)
    def test_a_collection_is_what_the_list_says(self, service: Service, slug: str):
        """/req/core/sfc-md-op, sfc-md-success."""
        listed = next(one for one in service.listed["collections"] if one["id"] == slug)
        alone = service.collection(slug)
        jsonschema.validate(alone, COLLECTION)
        for name in ("id", "title", "description", "extent", "itemType"):
            assert alone.get(name) == listed.get(name)
        check_links(alone, "items")

    @pytest.mark.parametrize("slug", DRAWN)
    def test_extent(self, service: Service, slug: str):
        """/req/core/fc-md-extent: around every geometry."""
        spatial = service.collection(slug)["extent"]["spatial"]
        assert spatial["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
        assert_inside(service.features(service.items(slug)), spatial["bbox"][0])


class TestDefinitions:
    """/req/core/fc-bbox-definition, fc-limit-definition, fc-time-definition, on the paths that the description gives."""

    @pytest.fixture
    def operations(self, service: Service):
        assert set(ITEM_PATHS) <= set(service.description["paths"])
        return [service.operation(path)["parameters"] for path in (*ITEM_PATHS, "/collections/{collectionId}/items")]

    @pytest.mark.parametrize(
        "name", ["bbox", "limit", "datetime", "crs", "bbox-crs", "filter", "filter-lang", "filter-crs"]
    )
    def test_form(self, operations, name: str):
        for parameters in operations:
            told = parameters[name]
            assert (told["in"], told["required"], told["style"], told["explode"]) == ("query", False, "form", False)

    def test_schemas(self, operations):
        for parameters in operations:
            bbox, limit = parameters["bbox"]["schema"], parameters["limit"]["schema"]
            assert (bbox["type"], bbox["minItems"], bbox["maxItems"], bbox["items"]["type"]) == (
                "array",
                4,
                6,
                "number",
            )
            assert limit["type"] == "integer"
            assert 1 == limit["minimum"] <= limit["default"] <= limit["maximum"]
            assert parameters["datetime"]["schema"]["type"] == "string"

    def test_features_are_described_as_geojson_and_html(self, service: Service):
        for path in ITEM_PATHS:
            answers = service.operation(path)["responses"]
            assert {GEOJSON, "text/html"} <= set(answers["200"]["content"])
            assert {"400", "404"} <= set(answers)


class TestFeatures:
    """A.2.7, A.2.8: the features themselves."""

    @pytest.mark.parametrize("slug", OPEN)
    def test_items(self, service: Service, slug: str):
        response = service.get(service.items(slug), GEOJSON)
        assert response["Content-Type"].partition(";")[0] == GEOJSON
        page = service.json(service.items(slug), GEOJSON)
        check_features(page)
        assert page["numberMatched"] == (OF[slug].rows if slug in OF else len(ROWS))
        assert service.get(service.follow(service.collection(slug), "items", kind="text/html")).status_code == 200

    @pytest.mark.parametrize("slug", OPEN)
    def test_limit(self, service: Service, slug: str):
        """/req/core/fc-limit-response, at the bounds that the description gives, between them and above."""
        schema = service.operation(f"/collections/{slug}/items")["parameters"]["limit"]["schema"]
        least, most = schema["minimum"], schema["maximum"]
        for limit in (least, min(100, (least + most) // 2), most, most * 10):
            page = service.json(service.items(slug), GEOJSON, limit=limit)
            features = check_features(page)
            assert len(features) == min(limit, most, page["numberMatched"])
            assert any(one["rel"] == "next" for one in page["links"]) == (len(features) < page["numberMatched"])

    @pytest.mark.parametrize("slug", OPEN)
    def test_pages_hold_every_feature_once(self, service: Service, slug: str):
        """/req/core/fc-numberMatched, through the links named next."""
        whole = [one["id"] for one in service.features(service.items(slug))]
        paged = [one["id"] for one in service.features(service.items(slug), limit=max(7, len(whole) // 5))]
        assert paged == whole
        assert len(set(whole)) == len(whole)

    @pytest.mark.parametrize("slug", OPEN)
    def test_one_feature(self, service: Service, slug: str):
        """/req/core/f-op, f-success, f-links."""
        items = service.items(slug)
        for listed in service.json(items, GEOJSON, limit=3)["features"]:
            alone = service.json(f"{items.partition('?')[0]}/{listed['id']}", GEOJSON)
            jsonschema.validate(alone, FEATURE)
            check_links(alone, "collection")
            assert {key: alone[key] for key in listed} == listed

    @pytest.mark.parametrize("slug", DRAWN)
    def test_bbox(self, service: Service, slug: str):
        """/req/core/fc-bbox-response."""
        everything = service.features(service.items(slug))
        west, south, east, north = service.collection(slug)["extent"]["spatial"]["bbox"][0]
        part = (west, south, west + (east - west) * 0.4, south + (north - south) * 0.6)
        for box in ((west, south, east, north), part, *BOXES):
            page = service.json(service.items(slug), GEOJSON, bbox=",".join(map(str, box)))
            wanted = [one["id"] for one in everything if one["geometry"] and in_box(shape_of(one), box)]
            assert [one["id"] for one in check_features(page)] == wanted, box

    @pytest.mark.parametrize("slug", DRAWN)
    def test_bbox_of_six_numbers(self, service: Service, slug: str):
        west, south, east, north = service.collection(slug)["extent"]["spatial"]["bbox"][0]
        flat = service.json(service.items(slug), GEOJSON, bbox=f"{west},{south},{east},{north}", limit=10)
        high = service.json(service.items(slug), GEOJSON, bbox=f"{west},{south},-10,{east},{north},10", limit=10)
        assert high["features"] == flat["features"]

    @pytest.mark.parametrize("slug", DATED)
    def test_datetime(self, service: Service, slug: str):
        """/req/core/fc-time-response: every form that the standard writes, on every collection with dates."""
        everything = [
            (one["id"], when(one["properties"][DATED[slug]])) for one in service.features(service.items(slug))
        ]
        known = sorted(moment for _identifier, moment in everything if moment)
        first, last = known[0], known[-1]
        begin, end = first + (last - first) / 4, first + (last - first) / 2
        spans = {
            written(first): (first, first), f"{written(begin)}/{written(end)}": (begin, end),
            f"{written(begin)}/..": (begin, None), f"{written(begin)}/": (begin, None),
            f"../{written(end)}": (None, end), f"/{written(end)}": (None, end),
            begin.date().isoformat(): (midnight(begin), midnight(begin) + timedelta(days=1, microseconds=-1)),
        }  # fmt: skip
        for asked, (low, high) in spans.items():
            page = service.json(service.items(slug), GEOJSON, datetime=asked)
            wanted = [
                identifier for identifier, moment in everything
                if moment and (low is None or moment >= low) and (high is None or moment <= high)
            ]  # fmt: skip
            assert [one["id"] for one in check_features(page)] == wanted, asked

    @pytest.mark.parametrize("given", [{"datetime": "2024-01-01"}, {"bbox": "-2,46,0,48"}])
    def test_of_a_table_nothing_is_anywhere_nor_at_any_time(self, service: Service, given: dict[str, str]):
        assert service.json(service.items("annuaire"), GEOJSON, **given)["numberMatched"] == 0

    @pytest.mark.parametrize("slug", OPEN)
    def test_parameters_together(self, service: Service, slug: str):
        """Each parameter takes away, none brings back."""
        given = {"bbox": "-1.64,47.16,-1.5,47.26", "limit": 5, "datetime": "2023-06-01/2024-02-01"}
        both = service.json(service.items(slug), GEOJSON, **given)
        check_features(both)
        assert both["numberMatched"] <= service.json(service.items(slug), GEOJSON, bbox=given["bbox"])["numberMatched"]


class TestFaults:
    """/req/core/query-param-unknown, query-param-invalid; absent things; representations that are not there."""

    @pytest.mark.parametrize(
        "given", [{"unknownQueryParameter": "1"}, {"limit": "0"}, {"limit": "many"}, {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"},
                  {"datetime": "yesterday"}]
    )  # fmt: skip
    def test_a_parameter_that_is_wrong(self, service: Service, given: dict[str, str]):
        for slug in OPEN:
            jsonschema.validate(service.json(service.items(slug), GEOJSON, status=400, **given), EXCEPTION)

    def test_what_is_absent(self, service: Service):
        root = service.items("arrets").partition("?")[0]
        for address in (f"{root}/absent", root.replace("arrets", "absent"), "/ogc/collections/absent", "/ogc/absent"):
            assert service.get(address).status_code == 404, address

    def test_nothing_accepted(self, service: Service):
        assert service.get("/ogc/collections/arrets/items", "video/mp4").status_code == 406


def when(value: str | None) -> datetime | None:
    if value is None:
        return None
    if len(value) == 10:
        day = parse_date(value)
        return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
    return parse_datetime(value)


def midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
