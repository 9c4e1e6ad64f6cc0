"""OGC API – Records, part 1: the abstract tests of 20-004r1 (annex A) re-expressed, and what its clients need."""

from __future__ import annotations

import json

import pytest

from tests.oracles import OPENAPI
from tests.publish.ogc.test_core import PROGRAM
from tests.publish.records.territory import NANTES, changed

ALL = ["pistes", "arbres", "alarmes", "budget"]
"""What everyone may know of, in the order in which it came."""
CLASSES = (
    "record-core", "record-core-query-parameters", "records-api", "record-collection", "searchable-catalog", "sorting",
    "record-filter", "json", "html", "oas30", "autodiscovery",
)  # fmt: skip


def links(document, rel):
    return [one for one in document["links"] if one["rel"] == rel]


@pytest.fixture
def pages(ask):
    return {path: ask(f"/records/{path}") for path in ("", "conformance", "collections", "collections/catalogue")}


def test_the_landing_page_leads_everywhere(ask, pages):
    relations = {one["rel"] for one in pages[""]["links"]}
    assert relations >= {"self", "alternate", "service-desc", "service-doc", "conformance", "data", "search"}
    (catalogue,) = links(pages[""], "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog")
    assert catalogue["href"].endswith("/records/collections/catalogue/items")
    for document in pages.values():
        for one in document["links"]:
            response = ask.raw(one["href"].removeprefix("http://testserver"))
            assert response.status_code == 200, one
            assert response["Content-Type"].partition(";")[0] == one["type"].partition(";")[0], one


def test_what_it_conforms_to(pages):
    classes = set(pages["conformance"]["conformsTo"])
    assert classes >= {f"http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/{one}" for one in CLASSES}
    assert "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text" in classes


def test_the_catalogue_is_a_collection_of_records(pages):
    (listed,) = pages["collections"]["collections"]
    alone = pages["collections/catalogue"]
    for one in (listed, alone):
        assert (one["id"], one["type"], one["itemType"]) == ("catalogue", "Catalog", "record")
        assert {link["rel"] for link in one["links"]} >= {"items", "http://www.opengis.net/def/rel/ogc/1.0/queryables"}
    assert {one["rel"] for one in alone["links"]} >= {"self", "alternate"}


def test_the_description_is_valid_and_says_the_size_of_pages(ask, tmp_path):
    document = ask("/records/api")
    limit = document["components"]["parameters"]["limit"]["schema"]
    assert (document["openapi"], limit["minimum"], limit["default"], limit["maximum"]) == ("3.0.3", 1, 100, 1000)
    given = {
        one["$ref"].rpartition("/")[2] for one in document["paths"]["/collections/catalogue/items"]["get"]["parameters"]
    }
    assert given >= {"q", "type", "ids", "externalIds", "bbox", "datetime", "limit", "sortby", "filter", "filter-lang"}
    program = tmp_path / "validate.py"
    program.write_text(PROGRAM, encoding="utf-8")
    assert OPENAPI.run(program, text=json.dumps(document)).strip() == "valid"


def test_queryables_are_those_that_filters_may_name(ask):
    queryables, sortables = ask("queryables"), ask("sortables")
    assert set(queryables["properties"]) >= {"id", "type", "title", "keywords", "created", "updated", "geometry"}
    for name, one in queryables["properties"].items():
        if one.get("type") in ("string", "array"):
            assert ask("items", filter=f'"{name}" IS NOT NULL', limit=1)["numberReturned"] <= 1
    assert set(sortables["properties"]) >= {"title", "updated", "publisher"}
    for name in sortables["properties"]:
        assert ask("items", sortby=f"-{name}", limit=1)["numberMatched"] == len(ALL)


