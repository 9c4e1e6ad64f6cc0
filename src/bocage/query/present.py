"""Results → values as the Explore API shows them. Geometry is written as text by the engine, after the limit."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import name


def shown_sql(columns: Sequence[Field], extra: Sequence[str] = ()) -> str:
    """SQL of the select list over a query compiled with `pairs`: columns `c0`, `c1`…, then `extra`."""
    pieces = [f"{_shown(column)} AS c{position}" for position, column in enumerate(columns)]
    return ", ".join([*pieces, *extra])


def _shown(column: Field) -> str:
    if column.type == FieldType.GEOMETRY:
        return f"ST_AsGeoJSON({name(column.name)})::VARCHAR"
    if column.type == FieldType.DATETIME:
        return f"epoch_us({name(column.name)})"
    return name(column.name)


def wkb_sql(columns: Sequence[Field]) -> str:
    """Select list over a compiled query for exports: geometry as WKB."""
    return ", ".join(
        f"ST_AsWKB({name(column.name)}) AS {name(column.name)}" if column.type.is_geographic else name(column.name)
        for column in columns
    )


def in_utc(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Instants labelled UTC, whatever the time zone of the engine's cursor: the label alone changes."""
    schema: pa.Schema | None = None
    for batch in batches:
        if schema is None:
            kinds = [pa.timestamp("us", "UTC") if pa.types.is_timestamp(kind) else kind for kind in batch.schema.types]
            schema = pa.schema(list(zip(batch.schema.names, kinds, strict=True)))
        yield batch.cast(schema)


def rows_of(batches: Iterable[pa.RecordBatch], columns: Sequence[Field], zone: ZoneInfo) -> list[dict[str, Any]]:
    """JSON-ready rows; bounded by the limit of the request, so that Python may see each value."""
    rows: list[dict[str, Any]] = []
    converters = [_CONVERTERS.get(column.type) for column in columns]
    for batch in batches:
        series = []
        for position, (column, converter) in enumerate(zip(columns, converters, strict=True)):
            values = batch.column(position).to_pylist()
            if column.type == FieldType.DATETIME:
                values = [None if value is None else _instant(value, zone) for value in values]
            elif converter is not None:
                values = [None if value is None else converter(value) for value in values]
            series.append(values)
        names = [column.name for column in columns]
        rows += [dict(zip(names, values, strict=True)) for values in zip(*series, strict=True)] if series else []
    return rows


def _instant(microseconds: int, zone: ZoneInfo) -> str | None:
    """ISO 8601 with the offset of the request's time zone."""
    try:
        moment = datetime.fromtimestamp(microseconds // 1_000_000, zone).replace(microsecond=microseconds % 1_000_000)
    except (ValueError, OverflowError, OSError):
        return None  # beyond the years that a client could read
    return moment.isoformat()


def _day(value: date) -> str:
    return value.isoformat()


def _number(value: float | Decimal) -> float | None:
    number = float(value)
    return number if math.isfinite(number) else None


def _point(value: dict[str, float | None]) -> dict[str, float | None] | None:
    return value if value["lon"] is not None else None


def _feature(value: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": json.loads(value), "properties": {}}


DEEPEST_JSON = 200
_HALF = re.compile(r"\\u[dD][89abAB]")
"""Half of a character, most often followed by the other half. Alone, it is JSON, and no text."""


def _json(value: str) -> Any:
    """What cannot be written again as JSON (NaN, numbers too large, nested without end, half a character) stays the text
    that it was."""
    try:
        if _HALF.search(value):
            json.dumps(json.loads(value), ensure_ascii=False).encode()
        found = json.loads(value, parse_constant=_refused, parse_float=_finite)
        return found if value.count("[") + value.count("{") <= DEEPEST_JSON or _depth(found) <= DEEPEST_JSON else value
    except (ValueError, RecursionError):
        return value


def _refused(constant: str) -> None:
    raise ValueError(constant)


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise ValueError(written)
    return number


def _depth(value: Any) -> int:
    """Lists and objects inside one another, without recursion."""
    level, depth = [value], 0
    while level:
        held = [one for one in level if isinstance(one, dict | list)]
        level = [item for one in held for item in (one.values() if isinstance(one, dict) else one)]
        depth += bool(held)
    return depth


_CONVERTERS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.NUMBER: _number,
    FieldType.DATE: _day,
    FieldType.GEOPOINT: _point,
    FieldType.GEOMETRY: _feature,
    FieldType.OBJECT: _json,
}
