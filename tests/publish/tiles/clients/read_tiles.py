"""Unmodified clients of a server: GDAL's OGC API driver, its FlatGeobuf and PMTiles drivers over HTTP ranges, as JSON."""

import json
import sys

import pyogrio

address, slug = sys.argv[1:]
box = (-1.5, 47.0, -1.0, 47.5)
flat = f"/vsicurl/{address}/tiles/{slug}.fgb"
archive = f"/vsicurl/{address}/tiles/{slug}.pmtiles"


def ids(found):
    return sorted(str(one) for one in found[3][list(found[0]["fields"]).index("id")])


standard = f"OGCAPI:{address}/ogc/collections/{slug}"


def standing_for(zoom):
    found = pyogrio.raw.read(standard, layer=f"Zoom level {zoom}")
    names = list(found[0]["fields"])
    counts = found[3][names.index("_count")] if "_count" in names else [1] * len(found[2])
    return sum(1 if one is None or one != one else int(one) for one in counts)


json.dump({
    "standard": standing_for(0),
    "all": len(ids(pyogrio.raw.read(flat))), "boxed": ids(pyogrio.raw.read(flat, bbox=box)),
    "archive": [str(name) for name, _kind in pyogrio.list_layers(archive)],
    "near": len(pyogrio.raw.read(archive, ZOOM_LEVEL="7")[2]),
}, sys.stdout)  # fmt: skip
