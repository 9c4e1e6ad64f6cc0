"""Requests as ArcGIS Pro, the JavaScript of Esri and QGIS send them."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.pipeline.edits.policies import forbid_edits
from tests.pipeline.edits.world import member, rule
from tests.publish.geoservices.conftest import Esri

LAYER = "bornes/FeatureServer/0"


def test_a_client_finds_its_way(esri):
    assert esri("/arcgis/rest/info")["currentVersion"] >= 10.5
    names = {one["name"] for one in esri("")["services"]}
    assert names == {"bornes", "zones"}
    service = esri("bornes/FeatureServer")
    assert [one["geometryType"] for one in service["layers"]] == ["esriGeometryPoint"]
    layer = esri(LAYER)
    assert (layer["type"], layer["objectIdField"], layer["maxRecordCount"]) == ("Feature Layer", "id", 2_000)
    assert {one["name"]: one["type"] for one in layer["fields"]} == {
        "id": "esriFieldTypeOID", "nom": "esriFieldTypeString", "insee": "esriFieldTypeString", "prix": "esriFieldTypeDouble",
        "ouverte": "esriFieldTypeSmallInteger", "jour": "esriFieldTypeDate", "maj": "esriFieldTypeDate",
        "prises": "esriFieldTypeString", "meta": "esriFieldTypeString", "lat": "esriFieldTypeDouble", "lon": "esriFieldTypeDouble",
    }  # fmt: skip
    assert esri(f"{LAYER}/query", "post", where="1=1", returnCountOnly="true") == {"count": 6}
    assert b"\n" in esri.raw(LAYER, f="pjson").content
    assert esri("zones/FeatureServer/0")["geometryType"] == "esriGeometryPolygon"


def test_a_feature_is_told_whole(esri):
    told = esri.query("bornes", objectIds="12", outSR="4326")
    [feature] = told["features"]
    assert feature == {
        "attributes": {
            "id": 12, "nom": "Borne 2", "insee": "44109", "prix": 0.5, "ouverte": 1, "jour": 1767398400000,
            "maj": 1767254520123, "prises": '["T2","CCS"]', "meta": '{"a": 2.50}', "lat": pytest.approx(47.202), "lon": -1.502,
        },
        "geometry": {"x": -1.502, "y": pytest.approx(47.202)},
    }  # fmt: skip
    assert told["spatialReference"] == {"wkid": 4326, "latestWkid": 4326}
    plain = json.loads(esri.raw(f"{LAYER}/query", objectIds="12", outFields="nom", f="geojson").content)
    assert plain["features"] == [
        {
            "type": "Feature",
            "id": 12,
            "geometry": {"type": "Point", "coordinates": [-1.502, pytest.approx(47.202)]},
            "properties": {"nom": "Borne 2"},
        }
    ]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("", range(10, 16)), ("1=1", range(10, 16)), ("prix > 0.5", [13, 14, 15]), ("prix >= 0.5 AND insee = '44109'", [12, 14]),
        ("nom LIKE 'Borne _'", range(10, 16)), ("UPPER(nom) LIKE 'BORNE 1'", [11]), ("LOWER(\"nom\") = 'borne 3'", [13]),
        ("nom IN ('Borne 1', 'Borne 2')", [11, 12]), ("NOT (prix < 1)", [14, 15]), ("id <> 10 AND id != 11", [12, 13, 14, 15]),
        ("prix BETWEEN 0.5 AND 1", [12, 13, 14]), ("nom IS NULL", []), ("nom IS NOT NULL AND id < 12", [10, 11]),
        ("jour = DATE '2026-01-03'", [12]), ("maj > TIMESTAMP '2026-01-01 08:03:30'", [14, 15]),
        ("jour < CURRENT_DATE AND id = 10", [10]),
        ("nom = N'Borne 4'", [14]), ("id IN (10,15)", [10, 15]), ("nom = 'l''été'", []),
    ],
)  # fmt: skip
def test_conditions(esri, where, found):
    assert esri.found("bornes", where=where) == list(found)


@pytest.mark.parametrize(
    "where",
    ["nom = 'x' UNION SELECT 1", "1=1; DROP TABLE rows", "zut = 1", "(SELECT 1) = 1", "nom LIKE 'a' ESCAPE '\\'", "'", "((((",
     "jour = DATE 'hier'",
     "nom = read_parquet('x')", "CASE WHEN 1=1 THEN 1 END = 1", "x" * 30_000, "nom = '\0'"],
)  # fmt: skip
def test_what_is_no_condition_is_refused_in_the_envelope(esri, where):
    told = esri.query("bornes", where=where)
    assert told.get("error", {}).get("code") == 400 or where == "nom = '\0'", told


BOX = {"xmin": -1.5021, "ymin": 47.2, "xmax": -1.5, "ymax": 47.2021, "spatialReference": {"wkid": 4326}}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"geometry": BOX, "geometryType": "esriGeometryEnvelope", "spatialRel": "esriSpatialRelIntersects"}, [10, 11, 12]),
        ({"geometry": "-1.5021,47.2,-1.5,47.2021", "geometryType": "esriGeometryEnvelope", "inSR": "4326"}, [10, 11, 12]),
        ({"geometry": {"rings": [[[-1.6, 47.1], [-1.6, 47.2005], [-1.4, 47.2005], [-1.4, 47.1], [-1.6, 47.1]]]}}, [10]),
        ({"geometry": {"x": -1.503, "y": 47.203}, "geometryType": "esriGeometryPoint"}, [13]),
        ({"geometry": "-1.503,47.203", "geometryType": "esriGeometryPoint", "distance": 150,
          "units": "esriSRUnit_Meter"}, [12, 13, 14]),
        ({"geometry": {"xmin": -167444, "ymin": 5975415, "xmax": -167404, "ymax": 5975455, "spatialReference": {"wkid": 102100}}},
         [14]),
        ({"geometry": BOX, "spatialRel": "esriSpatialRelContains"}, [11, 12]),
    ],
)  # fmt: skip
def test_places(esri, given, found):
    assert esri.found("bornes", **given) == found


def test_pages_orders_counts_and_extents(esri):
    first = esri.query("bornes", orderByFields="prix DESC, id", resultRecordCount="4")
    assert ([one["attributes"]["id"] for one in first["features"]], first["exceededTransferLimit"]) == (
        [15, 14, 13, 12],
        True,
    )
    second = esri.query("bornes", orderByFields="prix DESC, id", resultRecordCount="4", resultOffset="4")
    assert ([one["attributes"]["id"] for one in second["features"]], second["exceededTransferLimit"]) == (
        [11, 10],
        False,
    )
    assert esri.query("bornes", where="id > 12", returnIdsOnly="true") == {
        "objectIdFieldName": "id",
        "objectIds": [13, 14, 15],
    }
    assert esri.query("bornes", where="nom = 'x'", returnIdsOnly="true")["objectIds"] == []
    told = esri.query("bornes", where="id < 12", returnExtentOnly="true")
    assert told["count"] == 2
    assert [told["extent"][side] for side in ("xmin", "ymin", "xmax", "ymax")] == pytest.approx(
        [-1.501, 47.2, -1.5, 47.201]
    )
    moved = esri.query("bornes", where="id < 12", returnExtentOnly="true", outSR="2154")["extent"]
    assert moved["spatialReference"]["wkid"] == 2154
    assert 350_000 < moved["xmin"] < moved["xmax"] < 360_000
    assert esri.query("bornes", where="nom = 'x'", returnExtentOnly="true") == {"extent": None, "count": 0}
    narrow = esri.query("bornes", outFields="nom", returnGeometry="false", objectIds="10")["features"]
    assert narrow == [{"attributes": {"id": 10, "nom": "Borne 0"}}]


def test_statistics(esri):
    asked = [
        {"statisticType": "count", "onStatisticField": "id", "outStatisticFieldName": "n"},
        {"statisticType": "avg", "onStatisticField": "prix", "outStatisticFieldName": "moyenne"},
        {"statisticType": "max", "onStatisticField": "jour", "outStatisticFieldName": "dernier"},
    ]
    told = esri.query("bornes", outStatistics=asked, groupByFieldsForStatistics="insee", orderByFields="n DESC, insee")
    assert [one["attributes"] for one in told["features"]] == [
        {"insee": "44109", "n": 3, "moyenne": 0.5, "dernier": 1767571200000},
        {"insee": "44143", "n": 3, "moyenne": 0.75, "dernier": 1767657600000},
    ]
    told = esri.query("bornes", outFields="insee", returnDistinctValues="true", returnGeometry="false")
    assert [one["attributes"] for one in told["features"]] == [{"insee": "44109"}, {"insee": "44143"}]
    for wrong in (
        [{"statisticType": "var", "onStatisticField": "prix"}],
        "x",
        [{"statisticType": "sum", "onStatisticField": "nom"}],
    ):
        assert esri.query("bornes", outStatistics=wrong)["error"]["code"] == 400


def test_outer_rings_turn_as_a_clock_and_holes_against_it(esri, bornes):
    told = esri.query("zones", outSR="4326")["features"][0]["geometry"]["rings"]
    ring = told[0]
    assert sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) < 0


def test_faults_are_in_the_envelope(esri):
    for path in ("absente/FeatureServer", "absente/FeatureServer/0", "absente/FeatureServer/0/query"):
        assert esri(path)["error"]["code"] == 404
    for given in ({"f": "pbf"}, {"outSR": "99999"}, {"outSR": "{"}, {"objectIds": "x"}, {"resultOffset": "-1"},
                  {"geometry": "1,2,3"},
                  {"spatialRel": "esriSpatialRelRelation", "geometry": "1,2,3,4"}, {"orderByFields": "zut"}, {"outFields": "zut"},
                  {"geometry": {"rings": [[["a"]]]}}, {"geometry": "[" * 10_000}, {"orderByFields": "nom; DROP"}):  # fmt: skip
        assert esri.query("bornes", **given)["error"]["code"] == 400, given
    esri.token = "faux"
    assert esri(LAYER)["error"]["code"] == 498


def test_what_is_hidden_is_what_is_absent(esri, bornes):
    Dataset.objects.filter(slug="bornes").update(visibility="private")
    hidden, absent = (esri.raw(f"{name}/FeatureServer/0/query").content for name in ("bornes", "absente"))
    assert hidden == absent
    assert [one["name"] for one in esri("")["services"]] == ["zones"]
    reader = Esri(member("member"))
    response = reader.raw(f"{LAYER}/query", where="1=1", outFields="id")
    assert len(json.loads(response.content)["features"]) == 6
    assert response["Cache-Control"] == "private, no-store"
    assert reader.token.encode() not in response.content


def test_a_part_is_read_by_who_sees_a_part(esri, bornes):
    rule(
        bornes.dataset, rows="insee = '44143'", columns={"meta": {"mask": "hide"}, "id": {"mask": "hide"}}, grid_m=1_000
    )
    layer = esri(LAYER)
    assert layer["objectIdField"] == "OBJECTID"  # not the key, which is hidden
    assert not {"meta", "id"} & {one["name"] for one in layer["fields"]}
    assert esri.found("bornes") == [1, 2, 3]  # no gap tells of rows that are kept
    assert esri.query("bornes", returnIdsOnly="true")["objectIds"] == [1, 2, 3]
    assert esri.query("bornes", returnCountOnly="true") == {"count": 3}
    assert [one["attributes"]["nom"] for one in esri.query("bornes", where="OBJECTID = 2")["features"]] == ["Borne 3"]
    for where in ("id = 11", "meta IS NULL"):
        assert esri.query("bornes", where=where)["error"]["code"] == 400
    places = {(one["geometry"]["x"], one["geometry"]["y"]) for one in esri.query("bornes")["features"]}
    assert not places & {(-1.501, 47.201), (-1.503, 47.203), (-1.505, 47.205)}
    assert layer["extent"]["xmin"] > -2


def test_numbers_are_places_where_nobody_edits(esri, bornes):
    forbid_edits(viewer=OPERATOR, dataset=bornes.dataset)
    assert esri.found("bornes") == [1, 2, 3, 4, 5, 6]
    assert esri(LAYER)["capabilities"] == "Query"
