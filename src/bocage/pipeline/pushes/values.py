"""One value of a payload, made to fit the column that receives it, or refused with the reason and an example.

What cannot be misread is accepted in more than one form, since clients differ: a number between quotes (odsclient reads CSV),
`2014/01/27T04:15:00`. What would have to be guessed is refused: 27/01/2014, 1 for true, 1.5 where whole numbers are.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from bocage.catalog.vocabulary import FieldType
from bocage.kernel.errors import Text
from bocage.pipeline.pushes import shapes
from bocage.pipeline.pushes.errors import NumberTooLarge, ValueFault, WrongType
from bocage.pipeline.pushes.layout import PushColumn
from bocage.pipeline.pushes.payload import Number

LARGEST_INTEGER = 2**63
LARGEST_EXACT = 2**53
LONGEST_SHOWN = 60
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.0+)?")
_DAY = re.compile(r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_INSTANT = re.compile(
    r"(\d{4})[-/](\d{2})[-/](\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?"
)


class _Unfit(Exception):
    """The value is not of the type; what to say is the same for every one of them."""


@dataclass(frozen=True)
class _Kind:
    """`read`: from a value of a payload to the JSON that the engine reads; raises _Unfit."""

    expected: Text
    example: str
    read: Callable[[Any, PushColumn], Any]


def fitted(value: Any, column: PushColumn) -> Any:
    """The value as the engine reads it, None for what is empty. Raises ValueFault."""
    if value is None or (value == "" and column.type is not FieldType.STRING):
        return None
    kind = _KINDS[column.type]
    try:
        return kind.read(value, column)
    except _Unfit:
        label = column.field.label or column.name
        raise WrongType(
            field=label, expected=kind.expected, value=shown(value), example=f'"{label}": {kind.example}'
        ) from None


def shown(value: Any) -> str:
    """A value given by a stranger, as an error may repeat it."""
    text = str(value) if isinstance(value, Number) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def _text(value: Any, _column: PushColumn) -> str:
    """Numbers are kept as they were written, which loses nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    raise _Unfit


def _integer(value: Any, column: PushColumn) -> int:
    if isinstance(value, bool) or not isinstance(value, str) or not _WHOLE.fullmatch(value):
        raise _Unfit
    digits = value.partition(".")[0]
    if not fits_64_bits(digits):
        raise _too_large(value, column)
    return int(digits)


def fits_64_bits(digits: str) -> bool:
    return len(digits) <= 20 and -LARGEST_INTEGER <= int(digits) < LARGEST_INTEGER


def _decimal_number(value: Any, column: PushColumn) -> float | str:
    if isinstance(value, bool) or not isinstance(value, str) or not _NUMBER.fullmatch(value):
        raise _Unfit
    if column.scale is not None:
        return _scaled(value, column, *column.scale)
    number = float(value)
    whole = _WHOLE.fullmatch(value)
    if not math.isfinite(number) or (whole and abs(number) > LARGEST_EXACT):
        raise _too_large(value, column)
    return number


def _scaled(value: str, column: PushColumn, precision: int, scale: int) -> str:
    try:
        number = Decimal(value)
        exact = number.quantize(Decimal(1).scaleb(-scale))
    except InvalidOperation:
        raise _too_large(value, column) from None
    if exact != number or len(exact.as_tuple().digits) > precision:
        raise _too_large(value, column)
    return f"{exact:f}"


def _too_large(value: str, column: PushColumn) -> ValueFault:
    return NumberTooLarge(field=column.field.label or column.name, value=shown(value))


def _boolean(value: Any, _column: PushColumn) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and not isinstance(value, Number) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise _Unfit


def _day(value: Any, _column: PushColumn) -> str:
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        pass
    raise _Unfit


def _instant(value: Any, _column: PushColumn) -> str:
    """ISO 8601 in UTC. Without an offset: UTC, as in every file that Bocage reads."""
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise _Unfit
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    zone = (offset or "Z").replace("Z", "+00:00")
    micro = ((fraction or "") + "000000")[:6]
    written = f"{year}-{month}-{day}T{hour or '00'}:{minute or '00'}:{second or '00'}.{micro}{zone}"
    try:
        moment = datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _Unfit from None
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _texts(value: Any, column: PushColumn) -> list[str | None]:
    if isinstance(value, str):
        return [str(value)]
    if isinstance(value, list):
        return [None if one is None else _text(one, column) for one in value]
    raise _Unfit


def _object(value: Any, _column: PushColumn) -> str:
    """JSON text. A text is taken for JSON when it is an object or a list, for that is how it was published."""
    if isinstance(value, str) and not isinstance(value, Number) and value[:1] in ("{", "["):
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            raise _Unfit from None
        return str(value)
    if isinstance(value, dict | list):
        return json_text(value)
    raise _Unfit


def _geometry(read: Callable[[Any], shapes.Geometry | None]) -> Callable[[Any, PushColumn], str]:
    def reading(value: Any, _column: PushColumn) -> str:
        found = read(value)
        if found is None:
            raise _Unfit
        return json.dumps(found)

    return reading


def json_text(value: Any) -> str:
    """JSON, its numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_text(name)}:{json_text(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


_KINDS = {
    FieldType.STRING: _Kind(_("a text"), '"…"', _text),
    FieldType.INTEGER: _Kind(_("a whole number"), "12", _integer),
    FieldType.NUMBER: _Kind(_("a number"), "12.5", _decimal_number),
    FieldType.BOOLEAN: _Kind(_("true or false"), "true", _boolean),
    FieldType.DATE: _Kind(_("a date, year first"), '"2026-05-31"', _day),
    FieldType.DATETIME: _Kind(_("a date and a time, year first"), '"2026-05-31T08:30:00+02:00"', _instant),
    FieldType.GEOPOINT: _Kind(_("a position"), '{"lat": 47.218, "lon": -1.553}', _geometry(shapes.point)),
    FieldType.GEOMETRY: _Kind(
        _("a GeoJSON geometry"), '{"type": "Point", "coordinates": [-1.553, 47.218]}', _geometry(shapes.shape)
    ),
    FieldType.ARRAY: _Kind(_("a list of texts"), '["…", "…"]', _texts),
    FieldType.OBJECT: _Kind(_("a JSON object"), '{"…": 1}', _object),
}  # fmt: skip
