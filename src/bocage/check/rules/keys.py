"""Values that must not come twice: `unique` on a field, the primary key of the table. Compared once read: 01 is 1.

The first row that has a value is right, each of the next ones is at fault, and its note is the number of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bocage.check.rules.kinds import Bench, Cell
from bocage.check.verdict import Family

_EXACT_DIGITS = 15


@dataclass(frozen=True)
class Key:
    """`parts`: SQL of the values compared; a row where all of them are NULL is no duplicate, and a fault if `is_filled`."""

    family: Family
    parts: tuple[str, ...]
    cell: str
    is_filled: bool

    @property
    def is_empty(self) -> str:
        return f"(coalesce({', '.join(f'CAST({part} AS VARCHAR)' for part in self.parts)}) IS NULL)"


def keys(bench: Bench) -> Iterator[Key]:
    for cell in bench.cells.values():
        if cell.field.constraints.get("unique"):
            family = Family("unique-error", "unique-error", label=cell.label, place=cell.place)
            yield Key(family, (_part(cell),), cell.text, is_filled=False)
    names = bench.schema.primary_key
    # A column of the key that is not there is told by its label; the key then says nothing.
    if names and all(name in bench.cells for name in names):
        cells = [bench.cells[name] for name in names]
        family = Family("primary-key", "primary-key", label=", ".join(names), fields={"columns": list(names)})
        shown = "concat_ws(', ', " + ", ".join(f"coalesce({cell.text}, '')" for cell in cells) + ")"
        yield Key(family, tuple(map(_part, cells)), shown, is_filled=True)


def _part(cell: Cell) -> str:
    if cell.field.type == "number":  # a double does not tell apart numbers that are longer than it holds
        digits = f"CASE WHEN length({cell.text}) > {_EXACT_DIGITS} THEN ltrim({cell.text}, '0') ELSE '' END"
        long = f"CAST({cell.value} AS VARCHAR) || {digits}"
        return f"(CASE WHEN isnan({cell.value}) THEN NULL ELSE {long} END)"
    return f"({cell.value})"


def duplicates_sql(key: Key, table: str) -> str:
    """How many keys come more than once, and how many rows have none. `table`: a SELECT."""
    parts = ", ".join(f"{part} AS k{place}" for place, part in enumerate(key.parts))
    names = ", ".join(f"k{place}" for place in range(len(key.parts)))
    there = f"coalesce({', '.join(f'CAST(k{place} AS VARCHAR)' for place in range(len(key.parts)))}) IS NOT NULL"
    return (
        f"SELECT count(*) FILTER (n > 1 AND {there}), coalesce(sum(n) FILTER (NOT ({there})), 0) FROM "
        f"(SELECT {names}, count(*) AS n FROM (SELECT {parts} FROM ({table}) AS keyed) AS parts GROUP BY {names}) AS counted"
    )


def faults_sql(key: Key, table: str) -> str:
    """`row`, `cell`, `note` of each fault. `table`: a SELECT with the column `row`."""
    parts = ", ".join(f"{part} AS k{place}" for place, part in enumerate(key.parts))
    names = ", ".join(f"k{place}" for place in range(len(key.parts)))
    # One value that is not like any other: rows are told apart from those of the same key only.
    numbered = f"SELECT row, {key.cell} AS cell, {key.is_empty} AS is_empty, {parts} FROM ({table}) AS keyed"
    before = f"lag(row) OVER (PARTITION BY {names} ORDER BY row)"
    empty = " OR is_empty" if key.is_filled else ""
    return (
        f"SELECT row, cell, CASE WHEN is_empty THEN 'empty' ELSE CAST(before AS VARCHAR) END AS note "
        f"FROM (SELECT *, {before} AS before FROM ({numbered}) AS numbered) AS compared "
        f"WHERE (before IS NOT NULL AND NOT is_empty){empty}"
    )
