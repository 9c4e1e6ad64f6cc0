"""A record as this version writes it, by the engine for whole columns at once: what is missing is not written at all.

`{"datasetid", "recordid", "fields": {…}, "geometry", "record_timestamp"}`; positions are [latitude, longitude] in `fields`,
GeoJSON in `geometry`; several values of one field are one text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.files.text import SEPARATOR, items_of
from bocage.publish.first_version import places
from bocage.query.odsql import nodes
from bocage.query.odsql.printing import printed
from bocage.query.plan import ROW_ID
from bocage.query.rendering import concatenated, json_value, literal
from bocage.query.rendering import name as quoted

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.formats import Options
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.odsql.scope import Scope
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream

RECORD_ID, GEOMETRY, DISTANCE = "#recordid", "#geometry", "#dist"
"""Columns beside the fields: no field begins so."""
MOST_COLUMNS = 1_000


def selected(inquiry: Inquiry, scope: Scope) -> str:
    """The ODSQL of `fields`, and of what a record has beside them. Raises UnknownField."""
    chosen = fields_of(inquiry, scope)
    beside = {RECORD_ID: printed(nodes.Name(ROW_ID))}
    if any(field.type.is_geographic for field in scope.fields.values()):
        beside[GEOMETRY] = printed(nodes.Name(places.geographic_field(inquiry, scope).name))
    if distance := places.centre(inquiry, scope):
        beside[DISTANCE] = distance
    return ", ".join([*(f"{text} as `{label}`" for label, text in beside.items()), *chosen])


def fields_of(inquiry: Inquiry, scope: Scope) -> list[str]:
    """The ODSQL of each field asked for, all of them by default."""
    asked = [name.strip() for text in inquiry.texts("fields") for name in text.split(",")]
    names = list(dict.fromkeys(filter(None, asked))) or list(scope.fields)
    for name in names[:MOST_COLUMNS]:
        scope.in_clause("fields").expression(name)
    return [printed(nodes.Name(name)) for name in names]


def timestamp_of(inquiry: Inquiry, scope: Scope) -> str:
    """When the records were published, on the clock of the request."""
    moment = inquiry.relation.version.created_at
    return moment.astimezone(scope.zone).isoformat()


@dataclass(frozen=True)
class RecordLine:
    """`timestamp`: ISO 8601. `tolerance`: degrees within which shapes are simplified, 0 leaves them."""

    dataset_id: str
    timestamp: str
    tolerance: float = 0.0
    before: str = SEPARATOR

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        beside = {column.name: column for column in columns if column.name.startswith("#")}
        named = [column for column in columns if column.name not in beside]
        pairs = [self._pair(column.name, self._value(column, timezone)) for column in named]
        if DISTANCE in beside:
            pairs.append(self._pair("dist", f"to_json({quoted(DISTANCE)}::VARCHAR)::VARCHAR"))
        opening = self.before + '{"datasetid":' + json.dumps(self.dataset_id) + ',"recordid":'
        pieces = [literal(opening), f"to_json({quoted(RECORD_ID)})::VARCHAR", literal(',"fields":{')]
        pieces += [f"concat_ws(',', {', '.join(pairs)})"] if pairs else []
        pieces.append(literal("}"))
        if GEOMETRY in beside:
            pieces.append(self._geometry(beside[GEOMETRY]))
        return concatenated([*pieces, literal(f',"record_timestamp":{json.dumps(self.timestamp)}}}')])

    def _pair(self, key: str, value: str) -> str:
        """`"key":value`, NULL when the value is."""
        return f"({literal(json.dumps(key, ensure_ascii=False) + ':')} || {value})"

    def _value(self, field: Field, timezone: str) -> str:
        column = quoted(field.name)
        if field.type == FieldType.GEOPOINT:
            return f"('[' || {column}.lat || ',' || {column}.lon || ']')"
        if field.type == FieldType.GEOMETRY:
            return f"ST_AsGeoJSON({simplified(column, self.tolerance)})::VARCHAR"
        if field.type == FieldType.ARRAY:
            between = field.annotations.multivalued or ","
            return f"to_json(nullif(array_to_string({column}, {literal(between)}), ''))::VARCHAR"
        return f"nullif({json_value(field, timezone)}, 'null')"

    def _geometry(self, field: Field) -> str:
        """A position: of a shape, its centre. Nothing when there is none."""
        column = quoted(field.name)
        lon, lat = f"{column}.lon", f"{column}.lat"
        if field.type == FieldType.GEOMETRY:
            lon, lat = f"ST_X(ST_Centroid({column}))", f"ST_Y(ST_Centroid({column}))"
        key = literal(',"geometry":')
        return f"({key} || {point(lon, lat)})"


def point(lon: str, lat: str) -> str:
    """SQL of a GeoJSON position, NULL when there is none."""
    return f"""('{{"type":"Point","coordinates":[' || {lon} || ',' || {lat} || ']}}')"""


def simplified(column: str, tolerance: float) -> str:
    return f"ST_SimplifyPreserveTopology({column}, {tolerance:.12f})" if tolerance else column


def tolerance_at(zoom: int) -> float:
    """Half a pixel of a web map, in degrees."""
    return 180.0 / (256 * 2.0**zoom)


@dataclass(frozen=True)
class Records:
    """The format `json` of this version: an array of records, however many."""

    record: RecordLine
    name: str = "json"
    media_type: str = "application/json; charset=utf-8"
    geographic: bool = False
    reprojects: Part = ""

    def rendering(self, _options: Options) -> RecordLine:
        return self.record

    def chunks(self, stream: Stream, _options: Options) -> Iterator[bytes]:
        yield from items_of(stream, b"[\n", b"\n]\n")
