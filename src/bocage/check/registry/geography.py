"""The geographic profile of a schema: what its geometry is, where it is, and whether it stays at home.

Kept in the descriptor under the property `geography`, which Table Schema lets a schema add:

    "geography": {
      "fields": ["geom"]                 one geojson, geopoint or WKT field, or ["longitude", "latitude"], in that order
      "geometryTypes": ["Point"],        of RFC 7946; empty or absent: any
      "crs": "EPSG:4326",                default: EPSG:4326
      "insideTerritory": true            every geometry lies inside the territory of the producer; default false
    }
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KEY = "geography"
DEFAULT_CRS = "EPSG:4326"
CRS = re.compile(r"(?:EPSG|IGNF|OGC):[A-Za-z0-9]{1,20}")
GEOMETRY_TYPES = (
    "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip


@dataclass(frozen=True)
class GeographicProfile:
    """`fields`: one field that holds the geometry, or two: longitude (or x), then latitude (or y)."""

    fields: tuple[str, ...]
    geometry_types: tuple[str, ...] = ()
    crs: str = DEFAULT_CRS
    inside_territory: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it is written in a descriptor."""
        return {
            "fields": list(self.fields),
            "geometryTypes": list(self.geometry_types),
            "crs": self.crs,
            "insideTerritory": self.inside_territory,
        }


def geographic_profile(descriptor: Mapping[str, Any]) -> GeographicProfile | None:
    """The profile of a schema; None when it has none. What is wrong in it is left out: `lint.geography` tells."""
    written = descriptor.get(KEY)
    if not isinstance(written, dict):
        return None
    fields = texts(written.get("fields"))
    if len(fields) not in (1, 2):
        return None
    crs = written.get("crs")
    return GeographicProfile(
        fields=fields,
        geometry_types=tuple(one for one in texts(written.get("geometryTypes")) if one in GEOMETRY_TYPES),
        crs=crs if isinstance(crs, str) and CRS.fullmatch(crs) else DEFAULT_CRS,
        inside_territory=written.get("insideTerritory") is True,
    )


def texts(value: Any) -> tuple[str, ...]:
    """One text or a list of them, whatever was written."""
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
