"""date, datetime, time: in their default spelling, or in a format of strptime."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from bocage.check.rules.types.iso8601 import iso_datetime, loose_datetime
from bocage.check.rules.types.reading import Reading, matches
from bocage.check.schema import SchemaField
from bocage.store.engine import literal

_LONGEST = 200
# Directives that the engine writes as Python reads them: a text equal to what it is written again is read by both.
_SHARED = re.compile(r"(?:%[YmdHMSyj%]|[^%])*")
_ZONE = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])?"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?"


def date(field: SchemaField, text: str) -> Reading:
    if field.format not in ("default", "%Y-%m-%d"):
        return _formatted(field, text, "DATE", _reader(field, lambda instant: instant.date(), dt.date))
    # A cast alone takes blanks, and days of two digits in any order: it must be written again the same.
    sure = f"coalesce(CAST(TRY_CAST({text} AS DATE) AS VARCHAR) = {text} AND length({text}) = 10, false)"
    loose = matches(text, r"\p{Nd}{4}-\p{Nd}{1,2}- ?\p{Nd}{1,2}")
    return Reading(
        sure=sure,
        maybe=loose,
        value=f"CASE WHEN {sure} OR {loose} THEN TRY_CAST(replace({text}, ' ', '') AS DATE) END",
        read=_reader(field, lambda instant: instant.date(), dt.date),
        quick=text,
        compare=lambda constant: literal(constant.isoformat()),
    )


def datetime(field: SchemaField, text: str) -> Reading:
    read = _reader(field, lambda instant: instant, dt.datetime)
    if field.format != "default":
        return _formatted(field, text, "TIMESTAMP", read)
    usual = matches(text, rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]{_CLOCK}{_ZONE}")
    value = f"TRY_CAST({text} AS TIMESTAMPTZ)::TIMESTAMP"
    sure = f"(CASE WHEN {usual} THEN {value} IS NOT NULL ELSE false END)"
    return Reading(
        sure=sure,
        maybe=f"(length({text}) BETWEEN 19 AND {_LONGEST} AND {text}[17] = ':')",
        value=f"CASE WHEN {usual} THEN {value} END",
        read=read,
        quick=value,
        compare=_instant,
    )


def time(field: SchemaField, text: str) -> Reading:
    read = _reader(field, lambda instant: instant.timetz(), dt.time)
    if field.format != "default":
        return _formatted(field, text, "TIME", read)
    return Reading(
        sure=matches(text, rf"{_CLOCK}{_ZONE}"),
        maybe=f"(length({text}) BETWEEN 8 AND {_LONGEST} AND {text}[6] = ':')",
        value=f"CASE WHEN {matches(text, _CLOCK)} THEN TRY_CAST({text} AS TIME) END",
        read=read,
    )


def _formatted(field: SchemaField, text: str, kind: str, read: Callable[[Any], Any]) -> Reading:
    """`any`, or a format of strptime. Where the engine and Python mean the same, the engine answers."""
    maybe, asked = f"length({text}) <= {_LONGEST}", literal(field.format)
    if "%" not in field.format or not _SHARED.fullmatch(field.format):
        return Reading(sure="false", maybe=maybe, value=f"TRY_CAST({text} AS {kind})", read=read)
    parsed = f"try_strptime({text}, {asked})"
    sure = f"coalesce(strftime({parsed}, {asked}) = {text} AND {parsed} >= DATE '0001-01-01', false)"
    return Reading(
        sure=sure,
        maybe=f"({maybe} AND regexp_matches({text}, '\\p{{Nd}}'))",
        value=f"CASE WHEN {sure} THEN CAST({parsed} AS {kind}) END",
        read=read,
        quick=parsed,
        compare=_instant,
    )


def _instant(constant: Any) -> str | None:
    """SQL of a date or of an instant; one of the day has no date to be compared with."""
    if isinstance(constant, dt.datetime):
        local = constant.astimezone(dt.UTC).replace(tzinfo=None) if constant.tzinfo else constant
        return f"TIMESTAMP {literal(local.isoformat(sep=' '))}"
    return f"DATE {literal(constant.isoformat())}" if isinstance(constant, dt.date) else None


def _reader(field: SchemaField, part: Callable[[dt.datetime], Any], kind: type) -> Callable[[Any], Any]:
    """`part`: what is kept of the instant; `kind`: what is already read."""

    def read(value: Any) -> Any:
        if isinstance(value, kind) and not (kind is dt.date and isinstance(value, dt.datetime)):
            return value
        if not isinstance(value, str) or len(value) > _LONGEST:
            return None
        try:
            return part(_parsed(field, value, kind))
        except (ValueError, IndexError, OverflowError):
            return None

    return read


def _parsed(field: SchemaField, text: str, kind: type) -> dt.datetime:
    if field.format == "any":
        return loose_datetime(text)
    if field.format != "default":
        return dt.datetime.strptime(text, field.format)  # noqa: DTZ007  the zone is that of the text
    if kind is dt.date:
        return dt.datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007
    shift = 0 if kind is dt.datetime else 11
    if len(text) < 19 - shift or text[16 - shift] != ":":
        raise ValueError(text)
    return iso_datetime(text if kind is dt.datetime else f"2000-01-01T{text}")
