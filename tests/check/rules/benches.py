"""A bench over a few rows, without the core of the checker: what a rule sees, and the rows that its tests refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from bocage.check.descriptor import read_schema
from bocage.check.rules.kinds import Bench, Cell, Test
from bocage.check.table import TextTable
from bocage.check.verdict import Family
from bocage.store.engine import Workshop, quoted, workshop

TYPES = {
    "integer": "HUGEINT", "number": "DOUBLE", "year": "INTEGER", "boolean": "BOOLEAN", "date": "DATE", "time": "TIME",
    "datetime": "TIMESTAMP",
}  # fmt: skip


def table_of(bench_workshop: Workshop, labels: Sequence[str], rows: Sequence[Sequence[str | None]]) -> TextTable:
    """Cells as written; an empty one is NULL."""
    names = [f"c{place}" for place in range(len(labels))]
    columns: dict[str, Any] = {"row": pa.array(range(2, len(rows) + 2), pa.int64())}
    for place, name in enumerate(names):
        columns[name] = pa.array([(row[place] or None) if place < len(row) else None for row in rows], pa.string())
    bench_workshop.register("delivered", pa.table(columns))
    return TextTable("SELECT * FROM delivered", tuple(names), tuple(labels), row_count=len(rows))


def cells_of(table: TextTable, descriptor: dict[str, Any]) -> dict[str, Cell]:
    schema = read_schema(descriptor)
    cells = {}
    for one in schema.fields:
        if (name := table.column(one.name)) is None:
            continue
        missing = one.missing_values if one.missing_values is not None else schema.missing_values
        text = quoted(name)
        for value in missing:
            text = f"NULLIF({text}, '{value}')"
        value = f"TRY_CAST({text} AS {TYPES[one.type]})" if one.type in TYPES else text
        if one.type == "geopoint" and one.format == "default":
            value = f"CASE WHEN regexp_full_match({text}, '\\s*[-0-9.]+\\s*,\\s*[-0-9.]+\\s*') THEN {text} END"
        cells[one.name] = Cell(one, one.name, table.names.index(name) + 1, text, value)
    return cells


@contextmanager
def bench_of(
    directory: Path,
    descriptor: dict[str, Any],
    labels: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    *,
    spatial: bool = False,
    resources: Mapping[str, str] | None = None,
    **others: Any,
) -> Iterator[Bench]:
    with workshop(directory, spatial=spatial) as opened:
        table = table_of(opened, labels, rows)
        schema = read_schema(descriptor)
        yield Bench(opened, table, schema, cells_of(table, descriptor), resources=resources or {}, **others)


def found(bench: Bench, tests: Sequence[Test | Family]) -> list[tuple[str, int | None, str, Any]]:
    """(rule, row, cell, note) of each fault, by row then rule, as a run would list them; the counts agree with the rows."""
    faults: list[tuple[str, int | None, str, Any]] = []
    for test in tests:
        if isinstance(test, Family):
            faults += [(test.rule, example.row, "", None) for example in test.examples]
            continue
        if test.settle is not None:
            asked = bench.workshop.execute(
                f"SELECT row, {test.cell} FROM ({bench.made.beside(bench.table.sql)}) AS t WHERE {test.doubtful}"
            )
            answers = test.settle([cell for _, cell in asked])
            faults += [
                (test.family.rule, row, cell, None) for (row, cell), no in zip(asked, answers, strict=True) if no
            ]
        counted = bench.workshop.execute(
            f"SELECT count(*) FILTER (WHERE {test.refused}) FROM ({bench.made.beside(bench.table.sql)}) AS t"
        )[0][0]
        rows = bench.workshop.execute(
            f"SELECT row, {test.cell}, {test.note} FROM ({bench.made.beside(bench.table.with_rows)}) AS t "
            f"WHERE {test.refused} ORDER BY row"
        )
        assert counted == len(rows)
        faults += [(test.family.rule, row, cell, note) for row, cell, note in rows]
    return sorted(faults, key=lambda one: (one[1] or 0, one[0]))


def counted(bench: Bench, tests: Sequence[Test | Family]) -> list[tuple[Family, int]]:
    """(family, faulty rows) of what is found, the tests all in one statement, as a run counts them."""
    compiled = [test for test in tests if isinstance(test, Test)]
    filters = ", ".join(f"count(*) FILTER (WHERE {test.refused})" for test in compiled) or "0"
    counts = bench.workshop.execute(f"SELECT {filters} FROM ({bench.made.beside(bench.table.sql)}) AS t")[0]
    told = [(test, test.count) for test in tests if isinstance(test, Family)]
    return told + [(test.family, count) for test, count in zip(compiled, counts, strict=False) if count]
