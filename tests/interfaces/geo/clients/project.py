"""PROJ, by its own Python: `{epsg: [[lon, lat], …]}` on the input, the same positions in these systems on the output."""

import json
import sys

from pyproj import Transformer

asked = json.load(sys.stdin)
found = {}
for epsg, points in asked.items():
    moved = Transformer.from_crs("OGC:CRS84", f"EPSG:{epsg}", always_xy=True).transform(*zip(*points, strict=True))
    found[epsg] = list(zip(*moved, strict=True))
json.dump(found, sys.stdout)
