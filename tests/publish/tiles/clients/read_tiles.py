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


json.dump({
    "all": len(ids(pyogrio.raw.read(flat))), "boxed": ids(pyogrio.raw.read(flat, bbox=box)),
    "archive": [str(name) for name, _kind in pyogrio.list_layers(archive)],
    "near": len(pyogrio.raw.read(archive, ZOOM_LEVEL="7")[2]),
}, sys.stdout)  # fmt: skip
