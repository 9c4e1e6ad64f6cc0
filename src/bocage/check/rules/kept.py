"""What was decided beside the table (in Python, or by another statement) comes back to the engine as a table of values."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pyarrow as pa

from bocage.store.engine import Workshop

_numbers = count(1)
_SCHEMA = pa.schema([("value", pa.string()), ("note", pa.string())])


def kept_values(workshop: Workshop, refused: Iterator[tuple[str, str | None]], name: str) -> str:
    """A table of the workshop with the columns `value` and `note`, and its name."""
    batches, pending = [], list[tuple[str, str | None]]()
    for one in refused:
        pending.append(one)
        if len(pending) == 50_000:
            batches.append(_batch(pending))
            pending.clear()
    batches.append(_batch(pending))
    table = f"_rule_{name}_{next(_numbers)}"
    workshop.register(table, pa.Table.from_batches(batches, schema=_SCHEMA))
    return table


def _batch(pairs: list[tuple[str, str | None]]) -> pa.RecordBatch:
    return pa.record_batch([[value for value, _ in pairs], [note for _, note in pairs]], schema=_SCHEMA)
