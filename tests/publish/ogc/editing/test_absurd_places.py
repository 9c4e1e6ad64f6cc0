"""Places that no feature can have are refused in words, whatever they are sent in; those that come well are kept as they are."""

from __future__ import annotations

import json
import math

import pytest

from tests.pipeline.edits.world import Layer, member
from tests.publish.geoservices.conftest import Esri
from tests.publish.ogc.editing.conftest import Holder

LAMBERT, LATITUDE_FIRST = "EPSG/0/2154", "EPSG/0/4326"
RING = [[0, 45], [1, 45], [1, 46], [0, 46], [0, 45]]


def nested(depth):
    return json.loads("[" * depth + "1, 45" + "]" * depth)


def ring_of(count):
    turns = [2 * math.pi * rank / count for rank in range(count)]
    around = [[round(2 + math.cos(one) / 10, 9), round(45 + math.sin(one) / 10, 9)] for one in turns]
    return [*around, around[0]]


ABSURD = {
    "no ring": {"type": "Polygon", "coordinates": []},
    "two positions": {"type": "Polygon", "coordinates": [RING[:2]]},
    "open": {"type": "Polygon", "coordinates": [RING[:4]]},
    "a line of one": {"type": "LineString", "coordinates": [[0, 45]]},
    "nowhere": {"type": "Point", "coordinates": []},
    "truths": {"type": "Point", "coordinates": [True, False]},
    "texts": {"type": "Point", "coordinates": ["un", "deux"]},
    "too far": {"type": "Point", "coordinates": [500, 500]},
    "one number": {"type": "Point", "coordinates": [1]},
    "an object": {"type": "Point", "coordinates": {"x": 1, "y": 2}},
    "levels": {"type": "MultiPolygon", "coordinates": nested(60)},
    "more levels": {"type": "MultiPolygon", "coordinates": nested(95)},
    "no type": {"coordinates": [1, 45]},
    "a list for a type": {"type": ["Point"], "coordinates": [1, 45]},
    "huge": {"type": "Point", "coordinates": [10**400, 45]},
}


@pytest.fixture(scope="module")
def written():
    return {name: json.dumps({"type": "Feature", "geometry": one, "properties": {}}) for name, one in ABSURD.items()}


@pytest.fixture
def zones(bornes) -> Layer:
    return Layer("zones")


@pytest.mark.parametrize("system", ["", LAMBERT, LATITUDE_FIRST])
def test_places_that_cannot_be_are_refused(zones, contributor, written, system):
    headers = {"Content_Crs": f"<http://www.opengis.net/def/crs/{system}>"} if system else {}
    for name, body in written.items():
        if name == "too far" and system == LAMBERT:
            continue  # metres
        refused = contributor.ask("POST", "zones/items", body, **headers)
        assert refused.status_code in (400, 422), (name, refused.status_code, refused.content)
        assert json.loads(refused.content)["description"], name
    assert zones.version.number == 1


@pytest.mark.parametrize("levels", [300, 700, 985, 995, 2_000])
def test_levels_without_end_are_refused(zones, contributor, levels):
    body = '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": %s}}'
    for one in (body % ("[" * levels + "1" + "]" * levels), body % (('{"a":' * levels) + "1" + "}" * levels)):
        refused = contributor.ask("POST", "zones/items", one)
        assert refused.status_code in (400, 422), refused.content[:300]
    assert zones.version.number == 1


def test_a_long_outline_is_kept_whole(zones, contributor):
    outline = {"type": "Polygon", "coordinates": [ring_of(10_000)]}
    made = contributor.ask("POST", "zones/items", {"type": "Feature", "geometry": outline, "properties": {"code": "L"}})
    assert made.status_code == 201, made.content
    [[positions]] = zones.rows("contour")[-1:]
    assert positions.count(",") >= 10_000


def test_a_collection_of_shapes_is_placed_or_refused(zones, contributor):
    """Its members hold the coordinates: in any system they are moved as others are, or nothing is written."""
    shapes = [{"type": "Polygon", "coordinates": [[[y, x] for x, y in RING]]}]
    body = {"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": shapes}, "properties": {}}
    answer = contributor.ask(
        "POST", "zones/items", body, Content_Crs=f"<http://www.opengis.net/def/crs/{LATITUDE_FIRST}>"
    )
    if answer.status_code == 201:
        assert "0 45" in zones.rows("contour")[-1][0]
    else:
        assert answer.status_code in (400, 422)
        assert zones.version.number == 1


def test_arcgis_is_refused_the_same(bornes):
    esri = Esri(member("contributor", "pro"))
    for given in (
        {"rings": [[[0, 45], [1, 45]]]}, {"x": 10**400, "y": 1}, {"x": 1}, {"curveRings": []},
        {"x": 1, "y": 95}, {"rings": nested(90)}, {"paths": [[[0, 45]]]}, {"hasZ": True}, [1, 45], "ici",
        {"x": 1, "y": 2, "spatialReference": {"wkid": 10**30}}, {"x": 1, "y": 2, "spatialReference": {"wkt": "PROJCS[" * 99}},
    ):  # fmt: skip
        told = esri("bornes/FeatureServer/0/applyEdits", "post", adds=[{"geometry": given, "attributes": {"nom": "x"}}])
        assert told.get("error", {}).get("code") == 400, (given, told)
    assert bornes.version.number == 1


def test_two_at_once_from_the_same_state(bornes, contributor):
    """The second one of two that hold the same ETag is told so, and undoes nothing."""
    item = f"bornes/items/{bornes.identifier(id=10)}"
    state = contributor.ask("GET", item)["ETag"]
    other = Holder(member("contributor", "autre"))
    assert contributor.ask("PATCH", item, {"properties": {"nom": "A"}}, If_Match=state).status_code == 204
    for method, body in (("PATCH", {"properties": {"nom": "B"}}), ("DELETE", None)):
        assert other.ask(method, item, body, If_Match=state).status_code == 412
    for hostile in ("W/" + state, '"' + "a" * 5_000 + '"', "\t,,,", '"é"'):
        assert other.ask("PATCH", item, {"properties": {"nom": "B"}}, If_Match=hostile).status_code in (400, 412)
    assert bornes.rows("nom")[0] == ("A",)
