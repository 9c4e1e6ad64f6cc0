"""What each type of Table Schema allows (specification, “Types and Formats” and “Constraints”, as the reference applies them)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

ANY = frozenset({"required", "unique", "enum"})
LENGTHS = frozenset({"minLength", "maxLength"})
BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})

ALLOWED: Mapping[str, frozenset[str]] = {
    "string": ANY | LENGTHS | {"pattern"},
    "integer": ANY | BOUNDS,
    "number": ANY | BOUNDS,
    "date": ANY | BOUNDS,
    "datetime": ANY | BOUNDS,
    "time": ANY | BOUNDS,
    "year": ANY | BOUNDS,
    "yearmonth": ANY | BOUNDS,
    "boolean": ANY,
    "geopoint": ANY,
    "geojson": ANY,
    "duration": ANY,
    "array": ANY | LENGTHS,
    "object": ANY | LENGTHS,
    "list": ANY | LENGTHS,
    "any": ANY,
}
"""Type → constraints. An unlisted constraint makes the reference refuse the whole schema."""

FORMATS: Mapping[str, frozenset[str]] = {
    "string": frozenset({"email", "uri", "binary", "uuid"}),
    "geopoint": frozenset({"array", "object"}),
    "geojson": frozenset({"topojson"}),
}
"""Formats beside `default`. Dates and times take a pattern of strptime, or `any`."""

DATED = frozenset({"date", "datetime", "time"})
OTHER_TYPES = {
    "str": "string", "text": "string", "texte": "string", "varchar": "string", "char": "string", "int": "integer",
    "entier": "integer", "float": "number", "double": "number", "decimal": "number", "numeric": "number",
    "nombre": "number", "bool": "boolean", "booleen": "boolean", "timestamp": "datetime", "geometry": "geojson",
    "point": "geopoint", "url": "string", "uri": "string", "email": "string", "uuid": "string",
}  # fmt: skip
"""Types of other languages, and ours."""

Reader = Callable[[Any], Any]


def _integer(value: Any) -> int:
    return int(str(value))


def _dated(kind: type[dt.date] | type[dt.time]) -> Reader:
    return lambda value: kind.fromisoformat(str(value))


READERS: Mapping[str, Reader] = {
    "integer": _integer,
    "number": lambda value: Decimal(str(value)),
    "year": _integer,
    "date": _dated(dt.date),
    "datetime": _dated(dt.datetime),
    "time": _dated(dt.time),
}


def read_bound(kind: str, written: Any) -> Any:
    """A bound as a value that compares with another of the same type; None when it cannot be read."""
    if isinstance(written, bool) or kind not in READERS:
        return None
    try:
        return READERS[kind](written)
    except (ValueError, ArithmeticError):
        return None


def format_is_known(kind: str, written: str) -> bool:
    if written in ("", "default") or kind not in (*FORMATS, *DATED):
        return True
    if kind in DATED:
        return written == "any" or re.search(r"%[a-zA-Z]", written) is not None
    return written in FORMATS[kind]
