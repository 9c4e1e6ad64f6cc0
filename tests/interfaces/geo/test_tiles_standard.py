"""OGC API – Tiles, part 1 (20-057), annex A: core, tileset, tilesets list, geodata tilesets, MVT; grids (17-083r4); TileJSON 3.

By the links and templates that the server gives; tiles are read by a strict reader, which is not the writer."""

from __future__ import annotations

import gzip
import json
import math
import re
from itertools import pairwise

import pytest

from tests.interfaces.geo.service import Service
from tests.interfaces.geo.world import DRAWN, OF
from tests.query.tiles.reading import LINE, POINT, POLYGON, Feature, Layer
from tests.query.tiles.reading import read as read_layer

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
MVT = "application/vnd.mapbox-vector-tile"
CLASSES = ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt")
PIXEL = 0.00028
"""Metres of a pixel of a screen, of the standard of grids."""
EARTH = 20037508.342789244
KINDS = {"Point": POINT, "LineString": LINE, "Polygon": POLYGON}
MOST = 500_000
"""Bytes: no tile may be larger."""


def tilesets(service: Service, slug: str) -> list[dict]:
    """Each whole, by its own address."""
    listed = service.json(service.follow(service.collection(slug), f"{REL}tilesets-vector"))["tilesets"]
    return [service.json(service.follow(one, "self")) for one in listed]


def grid_of(service: Service, tileset: dict) -> dict:
    return service.json(service.follow(tileset, f"{REL}tiling-scheme"))


def filled(template: str, matrix: object, row: object, column: object) -> str:
    named = {"tileMatrix": matrix, "tileRow": row, "tileCol": column}
    return re.sub(r"\{(\w+)\}", lambda found: str(named[found[1]]), template)


