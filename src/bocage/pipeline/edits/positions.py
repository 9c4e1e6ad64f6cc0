"""Columns that say where a feature is beside its geometry: they follow it when it is moved, and it follows them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.pushes.typed import POINT_OF_SHAPE
from bocage.query.coordinates import STORED

if TYPE_CHECKING:
    from bocage.capture.understanding import GeometryFound
    from bocage.pipeline.pushes.layout import Layout

DEGREES = (STORED, "EPSG:4326")


def followed(changed: dict[str, Any], layout: Layout, main: str, found: GeometryFound | None) -> dict[str, Any]:
    """`changed` (name → fitted value) with what follows from it. `main`: the column of the geometry. What cannot be told by other
    columns is emptied there: better nothing than the former place."""
    if not main:
        return changed
    beside = [name for name in found.columns if name in layout.by_name] if found is not None else []
    told: dict[str, Any] = {}
    if main in changed:
        told = dict.fromkeys(beside) | (_written(changed[main], found, layout) if found is not None else {})
    elif any(name in changed for name in beside):
        told = {main: None}  # made again from these columns
    moved = told | changed
    if main in moved and POINT_OF_SHAPE in layout.by_name and main != POINT_OF_SHAPE:
        moved = {POINT_OF_SHAPE: None} | moved
    return moved


def _written(geometry: str | None, found: GeometryFound, layout: Layout) -> dict[str, Any]:
    """The columns that a point in degrees is told by."""
    shape = json.loads(geometry) if geometry is not None else None
    if shape is None or found.crs not in DEGREES or not set(found.columns) <= layout.by_name.keys():
        return {}
    if found.source == "geojson":
        return {found.columns[0]: geometry}
    return _point_written(shape["coordinates"], found, layout) if shape["type"] == "Point" else {}


def _point_written(place: list[float], found: GeometryFound, layout: Layout) -> dict[str, Any]:
    longitude, latitude = place[:2]
    match found.source:
        case "latlon":
            pairs = zip(found.columns, (latitude, longitude), strict=True)
            return {name: _number(value, layout.by_name[name].type) for name, value in pairs}
        case "latlon_text":
            return {found.columns[0]: f"{latitude!r}, {longitude!r}"}
        case "lonlat_text":
            return {found.columns[0]: f"{longitude!r}, {latitude!r}"}
    return {}


def _number(value: float, kind: FieldType) -> Any:
    return value if kind is FieldType.NUMBER else repr(value) if kind is FieldType.STRING else None
