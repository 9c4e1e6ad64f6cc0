"""Parquet, with GeoParquet 1.1 metadata when there is geometry. Written forwards only: no seek, no file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.formats import Options
    from bocage.query.services import Stream

ROWS_PER_GROUP = 100_000
GEOPARQUET = "1.1.0"


@dataclass
class Sink:
    """A write-only file whose bytes are taken away as they come."""

    pieces: list[bytes] = field(default_factory=list)
    closed: bool = False
    position: int = 0

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self.pieces.append(piece)
        self.position += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self.position

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken

    def flush(self) -> None: ...

    def close(self) -> None:
        self.closed = True

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False


def geoparquet(columns: tuple[Field, ...]) -> dict[str, str]:
    """The `geo` key of the file (GeoParquet 1.1, WKB, OGC:CRS84 by default); empty without geometry."""
    geographic = [column for column in columns if column.type.is_geographic]
    main = main_geometry(columns)
    if main is None:
        return {}
    described: dict[str, Any] = {
        column.name: {
            "encoding": "WKB",
            "geometry_types": ["Point"] if column.type == FieldType.GEOPOINT else [],
        }
        for column in geographic
    }
    return {"geo": json.dumps({"version": GEOPARQUET, "primary_column": main.name, "columns": described})}


@dataclass(frozen=True)
class Parquet:
    """Apache Parquet; `parquet_compression` is snappy (default) or zstd."""

    name: str = "parquet"
    media_type: str = "application/vnd.apache.parquet"
    geographic: bool = False

    def rendering(self, _options: Options) -> None:
        return None

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        sink = Sink()
        schema: pa.Schema | None = None
        writer: pq.ParquetWriter | None = None
        for table in _groups(stream):
            if writer is None:
                schema = table.schema.with_metadata(geoparquet(stream.columns))
                compression = options.parquet_compression or "snappy"
                writer = pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression=compression)
            writer.write_table(table.cast(schema), row_group_size=ROWS_PER_GROUP)
            if piece := sink.take():
                yield piece
        if writer is not None:
            writer.close()
        yield sink.take()


def _groups(stream: Stream) -> Iterator[Any]:
    """Batches gathered by row group; an empty result still gives one empty table, for its schema."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    rows = 0
    given = False
    for batch in stream.batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_PER_GROUP:
            yield pa.Table.from_batches(held)
            held, rows, given = [], 0, True
    if held:
        yield pa.Table.from_batches(held)
    elif not given:
        yield empty_table(stream.columns)


_ARROW = {
    FieldType.INTEGER: "int64", FieldType.NUMBER: "float64", FieldType.BOOLEAN: "bool", FieldType.DATE: "date32",
    FieldType.GEOPOINT: "binary", FieldType.GEOMETRY: "binary",
}  # fmt: skip


def empty_table(columns: tuple[Field, ...]) -> Any:
    """No row, the right columns: an engine that found nothing may give no batch at all."""
    import pyarrow as pa

    def arrow_type(kind: FieldType) -> Any:
        if kind == FieldType.DATETIME:
            return pa.timestamp("us", tz="UTC")
        if kind == FieldType.ARRAY:
            return pa.list_(pa.string())
        return pa.type_for_alias(_ARROW.get(kind, "string"))

    return pa.schema([pa.field(column.name, arrow_type(column.type)) for column in columns]).empty_table()
