"""OGC API – Features, part 2 (18-058r1), annex A: reference systems, of every collection in every system that it lists.

What the executable suite transforms with Proj4J is transformed here by PROJ, in another process. Values to the millimetre, boxes
against GEOS and filters in these systems: `tests/publish/ogc/test_systems.py`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
import shapely

from tests.interfaces.geo.service import GEOJSON, Service
from tests.interfaces.geo.test_features_core import EXCEPTION, shape_of
from tests.interfaces.geo.world import DRAWN, OPEN
from tests.oracles import Oracle

PROGRAM = Path(__file__).parent / "clients" / "project.py"
PYPROJ = Oracle("pyproj-3.7.2", ("pyproj==3.7.2",))
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
NAMED = re.compile(r"http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84h?|EPSG/0/\d+)")
HERE = ("3857", "2154", "3946", "3947", "3948")
"""Systems whose area holds the layers of the territory."""
LOCAL = tuple(slug for slug in DRAWN if slug != "monde")
UNKNOWN = ("http://www.opengis.net/def/crs/OGC/1.3/CRS99", "http://www.example.com/crs", "EPSG:999999", "Lambert")
MILLIMETRE = 1e-3


def systems(service: Service, slug: str) -> list[str]:
    """Of a collection; `#/crs` stands for the list that all share."""
    told = service.collection(slug)["crs"]
    return [one for name in told for one in (service.listed["crs"] if name == "#/crs" else [name])]


def asked(service: Service, slug: str, **given: object) -> tuple[dict, str]:
    """The page, and the system that its header names."""
    response = service.get(service.items(slug), GEOJSON, **given)
    assert response.status_code == 200, response.content[:500]
    return json.loads(response.content), response["Content-Crs"].strip("<>")


def test_declared(service: Service):
    assert "ogcapi-features-2/1.0/conf/crs" in service.classes


@pytest.mark.parametrize("slug", DRAWN)
def test_lists(service: Service, slug: str):
    """/conf/crs/crs-uri, fc-md-crs-list(-global), fc-md-storageCrs(-valid-value)."""
    found = systems(service, slug)
    assert found[0] == CRS84
    assert len(set(found)) == len(found)
    assert all(NAMED.fullmatch(one) for one in found)
    assert service.collection(slug)["storageCrs"] in found
    listed = next(one for one in service.listed["collections"] if one["id"] == slug)
    assert [one for name in listed["crs"] for one in (service.listed["crs"] if name == "#/crs" else [name])] == found


def test_a_table_has_no_system(service: Service):
    assert {"crs", "storageCrs"}.isdisjoint(service.collection("annuaire"))


@pytest.mark.parametrize("slug", ["arrets", "lieux"])
def test_every_system_gives_the_same_features(service: Service, slug: str):
    """/conf/crs/crs-parameter, ogc-crs-header, for the features and for one of them."""
    plain, default = asked(service, slug, limit=20)
    assert default == CRS84
    identifiers = [one["id"] for one in plain["features"]]
    one_of = f"{service.items(slug).partition('?')[0]}/{identifiers[0]}"
    for system in systems(service, slug):
        page, told = asked(service, slug, limit=20, crs=system)
        assert (told, [one["id"] for one in page["features"]]) == (system, identifiers)
        alone = service.get(one_of, GEOJSON, crs=system)
        assert alone["Content-Crs"] == f"<{system}>"
        assert json.loads(alone.content)["geometry"] == page["features"][0]["geometry"]


@pytest.mark.parametrize("slug", LOCAL)
def test_coordinates_are_those_of_proj(service: Service, slug: str):
    """/conf/crs/crs-parameter: what is told in a system is there, positions in the same order."""
    plain = [one for one in asked(service, slug, limit=20)[0]["features"] if one["geometry"]]
    flat = shapely.get_coordinates([shape_of(one) for one in plain]).tolist()
    wanted = json.loads(PYPROJ.run(PROGRAM, text=json.dumps(dict.fromkeys(HERE, flat))))
    for epsg in HERE:
        page, _told = asked(service, slug, limit=20, crs=f"http://www.opengis.net/def/crs/EPSG/0/{epsg}")
        found = shapely.get_coordinates([shape_of(one) for one in page["features"] if one["geometry"]])
        assert found.shape == (len(flat), 2)
        assert abs(found - wanted[epsg]).max() < MILLIMETRE


@pytest.mark.parametrize("slug", DRAWN)
def test_the_order_of_axes_is_that_of_the_register(service: Service, slug: str):
    plain, flipped = (asked(service, slug, limit=20, crs=one)[0]["features"] for one in (CRS84, WGS84))
    for one, other in zip(plain, flipped, strict=True):
        if one["geometry"]:
            swapped = shapely.transform(shape_of(other), lambda xy: xy[:, ::-1])
            assert shapely.equals_exact(shape_of(one), swapped)


@pytest.mark.parametrize("slug", LOCAL)
def test_boxes_in_every_system_of_here(service: Service, slug: str):
    """/conf/crs/bbox-crs-parameter: around everything, in whatever system, there is everything; nothing beside it."""
    west, south, east, north = service.collection(slug)["extent"]["spatial"]["bbox"][0]
    frame = shapely.segmentize(shapely.box(west - 0.01, south - 0.01, east + 0.01, north + 0.01), (east - west) / 40)
    flat = shapely.get_coordinates(frame).tolist()
    moved = json.loads(PYPROJ.run(PROGRAM, text=json.dumps(dict.fromkeys(HERE, flat))))
    plain = asked(service, slug, bbox=f"{west},{south},{east},{north}", limit=1)[0]["numberMatched"]
    named = {f"http://www.opengis.net/def/crs/EPSG/0/{epsg}": moved[epsg] for epsg in HERE}
    for system, positions in (named | {CRS84: flat, WGS84: [[y, x] for x, y in flat]}).items():
        bounds = shapely.MultiPoint(positions).bounds
        page, told = asked(service, slug, limit=1, bbox=",".join(map(repr, bounds)), bbox__crs=system)
        assert (told, page["numberMatched"]) == (CRS84, plain), system
        beside = (bounds[2] + 1e-2, bounds[1], bounds[2] + 2e-2, bounds[3])
        page, _told = asked(service, slug, limit=1, bbox=",".join(map(repr, beside)), bbox__crs=system)
        assert page["numberMatched"] == 0


@pytest.mark.parametrize("system", UNKNOWN)
def test_systems_that_are_not_listed_are_refused(service: Service, system: str):
    """/conf/crs/crs-parameter-invalid, bbox-crs-parameter-invalid, filter-crs."""
    for slug in OPEN:
        items = service.items(slug)
        for given in (
            {"crs": system},
            {"bbox__crs": system, "bbox": "-2,46,0,48"},
            {"filter__crs": system, "filter": "code = 'A'"},
        ):
            jsonschema.validate(service.json(items, GEOJSON, status=400, **given), EXCEPTION)
        first = service.json(items, GEOJSON, limit=1)["features"][0]["id"]
        assert service.get(f"{items.partition('?')[0]}/{first}", GEOJSON, crs=system).status_code == 400
