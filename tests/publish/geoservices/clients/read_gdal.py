"""Run as a program: what GDAL's ESRIJSON driver, unmodified, reads of a layer: `read_gdal.py http://server bornes`."""

from __future__ import annotations

import json
import sys

import pyogrio


def main(root: str, name: str) -> None:
    layer = f"{root}/arcgis/rest/services/{name}/FeatureServer/0"
    query = f"{layer}/query?where=1%3D1&outFields=*&resultRecordCount=4&orderByFields=id&f=json"
    told = pyogrio.read_info(f"ESRIJSON:{query}")
    meta, _ids, geometries, columns = pyogrio.raw.read(f"ESRIJSON:{query}")
    filtered = f"{layer}/query?where=prix%20%3E%200.5&outFields=*&outSR=2154&f=json"
    moved, _ids, places, _columns = pyogrio.raw.read(f"ESRIJSON:{filtered}")
    print(
        json.dumps(
            {
                "crs": told["crs"],
                "fields": dict(zip(told["fields"].tolist(), [str(one) for one in told["dtypes"]], strict=True)),
                "geometry": told["geometry_type"],
                "ids": columns[list(meta["fields"]).index("id")].tolist(),
                "drawn": sum(one is not None for one in geometries),
                "moved": moved["crs"],
                "filtered": len(places),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:3])
