"""What the values of a column are compared with, as Python compares it: what the engine would compare otherwise has none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import pyarrow as pa

from bocage.catalog.vocabulary import FieldType
from bocage.query.plan import Constant, Expression

EXACT_WHOLE = 2**53
"""Beyond, a whole number is not itself among numbers with a fraction."""
EPOCH_DAY, EPOCH = date(1970, 1, 1), datetime(1970, 1, 1, tzinfo=UTC)


KINDS: dict[FieldType, Callable[[pa.DataType], bool]] = {
    FieldType.STRING: pa.types.is_string,
    FieldType.INTEGER: pa.types.is_signed_integer,
    FieldType.NUMBER: pa.types.is_floating,
    FieldType.BOOLEAN: pa.types.is_boolean,
    FieldType.DATE: pa.types.is_date32,
    FieldType.DATETIME: lambda kind: pa.types.is_timestamp(kind) and kind.unit == "us" and kind.tz is not None,
}
"""Of which the values are compared as the engine does: a field may be read as something else than it is kept as."""


@dataclass(frozen=True)
class Limit:
    """`seen`: how the values of the column are to be looked at, to be compared with this one."""

    value: Any
    seen: Callable[[Any], Any] = lambda value: value


def limit_of(operand: Expression, constant: Expression) -> Limit | None:
    """None where the engine would compare otherwise than Python."""
    read = _LIMITS.get(operand.type)
    return read(constant.value) if read and isinstance(constant, Constant) else None


def _day(value: object) -> Limit | None:
    return Limit((value - EPOCH_DAY).days) if type(value) is date else None


def _instant(value: object) -> Limit | None:
    return Limit(_microseconds(value)) if isinstance(value, datetime) and value.tzinfo else None


def _microseconds(value: datetime) -> int:
    apart = value - EPOCH
    return (apart.days * 86_400 + apart.seconds) * 1_000_000 + apart.microseconds


def _whole_number(value: object) -> Limit | None:
    return Limit(value) if type(value) is int else _number(value)


def _number(value: object) -> Limit | None:
    """Whole numbers beside one with a fraction are seen as it is."""
    plain = (type(value) is int and abs(value) <= EXACT_WHOLE) or (type(value) is float and math.isfinite(value))
    return Limit(float(cast("float", value)), float) if plain else None


_LIMITS: dict[FieldType, Callable[[object], Limit | None]] = {
    FieldType.STRING: lambda value: Limit(value) if isinstance(value, str) else None,
    FieldType.BOOLEAN: lambda value: Limit(value) if isinstance(value, bool) else None,
    FieldType.DATE: _day,
    FieldType.DATETIME: _instant,
    FieldType.INTEGER: _whole_number,
    FieldType.NUMBER: _number,
}
