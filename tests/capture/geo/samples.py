"""Files made by an independent library (GDAL through pyogrio), and its own projection to compare ours with."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon

HOLED = Polygon(
    [(-1.6, 47.1), (-1.5, 47.1), (-1.5, 47.2), (-1.6, 47.2)], [[(-1.57, 47.12), (-1.53, 47.12), (-1.55, 47.15)]]
)
KINDS = {
    "points": [Point(-1.55, 47.21), Point(-1.6123456, 47.2654321), Point(5.3698, 43.2965)],
    "points 3D": [Point(-1.55, 47.21, 12.5), Point(-1.61, 47.26, 0)],
    "lines": [LineString([(-1.5, 47.2), (-1.51, 47.22), (-1.4, 47.3)]), LineString([(2, 48), (2.1, 48.1)])],
    "polygons": [HOLED, Polygon([(2, 48), (2.1, 48), (2.1, 48.1)])],
    "multi": [MultiPolygon([HOLED, Polygon([(-1.4, 47.1), (-1.3, 47.1), (-1.3, 47.2)])]), MultiPolygon([HOLED])],
    "multilines": [MultiLineString([[(-1.5, 47.2), (-1.4, 47.3)], [(2, 48), (2.1, 48.2)]])],
    "multipoints": [MultiPoint([(-1.5, 47.2), (-1.4, 47.3)])],
    "with null": [Point(-1.55, 47.21), None, Point(2, 48)],
}
TYPES = {"points": "Point", "points 3D": "Point Z", "lines": "LineString", "polygons": "Polygon", "multi": "MultiPolygon",
         "multilines": "MultiLineString", "multipoints": "MultiPoint", "with null": "Point"}  # fmt: skip
DRIVERS = {"gpkg": "GPKG", "shp": "ESRI Shapefile", "fgb": "FlatGeobuf", "geojson": "GeoJSON"}
CODES = ["01004", "2A004", "44109"]
BIG = [9007199254740993, -1, 12]


@cache
def projected(kind: str, epsg: int) -> list:
    """The shapes of KINDS in another system, by the SQL functions that GDAL gives to GeoPackages."""
    shapes = KINDS[kind]
    if epsg == 4326:
        return shapes
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in.gpkg"
        _write(path, shapes, TYPES[kind], 4326, "GPKG")
        answer = pyogrio.raw.read(
            str(path), sql=f"SELECT ST_Transform(geom, {epsg}) AS geom, code FROM layer ORDER BY fid"
        )
    return [None if blob is None else shapely.from_wkb(blob) for blob in answer[2]]


def written(folder: Path, kind: str, epsg: int, extension: str) -> Path:
    """A file with the shapes of KINDS and the columns code, nom, n; the coordinates are in `epsg`."""
    path = folder / f"layer.{extension}"
    if extension == "parquet":
        return _geoparquet(path, projected(kind, epsg), epsg)
    options = {"RFC7946": "NO", "COORDINATE_PRECISION": "15"} if extension == "geojson" else {}
    options |= {"SPATIAL_INDEX": "NO"} if extension == "fgb" else {}  # the order of the rows is then that of writing
    _write(path, projected(kind, epsg), TYPES[kind], epsg, DRIVERS[extension], **options)
    return path


def _write(path: Path, shapes: list, geometry_type: str, epsg: int, driver: str, **options) -> None:
    count = len(shapes)
    names = np.array(["Île d’Yeu", "Œuf", "çà"][:count], dtype=object)
    fields = [np.array(CODES[:count], dtype=object), names, np.array(BIG[:count], dtype="int64")]
    pyogrio.raw.write(
        str(path), shapely.to_wkb(np.array(shapes, dtype=object)), fields, ["code", "nom", "n"], crs=f"EPSG:{epsg}",
        geometry_type=geometry_type, driver=driver, encoding="UTF-8", layer="layer", **options,
    )  # fmt: skip


def _geoparquet(path: Path, shapes: list, epsg: int) -> Path:
    column: dict = {"encoding": "WKB", "geometry_types": []}
    if epsg != 4326:
        column["crs"] = {"type": "ProjectedCRS", "name": "x", "id": {"authority": "EPSG", "code": epsg}}
    count = len(shapes)
    table = pa.table({
        "code": CODES[:count], "nom": ["Île d’Yeu", "Œuf", "çà"][:count], "n": BIG[:count],
        "geom": pa.array([None if shape is None else shapely.to_wkb(shape) for shape in shapes], pa.binary()),
    })  # fmt: skip
    geo = {"version": "1.0.0", "primary_column": "geom", "columns": {"geom": column}}
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), path)
    return path
