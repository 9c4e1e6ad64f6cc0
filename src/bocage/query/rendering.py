"""A row as text, written by the engine for whole columns at once: CSV (RFC 4180), JSON, GeoJSON (RFC 7946).

Every function returns SQL over the *output* columns of a compiled query, whose physical types are those of
`store.staged.StagedFile`. Names and texts are quoted here; nothing of a request enters unquoted.
Text exports never build a Python object per row: the bytes of the answer are the buffer of one Arrow column.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bocage.catalog.vocabulary import FieldType
from bocage.query.digits import finite, is_plain_pair, sides

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

CRLF = "\r\n"


class Rendering(Protocol):
    """How `query.services.stream` writes each row as one text. Positions are given as {lon, lat}, shapes as geometry."""

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        """SQL of a VARCHAR, never NULL; instants are written in `timezone` (an IANA name)."""


def name(text: str) -> str:
    """An SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def instant(column: str, timezone: str) -> str:
    """ISO 8601 with offset, `2026-05-04T08:00:00+00:00`; a fraction of a second only when there is one.

    `make_timestamp` reads the microseconds without the calendar library: three times faster than `timezone('UTC', …)`.
    """
    plain = f"make_timestamp(epoch_us({column}))"
    local = plain if timezone == "UTC" else f"timezone({literal(timezone)}, {column})"
    whole = f"epoch_us({column}) % 1000000 = 0"
    text = (
        f"CASE WHEN {whole} THEN replace({local}::VARCHAR, ' ', 'T') ELSE strftime({local}, '%Y-%m-%dT%H:%M:%S.%f') END"
    )
    return f"({text} || {_offset(plain, local, timezone)})"


def _offset(plain: str, local: str, timezone: str) -> str:
    if timezone == "UTC":
        return "'+00:00'"
    minutes = f"date_diff('minute', {plain}, {local})"
    return (
        f"CASE WHEN {minutes} < 0 THEN '-' ELSE '+' END || lpad((abs({minutes}) // 60)::VARCHAR, 2, '0')"
        f" || ':' || lpad((abs({minutes}) % 60)::VARCHAR, 2, '0')"
    )


# --- CSV ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CsvLine:
    """RFC 4180: quotes only where needed, unless `quote_all`. Values are exact: nothing is added against spreadsheets that
    would read `=…` as a formula, since the same file feeds machines. Points are `lat, lon`, shapes GeoJSON text."""

    delimiter: str = ";"
    list_separator: str = ","
    quote_all: bool = False

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        cells = [self._cell(column, timezone) for column in columns]
        between = f", {literal(self.delimiter)}, "
        return f"concat({between.join(cells)}, chr(13), chr(10))"

    def header(self, titles: Sequence[str]) -> str:
        """The first line, in the same dialect."""
        return self.delimiter.join(self._quoted(title) for title in titles) + CRLF

    def _quoted(self, text: str) -> str:
        if not self.quote_all and not any(mark in text for mark in (self.delimiter, '"', "\r", "\n")):
            return text
        return '"' + text.replace('"', '""') + '"'

    def _cell(self, field: Field, timezone: str) -> str:
        text = self.text(field, timezone)
        if field.type in _NEVER_QUOTED and not self.quote_all and self.delimiter not in "-+.:, ":
            return text
        quoted = f"""'"' || replace({text}, '"', '""') || '"'"""
        if self.quote_all:
            return quoted
        marks = " OR ".join(
            f"contains({text}, {mark})" for mark in (literal(self.delimiter), "'\"'", "chr(10)", "chr(13)")
        )
        return f"CASE WHEN {marks} THEN {quoted} ELSE {text} END"

    def text(self, field: Field, timezone: str) -> str:
        """SQL of the value before quoting, NULL when missing."""
        column = name(field.name)
        if field.type == FieldType.ARRAY:
            return f"array_to_string({column}, {literal(self.list_separator)})"
        if field.type == FieldType.GEOPOINT:
            lon, lat = sides(column)
            return f"({lat} || ', ' || {lon})"
        return _CSV_TEXT.get(field.type, _plain)(column, timezone)


def _plain(column: str, _timezone: str) -> str:
    return f"{column}::VARCHAR"


_CSV_TEXT: dict[FieldType, Callable[[str, str], str]] = {
    FieldType.NUMBER: lambda column, _timezone: finite(column),
    FieldType.DATETIME: instant,
    FieldType.GEOMETRY: lambda column, _timezone: f"ST_AsGeoJSON({column})::VARCHAR",
}
_NEVER_QUOTED = {
    FieldType.INTEGER,
    FieldType.NUMBER,
    FieldType.BOOLEAN,
    FieldType.DATE,
    FieldType.DATETIME,
    FieldType.GEOPOINT,
}


# --- JSON --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class JsonLine:
    """`before` {object} `after`: `("", "\\n")` makes JSON Lines, `(",\\n", "")` the items of an array but for the first
    two characters. Shapes of the Explore API: points {"lon","lat"}, shapes as Features, missing values null."""

    before: str = ""
    after: str = "\n"

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        return concatenated([literal(self.before), *json_object(columns, timezone), literal(self.after)])


@dataclass(frozen=True)
class GeoJsonLine:
    """`before` {Feature}: the geometry is the first shape, else the first point (else null), other fields properties."""

    before: str = ",\n"

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        geometry = main_geometry(columns)
        shape = f"coalesce({_drawn(geometry)}, 'null')" if geometry else "'null'"
        properties = json_object([column for column in columns if column is not geometry], timezone)
        opening = literal(self.before + '{"type":"Feature","geometry":')
        return concatenated([opening, shape, literal(',"properties":'), *properties, "'}'"])


