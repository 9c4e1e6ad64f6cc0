"""Tables of text for the tests of mappings."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from bocage.check.mapping.steps import ColumnMappings
from bocage.check.mapping.suggestions import Suggestion
from bocage.check.table import TextTable
from bocage.store.engine import quoted


def text_table(workshop, labels: Sequence[str], rows: Sequence[Sequence[str | None]], name: str = "file") -> TextTable:
    """Rows as the lines of a file, the first one numbered 2; empty cells are NULL."""
    names = tuple(f"c{place}" for place in range(1, len(labels) + 1))
    columns = {"row": pa.array(range(2, len(rows) + 2), pa.int64())}
    for place, column in enumerate(names):
        columns[column] = pa.array([row[place] or None for row in rows], pa.string())
    workshop.register(name, pa.table(columns))
    return TextTable(f"SELECT * FROM {quoted(name)}", names, tuple(labels), row_count=len(rows))


def cells(workshop, table: TextTable) -> list[dict[str, str | None]]:
    """The rows of a table, in order, by label."""
    shown = ", ".join(quoted(name) for name in table.names)
    rows = workshop.execute(f"SELECT {shown} FROM ({table.with_rows}) AS t ORDER BY row")
    return [dict(zip(table.labels, row, strict=True)) for row in rows]


def mappings_of(
    suggestions: list[Suggestion], labels: tuple[str, ...], kinds: dict[str, str] | None = None
) -> ColumnMappings:
    """The mapping that the best proposals make, not looked at by anybody."""
    columns = tuple(one.best.mapping() for one in suggestions if one.best is not None)
    return ColumnMappings(columns, labels, kinds=kinds or {})
