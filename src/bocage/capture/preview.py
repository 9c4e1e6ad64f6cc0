"""The first rows of a result, ready to be written as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bocage.capture.opening import Opened
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop

ROWS = 20


def preview(workshop: Workshop, opened: Opened) -> tuple[dict[str, Any], ...]:
    """One dict per row, by field name: days and instants in ISO 8601, shapes in GeoJSON."""
    columns = ", ".join(_written(field.type, expression) for field, expression in opened.outputs)
    rows = workshop.execute(f"SELECT {columns} FROM ({opened.relation}) AS relation LIMIT {ROWS}")
    names = [field.name for field in opened.fields]
    readers = [_READERS.get(field.type, _as_is) for field in opened.fields]
    return tuple(
        {
            name: read(value) if value is not None else None
            for name, read, value in zip(names, readers, row, strict=True)
        }
        for row in rows
    )


def _written(kind: FieldType, expression: str) -> str:
    if kind.is_geographic:
        return f"ST_AsGeoJSON({expression})"
    if kind is FieldType.DATE:
        return f"CAST({expression} AS VARCHAR)"
    if kind is FieldType.DATETIME:
        return f"strftime({expression} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S+00:00')"
    return expression


def _as_is(value: Any) -> Any:
    return value


_READERS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.GEOPOINT: json.loads,
    FieldType.GEOMETRY: json.loads,
    FieldType.OBJECT: json.loads,
    FieldType.NUMBER: float,
}
