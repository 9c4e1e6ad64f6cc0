"""A table as it was written: what checks, mappings and profiles read, wherever it comes from.

`capture` makes one from a file or an address, `check.stored` from a published version, and a mapping from another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bocage.store.engine import literal, quoted

ROW = "row"  # the column of the numbers of rows


@dataclass(frozen=True)
class StructureFault:
    """What is wrong with the layout of a file, found while it was opened, in the codes of the reference: `blank-row`,
    `extra-cell`, `missing-cell`, `duplicate-label`, `blank-label`, `source-error`, `encoding-error`…

    `rows`: the numbers of the first rows concerned; `count`: how many in all; `place`: the column, from 1, where it has one.
    `cells`: of each of `rows`, what it holds where that explains the fault."""

    code: str
    count: int = 1
    rows: tuple[int, ...] = ()
    place: int | None = None
    label: str = ""
    cells: tuple[str, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TextTable:
    """`sql`: a SELECT over one workshop whose columns are `row` BIGINT, then `names`, VARCHAR, exactly as written.

    An empty cell and an absent one are both NULL. `row` is the number of the row in the person's file, as a person counts: the
    line of names is usually 1 and the first row 2; blank rows count; a cell of several lines is one row. In a workbook it is
    the row of the sheet. `labels`: what the file calls each column, as written. Rows come in no order: sort by `row`.

    `numbered_sql`: where it is given, `sql` has no `row` (numbering costs) and this one has. Counting queries read `sql`.
    When it is `numbered(sql, header_row)`, `sql` gives the rows in the order of the file, and `first_row` is not None.
    `faults`: what neither the rows nor the labels show (cells missing or in excess, nothing to read); `faulty_sql`: a SELECT of
    every one that has a row: `row` BIGINT, `place` INTEGER, `code`, `cell` VARCHAR. Blank rows are in `sql`, all NULL."""

    sql: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    numbered_sql: str = ""
    row_count: int | None = None
    header_row: int | None = 1
    faults: tuple[StructureFault, ...] = ()
    faulty_sql: str = ""
    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    provenance: dict[str, Any] = field(default_factory=dict)

    @property
    def with_rows(self) -> str:
        """The SELECT that has the column `row`."""
        return self.numbered_sql or self.sql

    @property
    def first_row(self) -> int | None:
        """The number of the first row of `sql`, where the next ones follow it one by one; None where they may not."""
        after = self.header_row or 0
        return after + 1 if self.numbered_sql == numbered(self.sql, after) else None

    def column(self, label: str) -> str | None:
        """The SQL name of the first column that the file calls `label` (surrounding blanks aside); None if there is none."""
        for name, written in zip(self.names, self.labels, strict=True):
            if written.strip() == label:
                return name
        return None


def numbered(sql: str, after: int) -> str:
    """The rows of `sql` in their order, numbered from `after` + 1."""
    return f"SELECT row_number() OVER () + {after} AS {ROW}, * FROM ({sql}) AS written"


def values(rows: Sequence[Sequence[int | str | None]], types: Mapping[str, str]) -> str:
    """A SELECT of a few rows. `types`: SQL type of each column, by name. (An Arrow table would load pandas: half a second.)"""
    columns = ", ".join(
        f"CAST(c{place} AS {kind}) AS {quoted(name)}" for place, (name, kind) in enumerate(types.items())
    )
    if not rows:
        return f"SELECT {', '.join(f'NULL::{kind} AS {quoted(name)}' for name, kind in types.items())} WHERE false"
    told = ", ".join(f"({', '.join(map(_constant, row))})" for row in rows)
    return f"SELECT {columns} FROM (VALUES {told}) AS told({', '.join(f'c{place}' for place in range(len(types)))})"


def _constant(value: int | str | None) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else literal(value)
