"""OV2, the points of interest of TomTom navigators: one binary record for each position, its name in Latin letters.

A record: the byte 2, its length in bytes, longitude and latitude in hundred-thousandths of a degree (32 bits each, the least
byte first), the name in ISO 8859-1, a zero. The engine writes the bytes as hexadecimal digits.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.files.errors import NoGeometry, UnknownColumn
from bocage.publish.files.text import lines_of
from bocage.query.rendering import concatenated, literal, main_geometry, name

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.formats import Options
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream

LONGEST_NAME = 200
LENGTH_WITHOUT_NAME = 14
SCALE = 100_000


@dataclass(frozen=True)
class Ov2Line:
    """The record of a row in hexadecimal; nothing for a row without position. `name_field`: else the first text."""

    name_field: str = ""

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        place = next((one for one in columns if one.type == FieldType.GEOPOINT), None) or main_geometry(columns)
        if place is None:
            return "''"
        shape = name(place.name)
        inside = f"ST_PointOnSurface({shape})"
        paired = place.type == FieldType.GEOPOINT
        lon, lat = (f"{shape}.lon", f"{shape}.lat") if paired else (f"ST_X({inside})", f"ST_Y({inside})")
        text = self._name(columns)
        pieces = [
            "'02'",
            _little_endian(f"length({text}) + {LENGTH_WITHOUT_NAME}"),
            *(_little_endian(f"round({side} * {SCALE})::BIGINT") for side in (lon, lat)),
            _latin(text),
            "'00'",
        ]
        return f"CASE WHEN {lon} IS NULL THEN '' ELSE {concatenated(pieces)} END"

    def _name(self, columns: Sequence[Field]) -> str:
        chosen = next((one for one in columns if one.name == self.name_field), None)
        chosen = chosen or next((one for one in columns if one.type == FieldType.STRING), None)
        if chosen is None:
            return "''"
        return f"left(coalesce(nfc_normalize({name(chosen.name)}::VARCHAR), ''), {LONGEST_NAME})"


def _little_endian(number: str) -> str:
    digits = f"format('{{:08x}}', (({number})::BIGINT + 4294967296) % 4294967296)"
    return concatenated([f"substr({digits}, {start}, 2)" for start in (7, 5, 3, 1)])


def _latin(text: str) -> str:
    """Letters that the format cannot hold become question marks; control characters, spaces."""
    byte = "CASE WHEN unicode(c) < 32 THEN '20' WHEN unicode(c) < 256 THEN format('{:02x}', unicode(c)) ELSE '3f' END"
    return f"array_to_string(list_transform(regexp_extract_all({text}, {literal('(?s).')}), lambda c: {byte}), '')"


@dataclass(frozen=True)
class Ov2:
    name: str = "ov2"
    media_type: str = "application/octet-stream"
    geographic: bool = True
    reprojects: Part = ""

    def rendering(self, options: Options) -> Ov2Line:
        return Ov2Line(options.name_field)

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        if main_geometry(stream.columns) is None:
            raise NoGeometry(format="OV2")
        if options.name_field and options.name_field not in {column.name for column in stream.columns}:
            raise UnknownColumn(field=options.name_field[:100])
        yield b""
        for digits in lines_of(stream):
            yield bytes.fromhex(digits.decode("ascii"))
