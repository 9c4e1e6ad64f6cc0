"""GDAL's own driver of OGC API – Features, unmodified: layers, counts, filters, coordinates, as JSON on the output."""

import json
import sys

import pyogrio
import shapely

address, slug = sys.argv[1:]
source = f"OAPIF:{address}/ogc"
layers = sorted(name for name, _kind in pyogrio.list_layers(source))
described = pyogrio.read_info(source, layer=slug)
whole = pyogrio.raw.read(source, layer=slug)
boxed = pyogrio.raw.read(source, layer=slug, bbox=(-2.0, 46.0, -1.0, 47.0))
filtered = pyogrio.raw.read(source, layer=slug, where="nom = 'Nantes'")
small = pyogrio.raw.read(source, layer=slug, PAGE_SIZE="7")
projected = pyogrio.raw.read(source, layer=slug, CRS="http://www.opengis.net/def/crs/EPSG/0/2154")


def codes(found):
    return [str(one) for one in found[3][list(found[0]["fields"]).index("code")]]


def points(found):
    return [
        None if one is None else [list(map(float, xy)) for xy in shapely.get_coordinates(shapely.from_wkb(one))]
        for one in found[2]
    ]


json.dump({
    "layers": layers, "features": int(described["features"]),
    "fields": {name: str(kind) for name, kind in zip(described["fields"], described["dtypes"], strict=True)},
    "codes": codes(whole), "boxed": codes(boxed), "filtered": codes(filtered), "small": codes(small),
    "crs": projected[0]["crs"], "points": points(whole), "projected": points(projected),
}, sys.stdout)  # fmt: skip
