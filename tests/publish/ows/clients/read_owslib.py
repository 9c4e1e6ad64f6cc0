"""OWSLib, unmodified, by its own Python: WFS, WMS and WMTS."""

import json
import sys

from owslib.etree import etree
from owslib.fes2 import And, PropertyIsGreaterThan, PropertyIsLike
from owslib.wfs import WebFeatureService
from owslib.wms import WebMapService
from owslib.wmts import WebMapTileService

address, slug = sys.argv[1:]
wfs = WebFeatureService(f"{address}/wfs", version="2.0.0")
name = f"bocage:{slug}"
condition = And(
    [PropertyIsGreaterThan("pop", "20"), PropertyIsLike("nom", "*a*", wildCard="*", singleChar=".", escapeChar="!")]
)
written = (
    f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0">{etree.tostring(condition.toXML()).decode()}</fes:Filter>'
)


def matched(**given):
    answer = wfs.getfeature(typename=name, **given).read()
    return int(etree.fromstring(answer).get("numberMatched"))


def image(answer):
    return answer.read()[:4].hex()


newer, older = (WebMapService(f"{address}/wms", version=version) for version in ("1.3.0", "1.1.1"))
maps = [
    one.getmap(
        layers=[slug], srs="EPSG:4326", bbox=(-2, 46, 0, 48), size=(100, 100), format="image/png", transparent=True
    )
    for one in (newer, older)
]
wmts = WebMapTileService(f"{address}/wmts")
json.dump({
    "types": sorted(wfs.contents), "title": wfs.contents[name].title, "box": wfs.contents[name].boundingBoxWGS84,
    "crs": [one.getcode() for one in wfs.contents[name].crsOptions],
    "schema": wfs.get_schema(name)["properties"], "geometry": wfs.get_schema(name)["geometry_column"],
    "all": matched(), "boxed": matched(bbox=(-2, 46, -1, 47, "urn:ogc:def:crs:EPSG::4326")), "filtered": matched(filter=written),
    "stored": [one.id for one in wfs.storedqueries],
    "layers": sorted(newer.contents), "older": sorted(older.contents), "maps": [image(one) for one in maps],
    "info": newer.getfeatureinfo(layers=[slug], query_layers=[slug], srs="CRS:84", bbox=(-2, 46, 0, 48), size=(100, 100),
                                 xy=(50, 50),
                                 info_format="application/json", format="image/png").read().decode(),
    "tile": image(wmts.gettile(layer=slug, tilematrixset="WebMercatorQuad", tilematrix="7", row=44, column=63, format="image/png")),
    "grids": sorted(wmts.tilematrixsets),
}, sys.stdout)  # fmt: skip
