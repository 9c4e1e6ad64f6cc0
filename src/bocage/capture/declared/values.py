"""SQL of a declared field over what a file holds: the value in the physical type of the store, NULL when it cannot be read."""

from __future__ import annotations

import re

from bocage.capture.inference.column_types import PHYSICAL
from bocage.catalog.vocabulary import FieldType

_WHOLE = "[+-]?[0-9]+([.]0+)?"
_DAY = "[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}"
_MIDNIGHT = "([T ]00:00(:00([.]0+)?)?(Z|[+]00:?00)?)?"


def from_json(kind: FieldType, x: str) -> str:
    """`x`: SQL of a value of type JSON."""
    text = f"({x} ->> '$')"
    if kind is FieldType.ARRAY:
        return f"CASE json_type({x}) WHEN 'ARRAY' THEN CAST({x} AS VARCHAR[]) WHEN 'OBJECT' THEN NULL ELSE [{text}] END"
    if kind is FieldType.OBJECT:
        return f"CASE json_type({x}) WHEN 'VARCHAR' THEN {text} ELSE CAST({x} AS VARCHAR) END"
    if kind is FieldType.GEOPOINT:
        return _point(x, text)
    if kind is FieldType.GEOMETRY:
        return _shape(x)
    return from_text(kind, text)


def from_text(kind: FieldType, text: str) -> str:
    """A value as a standard writes it in a text; the decimal mark is a full stop, days come after months and years."""
    if kind is FieldType.INTEGER:
        return (
            f"CASE WHEN regexp_full_match({text}, '{_WHOLE}') THEN TRY_CAST(split_part({text}, '.', 1) AS BIGINT) END"
        )
    if kind is FieldType.NUMBER:
        return f"TRY_CAST({text} AS DOUBLE)"
    if kind is FieldType.BOOLEAN:
        return f"CASE lower({text}) WHEN 'true' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN '0' THEN false END"
    if kind is FieldType.DATE:
        day = _completed(text)
        return f"CASE WHEN regexp_full_match({day}, '{_DAY}{_MIDNIGHT}') THEN TRY_CAST(regexp_extract({day}, '{_DAY}') AS DATE) END"
    if kind is FieldType.DATETIME:
        return f"TRY_CAST({_completed(text)} AS TIMESTAMPTZ)"
    return text


def _completed(text: str) -> str:
    """Dates of the precision of a month, or of a year, begin with it."""
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9]{{4}}') THEN {text} || '-01-01' "
        f"WHEN regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}') THEN {text} || '-01' ELSE {text} END"
    )


def _point(x: str, text: str) -> str:
    """`{"lon": …, "lat": …}`, or `latitude, longitude` in one text or one array."""
    pair = f"CASE json_type({x}) WHEN 'ARRAY' THEN CAST({x} AS VARCHAR[]) WHEN 'VARCHAR' THEN string_split({text}, ',') END"
    lat, lon = (
        f"coalesce(TRY_CAST({x} ->> '{name}' AS DOUBLE), CASE WHEN len({pair}) = 2 THEN TRY_CAST(({pair})[{rank}] AS DOUBLE) END)"
        for name, rank in (("lat", 1), ("lon", 2))
    )
    return f"CASE WHEN isfinite({lat}) AND isfinite({lon}) THEN ST_Point({lon}, {lat}) END"


def _shape(x: str) -> str:
    """A Feature or a bare geometry of GeoJSON, or the text of one."""
    document = f"CASE json_type({x}) WHEN 'VARCHAR' THEN TRY_CAST({x} ->> '$' AS JSON) ELSE {x} END"
    shape = f"CASE WHEN ({document}) ->> 'type' = 'Feature' THEN ({document}) -> 'geometry' ELSE ({document}) END"
    return f"TRY(ST_GeomFromGeoJSON(CAST(({shape}) AS VARCHAR)))"


def is_present_in_json(kind: FieldType, x: str) -> str:
    """Is something written there? A Feature without geometry is nothing."""
    if kind is FieldType.GEOMETRY:
        return f"({x} IS NOT NULL AND NOT coalesce({x} ->> 'type' = 'Feature' AND ({x} ->> 'geometry') IS NULL, false))"
    return f"({x} IS NOT NULL)"


def from_column(kind: FieldType, x: str, sql_type: str) -> str | None:
    """`x`: a column of this SQL type; None when the type is not one in which the field may come without loss."""
    if kind.is_geographic:
        return _geometry(x, sql_type)
    if sql_type == PHYSICAL[kind] or (kind is FieldType.DATETIME and sql_type == "TIMESTAMP WITH TIME ZONE"):
        return x
    if sql_type == "VARCHAR" and kind in _READ_IN_TEXTS:
        return from_text(kind, x)
    for wanted, pattern, template in _CONVERSIONS:
        if kind is wanted and pattern.match(sql_type):
            return template.format(x=x)
    return None


_INSTANT = re.compile(r"^TIMESTAMP(_S|_MS|_NS)?$")
_CONVERSIONS = (
    (FieldType.INTEGER, re.compile(r"^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$"), "TRY_CAST({x} AS BIGINT)"),
    # through text: 0.1 must not become 0.10000000149011612
    (FieldType.NUMBER, re.compile("^FLOAT$"), "CAST(CAST({x} AS VARCHAR) AS DOUBLE)"),
    (FieldType.NUMBER, re.compile(r"^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|DECIMAL\(.*\))$"), "CAST({x} AS DOUBLE)"),
    (FieldType.DATE, _INSTANT, "CASE WHEN CAST({x} AS TIME) = TIME '00:00:00' THEN CAST({x} AS DATE) END"),
    (FieldType.DATETIME, _INSTANT, "make_timestamptz(epoch_us({x}))"),
    (FieldType.OBJECT, re.compile("^(STRUCT|MAP|JSON)"), "CAST(to_json({x}) AS VARCHAR)"),
)
_READ_IN_TEXTS = (FieldType.DATE, FieldType.DATETIME)


def _geometry(x: str, sql_type: str) -> str | None:
    if sql_type.startswith("GEOMETRY"):
        return f"CAST({x} AS GEOMETRY)"
    if sql_type == "BLOB":
        return f"TRY(ST_GeomFromWKB({x}))"
    if re.match(r'^STRUCT\("?(lon|lat)"? \w+, "?(lon|lat)"? \w+\)$', sql_type):
        return f"ST_Point({x}.lon, {x}.lat)"
    return None
