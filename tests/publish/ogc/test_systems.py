"""Part 2: answers, boxes and filters in every reference system that is offered, against an independent PROJ and shapely."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import pytest
import shapely

from bocage.query.coordinates import SYSTEMS, crs_of
from tests.oracles import Oracle
from tests.query.table import ROWS

PYPROJ = Oracle("pyproj-3.7.2", ("pyproj==3.7.2",))
PROGRAM = Path(__file__).parent.parent / "contents" / "reprojected.py"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
METROPOLE = [2154, 3857, 3946, 3947, 3948]
MILLIMETRE = 1e-3
STEP = 0.001
"""Degrees between the positions of the sides of what is projected apart: a straight side is then a curve to the millimetre."""


@cache
def projected(epsg: int, points: tuple[tuple[float, float], ...]) -> list[list[float]]:
    """All at once: the oracle is another process."""
    return json.loads(PYPROJ.run(PROGRAM, str(epsg), text=json.dumps(points)))


def positions(geometry) -> list[tuple[float, float]]:
    return [tuple(one) for one in shapely.get_coordinates(geometry)]


def test_every_system_is_declared_and_answers(ask):
    declared = ask("collections/lieux")
    assert declared["crs"] == [one.uri for one in SYSTEMS]
    assert declared["storageCrs"] == declared["crs"][0]
    assert len(SYSTEMS) == 23
    for one in SYSTEMS:
        response = ask.raw("collections/lieux/items", crs=one.uri, limit=1)
        assert (response.status_code, response["Content-Crs"]) == (200, f"<{one.uri}>")


@pytest.mark.parametrize(
    "written", [f"{EPSG}2154", "EPSG:2154", "urn:ogc:def:crs:EPSG::2154", f"<{EPSG}2154>", f"[{EPSG}2154]"]
)
def test_a_system_is_known_by_its_names(written):
    assert crs_of(written).code == "EPSG:2154"


@pytest.mark.parametrize("epsg", METROPOLE)
def test_coordinates_are_those_of_proj(ask, epsg):
    rows = [row for row in ROWS if row["contour"] is not None]
    wanted = projected(epsg, tuple(point for row in rows for point in positions(row["contour"])))
    page = ask("collections/lieux/items", crs=f"{EPSG}{epsg}")
    found = [one["geometry"] for one in page["features"] if one["geometry"]]
    flat = [point for one in found for ring in one["coordinates"] for point in ring]
    assert len(flat) == len(wanted)
    for one, other in zip(flat, wanted, strict=True):
        assert max(abs(one[0] - other[0]), abs(one[1] - other[1])) < MILLIMETRE


def test_latitude_comes_first_where_the_register_says_so(ask):
    plain, flipped = (ask("collections/lieux/items", **given)["features"] for given in ({}, {"crs": f"{EPSG}4326"}))
    for one, other in zip(plain, flipped, strict=True):
        if one["geometry"]:
            assert [[y, x] for x, y in one["geometry"]["coordinates"][0]] == other["geometry"]["coordinates"][0]
    assert ask.raw("collections/lieux/items", crs=f"{EPSG}4326")["Content-Crs"] == f"<{EPSG}4326>"


def test_one_feature_too(ask):
    first = next(one for one in ask("collections/lieux/items")["features"] if one["geometry"])
    alone = ask(f"collections/lieux/items/{first['id']}", crs=f"{EPSG}2154")
    (wanted,) = projected(2154, (tuple(first["geometry"]["coordinates"][0][0]),))
    assert alone["geometry"]["coordinates"][0][0] == pytest.approx(wanted, abs=MILLIMETRE)


def test_there_and_back(ask):
    """Coordinates in Lambert-93, given back as a filter: the same feature is equal to itself within a millimetre."""
    page = ask("collections/lieux/items", crs=f"{EPSG}2154", limit=12)
    for one in page["features"]:
        if one["geometry"]:
            middle = shapely.geometry.shape(one["geometry"]).centroid
            found = ask(
                "collections/lieux/items", resultType="hits", filter__crs=f"{EPSG}2154",
                filter=f"code = '{one['properties']['code']}' AND S_CONTAINS(contour, POINT({middle.x!r} {middle.y!r}))",
            )  # fmt: skip
            assert found["numberMatched"] == 1


def dense(row) -> object:
    return shapely.segmentize(row["contour"], STEP)


@pytest.fixture(scope="module")
def in_lambert():
    """The rows, their sides as curves in Lambert-93: what a filter in that system must be true of."""
    rows = [row for row in ROWS if row["contour"] is not None]
    curves = [dense(row) for row in rows]
    flat = projected(2154, tuple(point for one in curves for point in positions(one)))
    found, at = {}, 0
    for row, one in zip(rows, curves, strict=True):
        count = len(positions(one))
        found[row["code"]] = shapely.Polygon(flat[at : at + count])
        at += count
    return found


def test_boxes_in_lambert_93_count_as_geos(ask, in_lambert):
    dice = random.Random(7)
    west, south, east, north = map(float, shapely.total_bounds(list(in_lambert.values())))
    for _ in range(15):
        x, y = dice.uniform(west, east), dice.uniform(south, north)
        wide, high = dice.uniform(10, 90_000), dice.uniform(10, 90_000)
        box = (x, y, x + wide, y + high)
        wanted = sorted(code for code, one in in_lambert.items() if one.intersects(shapely.box(*box)))
        given = ",".join(map(repr, box))
        for asked in (
            {"bbox": given, "bbox__crs": f"{EPSG}2154"},
            {"filter": f"S_INTERSECTS(contour, BBOX({given}))", "filter__crs": f"{EPSG}2154"},
        ):
            found = ask("collections/lieux/items", properties="code", skipGeometry="true", **asked)
            assert sorted(one["properties"]["code"] for one in found["features"]) == wanted, box


def test_a_box_in_latitude_and_longitude(ask):
    plain = ask("collections/lieux/items", bbox="-2,46,-1,47")["numberMatched"]
    assert ask("collections/lieux/items", bbox="46,-2,47,-1", bbox__crs=f"{EPSG}4326")["numberMatched"] == plain
    assert ask("collections/lieux/items", bbox="-2,46,0,-1,47,9")["numberMatched"] == plain
    assert 0 < plain < len(ROWS)
