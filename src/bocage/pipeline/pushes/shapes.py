"""Positions and shapes of a payload → GeoJSON geometries in CRS84, two dimensions; None for what is none.

Positions are accepted in every form in which clients of the Explore API write or read them: {"lat", "lon"}, [lat, lon],
"lat, lon", GeoJSON. Only GeoJSON has the longitude first.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

Geometry = dict[str, Any]

_PAIR = re.compile(r"\s*([-+]?\d{1,3}(?:\.\d+)?)\s*,\s*([-+]?\d{1,3}(?:\.\d+)?)\s*")
_DEPTH = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3,
}  # fmt: skip
_LEAST = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}


def point(value: Any) -> Geometry | None:
    """The position that a value says."""
    if isinstance(value, str):
        if value.lstrip().startswith("{"):
            return point(_parsed(value))
        found = _PAIR.fullmatch(value)
        return _point(found[2], found[1]) if found else None
    if isinstance(value, list):
        return _point(value[1], value[0]) if len(value) == 2 else None
    if not isinstance(value, dict):
        return None
    if "type" in value:
        shape_ = shape(value)
        return shape_ if shape_ is not None and shape_["type"] == "Point" else None
    longitude = next((value[name] for name in ("lon", "lng", "longitude") if name in value), None)
    latitude = next((value[name] for name in ("lat", "latitude") if name in value), None)
    return _point(longitude, latitude) if len(value) == 2 else None


def shape(value: Any) -> Geometry | None:
    """The GeoJSON geometry that a value holds: itself, a Feature, or their text."""
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, dict):
        return None
    kind, coordinates = value.get("type"), value.get("coordinates")
    if not isinstance(kind, str) or kind not in _DEPTH:
        return None
    plain = _coordinates(coordinates, _DEPTH[kind], _LEAST.get(kind, 1))
    if plain is None or (kind in ("Polygon", "MultiPolygon") and not _closed(plain, _DEPTH[kind])):
        return None
    return {"type": kind, "coordinates": plain}


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _point(longitude: Any, latitude: Any) -> Geometry | None:
    place = _position([longitude, latitude])
    return {"type": "Point", "coordinates": place} if place else None


def _position(value: Any) -> list[float] | None:
    if not isinstance(value, list) or not 2 <= len(value) <= 4 or any(isinstance(one, bool) for one in value):
        return None
    try:
        longitude, latitude = float(value[0]), float(value[1])
    except (TypeError, ValueError):
        return None
    if not (math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        return None
    return [longitude, latitude]


def _coordinates(value: Any, depth: int, least: int) -> list[Any] | None:
    """Lists of lists of positions, `depth` of them, the innermost with at least `least` positions."""
    if depth == 0:
        return _position(value)
    if not isinstance(value, list) or len(value) < (least if depth == 1 else 1):
        return None
    inside = [_coordinates(one, depth - 1, least) for one in value]
    return None if any(one is None for one in inside) else inside


def _closed(value: list[Any], depth: int) -> bool:
    """Do the rings end where they begin?"""
    if depth > 1:
        return all(_closed(one, depth - 1) for one in value)
    return bool(value[0] == value[-1])
