"""Rows that a check refuses, kept aside: one Parquet file of texts, each with its number in the person’s file and its faults."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bocage.check.aside import COLUMN, FAULTS_COLUMN, ROW_COLUMN
from bocage.check.table import ROW, TextTable
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop, literal, quoted


@dataclass(frozen=True)
class Wrong:
    """The errors of a verdict, of the rows whose number is beyond `after`: the rows before are not to be touched."""

    faults: Path
    after: int = 0

    @property
    def sql(self) -> str:
        """FROM … WHERE … over the list of faults."""
        return f"FROM read_parquet({literal(str(self.faults))}) WHERE level = 'error' AND row > {self.after}"


def rows_right(table: TextTable, wrong: Wrong) -> str:
    """SELECT of the rows that stay, with their number."""
    return f"SELECT * FROM ({table.with_rows}) AS rows WHERE {ROW} NOT IN (SELECT row {wrong.sql})"


def write_aside(table: TextTable, wrong: Wrong, *, workshop: Workshop, directory: Path) -> tuple[Path, int]:
    """The file of the wrong rows, and how many they are. Their numbers are those of the person's file: `wrong.after` is taken
    away again."""
    path = directory / f"{new_uid('aside')}.parquet"
    columns = ", ".join(
        f"rows.{quoted(name)} AS {quoted(COLUMN + label.strip())}"
        for name, label in zip(table.names, table.labels, strict=True)
    )
    fault = "{'label': label, 'rule': rule, 'code': code, 'family': family}"
    found = (
        f"SELECT row AS number, CAST(to_json(list({fault} ORDER BY place, family)) AS VARCHAR) AS faults "
        f"{wrong.sql} GROUP BY row"
    )
    [(count,)] = workshop.execute(
        f"COPY (SELECT rows.{ROW} - {wrong.after} AS {quoted(ROW_COLUMN)}, {columns}, found.faults AS {quoted(FAULTS_COLUMN)} "
        f"FROM ({table.with_rows}) AS rows JOIN ({found}) AS found ON rows.{ROW} = found.number ORDER BY rows.{ROW}) "
        f"TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
    )
    return path, int(count)
