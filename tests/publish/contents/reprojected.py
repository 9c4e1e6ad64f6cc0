"""Run by an environment that has pyproj: points on WGS 84 from the input, in the system of the argument on the output."""

import json
import sys

from pyproj import Transformer

transformer = Transformer.from_crs("OGC:CRS84", f"EPSG:{sys.argv[1]}", always_xy=True)
points = json.load(sys.stdin)
json.dump([list(transformer.transform(*point)) for point in points], sys.stdout)
