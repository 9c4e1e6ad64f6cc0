"""array, object, geojson, geopoint, duration: texts with a structure of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from bocage.check.rules.types.geojson import is_geojson, is_topojson
from bocage.check.rules.types.iso8601 import iso_datetime
from bocage.check.rules.types.reading import BLANK, Reading, matches
from bocage.check.schema import SchemaField

_LONGEST_POINT = 300
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"  # as JSON has it
_BLANK = r"[ \t\r\n]*"
_LON = r"-?(?:(?:1[0-7][0-9]|[1-9]?[0-9])(?:\.[0-9]+)?|180(?:\.0+)?)"
_LAT = r"-?(?:[1-8]?[0-9](?:\.[0-9]+)?|90(?:\.0+)?)"
_AMOUNT = r"(?:[0-9]+(?:[,.][0-9]+)?{})?"
_DURATION = re.compile(
    r"[+-]?P(?!\b)" + "".join(map(_AMOUNT.format, "YMWD")) + "(?:T" + "".join(map(_AMOUNT.format, "HMS")) + r")?\n?\Z"
)


class Point(NamedTuple):
    lon: Decimal
    lat: Decimal


def geopoint(field: SchemaField, text: str) -> Reading:
    """The usual spellings are told by their digits, range included: casts would cost four times as much."""
    maybe = f"(length({text}) <= {_LONGEST_POINT})"
    if field.format == "object":
        return Reading(sure="false", maybe=maybe, value="NULL", read=_point_reader(field))
    if field.format == "array":
        parts = [f"regexp_extract({text}, {place}, 1)" for place in (r"'\[\s*([^,\s]*)'", r"',\s*([^,\s\]]*)'")]
        sure = matches(text, rf"{_BLANK}\[{_BLANK}{_LON}{_BLANK},{_BLANK}{_LAT}{_BLANK}\]{_BLANK}")
    else:
        parts = [f"split_part({text}, ',', {place})" for place in (1, 2)]
        sure = matches(text, rf"{_LON}, ?{_LAT}")
        maybe = matches(text, rf"{BLANK}[^,\[;(\"]{{1,{_LONGEST_POINT}}},[^,]{{1,{_LONGEST_POINT}}}")
    lon, lat = (f"TRY_CAST({part} AS DOUBLE)" for part in parts)
    return Reading(
        sure=sure,
        maybe=maybe,
        value=f"CASE WHEN {sure} THEN struct_pack(lon := {lon}, lat := {lat}) END",
        read=_point_reader(field),
    )


def _point_reader(field: SchemaField) -> Callable[[Any], Point | None]:
    def read(value: Any) -> Point | None:
        try:
            lon, lat = _coordinates(value, field.format)
            point = Point(Decimal(lon), Decimal(lat)) if isinstance(value, str) else Point(lon, lat)
            is_out = point.lon > 180 or point.lon < -180 or point.lat > 90 or point.lat < -90
        except (ValueError, TypeError, KeyError, InvalidOperation, RecursionError):
            return None
        return None if is_out else point

    return read


def _coordinates(value: Any, style: str) -> tuple[Any, Any]:
    if not isinstance(value, str):
        lon, lat = value
    elif style == "array":
        lon, lat = json.loads(value)
    elif style == "object":
        found = json.loads(value)
        if len(found) != 2:
            raise ValueError
        lon, lat = found["lon"], found["lat"]
    else:
        lon, lat = (part.strip() for part in value.split(","))
    return lon, lat


def array(field: SchemaField, text: str) -> Reading:
    """Items of a given type are looked at in Python: see `constraints`."""
    usual = f"(CASE WHEN starts_with({text}, '[') THEN json_valid({text}) ELSE false END)"
    return Reading(
        sure=usual,
        maybe=f"regexp_matches({text}, {_opening('[')})",
        value=f"CASE WHEN {usual} THEN {text} END",
        read=_json_reader(list),
        quick=text,
    )


def object_(field: SchemaField, text: str) -> Reading:
    usual = f"(CASE WHEN starts_with({text}, '{{') THEN json_valid({text}) ELSE false END)"
    return Reading(
        sure=usual,
        maybe=f"regexp_matches({text}, {_opening('{')})",
        value=f"CASE WHEN {usual} THEN {text} END",
        read=_json_reader(dict),
        quick=text,
    )


def _opening(sign: str) -> str:
    return rf"'^[ \t\r\n]*\{sign}'"


def _json_reader(kind: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                return None
        return value if isinstance(value, kind) else None

    return read


def geojson(field: SchemaField, text: str) -> Reading:
    point = rf'\{{"type": ?"Point", ?"coordinates": ?\[ ?{_NUMBER}, ?{_NUMBER} ?\]\}}'
    sure = "false" if field.format == "topojson" else matches(text, point)
    follows = is_topojson if field.format == "topojson" else is_geojson
    as_object = _json_reader(dict)

    def read(value: Any) -> Any:
        found = as_object(value)
        return found if found is not None and follows(found) else None

    maybe = f"regexp_matches({text}, {_opening('{')})"
    return Reading(sure=sure, maybe=maybe, value=f"CASE WHEN {maybe} THEN {text} END", read=read)


def duration(field: SchemaField, text: str) -> Reading:
    return Reading(
        sure=matches(text, r"P[0-9]+[YMWD]|PT[0-9]+[HMS]"),
        maybe=f"(length({text}) <= 200 AND contains({text}, 'P'))",
        value=text,
        read=_read_duration,
    )


def _read_duration(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if _DURATION.match(value):
        return value
    try:  # the other way of ISO 8601: P0003-06-04T12:30:05
        iso_datetime(value.removeprefix("P") if value.startswith("P") and "T" in value else "")
    except (ValueError, IndexError, OverflowError):
        return None
    return value
