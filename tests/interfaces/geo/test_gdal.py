"""GDAL 3.6 of Debian, unmodified, by its commands: OAPIF, WFS, MVT, FlatGeobuf by ranges. (A newer GDAL, of pyogrio, reads the same
interfaces in the tests of each of them.)"""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from tests.interfaces.geo.desktop import gdal
from tests.interfaces.geo.world import OF, STOPS

pytestmark = pytest.mark.django_db(transaction=True)
BOX = ("-1.60", "47.19", "-1.50", "47.25")
KINDS = {"arrets": "Point", "voies": "Line String", "zones": "Polygon"}
TILE = (12, 2030, 1437)
"""Zoom, column, row of a tile of WebMercatorQuad that holds stops."""


def stops(*wanted) -> list[str]:
    """Codes of the stops whose number fulfils every condition."""
    return [f"A{i:05}" for i in range(STOPS) if all(one(i) for one in wanted)]


def boxed(i: int) -> bool:
    west, south, east, north = map(float, BOX)
    x, y = -1.70 + (i % 50) * 0.006, 47.15 + (i // 50) * 0.003
    return west <= x <= east and south <= y <= north


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def counted(summary: str) -> int:
    found = re.search(r"Feature Count: (\d+)", summary)
    assert found, summary
    return int(found[1])


def test_features_api(server, tmp_path):
    source = f"OAPIF:{server}/ogc"
    layers = gdal(tmp_path, "ogrinfo", "-ro", "-q", source)
    for slug, kind in KINDS.items():
        assert re.search(rf"\b{slug}\b", layers)
        summary = gdal(tmp_path, "ogrinfo", "-ro", "-so", source, slug)
        assert counted(summary) == OF[slug].rows
        assert kind in summary or "Unknown (any)" in summary
    read = rows(gdal(tmp_path, "ogr2ogr", "-f", "CSV", "/vsistdout/", source, "arrets", "-oo", "PAGE_SIZE=1000"))
    assert [one["code"] for one in read] == stops()
    table = rows(gdal(tmp_path, "ogr2ogr", "-f", "CSV", "/vsistdout/", source, "annuaire"))
    assert len(table) == OF["annuaire"].rows


def test_features_api_filtered(server, tmp_path):
    source = f"OAPIF:{server}/ogc"
    command = ("ogr2ogr", "-f", "CSV", "/vsistdout/", source, "arrets", "-oo", "PAGE_SIZE=1000")
    assert [one["code"] for one in rows(gdal(tmp_path, *command, "-spat", *BOX))] == stops(boxed)
    named = rows(gdal(tmp_path, *command, "-where", "nom = 'Gare Sud' AND quais > 8"))
    assert [one["code"] for one in named] == stops(lambda i: i % 4 == 1, lambda i: i % 17 > 8)
    both = rows(gdal(tmp_path, *command, "-spat", *BOX, "-where", "nom = 'Gare Sud'"))
    assert [one["code"] for one in both] == stops(boxed, lambda i: i % 4 == 1)


def test_feature_service(server, tmp_path):
    source = f"WFS:{server}/wfs"
    names = {
        slug: name
        for name in re.findall(r"\d+: (\S+)", gdal(tmp_path, "ogrinfo", "-ro", source))
        for slug in [name.rpartition(":")[2]]
    }
    for slug in KINDS:
        assert counted(gdal(tmp_path, "ogrinfo", "-ro", "-so", source, names[slug])) == OF[slug].rows
    command = ("ogr2ogr", "-f", "CSV", "/vsistdout/", source, names["arrets"])
    assert sorted(one["code"] for one in rows(gdal(tmp_path, *command, "-spat", *BOX))) == stops(boxed)
    named = rows(gdal(tmp_path, *command, "-where", "nom = 'Gare Sud' AND quais > 8"))
    assert sorted(one["code"] for one in named) == stops(lambda i: i % 4 == 1, lambda i: i % 17 > 8)


def test_vector_tile(server, tmp_path):
    zoom, column, row = TILE
    address = f"/vsicurl/{server}/tiles/arrets/{zoom}/{column}/{row}.mvt"
    found = json.loads(
        gdal(tmp_path, "ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "/vsistdout/", address, "arrets")
    )
    assert found["features"]
    counted = sum(one["properties"].get("_count", 1) for one in found["features"])
    assert counted > 100
    for feature in found["features"]:
        x, y = (
            feature["geometry"]["coordinates"][:2]
            if feature["geometry"]["type"] == "Point"
            else feature["geometry"]["coordinates"][0]
        )
        assert -1.80 < x < -1.30
        assert 47.05 < y < 47.40


def test_flatgeobuf_by_ranges(server, tmp_path):
    address = f"/vsicurl/{server}/tiles/arrets.fgb"
    assert counted(gdal(tmp_path, "ogrinfo", "-ro", "-so", "-al", address)) == STOPS
    read = rows(gdal(tmp_path, "ogr2ogr", "-f", "CSV", "/vsistdout/", address, "-spat", *BOX))
    assert sorted(one["code"] for one in read) == stops(boxed)
