"""A table with the accepted proposals applied, every other cell as it was; and the file it makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bocage.check.mapping.steps import STEPS
from bocage.check.report.listing import BOM, csv_line, csv_lines
from bocage.check.report.mends import Mend
from bocage.check.table import ROW, TextTable
from bocage.pipeline.checking.kept import KeptCheck
from bocage.store.engine import Workshop, literal, quoted


def mended_table(before: KeptCheck, mends: Sequence[Mend], *, workshop: Workshop) -> TextTable:
    """Only the cells that were found wrong change: a rule that mends dates does not touch those that were right."""
    table = before.table
    labels = list(table.labels)
    for one in mends:
        if one.cause == "renamed" and one.sources and (place := _place(table, one.sources[0])) is not None:
            labels[place] = one.target
    if any(step.params.get("crs") for one in mends for step in one.steps):
        workshop.need_spatial()
    changes = _changes(table, mends)
    columns = ", ".join(
        f"{changes[name]} AS {quoted(name)}" if name in changes else f"t.{quoted(name)}" for name in table.names
    )
    faults = before.verdict.faults
    if faults is None or not changes:
        sql = table.with_rows
    else:
        wrong = f"SELECT row, list(DISTINCT family) AS families FROM read_parquet({literal(str(faults))}) GROUP BY row"
        sql = f"SELECT t.{quoted(ROW)}, {columns} FROM ({table.with_rows}) t LEFT JOIN ({wrong}) f ON t.{quoted(ROW)} = f.row"
    return replace(table, sql=sql, numbered_sql="", labels=tuple(labels))


def mended_csv(check: KeptCheck, *, workshop: Workshop) -> Iterator[bytes]:
    """The table as it stands, `;`, UTF-8 with its mark, rows in their order."""
    names = ", ".join(quoted(name) for name in check.table.names)
    rows = workshop.arrow(f"SELECT {names} FROM ({check.table.with_rows}) ORDER BY {quoted(ROW)}")
    return csv_lines(BOM + csv_line(check.table.labels), rows)


def _changes(table: TextTable, mends: Sequence[Mend]) -> dict[str, str]:
    """SQL of each column that a mend changes; several mends of one column come one after the other."""
    changes: dict[str, str] = {}
    for one in mends:
        name = table.column(one.target)
        if name is None or not one.steps:
            continue
        before = changes.get(name, f"t.{quoted(name)}")
        sources = [found for label in one.sources if (found := table.column(label)) is not None]
        inputs = [f"t.{quoted(source)}" for source in sources] or [before]
        for step in one.steps:
            inputs = [f"({STEPS.get(step.kind).sql(inputs, step.params)})"]
        made = inputs[0]
        changes[name] = (
            f"CASE WHEN list_contains(f.families, {one.family:d}) THEN coalesce({made}, {before}) ELSE {before} END"
        )
    return changes


def _place(table: TextTable, label: str) -> int | None:
    return next((place for place, written in enumerate(table.labels) if written.strip() == label.strip()), None)
