"""GDAL's own driver of CSW, unmodified: records, a filter and a box that it sends to the server, as JSON on the output."""

import json
import sys

import pyogrio

source = f"CSW:{sys.argv[1]}/csw"


def titles(**asked):
    meta, _index, _geometry, values = pyogrio.raw.read(source, layer="records", **asked)
    return [str(one) for one in values[list(meta["fields"]).index("title")]]


json.dump({
    "layers": [name for name, _kind in pyogrio.list_layers(source)], "titles": titles(),
    "boxed": titles(bbox=(-2.0, 47.0, -1.0, 48.0)), "like": titles(where="title LIKE '%rbre%'"),
}, sys.stdout)  # fmt: skip
