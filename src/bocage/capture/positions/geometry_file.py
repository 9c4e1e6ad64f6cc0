"""The geometry of a finished Parquet file, from its footer: no row is read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bocage.capture.positions.crs import Bounds
from bocage.capture.sql import identifier, literal
from bocage.store.engine import Workshop

OGC_NAMES = {
    "POINT": "Point", "LINESTRING": "LineString", "POLYGON": "Polygon", "MULTIPOINT": "MultiPoint",
    "MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon", "GEOMETRYCOLLECTION": "GeometryCollection",
}  # fmt: skip


@dataclass(frozen=True)
class GeometryFile:
    """One geometry column of a Parquet file: `rows` of the file, `located` of them with a shape; `types`: OGC names;
    `bounds`: None without any shape."""

    rows: int
    located: int
    types: tuple[str, ...]
    bounds: Bounds | None


def describe(workshop: Workshop, parquet: Path, column: str) -> GeometryFile:
    """What the file says of its geometry column; every shape in it has coordinates."""
    source = literal(str(parquet))
    [(rows, located)] = workshop.execute(f"SELECT count(*), count({identifier(column)}) FROM read_parquet({source})")
    said = workshop.execute(f"SELECT value FROM parquet_kv_metadata({source}) WHERE key = 'geo'")
    if not said or not located:  # without any shape, the engine writes a column of bytes that nothing describes
        return GeometryFile(rows, located, (), None)
    described = json.loads(bytes(said[0][0]))["columns"][column]
    box = described["bbox"]
    axes = len(box) // 2
    return GeometryFile(rows, located, ogc_names(described["geometry_types"]), (*box[:2], *box[axes : axes + 2]))


def ogc_names(kinds: Iterable[str] | None) -> tuple[str, ...]:
    """`POINT Z`, `MultiPolygon`… → OGC names, in a fixed order."""
    names = {OGC_NAMES.get(kind.partition(" ")[0].upper(), "Geometry") for kind in kinds or ()}
    return tuple(name for name in (*OGC_NAMES.values(), "Geometry") if name in names)
