"""Features as texts, out of the columns of a lookup: letter by letter what `rendering.FeatureLine` makes the engine write."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from json.encoder import encode_basestring
from typing import Any

import pyarrow as pa

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.lookups.limits import EPOCH
from bocage.query.lookups.shapes import geojson
from bocage.query.rendering import FeatureLine, main_geometry

_T = FieldType
Written = Callable[[Any], str | None]
"""A value that is there, as JSON; None when the engine is left to write it."""
NULL = "null"


def feature_texts(found: pa.RecordBatch, columns: Sequence[Field], rendering: FeatureLine) -> list[str] | None:
    """`found`: as `showing.kept`, of `columns`, the identifier among them. None when one of the rows is for the engine."""
    geometry = main_geometry([column for column in columns if column.name != rendering.identifier])
    texts: dict[str, list[str]] = {}
    for column, values in zip(columns, found.columns, strict=True):
        written = _column(values, column, drawn=column is geometry)
        if written is None or None in written:
            return None
        texts[column.name] = list(map(str, written))
    shape = texts.pop(geometry.name) if geometry else [NULL] * found.num_rows
    identifiers = texts.pop(rendering.identifier)
    line = _pattern(rendering.before, list(texts))
    return [line % row for row in zip(identifiers, shape, *texts.values(), strict=True)]


def _pattern(before: str, names: Sequence[str]) -> str:
    """Of a line, with a place for the identifier, the geometry and each property."""
    opening = before.replace("%", "%%") + '{"type":"Feature","id":%s,"geometry":%s,"properties":{'
    keys = [json.dumps(name, ensure_ascii=False).replace("%", "%%") for name in names]
    return opening + ",".join(f"{key}:%s" for key in keys) + "}}"


def _column(values: pa.Array, column: Field, *, drawn: bool) -> Sequence[str | None] | None:
    """`drawn`: it is the geometry of the features."""
    if column.type == _T.GEOPOINT:
        return _positions(values, '{"type":"Point","coordinates":[%r,%r]}' if drawn else '{"lon":%r,"lat":%r}')
    written = geojson if drawn else _WRITTEN.get(column.type)
    if written is None:
        return None
    try:
        return [NULL if value is None else written(value) for value in values.to_pylist()]
    except (OverflowError, ValueError):
        return None  # a day beyond the years that Python knows


def _positions(values: pa.StructArray, pattern: str) -> list[str]:
    lon, lat = (values.field(axis).to_pylist() for axis in ("lon", "lat"))
    return [NULL if None in pair else pattern % pair for pair in zip(lon, lat, strict=True)]


def _string(value: str) -> str | None:
    """The engine writes the numbers of control characters in capitals."""
    text = encode_basestring(value)
    return None if "\\u00" in text else text


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else NULL


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _date(value: date) -> str:
    return f'"{value.isoformat()}"'


def _instant(microseconds: int) -> str:
    """ISO 8601 in UTC, with a fraction of a second only when there is one."""
    return f'"{(EPOCH + timedelta(microseconds=microseconds)).isoformat()}"'


def _list(value: list[str | None]) -> str | None:
    texts = [NULL if one is None else _string(one) for one in value]
    return None if None in texts else f"[{','.join(map(str, texts))}]"


def _shape(value: bytes) -> str | None:
    """One that is not the geometry of the feature."""
    drawn = geojson(value)
    return drawn and f'{{"type":"Feature","geometry":{drawn},"properties":{{}}}}'


_WRITTEN: dict[FieldType, Written] = {
    _T.STRING: _string,
    _T.INTEGER: str,
    _T.NUMBER: _number,
    _T.BOOLEAN: _boolean,
    _T.DATE: _date,
    _T.DATETIME: _instant,
    _T.GEOMETRY: _shape,
    _T.ARRAY: _list,
}
