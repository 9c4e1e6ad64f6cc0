"""Does a JSON object have the structure of GeoJSON, or of TopoJSON? As the profiles of the reference describe them.

The profile of GeoJSON is that of 2008: a position has two numbers, or more of any kind is refused (`additionalItems`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

DEEPEST = 30
_GEOMETRIES: dict[str, tuple[int, int]] = {
    # kind: how many lists around a position, least number of positions in the innermost list
    "Point": (0, 0), "MultiPoint": (1, 0), "LineString": (1, 2), "MultiLineString": (2, 2), "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}  # fmt: skip


def is_geojson(value: dict[str, Any]) -> bool:
    kind = value.get("type")
    if not _is_box(value) or not _is_crs(value):
        return False
    if kind == "GeometryCollection":
        return _all(value.get("geometries"), _is_geometry)
    if kind == "Feature":
        return _is_feature(value)
    if kind == "FeatureCollection":
        return _all(value.get("features"), _is_feature)
    return _is_geometry(value)


def _all(value: Any, follows: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(map(follows, value))


def _is_feature(value: Any) -> bool:
    if not isinstance(value, dict) or not {"geometry", "properties"} <= value.keys():
        return False
    geometry, properties = value["geometry"], value["properties"]
    return (
        value.get("type", "Feature") == "Feature"
        and (geometry is None or _is_geometry(geometry))
        and (properties is None or isinstance(properties, dict))
    )


def _is_geometry(value: Any) -> bool:
    if not isinstance(value, dict) or "coordinates" not in value or value.get("type") not in _GEOMETRIES:
        return False
    lists, least = _GEOMETRIES[value["type"]]
    return _is_nested(value["coordinates"], lists, least)


def _is_nested(value: Any, lists: int, least: int) -> bool:
    if lists == 0:
        return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
    if not isinstance(value, list) or (lists == 1 and len(value) < least):
        return False
    return all(_is_nested(one, lists - 1, least) for one in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_box(value: dict[str, Any]) -> bool:
    box = value.get("bbox", [])
    return isinstance(box, list) and all(map(_is_number, box))


def _is_crs(value: dict[str, Any]) -> bool:
    crs = value.get("crs")
    if crs is None:
        return True
    return isinstance(crs, dict) and isinstance(crs.get("type"), str) and isinstance(crs.get("properties"), dict)


def is_topojson(value: dict[str, Any]) -> bool:
    if value.get("type") == "Topology":
        objects, arcs = value.get("objects"), value.get("arcs")
        return isinstance(objects, dict) and isinstance(arcs, list) and all(map(_is_topology_object, objects.values()))
    return _is_topology_object(value)


def _is_topology_object(value: Any, depth: int = 0) -> bool:
    if not isinstance(value, dict) or depth > DEEPEST:
        return False
    kind = value.get("type")
    if kind == "GeometryCollection":
        return _all(value.get("geometries"), lambda one: _is_topology_object(one, depth + 1))
    if kind in ("Point", "MultiPoint"):
        positions = value.get("coordinates")
        return _all(positions, _is_number) if kind == "Point" else _all(positions, lambda one: _all(one, _is_number))
    return kind in _GEOMETRIES and isinstance(value.get("arcs"), list)
