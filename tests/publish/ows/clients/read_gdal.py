"""GDAL's own drivers of WFS, unmodified: layers, counts, filters, coordinates, as JSON on the output."""

import json
import sys

import pyogrio
import shapely

address, slug = sys.argv[1:]
source = f"WFS:{address}/wfs?SERVICE=WFS&VERSION=2.0.0"
layer = f"bocage:{slug}"
layers = sorted(name for name, _kind in pyogrio.list_layers(source))
described = pyogrio.read_info(source, layer=layer)
whole = pyogrio.raw.read(source, layer=layer)
boxed = pyogrio.raw.read(source, layer=layer, bbox=(-2.0, 46.0, -1.0, 47.0))
filtered = pyogrio.raw.read(source, layer=layer, where="nom = 'Nantes' AND pop > 10")
pyogrio.set_gdal_config_options({"OGR_WFS_PAGE_SIZE": 7})
paged = pyogrio.raw.read(source, layer=layer)


def codes(found):
    return [str(one) for one in found[3][list(found[0]["fields"]).index("code")]]


json.dump({
    "layers": layers, "features": int(described["features"]), "crs": described["crs"],
    "fields": {name: str(kind) for name, kind in zip(described["fields"], described["dtypes"], strict=True)},
    "codes": codes(whole), "boxed": codes(boxed), "filtered": codes(filtered), "paged": codes(paged),
    "shapes": [None if one is None else shapely.from_wkb(one).wkt for one in whole[2]],
}, sys.stdout)  # fmt: skip
