"""OGC API – Tiles part 1, its abstract tests re-expressed (20-057, annex A), with those of tile matrix sets (17-083r4)."""

from __future__ import annotations

import json
import math

import pytest

from tests.oracles import OPENAPI
from tests.publish.ogc.test_core import PROGRAM

REL = "http://www.opengis.net/def/rel/ogc/1.0/"
MVT = "application/vnd.mapbox-vector-tile"


def one(document, rel):
    found = [link for link in document["links"] if link["rel"] == rel]
    assert found, (rel, document["links"])
    return found[0]


def path(link):
    return link["href"].removeprefix("http://testserver")


def test_classes_that_are_followed(ask):
    classes = set(ask("/ogc/conformance")["conformsTo"])
    for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "json", "oas30"):
        assert f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}" in classes
    assert "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset" in classes


def test_from_the_landing_page_to_a_tile(ask):
    """By links alone, as a client that knows relations and no address."""
    listed = ask(path(one(ask("/ogc/"), f"{REL}tiling-schemes")))
    assert {grid["id"] for grid in listed["tileMatrixSets"]} == {"WebMercatorQuad", "LAMB93"}
    collection = ask("/ogc/collections/arbres")
    tilesets = ask(path(one(collection, f"{REL}tilesets-vector")))["tilesets"]
    assert len(tilesets) == 2
    for listed_one in tilesets:
        assert listed_one["dataType"] == "vector"
        described = ask(path(one(listed_one, "self")))
        assert (described["crs"], described["dataType"]) == (listed_one["crs"], "vector")
        grid = ask(path(one(described, f"{REL}tiling-scheme")))
        assert grid["crs"] == described["crs"]
        assert described.get("tileMatrixSetURI") == grid.get("uri")
        item = one(described, "item")
        assert (item["templated"], item["type"]) == (True, MVT)
        answer = ask.raw(path(item).format(tileMatrix="0", tileRow=0, tileCol=0))
        assert (answer.status_code, answer["Content-Type"]) == (200, MVT)


def test_what_a_tileset_says(ask):
    described = ask("/ogc/collections/arbres/tiles/WebMercatorQuad")
    (layer,) = described["layers"]
    assert (layer["id"], layer["geometryDimension"]) == ("arbres", 0)
    assert set(layer["propertiesSchema"]["properties"]) == {"id", "n", "kind", "planted"}
    assert described["boundingBox"]["lowerLeft"] == [-2.0, 46.5]
    shapes = ask("/ogc/collections/lieux/tiles/WebMercatorQuad")["layers"][0]
    assert shapes["geometryDimension"] == 2


@pytest.mark.parametrize("name", ["WebMercatorQuad", "LAMB93"])
def test_grids_are_those_of_the_standard(ask, name):
    grid = ask(f"/ogc/tileMatrixSets/{name}")
    assert grid["id"] == name
    previous = None
    for matrix in grid["tileMatrices"]:
        assert math.isclose(matrix["scaleDenominator"], matrix["cellSize"] / 0.000_28)
        assert (matrix["tileWidth"], matrix["cornerOfOrigin"]) == (256, "topLeft")
        assert matrix["matrixWidth"] == 1 << int(matrix["id"])
        if previous:
            assert math.isclose(previous["cellSize"], 2 * matrix["cellSize"])
        previous = matrix


def test_the_web_grid_is_the_registered_one(ask):
    """Figures of 17-083r4, annex D."""
    grid = ask("/ogc/tileMatrixSets/WebMercatorQuad")
    first = grid["tileMatrices"][0]
    assert math.isclose(first["scaleDenominator"], 559_082_264.028_717_8, rel_tol=1e-9)
    assert math.isclose(first["cellSize"], 156_543.033_928_04, rel_tol=1e-9)
    assert math.isclose(first["pointOfOrigin"][0], -20_037_508.342_789_2, rel_tol=1e-9)
    assert grid["uri"].endswith("/WebMercatorQuad")


def test_pages_for_people(ask):
    for address in (
        "tileMatrixSets",
        "tileMatrixSets/LAMB93",
        "collections/arbres/tiles",
        "collections/arbres/tiles/LAMB93",
    ):
        response = ask.raw(f"/ogc/{address}", f="html")
        assert (response.status_code, response["Content-Type"].partition(";")[0]) == (200, "text/html")
    assert ask.raw("/ogc/tileMatrixSets/absent").status_code == 404


def test_tilejson_is_what_web_maps_read(ask):
    described = ask("/tiles/arbres.json", kind="chêne", properties="n")
    assert (described["tilejson"], described["scheme"], described["bounds"]) == (
        "3.0.0",
        "xyz",
        [-2.0, 46.5, 0.016, 48.524],
    )
    (layer,) = described["vector_layers"]
    assert (layer["id"], set(layer["fields"])) == ("arbres", {"n", "_id", "_count"})
    (template,) = described["tiles"]
    assert template.startswith("http://testserver/tiles/arbres/{z}/{x}/{y}.mvt?")
    oaks = ask("/ogc/collections/arbres/items", resultType="hits", kind="chêne")["numberMatched"]
    found = ask.features(template.removeprefix("http://testserver").format(z=0, x=0, y=0))
    assert sum(int(each.get("_count", 1)) for each in found) == oaks


def test_the_description_is_valid_and_names_operations_as_the_standard_does(ask, tmp_path):
    document = ask("/ogc/api")
    tile = document["paths"]["/collections/{collectionId}/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"][
        "get"
    ]
    assert tile["operationId"].endswith(".collection.vector.getTile")
    assert MVT in tile["responses"]["200"]["content"]
    names = {each["operationId"] for item in document["paths"].values() for each in item.values()}
    assert {
        "getTileMatrixSetsList",
        "getTileMatrixSet",
        ".collection.vector.getTileSetsList",
        ".collection.vector.getTileSet",
    } <= names
    program = tmp_path / "validate.py"
    program.write_text(PROGRAM, encoding="utf-8")
    assert OPENAPI.run(program, text=json.dumps(document)).strip() == "valid"