def test_a_page_of_records(ask):
    response = ask.raw("items")
    assert response["Content-Type"] == "application/geo+json"
    page = json.loads(response.content)
    assert (page["type"], page["numberMatched"], page["numberReturned"]) == ("FeatureCollection", len(ALL), len(ALL))
    assert ask.slugs() == ALL
    for one in page["features"]:
        assert {"id", "type", "geometry", "time", "properties", "links"} <= set(one)
        assert {"type", "title", "created", "updated"} <= set(one["properties"])
        assert {link["rel"] for link in one["links"]} >= {"self", "alternate", "collection", "describes"}


def test_a_record_says_what_its_dataset_is(ask, datasets):
    dataset = datasets["pistes"]
    found = ask(f"items/{dataset.uid}")
    assert found == ask("items/pistes")  # the name of the dataset leads there too
    told = found["properties"]
    assert (found["id"], told["type"], told["title"]) == (dataset.uid, "dataset", dataset.title)
    assert found["geometry"]["coordinates"][0][0] == NANTES[:2]
    assert found["geometry"]["coordinates"][0][2] == NANTES[2:]
    assert found["time"] == {"interval": ["2020-01-01", "2021-12-31"]}
    assert told["keywords"] == ["vélo", "Réseaux de transport"]
    assert (told["license"], told["rights"]) == ("ODbL-1.0", "© Métropole")
    assert told["externalIds"][0]["value"] == "http://testserver/explore/dataset/pistes/"
    assert [one["organization"] for one in told["contacts"]] == ["Métropole de l’Ouest"] * 2
    assert told["contacts"][1]["emails"] == [{"value": "velo@example.org"}]
    assert {concept["url"].rpartition("/")[2] for concept in told["themes"][1]["concepts"]} == {"TRAN"}
    files = {one["href"] for one in links(found, "enclosure")}
    assert "http://testserver/api/explore/v2.1/catalog/datasets/pistes/exports/csv?use_labels=true" in files
    assert {one["protocol"] for one in links(found, "service")} >= {"OGC API - Features", "OGC:WFS"}


def test_a_name_never_takes_the_place_of_an_identifier(ask, datasets):
    """Somebody calls a dataset by the identifier of the record of another."""
    uid = datasets["pistes"].uid
    changed(datasets["arbres"], slug=uid)
    assert ask(f"items/{uid}")["id"] == uid
    assert ask.raw(f"/csw?request=GetRecordById&id={uid}").content.count(b"<dc:identifier>") == 1


def test_what_has_no_extent_nor_period_says_null(ask):
    found = ask("items/budget")
    assert (found["geometry"], found["time"]) == (None, None)
    assert ask("items/arbres")["time"] == {"interval": ["2022-06-01", ".."]}
    assert {one["protocol"] for one in links(found, "service")} == {"OGC API - Features", "WWW:LINK-1.0-http--rest"}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"q": "cyclables"}, ["pistes"]),
        ({"q": "PISTES   Cyclables"}, ["pistes"]),
        ({"q": "cyclables pistes"}, []),  # in the order specified
        ({"q": "ete"}, ["pistes"]),
        ({"q": "arbres,budget"}, ["arbres", "budget"]),
        ({"q": "100%"}, []),
        ({"q": "a_bres"}, []),
        ({"type": "dataset"}, ALL),
        ({"type": "service"}, []),
        ({"type": "service,dataset"}, ALL),
        ({"ids": "arbres,pistes,rien"}, ["pistes", "arbres"]),
        ({"externalIds": "bocage:arbres"}, ["arbres"]),
        ({"externalIds": "http://testserver/explore/dataset/arbres/"}, ["arbres"]),
        ({"externalIds": "dcat:http://testserver/explore/dataset/arbres/"}, ["arbres"]),
        ({"bbox": "-2,47,-1,48"}, ["pistes"]),
        ({"bbox": "47,-2,48,-1", "bbox__crs": "http://www.opengis.net/def/crs/EPSG/0/4326"}, ["pistes"]),
        ({"bbox": "-180,-90,180,90"}, ["pistes", "arbres"]),
        ({"datetime": "2021-06-01"}, ["pistes"]),
        ({"datetime": "2022-06-01T12:00:00Z/.."}, ["arbres"]),
        ({"datetime": "../2019-12-31"}, ["alarmes"]),
        ({"datetime": "2018-01-01/2030-01-01"}, ["pistes", "arbres", "alarmes"]),
        ({"title": "Arbres"}, ["arbres"]),
        ({"keywords": "vélo"}, ["pistes"]),
        ({"filter": "license = 'odc-odbl' OR publisher LIKE 'Aill%'"}, ["pistes", "arbres"]),
        ({"filter": "S_INTERSECTS(geometry, POINT(-1.5 47.2)) AND updated > DATE('2020-01-01')"}, ["pistes"]),
        ({"filter": "A_CONTAINS(themes, ('eau'))"}, ["arbres"]),
        ({"filter": "T_INTERSECTS(INTERVAL(temporal_start, temporal_end), DATE('2021-01-01'))"}, ["pistes"]),
        ({"filter": '{"op":"=","args":[{"property":"identifier"},"budget"]}', "filter__lang": "cql2-json"}, ["budget"]),
        ({"sortby": "title"}, ["alarmes", "arbres", "budget", "pistes"]),
        ({"sortby": "-title", "limit": "2"}, ["pistes", "budget"]),
        ({"limit": "2", "offset": "1"}, ["arbres", "alarmes"]),
        ({"resultType": "hits", "q": "arbres"}, []),
    ],
)  # fmt: skip
def test_searches(ask, given, found):
    assert ask.slugs(**given) == found


