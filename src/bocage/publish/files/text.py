"""CSV, JSON, JSON Lines and GeoJSON: the engine writes the lines, this adds what stands before, between and after."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.publish.files.errors import NoGeometry
from bocage.query.rendering import CsvLine, GeoJsonLine, JsonLine, main_geometry

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.publish.files.formats import Options
    from bocage.query.rendering import Rendering
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream

SEPARATOR = ",\n"
BOM = "\ufeff".encode()


def text_of(batch: pa.RecordBatch) -> bytes:
    """All the texts of a one-column batch, end to end: the buffer itself, no row is looked at."""
    column = batch.column(0)
    _validity, offsets, data = column.buffers()
    if offsets is None or data is None or len(column) == 0:
        return b""
    width = 8 if str(column.type) == "large_string" else 4

    def bound(position: int) -> int:
        return int.from_bytes(offsets[position * width : (position + 1) * width], sys.byteorder)

    return bytes(data[bound(column.offset) : bound(column.offset + len(column))])


def lines_of(stream: Stream) -> Iterator[bytes]:
    for batch in stream.batches:
        if text := text_of(batch):
            yield text


def items_of(stream: Stream, opening: bytes, closing: bytes) -> Iterator[bytes]:
    """Texts that each begin with SEPARATOR, as the items of one array."""
    first = True
    for text in lines_of(stream):
        yield opening + text[len(SEPARATOR) :] if first else text
        first = False
    yield opening + closing if first else closing


@dataclass(frozen=True)
class Csv:
    """RFC 4180, UTF-8. With a byte-order mark unless refused: Excel reads the accents only with it."""

    name: str = "csv"
    media_type: str = "text/csv; charset=utf-8"
    geographic: bool = False
    reprojects: Part = "shapes"

    def rendering(self, options: Options) -> CsvLine:
        return CsvLine(options.delimiter, options.list_separator, options.quote_all)

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        header = self.rendering(options).header(options.titles(stream.columns)).encode()
        yield (BOM if options.with_bom else b"") + header
        yield from lines_of(stream)


@dataclass(frozen=True)
class Json:
    """A bare array of records."""

    name: str = "json"
    media_type: str = "application/json; charset=utf-8"
    geographic: bool = False
    reprojects: Part = "shapes"

    def rendering(self, _options: Options) -> Rendering:
        return JsonLine(before=SEPARATOR, after="")

    def chunks(self, stream: Stream, _options: Options) -> Iterator[bytes]:
        yield from items_of(stream, b"[\n", b"\n]\n")


@dataclass(frozen=True)
class JsonLines:
    """One record per line."""

    name: str = "jsonl"
    media_type: str = "application/x-ndjson; charset=utf-8"
    geographic: bool = False
    reprojects: Part = "shapes"

    def rendering(self, _options: Options) -> Rendering:
        return JsonLine()

    def chunks(self, stream: Stream, _options: Options) -> Iterator[bytes]:
        yield from lines_of(stream)


@dataclass(frozen=True)
class GeoJson:
    """RFC 7946: longitude and latitude on WGS 84. Another system that a client asks for is named as readers of the
    format before that RFC expect, `crs`."""

    name: str = "geojson"
    media_type: str = "application/geo+json"
    geographic: bool = True
    reprojects: Part = "drawn"

    def rendering(self, _options: Options) -> Rendering:
        return GeoJsonLine(before=SEPARATOR)

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        if main_geometry(stream.columns) is None:
            raise NoGeometry(format="GeoJSON")
        crs = f'"crs":{{"type":"name","properties":{{"name":"{options.system.urn}"}}}},' if options.system else ""
        yield from items_of(stream, f'{{"type":"FeatureCollection",{crs}"features":[\n'.encode(), b"\n]}\n")
