"""A stream in an engine of its own, for the formats that the engine of the query cannot write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bocage.kernel.scratch import scratch
from bocage.publish.files.parquet import arrow_types
from bocage.store.engine import workshop

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.query.services import Stream
    from bocage.store.engine import Workshop

ROWS = "rows"
"""SQL name of the table: the columns of the stream, positions and shapes as WKB. It can be read once."""
MEMORY = "128MiB"
"""Of the engine: it scans, and sorts numbers. More would be taken, and held for as long as the file is written."""
GROUP_ROWS, GROUP_BYTES = 8192, 8 * 1024 * 1024
"""Of a row group of the file, whichever comes first: each thread that reads it back holds one."""


@contextmanager
def workbench(stream: Stream) -> Iterator[tuple[Workshop, Path]]:
    """An engine with spatial functions where `ROWS` is the stream, and a folder to write in; both end with the block."""
    with _bench() as (engine, folder):
        engine.register(ROWS, _reader(stream))
        yield engine, folder


@contextmanager
def rows_file(stream: Stream) -> Iterator[tuple[Workshop, Path]]:
    """The same engine, and a folder where `rows.parquet` is the stream, which can be read as often as it takes.

    Written here, batch after batch: the engine gathers some hundred thousand rows before it writes the first."""
    with _bench() as (engine, folder):
        _write(_reader(stream), folder / "rows.parquet")
        yield engine, folder


@contextmanager
def _bench() -> Iterator[tuple[Workshop, Path]]:
    with scratch("export") as folder, workshop(folder, memory_limit=MEMORY) as engine:
        yield engine, folder


def _write(reader: pa.RecordBatchReader, target: Path) -> None:
    import pyarrow.parquet as pq

    with pq.ParquetWriter(target, reader.schema, compression="lz4", write_statistics=False) as writer:
        for batch in reader:
            heaviest = max(1, GROUP_BYTES * batch.num_rows // max(batch.nbytes, 1))
            writer.write_batch(batch, row_group_size=min(GROUP_ROWS, heaviest))


def _reader(stream: Stream) -> pa.RecordBatchReader:
    """In the types of the fields, whatever the engine gives when there is no row."""
    import pyarrow as pa

    types = arrow_types()
    schema = pa.schema([pa.field(one.name, types.get(one.type, pa.string())) for one in stream.columns])
    return pa.RecordBatchReader.from_batches(schema, (one for batch in stream.batches for one in _cast(batch, schema)))


def _cast(batch: pa.RecordBatch, schema: Any) -> list[pa.RecordBatch]:
    import pyarrow as pa

    batches: list[pa.RecordBatch] = pa.Table.from_batches([batch]).cast(schema).to_batches()
    return batches
