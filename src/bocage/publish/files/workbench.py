"""A stream as a table of an engine of its own, for the formats that the engine of the query cannot write."""

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


@contextmanager
def workbench(stream: Stream) -> Iterator[tuple[Workshop, Path]]:
    """An engine with spatial functions where `ROWS` is the stream, and a folder to write in; both end with the block."""
    with scratch("export") as folder, workshop(folder) as engine:
        engine.register(ROWS, _reader(stream))
        yield engine, folder


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
