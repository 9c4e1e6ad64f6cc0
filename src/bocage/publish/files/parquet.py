"""Parquet, with GeoParquet 1.1 metadata when there is geometry. Written forwards only: no seek, no file."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import main_geometry

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.publish.files.formats import Options
    from bocage.publish.files.reference_systems import ReferenceSystem
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream

ROWS_PER_GROUP = 32_768
"""A few megabytes: what memory holds of an export."""
GEOPARQUET = "1.1.0"


class Sink(io.RawIOBase):
    """A write-only file whose bytes are taken away as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._position += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._position

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def geoparquet(columns: tuple[Field, ...], system: ReferenceSystem | None = None) -> dict[str, str]:
    """The `geo` key of the file (GeoParquet 1.1, WKB, OGC:CRS84 by default); empty without geometry."""
    crs = {"crs": json.loads(system.projjson)} if system else {}
    geographic = [column for column in columns if column.type.is_geographic]
    main = main_geometry(columns)
    if main is None:
        return {}
    described: dict[str, Any] = {
        column.name: {
            "encoding": "WKB",
            "geometry_types": ["Point"] if column.type == FieldType.GEOPOINT else [],
        }
        | crs
        for column in geographic
    }
    return {"geo": json.dumps({"version": GEOPARQUET, "primary_column": main.name, "columns": described})}


@dataclass(frozen=True)
class Parquet:
    """Apache Parquet; `parquet_compression` is snappy (default) or zstd."""

    name: str = "parquet"
    media_type: str = "application/vnd.apache.parquet"
    geographic: bool = False
    reprojects: Part = "all"

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
                schema = table.schema.with_metadata(geoparquet(stream.columns, options.system))
                compression: Literal["zstd", "snappy"] = "zstd" if options.parquet_compression == "zstd" else "snappy"
                writer = pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression=compression)
            writer.write_table(table.cast(schema), row_group_size=ROWS_PER_GROUP)
            if piece := sink.take():
                yield piece
        if writer is not None:
            writer.close()
        yield sink.take()


def _groups(stream: Stream) -> Iterator[Any]:
    """Batches gathered by row group, the first by itself, to be sent at once; an empty result still gives one empty table,
    for its schema."""
    import pyarrow as pa

    held: list[pa.RecordBatch] = []
    rows = 0
    given = False
    for batch in stream.batches:
        held.append(batch)
        rows += batch.num_rows
        if rows >= ROWS_PER_GROUP or not given:
            yield pa.Table.from_batches(held)
            held, rows, given = [], 0, True
    if held:
        yield pa.Table.from_batches(held)
    elif not given:
        yield empty_table(stream.columns)


def arrow_types() -> dict[FieldType, Any]:
    import pyarrow as pa

    return {
        FieldType.INTEGER: pa.int64(),
        FieldType.NUMBER: pa.float64(),
        FieldType.BOOLEAN: pa.bool_(),
        FieldType.DATE: pa.date32(),
        FieldType.DATETIME: pa.timestamp("us", tz="UTC"),
        FieldType.ARRAY: pa.list_(pa.string()),
        FieldType.GEOPOINT: pa.binary(),
        FieldType.GEOMETRY: pa.binary(),
    }


def empty_table(columns: tuple[Field, ...]) -> Any:
    """No row, the right columns: an engine that found nothing may give no batch at all."""
    import pyarrow as pa

    types = arrow_types()
    return pa.schema([pa.field(column.name, types.get(column.type, pa.string())) for column in columns]).empty_table()
