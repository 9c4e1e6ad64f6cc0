"""The columns that a check names, whether the schema describes them or only the file has them."""

from __future__ import annotations

from bocage.check.rules.kinds import Bench, Cell
from bocage.check.schema import SchemaField
from bocage.store.engine import quoted

NUMERIC_TYPES = frozenset({"integer", "number", "year"})


def column(bench: Bench, label: str) -> Cell | None:
    """The column called `label`; None when the file does not have it. One that the schema ignores is read as text."""
    if (described := bench.cells.get(label)) is not None:
        return described
    if bench.schema.field(label) is not None or (name := bench.table.column(label)) is None:
        return None
    written = f"NULLIF({quoted(name)}, '')"
    return Cell(SchemaField(label), label, bench.table.names.index(name) + 1, written, written)


def readable(cell: Cell) -> str:
    """SQL boolean: there is a value, and it is of the type that the schema says."""
    return f"({cell.value}) IS NOT NULL"


def shown(cell: Cell) -> str:
    """SQL text: the cell as written."""
    return f"CAST({cell.text} AS VARCHAR)"
