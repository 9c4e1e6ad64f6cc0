"""Every door of maps, asked in two worlds that differ in what is kept: readers are told the same, byte for byte."""

from __future__ import annotations

import json
import re

import pytest

from tests.security.gis.world import ALL, LAYERS, arcgis, first, items, ows
from tests.security.hidden.world import World

pytestmark = pytest.mark.django_db
READERS = ("member",)
"""They see a part of most of it. Strangers see less, by the same rules."""
BOX = "-1.8,47.0,-1.1,47.5"
AROUND = {"crs": "CRS:84", "bbox": BOX, "width": "64", "height": "64", "format": "image/png", "version": "1.3.0"}
GEOMETRY = {"colonnes": "zone"} | {slug: name for slug, (_columns, _rows, name, _kind) in LAYERS.items()}
EVERYWHERE = json.dumps({"xmin": -1.8, "ymin": 47.0, "xmax": -1.1, "ymax": 47.5, "spatialReference": {"wkid": 4326}})
STATISTICS = json.dumps([{"statisticType": "count", "onStatisticField": "OBJECTID", "outStatisticFieldName": "n"}])


def doors(slug: str) -> dict[str, str]:
    """Addresses at which a layer is read, by name."""
    found = {
        f"items {name}": items(slug, f=name, limit="50") for name in ("json", "jsonfg", "html", "csv", "fgb", "parquet")
    }
    found |= {
        "hits": items(slug, resultType="hits"),
        "hits in a box": items(slug, resultType="hits", bbox=BOX),
        "hits far away": items(slug, resultType="hits", bbox="-1.25,47.3,-1.1,47.5"),
        "lambert": items(slug, crs="http://www.opengis.net/def/crs/EPSG/0/2154", limit="50"),
        "tiles": f"/tiles/{slug}/9/253/179.mvt",
        "tile of the earth": f"/tiles/{slug}/0/0/0.mvt",
        "deep tile": f"/tiles/{slug}/14/8121/5749.mvt",
        "tile of lambert": f"/ogc/collections/{slug}/tiles/LAMB93_10cm/5/13/5",
        "tile filtered": f"/tiles/{slug}/0/0/0.mvt?filter=1=1",
        "tilejson": f"/tiles/{slug}.json",
        "tileset": f"/ogc/collections/{slug}/tiles/WebMercatorQuad",
        "archive": f"/tiles/{slug}.pmtiles",
        "features": f"/tiles/{slug}.fgb",
        "collection": f"/ogc/collections/{slug}",
        "queryables": f"/ogc/collections/{slug}/queryables",
        "schema": f"/ogc/collections/{slug}/schema",
        "styles": f"/ogc/collections/{slug}/styles",
        "usual style": f"/ogc/collections/{slug}/styles/usual?f=mapbox",
        "sld": f"/ogc/collections/{slug}/styles/usual?f=sld10",
        "map": ows("wms", "GetMap", layers=slug, styles="", **AROUND),
        "map filtered": ows("wms", "GetMap", layers=slug, styles="", cql_filter="1=1", **AROUND),
        "what is here": ows("wms", "GetFeatureInfo", layers=slug, query_layers=slug, feature_count="50",
                            info_format="application/json", **AROUND | {"width": "3", "height": "3"}, i="1", j="1"),
        "legend": ows("wms", "GetLegendGraphic", layer=slug, format="image/png"),
        "wms capabilities": f"/wms/{slug}?service=WMS&request=GetCapabilities",
        "wmts": f"/wmts/{slug}/default/WebMercatorQuad/9/179/253.png",
        "wmts capabilities": f"/wmts/{slug}?service=WMTS&request=GetCapabilities",
        "wfs capabilities": f"/wfs/{slug}?service=WFS&request=GetCapabilities",
        "wfs": ows("wfs", "GetFeature", version="2.0.0", typenames=slug, count="50"),
        "wfs in json": ows("wfs", "GetFeature", version="2.0.0", typenames=slug, outputformat="application/json"),
        "wfs hits": ows("wfs", "GetFeature", version="2.0.0", typenames=slug, resulttype="hits"),
        "wfs backwards": ows("wfs", "GetFeature", version="2.0.0", typenames=slug, count="1", startindex="1"),
        "wfs type": ows("wfs", "DescribeFeatureType", version="2.0.0", typenames=slug),
        "arcgis": arcgis(slug, where="1=1", outFields="*"),
        "arcgis by number": arcgis(slug, where="1=1", outFields="*", orderByFields="OBJECTID DESC"),
        "arcgis count": arcgis(slug, where="1=1", returnCountOnly="true"),
        "arcgis numbers": arcgis(slug, where="1=1", returnIdsOnly="true"),
        "arcgis extent": arcgis(slug, where="1=1", returnExtentOnly="true", outSR="2154"),
        "arcgis place": arcgis(slug, geometry=EVERYWHERE, geometryType="esriGeometryEnvelope", returnCountOnly="true"),
        "arcgis statistics": arcgis(slug, where="1=1", outStatistics=STATISTICS),
        "arcgis layer": f"/arcgis/rest/services/{slug}/FeatureServer/0?f=json",
        "arcgis service": f"/arcgis/rest/services/{slug}/FeatureServer?f=json",
        "record": f"/explore/dataset/{slug}/iso19139.xml",
        "qgis layer": f"/qgis/{slug}.qlr",
        "qgis project": f"/qgis/{slug}.qgs",
        "map page": f"/explore/dataset/{slug}/map/",
        "places": f"/explore/dataset/{slug}/map/places/?bbox={BOX}",
        "map tile": f"/explore/dataset/{slug}/map/tiles/0/0/0.mvt?q=e",
        "sheet": f"/explore/dataset/{slug}/map/sheet/?paper=a4&scale=25000",
    }  # fmt: skip
    return found


QUICK = frozenset(
    {
        "items json",
        "tiles",
        "tile of lambert",
        "tilejson",
        "archive",
        "collection",
        "map",
        "wfs",
        "arcgis extent",
        "record",
        "places",
    }
)


@pytest.mark.parametrize("door", first(QUICK, doors("x")))
def test_readers_are_told_the_same(world: World, door: str) -> None:
    same(world, doors("arbres")[door], steward=False)


@pytest.mark.slow
@pytest.mark.parametrize("slug", ALL)
@pytest.mark.parametrize("door", doors("x"))
def test_readers_of_any_layer_are_told_the_same(world: World, slug: str, door: str) -> None:
    same(world, doors(slug)[door], steward=False)


def same(world: World, address: str, *, steward: bool = True) -> None:
    """The worlds are one to the readers; two to the steward, or the attempt would prove nothing."""
    told = world.told(address, *READERS, *(["steward"] if steward else []))
    for reader in READERS:
        first, second = (VERSION.sub("", one) for one in told[reader])
        assert first == second, f"to the {reader}, the worlds are not the same"
    assert not steward or told["steward"][0] != told["steward"][1]


VERSION = re.compile(r"version=[0-9a-f]{16}|version=\w{20,}|\"version\": \"[12]\\.0\\.0\"")
"""Which version it is, which is no secret: published again, the same rows are another one."""
