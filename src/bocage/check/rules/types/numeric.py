"""integer, number, year, yearmonth."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from bocage.check.rules.types.reading import BLANK, Reading, matches
from bocage.check.schema import SchemaField
from bocage.store.engine import literal

_DIGITS = "".join(
    filter(str.isdecimal, map(chr, range(0x660, 0x20000)))
)  # of other scripts, in runs of ten from 0 to 9
_AROUND = re.compile(r"((^[^-\d]*)|(\D*$))")  # what is not the number, when the number is not bare
_LONGEST = 300
"""Characters of a number that is looked at: beyond, it is one for nobody. The reference stops at 4,300 digits."""


def integer(field: SchemaField, text: str) -> Reading:
    sure = matches(text, "[+-]?[0-9]{1,18}")
    grammar = rf"(?s).{{0,{_LONGEST}}}" if not field.bare_number else rf"{BLANK}[+-]?\p{{Nd}}+(?:_\p{{Nd}}+)*{BLANK}"
    maybe = f"({matches(text, grammar)} AND regexp_matches({text}, '\\p{{Nd}}'))"
    plain = _plain(text)
    return Reading(
        sure=sure,
        maybe=maybe,
        value=f"CASE WHEN {sure} THEN TRY_CAST({text} AS HUGEINT) WHEN {maybe} THEN TRY_CAST({plain} AS HUGEINT) END",
        read=_integer_reader(field),
        quick=f"TRY_CAST({text} AS BIGINT)",
        compare=lambda constant: str(constant) if abs(constant) < 1 << 62 else None,
    )


def _plain(text: str) -> str:
    """SQL: a whole number as Python reads it, blanks around, underscores and the digits of every script, in plain digits."""
    usual = "0123456789" * (len(_DIGITS) // 10)
    return f"translate(regexp_replace({text}, '[^+\\p{{Nd}}-]', '', 'g'), '{_DIGITS}', '{usual}')"


def _integer_reader(field: SchemaField) -> Callable[[Any], int | None]:
    def read(value: Any) -> int | None:
        if isinstance(value, str):
            stripped = value.strip()
            return _int(stripped if field.bare_number else _AROUND.sub("", stripped))
        if isinstance(value, bool):
            return None
        if isinstance(value, int):
            return value
        if isinstance(value, float | Decimal):
            return int(value) if math.isfinite(value) and value == int(value) else None
        return None

    return read


def _int(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def number(field: SchemaField, text: str) -> Reading:
    mark = re.escape(field.decimal_char)
    is_usual = len(field.decimal_char) == 1 and not field.decimal_char.isalnum() and field.decimal_char not in "+-_ "
    sure = matches(text, rf"[+-]?(?:[0-9]+(?:{mark}[0-9]*)?|{mark}[0-9]+)") if is_usual else "false"
    plain = text if field.decimal_char == "." else f"replace({text}, {literal(field.decimal_char)}, '.')"
    bare = field.bare_number and not field.group_char and is_usual
    letters = rf"(?i){BLANK}[+-]?(?:[\p{{Nd}}_]*(?:{mark}[\p{{Nd}}_]*)?(?:e[+-]?[\p{{Nd}}_]+)?|inf(?:inity)?|s?nan\p{{Nd}}*){BLANK}"
    maybe = (
        matches(text, letters)
        if bare
        else f"(length({text}) <= {_LONGEST} AND regexp_matches({text}, '(?i)\\p{{Nd}}|inf|nan'))"
    )
    return Reading(
        sure=sure,
        maybe=maybe,
        value=f"CASE WHEN {sure} OR {maybe} THEN TRY_CAST(replace(trim({plain}), '_', '') AS DOUBLE) END",
        read=_number_reader(field),
        quick=f"TRY_CAST({plain} AS DOUBLE)",
        compare=lambda constant: repr(float(constant)) if Decimal(constant).is_finite() else None,
    )


def _number_reader(field: SchemaField) -> Callable[[Any], Decimal | float | int | None]:
    first: type[Decimal] | type[float] = float if field.float_number else Decimal
    is_dressed = bool({"groupChar", "decimalChar", "bareNumber"} & set(field.descriptor))

    def read(value: Any) -> Decimal | float | int | None:
        if isinstance(value, str):
            plain = _undressed(field, value.strip()) if is_dressed else value.strip()
            try:
                return None if plain is None else first(plain)
            except (InvalidOperation, ValueError, OverflowError):
                return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return None
        return value if isinstance(value, int | first) else first(str(value))

    return read


def _undressed(field: SchemaField, text: str) -> str | None:
    if not field.bare_number:
        text = _AROUND.sub("", text)
    if field.group_char:
        text = text.replace(field.group_char, "")
    if field.decimal_char != "." and "." in text:
        return None
    return text.replace(field.decimal_char, ".")


def year(_field: SchemaField, text: str) -> Reading:
    sure = matches(text, "[0-9]{4}")
    spelling = rf"{BLANK}[+]?\p{{Nd}}+(?:_\p{{Nd}}+)*{BLANK}"
    odd = f"(length({text}) = 4 AND {matches(text, spelling)})"
    return Reading(
        sure=sure,
        maybe=f"length({text}) = 4",
        value=f"CASE WHEN {sure} THEN TRY_CAST({text} AS BIGINT) WHEN {odd} THEN TRY_CAST({_plain(text)} AS BIGINT) END",
        read=_read_year,
        quick=f"TRY_CAST({text} AS BIGINT)",
        compare=str,
    )


def _read_year(value: Any) -> int | None:
    if isinstance(value, str):
        value = _int(value) if len(value) == 4 else None
    return value if isinstance(value, int) and 0 <= value <= 9999 else None


def year_month(_field: SchemaField, text: str) -> Reading:
    sure = matches(text, "[0-9]{4}-(?:0[1-9]|1[0-2])")
    return Reading(
        sure=sure,
        maybe=f"(length({text}) <= {_LONGEST} AND contains({text}, '-'))",
        value=f"CASE WHEN {sure} THEN {text} END",
        read=_read_year_month,
        quick=text,
        compare=lambda constant: literal(f"{constant[0]:04}-{constant[1]:02}") if 0 <= constant[0] <= 9999 else None,
    )


def _read_year_month(value: Any) -> tuple[int, int] | None:
    is_text = isinstance(value, str)
    parts: list[Any] = (
        [_int(part) for part in value.split("-")] if is_text else value if isinstance(value, list) else []
    )
    if len(parts) != 2 or not all(isinstance(part, int) for part in parts):
        return None
    return (parts[0], parts[1]) if not is_text or 1 <= parts[1] <= 12 else None
