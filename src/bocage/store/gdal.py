"""What foreign files may make GDAL do, and how the workshop prevents it.

`ST_Read` opens the file it is given through DuckDB, so the allowed folders hold for that file. But some GDAL drivers
then follow what the file *says*, on their own: a VRT opens any other path, a WFS or OAPIF description calls any
address, a GML fetches its schema. GDAL chooses the driver by content, so the name of the file proves nothing.
And `ST_Read_Meta` (spatial 1.5) kills the process on a file that it cannot open.
"""

from __future__ import annotations

import re

DRIVERS = ("GeoJSON", "GeoJSONSeq", "TopoJSON", "GPKG", "ESRI Shapefile", "KML", "FlatGeobuf", "GPX", "DXF")
"""Drivers that read the given file (and the parts of a shapefile) and nothing else."""

GDAL_DRIVERS = "[" + ", ".join(f"'{name}'" for name in DRIVERS) + "]"
"""The same as SQL: `ST_Read(?, allowed_drivers={GDAL_DRIVERS})`."""

_ANY = re.compile(r"st_read|\.(?:shp|gpkg|fgb|geojson|kml|gpx)['\"]", re.IGNORECASE)
"""What none of the refused uses goes without: the SQL of a check has tens of thousands of characters, and nothing of this."""

_READ = re.compile(r"\bst_read\b\s*\(", re.IGNORECASE)
_LIMITED = re.compile(r"\ballowed_drivers\s*:?=", re.IGNORECASE)
_NEVER = re.compile(r"\bst_read_?(?:meta|osm|shp)\b", re.IGNORECASE)
_IMPLICIT = re.compile(r"\b(?:from|join)\s+['\"][^'\"]*\.(?:shp|gpkg|fgb|geojson|kml|gpx)['\"]", re.IGNORECASE)


class UnsafeRead(RuntimeError):
    """A programming error: SQL of ours that would let a foreign file reach outside."""


def refuse_unsafe_read(sql: str) -> None:
    """Raise UnsafeRead for a use of GDAL that follows what the file says. A net under our own SQL, not a parser."""
    if not _ANY.search(sql):
        return
    if _NEVER.search(sql):
        raise UnsafeRead(
            "ST_Read_Meta, ST_ReadSHP: use ST_Read with allowed_drivers; typeof(geom) has the CRS. ST_ReadOSM: `openstreetmap`"
        )
    if len(_READ.findall(sql)) > len(_LIMITED.findall(sql)):
        raise UnsafeRead("ST_Read needs allowed_drivers={store.engine.GDAL_DRIVERS}")
    if _IMPLICIT.search(sql):
        raise UnsafeRead("name the reader: FROM ST_Read(…, allowed_drivers=…), not FROM 'file'")
