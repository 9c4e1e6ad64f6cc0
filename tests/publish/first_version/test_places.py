"""Filters of place: distance, polygon, bounds of a map."""

from __future__ import annotations

import math

import pytest
import shapely

from tests.publish.first_version.conftest import expected
from tests.query.table import ROWS

pytestmark = pytest.mark.django_db
SEARCH = "/api/records/1.0/search/"


def metres(one, other):
    lon1, lat1, lon2, lat2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(half))


def test_within_a_distance(ask, codes):
    here = (-1.0, 47.0)
    near = expected(lambda row: row["centre"] is not None and metres(row["centre"], here) <= 50_000)
    assert 3 < len(near) < 60
    assert codes(geofilter__distance="47.0, -1.0, 50000") == near
    found = ask("search", rows=100, geofilter__distance="47,-1,50000", sort="-dist")["records"]
    told = [float(record["fields"]["dist"]) for record in found]
    assert told == sorted(told)
    places = {row["code"]: row["centre"] for row in ROWS}
    for record, distance in zip(found, told, strict=True):
        assert distance == pytest.approx(metres(places[record["fields"]["code"]], here), rel=1e-5)


def test_at_a_position(codes):
    """A map asks so for what is under a marker."""
    row = next(row for row in ROWS if row["centre"] is not None)
    lon, lat = row["centre"]
    assert codes(geofilter__distance=f"{lat},{lon}") == [row["code"]]


TRIANGLE = [(46.2, -1.9), (47.9, -1.0), (46.2, -0.1)]


@pytest.mark.parametrize(
    "text",
    [
        ",".join(f"({lat},{lon})" for lat, lon in TRIANGLE),
        "(" + ", ".join(f"({lat}, {lon})" for lat, lon in TRIANGLE) + ")",
        ",".join(f"({lat},{lon})" for lat, lon in [*TRIANGLE, TRIANGLE[0]]),
    ],
)
def test_within_a_polygon(codes, text):
    shape = shapely.Polygon([(lon, lat) for lat, lon in TRIANGLE])
    inside = expected(lambda row: row["centre"] is not None and shape.contains(shapely.Point(row["centre"])))
    assert 5 < len(inside) < 60
    assert codes(geofilter__polygon=text) == inside


def in_box(row, south, west, north, east):
    return row["centre"] is not None and west <= row["centre"][0] <= east and south <= row["centre"][1] <= north


def test_within_the_bounds_of_a_map(codes):
    assert codes(geofilter__bbox="46.5,-1.5,47.5,-0.5") == expected(lambda row: in_box(row, 46.5, -1.5, 47.5, -0.5))
    everywhere = expected(lambda row: row["centre"] is not None)
    for world in ("-90,-180,90,180", "-120,-500,120,500", "-89.9,-181.5,89.9,181.5"):
        assert codes(geofilter__bbox=world) == everywhere
    around = expected(lambda row: in_box(row, 46, -1, 48, 0))
    assert codes(geofilter__bbox="46,359,48,360") == around  # the world is round
    assert codes(geofilter__bbox="46,170,48,-170") == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("distance", "47"),
        ("distance", "47,-1,-5"),
        ("distance", "a,b,c"),
        ("distance", "47,-1,5,6"),
        ("distance", "nan,1,2"),
        ("distance", "1e999,1,2"),
        ("distance", "200,1,2"),
        ("distance", "47,-1,5km"),
        ("polygon", "(47,-1)"),
        ("polygon", "(47,-1),(48,-1)"),
        ("polygon", "(47,-1),(47,-1),(47,-1)"),
        ("polygon", "47,-1,48,-1,47,0"),
        ("polygon", "(47,-1),(48,-1),(47,0"),
        ("polygon", "(1,1)," * 5000),
        ("polygon", "((((1,1)))"),
        ("polygon", "(91,0),(0,1),(1,1)"),
        ("polygon", "(47,-1);DROP"),
        ("bbox", "1,2,3"),
        ("bbox", "a,b,c,d"),
        ("bbox", "inf,1,2,3"),
        ("bbox", "1,2,3," + "9" * 10_000),
        ("polygon", "(" * 20_000),
        ("distance", " " * 19_000),
    ],
)
def test_a_place_that_is_none_is_refused(ask, name, value):
    assert ask("search", status=400, **{f"geofilter__{name}": value})["errorcode"] == 400


def test_a_polygon_that_crosses_itself_is_no_fault(client, lieux):
    answer = client.get(SEARCH, {"dataset": "lieux", "geofilter.polygon": "(46,-2),(48,0),(46,0),(48,-2)"})
    assert answer.status_code == 200
