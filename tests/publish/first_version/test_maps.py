"""What maps read: clusters, shapes, previews, bounds."""

from __future__ import annotations

import math
from collections import Counter

import pytest
import shapely

from tests.query.table import ROWS

pytestmark = pytest.mark.django_db
PLACED = [row for row in ROWS if row["centre"] is not None]
DRAWN = [row for row in ROWS if row["contour"] is not None]


def test_clusters_hold_every_position_once(ask):
    for zoom in (0, 5, 8, 12, 20):
        found = ask("geocluster", clusterprecision=zoom, clusterdistance=50)
        counts = [cluster["count"] for cluster in found["clusters"]]
        assert sum(counts) == len(PLACED)
        assert found["count"] == {"min": min(counts), "max": max(counts)}
    assert counts == [1] * len(PLACED)


def test_a_cluster_is_drawn_around_its_positions(ask):
    found = ask("geocluster", clusterprecision=3)
    points = shapely.MultiPoint([row["centre"] for row in PLACED])
    hulls = shapely.union_all([shapely.geometry.shape(cluster["cluster"]) for cluster in found["clusters"]])
    assert hulls.buffer(1e-9).contains(points)
    for cluster in found["clusters"]:
        lat, lon = cluster["cluster_center"]
        assert shapely.geometry.shape(cluster["cluster"]).buffer(1e-6).contains(shapely.Point(lon, lat))


@pytest.mark.parametrize("way", [{"clustermode": "heatmap"}, {"return_polygons": "false"}])
def test_without_outlines(ask, way):
    assert all(
        cluster.keys() == {"cluster_center", "count"}
        for cluster in ask("geocluster", clusterprecision=6, **way)["clusters"]
    )


def test_series_of_clusters(ask):
    found = ask("geocluster", clusterprecision=0, clusterdistance=4096, y__serie1__func="SUM", y__serie1__expr="pop")
    total = sum(row["pop"] or 0 for row in PLACED)
    assert [cluster["series"] for cluster in found["clusters"]] == [{"serie1": total}]
    assert found["series"] == {"serie1": {"min": total, "max": total}}


def test_clusters_of_what_is_found(ask):
    found = ask("geocluster", clusterprecision=10, q="pop>30", geofilter__bbox="46,-2,47,-1")
    kept = [row for row in PLACED if (row["pop"] or 0) > 30 and row["centre"][0] <= -1 and row["centre"][1] <= 47]
    assert sum(cluster["count"] for cluster in found["clusters"]) == len(kept)


@pytest.mark.parametrize(
    "parameters",
    [
        {}, {"clusterprecision": "x"}, {"clusterprecision": "-1"}, {"clusterprecision": "9" * 500}, {"clusterprecision": "nan"},
        {"clusterprecision": "3", "clusterdistance": "-5"}, {"clusterprecision": "3", "geo_field": "nom"},
        {"clusterprecision": "3", "geo_field": "absent"}, {"clusterprecision": "3", "y.a.func": "AVG"},
    ],
)  # fmt: skip
def test_clusters_refused(ask, parameters):
    assert ask("geocluster", status=400, **parameters)["errorcode"] == 400


def test_a_zoom_between_two_is_the_first(ask):
    assert ask("geocluster", clusterprecision="7.8", clusterdistance="33.3") == ask(
        "geocluster", clusterprecision=7, clusterdistance=33
    )
    assert ask("geocluster", clusterprecision=40)["clusters"]


def test_shapes_with_their_statistics(ask):
    found = ask("geopolygon", clusterprecision=8, y__serie1__func="MAX", y__serie1__expr="pop")
    wanted = {row["contour"].normalize().wkt: row["pop"] for row in DRAWN}
    told = {shapely.geometry.shape(c["cluster"]).normalize().wkt: c["series"]["serie1"] for c in found["clusters"]}
    assert told == wanted
    pops = [pop for pop in wanted.values() if pop is not None]
    assert found["series"]["serie1"] == {"min": min(pops), "max": max(pops)}
    assert found["count"] == {"min": 1, "max": 1}


def test_the_same_shape_is_told_once(ask):
    """Positions of one field, counted together whatever else differs."""
    found = ask("geopolygon", geo_field="centre")
    told = Counter({tuple(cluster["cluster"]["coordinates"]): cluster["count"] for cluster in found["clusters"]})
    assert told == Counter(row["centre"] for row in PLACED)


def test_the_digest_of_a_shape_finds_its_record(ask):
    for endpoint in ("geopolygon", "geopreview"):
        answer = ask(endpoint, clusterprecision=20)
        for one in (answer["clusters"] if endpoint == "geopolygon" else answer)[:3]:
            found = ask("search", geo_digest=one["geo_digest"])
            assert found["nhits"] == 1
            shape = shapely.geometry.shape(one["cluster" if endpoint == "geopolygon" else "geometry"])
            assert shapely.equals(shapely.geometry.shape(found["records"][0]["fields"]["contour"]), shape)
    assert ask("search", geo_digest="absent")["nhits"] == 0


def test_previews_are_simpler_from_afar(ask):
    near, far = (ask("geopreview", clusterprecision=zoom) for zoom in (22, 2))
    assert len(near) == len(far) == len(DRAWN)
    assert [one.keys() for one in near] == [{"geometry", "geo_digest"}] * len(DRAWN)
    for one, row in zip(near, DRAWN, strict=True):
        assert shapely.equals(shapely.geometry.shape(one["geometry"]), row["contour"])
    assert len(ask("geopreview", rows=3)) == 3
    assert {one["geometry"]["type"] for one in ask("geopreview", geo_field="centre")} == {"Point"}


def test_bounds(ask):
    found = ask("boundingbox")
    lons, lats = zip(*(row["centre"] for row in PLACED), strict=True)
    assert found["count"] == len(PLACED)
    assert found["bbox"] == pytest.approx([min(lons), min(lats), max(lons), max(lats)])
    one = ask("boundingbox", q=f"code:{PLACED[0]['code']}")
    assert one["count"] == 1
    assert all(math.isclose(*pair) for pair in zip(one["bbox"], [*PLACED[0]["centre"]] * 2, strict=True))
    assert ask("boundingbox", q="pop>1000") == {
        "count": 0, "bbox": [-180, -90, 180, 90], "parameters": {"dataset": "lieux", "q": "pop>1000", "timezone": "UTC"},
    }  # fmt: skip