def over(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Row and column of the tile of WebMercatorQuad that holds a position."""
    across = 2**zoom
    return int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * across), int((lon + 180) / 360 * across)


def read(service: Service, address: str) -> dict[str, Layer]:
    response = service.get(address)
    assert response.status_code in (200, 204), response.content[:300]
    assert len(response.content) <= MOST
    if response.status_code == 204:
        return {}
    assert response["Content-Type"] == MVT
    content = gzip.decompress(response.content) if response.get("Content-Encoding") == "gzip" else response.content
    layer = read_layer(content)
    return {layer.name: layer}


def within(feature: Feature, extent: int) -> bool:
    return all(0 <= x < extent and 0 <= y < extent for part in feature.parts for x, y in part)


def web_mercator(service: Service, slug: str) -> dict:
    return next(one for one in tilesets(service, slug) if one.get("tileMatrixSetURI", "").endswith("WebMercatorQuad"))


def test_declared(service: Service):
    assert {f"ogcapi-tiles-1/1.0/conf/{one}" for one in CLASSES} <= service.classes


@pytest.mark.parametrize("slug", DRAWN)
def test_tilesets(service: Service, slug: str):
    """/conf/tilesets-list, /conf/tileset: what is listed says the same when it is alone, with its grid and its template."""
    listed = service.json(service.follow(service.collection(slug), f"{REL}tilesets-vector"))["tilesets"]
    assert listed
    for one, whole in zip(listed, tilesets(service, slug), strict=True):
        assert {key: whole[key] for key in ("title", "dataType", "crs")} == {
            key: one[key] for key in ("title", "dataType", "crs")
        }
        assert (whole["dataType"], grid_of(service, whole)["crs"]) == ("vector", whole["crs"])
        template = next(link for link in whole["links"] if link["rel"] == "item")
        assert (template["type"], template["templated"]) == (MVT, True)
        assert set(re.findall(r"\{(\w+)\}", template["href"])) == {"tileMatrix", "tileRow", "tileCol"}
        assert [layer["id"] for layer in whole["layers"]] == [slug]


def test_a_table_has_no_tiles(service: Service):
    assert not any("tilesets" in link["rel"] for link in service.collection("annuaire")["links"])


def test_grids(service: Service):
    """17-083r4: each zoom halves the cell of the one before and covers what it covers; scales are of the standard pixel."""
    listed = service.json(service.follow(service.landing, f"{REL}tiling-schemes"))["tileMatrixSets"]
    assert {one["id"] for one in listed} >= {"WebMercatorQuad"}
    for one in listed:
        grid = service.json(service.follow(one, "self"))
        matrices = grid["tileMatrices"]
        assert [matrix["id"] for matrix in matrices] == [str(zoom) for zoom in range(len(matrices))]
        for matrix in matrices:
            assert matrix["scaleDenominator"] == pytest.approx(matrix["cellSize"] / PIXEL, rel=1e-6)
            assert len(matrix["pointOfOrigin"]) == 2
        for above, below in pairwise(matrices):
            assert below["cellSize"] == pytest.approx(above["cellSize"] / 2, rel=1e-9)
            for side in ("Width", "Height"):
                assert below[f"matrix{side}"] in (2 * above[f"matrix{side}"], 2 * above[f"matrix{side}"] - 1)


def test_web_mercator_is_that_of_the_register(service: Service):
    grid = grid_of(service, web_mercator(service, "arrets"))
    first = grid["tileMatrices"][0]
    assert (first["matrixWidth"], first["matrixHeight"], first["tileWidth"]) == (1, 1, first["tileHeight"])
    assert first["cellSize"] * first["tileWidth"] == pytest.approx(2 * EARTH)
    assert first["pointOfOrigin"] == pytest.approx([-EARTH, EARTH])


@pytest.mark.parametrize("slug", ["arrets", "voies", "zones"])
def test_tiles_hold_what_is_there(service: Service, slug: str):
    """/conf/core/tc-success, /conf/mvt: the whole layer is in the tiles of a deep zoom, each feature named once or more."""
    template = service.follow(web_mercator(service, slug), "item")
    west, south, east, north = OF[slug].bbox
    zoom = 14
    top, left = over(west, north, zoom)
    bottom, right = over(east, south, zoom)
    seen: set[str] = set()
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            layers = read(service, filled(template, zoom, row, column))
            assert set(layers) <= {slug}
            for feature in layers[slug].features if layers else ():
                assert feature.kind == KINDS[OF[slug].kind]
                seen.add(feature.properties["code"])
                assert all(-4096 <= x <= 8192 and -4096 <= y <= 8192 for part in feature.parts for x, y in part)
    assert len(seen) == OF[slug].rows


@pytest.mark.parametrize("zoom", [0, 4, 8, 11])
def test_nothing_is_lost_where_features_are_gathered(service: Service, zoom: int):
    """Those that stand for several say for how many: their sum is what is there, at every zoom above the deep ones."""
    template = service.follow(web_mercator(service, "arrets"), "item")
    west, south, east, north = OF["arrets"].bbox
    top, left = over(west, north, zoom)
    bottom, right = over(east, south, zoom)
    total = 0
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            layers = read(service, filled(template, zoom, row, column))
            for feature in layers["arrets"].features if layers else ():
                if within(feature, layers["arrets"].extent):  # those of the margin are of the neighbour
                    total += feature.properties.get("_count", 1)
    assert total == OF["arrets"].rows


@pytest.mark.parametrize("slug", ["arrets", "zones"])
def test_plain_addresses_give_the_same_tiles(service: Service, slug: str):
    """TileJSON 3: its template, of columns then rows, against that of the standard, of rows then columns."""
    told = service.json(f"/tiles/{slug}.json", "")
    assert (told["tilejson"], [one["id"] for one in told["vector_layers"]]) == ("3.0.0", [slug])
    assert told["bounds"] == pytest.approx(OF[slug].bbox, abs=1e-3)
    template = service.follow(web_mercator(service, slug), "item")
    row, column = over(-1.6, 47.2, 12)
    plain = service.get(told["tiles"][0].replace("{z}", "12").replace("{x}", str(column)).replace("{y}", str(row)))
    assert plain.status_code == 200
    assert plain.content == service.get(filled(template, 12, row, column)).content


def test_properties_and_filters(service: Service):
    template = service.follow(web_mercator(service, "arrets"), "item")
    address = filled(template, 14, *over(-1.58, 47.2, 14))
    bare = read(service, f"{address}&properties=quais")["arrets"].features
    assert {name for one in bare for name in one.properties} - {"_id", "_count"} == {"quais"}
    kept = read(service, f"{address}&filter=quais%20%3E%208&filter-lang=cql2-text")["arrets"].features
    assert kept
    assert all(one.properties["quais"] > 8 for one in kept)
    assert len(kept) < len(bare)


@pytest.mark.parametrize(
    ("matrix", "row", "column", "status"),
    [("0", "0", "0", 200), ("99", "0", "0", 404), ("-1", "0", "0", 404), ("2", "4", "0", 404), ("2", "0", "4", 404),
     ("2", "-1", "0", 404), ("two", "0", "0", 404), ("2", "9" * 50, "0", 404), ("2", "1.5", "0", 404)],
)  # fmt: skip
def test_numbers_outside(service: Service, matrix: str, row: str, column: str, status: int):
    """/conf/core/tc-error: 404 for what no tile has, 400 for what is no number; never a fault."""
    template = service.follow(web_mercator(service, "arrets"), "item")
    response = service.get(filled(template, matrix, row, column))
    assert response.status_code in ({200, 204} if status == 200 else {400, 404})
    if status != 200:
        assert json.loads(response.content)["code"]


def test_validators(service: Service):
    address = filled(service.follow(web_mercator(service, "arrets"), "item"), 14, *over(-1.58, 47.2, 14))
    first = service.get(address)
    assert first["ETag"]
    again = service.client.get(address.removeprefix("http://testserver"), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