def test_hits_are_counted_without_records(ask):
    page = ask("items", resultType="hits", bbox="-180,-90,180,90")
    assert (page["features"], page["numberMatched"], page["numberReturned"]) == ([], 2, 0)


@pytest.mark.parametrize(
    "given",
    [
        {"fitler": "x"}, {"q": "a," * 30}, {"ids": "a," * 2_000},
        {"limit": "0"}, {"limit": "x"}, {"offset": "-1"}, {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"},
        {"datetime": "hier"},
        {"datetime": "../.."}, {"datetime": "2022-01-01/2020-01-01"}, {"filter": "nothing = 1"}, {"filter": "title ="},
        {"sortby": "geometry"},
        {"sortby": "nothing"}, {"cursor": "nothing"}, {"filter__lang": "sql"}, {"resultType": "all"}, {"f": "xml"},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(ask, given):
    refused = ask("items", status=400, **given)
    assert (refused["code"], refused["status"]) == ("InvalidParameterValue", 400)


def test_every_representation(ask, datasets):
    uid = datasets["pistes"].uid
    for path in ("", "items", f"items/{uid}", "queryables"):
        response = ask.raw(path, f="html")
        assert response["Content-Type"].startswith("text/html")
        assert "Pistes cyclables d’été" in response.content.decode() or path in ("", "queryables")
    iso = ask.raw(f"items/{uid}", f="iso19139")
    stable = ask.raw("/explore/dataset/pistes/iso19139.xml")
    assert iso.content == stable.content
    assert iso["Content-Type"] == stable["Content-Type"] == "application/vnd.iso.19139+xml; charset=utf-8"
    accepted = ask.client.get(
        f"/records/collections/catalogue/items/{uid}", headers={"Accept": "application/vnd.iso.19139+xml"}
    )
    assert accepted.content == iso.content


def test_a_validator_is_of_what_is_said(ask, datasets):
    for path in ("items", "items/pistes", "/explore/dataset/pistes/iso19139.xml"):
        first = ask.raw(path)
        address = first.request["PATH_INFO"]
        again = ask.client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        changed(datasets["pistes"], contact_name=f"Autre {path}")
        other = ask.client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (other.status_code, other["ETag"] == first["ETag"]) == (200, False)


def test_the_layers_lead_to_the_catalogue(ask):
    landing = ask("/ogc/")
    (catalogue,) = links(landing, "http://www.opengis.net/def/rel/ogc/1.0/ogc-catalog")
    assert ask(catalogue["href"].removeprefix("http://testserver"))["numberMatched"] == len(ALL)
