"""What SQL cannot say is decided in Python, once for each distinct value; only the refused ones come back to the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pyarrow as pa

from bocage.check.rules.kinds import Bench
from bocage.check.table import TextTable
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


def distinct_values(workshop: Workshop, table: TextTable, text: str, where: str = "") -> Iterator[str]:
    """The different values of a SQL text, streamed, in no order."""
    condition = f" AND ({where})" if where else ""
    sql = f"SELECT DISTINCT {text} AS value FROM ({table.sql}) AS distinct_values WHERE {text} IS NOT NULL{condition}"
    for batch in workshop.arrow(sql):
        yield from batch.column(0).to_pylist()


def refused_values(bench: Bench, text: str, is_right: Callable[[str], bool], name: str, where: str = "") -> str:
    """SQL boolean: the value of `text` is one of those that `is_right` refuses. `where`: the values worth asking about."""
    # All read before anything is registered: one statement at a time.
    values = [value for value in distinct_values(bench.workshop, bench.table, text, where) if not is_right(value)]
    table = kept_values(bench.workshop, ((value, None) for value in values), name)
    return f"({text} IN (SELECT value FROM {table}))"