def _drawn(geometry: Field) -> str:
    """SQL of a geometry in GeoJSON."""
    column = name(geometry.name)
    if geometry.type == FieldType.GEOPOINT:
        lon, lat = sides(column)
        pair = f"to_json([{column}.lon, {column}.lat])::VARCHAR"
        pair = f"CASE WHEN {is_plain_pair(column)} THEN {pair} ELSE '[' || {lon} || ',' || {lat} || ']' END"
        return f"""('{{"type":"Point","coordinates":' || {pair} || '}}')"""
    return f"ST_AsGeoJSON({column})::VARCHAR"


def main_geometry(columns: Sequence[Field]) -> Field | None:
    """The field that a feature is drawn by."""
    for kind in (FieldType.GEOMETRY, FieldType.GEOPOINT):
        for column in columns:
            if column.type == kind:
                return column
    return None


def concatenated(pieces: Sequence[str]) -> str:
    return f"concat({', '.join(pieces)})"


def json_object(columns: Sequence[Field], timezone: str) -> list[str]:
    """SQL pieces that, put together, are the JSON object of a row, in the order of `columns`."""
    if not columns:
        return ["'{}'"]
    pieces: list[str] = []
    for position, column in enumerate(columns):
        key = ("," if position else "{") + json.dumps(column.name, ensure_ascii=False) + ":"
        pieces += [literal(key), json_value(column, timezone)]
    return [*pieces, "'}'"]


def json_value(field: Field, timezone: str) -> str:
    """SQL of the JSON text of one value; missing values are `null`."""
    text = _JSON_TEXT.get(field.type, _json_text)(name(field.name), timezone)
    return f"coalesce({text}, 'null')"


def _json_text(column: str, _timezone: str) -> str:
    return f"to_json({column})::VARCHAR"


JSON_STRING = r'"(?:[^"\\]|\\.)*"'
NOT_JSON = "(?i)nan|inf"
"""Patterns: a string of JSON, and what the engine reads outside of strings though no JSON has it."""


def _json_object(column: str, _timezone: str) -> str:
    strange = f"regexp_matches(regexp_replace({column}, {literal(JSON_STRING)}, '\"\"', 'g'), {literal(NOT_JSON)})"
    valid = f"json_valid({column}) AND NOT {strange}"
    return f"CASE WHEN {valid} THEN {column}::VARCHAR ELSE to_json({column})::VARCHAR END"


def _json_point(column: str, _timezone: str) -> str:
    lon, lat = sides(column)
    quick = f"to_json(struct_pack(lon := {column}.lon, lat := {column}.lat))::VARCHAR"
    return f"""CASE WHEN {is_plain_pair(column)} THEN {quick} ELSE ('{{"lon":' || {lon} || ',"lat":' || {lat} || '}}') END"""


def _json_shape(column: str, _timezone: str) -> str:
    return f"""('{{"type":"Feature","geometry":' || ST_AsGeoJSON({column})::VARCHAR || ',"properties":{{}}}}')"""


_JSON_TEXT: dict[FieldType, Callable[[str, str], str]] = {
    FieldType.INTEGER: _plain,
    FieldType.BOOLEAN: _plain,
    FieldType.OBJECT: _json_object,
    FieldType.NUMBER: lambda column, _timezone: finite(column),
    FieldType.DATE: lambda column, _timezone: f"""('"' || {column}::VARCHAR || '"')""",
    FieldType.DATETIME: lambda column, timezone: f"""('"' || {instant(column, timezone)} || '"')""",
    FieldType.GEOPOINT: _json_point,
    FieldType.GEOMETRY: _json_shape,
}


@dataclass(frozen=True)
class FeatureLine:
    """`before` {Feature} with its identifier, the column `identifier` of the query: RFC 7946, or JSON-FG when `kind` names the
    collection. `placed`: coordinates are in another system than WGS 84, so that JSON-FG calls them a place."""

    identifier: str
    before: str = ",\n"
    kind: str = ""
    placed: bool = False
    moment: str = ""

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        fields = [column for column in columns if column.name != self.identifier]
        geometry = main_geometry(fields)
        shape = f"coalesce({_drawn(geometry)}, 'null')" if geometry else "'null'"
        properties = json_object([column for column in fields if column is not geometry], timezone)
        opening = [literal(self.before + '{"type":"Feature","id":'), f"to_json({name(self.identifier)})::VARCHAR"]
        if self.kind:
            opening += self._more(fields, shape, timezone)
        drawn = "'null'" if self.kind and self.placed else shape
        return concatenated([*opening, literal(',"geometry":'), drawn, literal(',"properties":'), *properties, "'}'"])

    def _more(self, fields: Sequence[Field], shape: str, timezone: str) -> list[str]:
        """What JSON-FG adds: the kind of the feature, its time, its place in another system."""
        told = [literal(f',"featureType":{json.dumps(self.kind)},"time":')]
        dated = next((one for one in fields if one.name == self.moment), None)
        told.append("'null'" if dated is None else _moment(dated, timezone))
        return [*told, literal(',"place":'), shape if self.placed else "'null'"]


def _moment(field: Field, timezone: str) -> str:
    """SQL of the time of JSON-FG: `{"date": …}` or `{"timestamp": …}`, or null."""
    text = json_value(field, timezone)
    opening = '{"date":' if field.type == FieldType.DATE else '{"timestamp":'
    if field.type == FieldType.DATETIME:
        text = f"replace({text}, '+00:00', 'Z')"
    return f"CASE WHEN {name(field.name)} IS NULL THEN 'null' ELSE {literal(opening)} || {text} || '}}' END"
