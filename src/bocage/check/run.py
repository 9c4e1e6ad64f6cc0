"""Tests are run on the table: one pass keeps the rows that fail something, or may; everything else reads only those.

Everything is set operations of the workshop. What SQL could not tell is settled on distinct values in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from bocage.check.compile import BLANK, Group, Plan
from bocage.check.rules.keys import Key, duplicates_sql, faults_sql
from bocage.check.rules.kinds import Test, TooSlow
from bocage.check.table import ROW, TextTable, values
from bocage.check.verdict import Family
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop, literal, quoted

ROWS_TOGETHER = 20_480
"""A row group of what is kept: small ones bound the memory where every row is doubtful."""

SPARSE = 4
"""Kept rows are put together when fewer than one row out of this many is kept."""

_OF_ROWS = ("missing-cell", "extra-cell")


class Run:
    """One check. `found`: a relation of all faults: `row`, `place`, `label` (where they differ from those of the family),
    `cell`, `note`, `test` (rank in `families`). `families` have no count yet."""

    def __init__(self, table: TextTable, plan: Plan, workshop: Workshop, directory: Path) -> None:
        self._table = table
        self._workshop = workshop
        self._directory = directory
        self._plan = plan
        self._parts: list[str] = []
        self.families: list[Family] = []
        self.row_count = 0
        self.beside: list[Family] = []
        """Families of no row: what could not be told, and an empty file."""

    def run(self) -> None:
        self._add_structure()
        kept = self._keep()
        failing = self._failing(kept) if kept else []
        listed = []
        for group in failing:
            listed += [(len(self.families) + place, test) for place, test in enumerate(group.tests)]
            self.families += [test.family for test in group.tests]
        if kept and listed:
            self._list(kept, listed)
        for key in self._plan.keys:
            self.families.append(key.family)
            self._add_key(key, len(self.families) - 1)

    @property
    def found(self) -> str | None:
        return " UNION ALL ".join(self._parts) if self._parts else None

    def _add_structure(self) -> None:
        of_rows = [family for family in self._plan.structure if self._table.faulty_sql and family.code in _OF_ROWS]
        self.beside += [family for family in self._plan.structure if family not in of_rows]
        ranks = {family.code: rank for rank, family in enumerate(of_rows)}
        self.families += of_rows
        if self._table.faulty_sql and ranks:
            whens = " ".join(f"WHEN {literal(code)} THEN {rank}" for code, rank in ranks.items())
            labels = values([*enumerate(self._table.labels, start=1)], {"place": "INTEGER", "label": "VARCHAR"})
            self._parts.append(
                f"SELECT f.row, f.place, l.label, f.cell, NULL AS note, CASE f.code {whens} END AS test "
                f"FROM ({self._table.faulty_sql}) AS f LEFT JOIN ({labels}) AS l ON l.place = f.place"
            )

    def _keep(self) -> str | None:
        """Counts the rows; those that some group doubts are kept, with their numbers: a SELECT. None when there are none.

        The file has one entry for each row of the table, a list of its cells or nothing: written in order, it numbers them."""
        table, plan = self._table, self._plan
        doubt = " OR ".join(group.doubt for group in plan.groups)
        first = table.first_row
        if not doubt or (table.numbered_sql and first is None):
            # Numbering is slow here: first see whether there is anything to number.
            doubted = f"count_if({doubt})" if doubt else "0"
            [(self.row_count, count)] = self._workshop.execute(
                f"SELECT count(*), {doubted} FROM ({self._source(table.sql, plan.first_blank)}) AS source"
            )
            if not count:
                return None
        names = [quoted(name) for name in table.names]
        kept = [f"CAST({ROW} AS VARCHAR)", *names] if first is None else names
        source = table.with_rows if first is None else table.sql
        file = self._directory / f"{new_uid('doubtful')}.parquet"
        self._workshop.execute(
            f"COPY (SELECT CASE WHEN doubted THEN [{', '.join(kept)}] END AS cells "
            f"FROM (SELECT *, {doubt} AS doubted FROM ({self._source(source, plan.first_blank)}) AS source) AS flagged) "
            f"TO {literal(file)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {ROWS_TOGETHER}, "
            f"PRESERVE_ORDER {'false' if first is None else 'true'})"
        )
        entries = f"read_parquet({literal(file)}, file_row_number = true)"
        [(self.row_count, count)] = self._workshop.execute(f"SELECT count(*), count(cells) FROM {entries}")
        if not count:
            return None
        number = "CAST(cells[1] AS BIGINT)" if first is None else f"file_row_number + {first}"
        rows = f"SELECT {number} AS {ROW}, cells FROM {entries} WHERE cells IS NOT NULL"
        rows = self._together(rows) if count * SPARSE < self.row_count else rows
        cells = [f"cells[{place}] AS {name}" for place, name in enumerate(names, start=1 + len(kept) - len(names))]
        return f"SELECT {', '.join([ROW, *cells])} FROM ({rows}) AS doubted"

    def _together(self, rows: str) -> str:
        """The same rows side by side: the engine reads them a few at a time where they are far between, at the price of many."""
        file = self._directory / f"{new_uid('together')}.parquet"
        self._workshop.execute(
            f"COPY ({rows}) TO {literal(file)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE {ROWS_TOGETHER})"
        )
        return f"SELECT * FROM read_parquet({literal(file)})"

    def _failing(self, kept: str) -> list[Group]:
        """The groups that some row fails, or may fail. All of them in one pass."""
        groups = self._plan.groups
        counts = ", ".join(f"count_if({group.doubt})" for group in groups)
        [found] = self._workshop.execute(f"SELECT {counts} FROM ({self._source(kept)}) AS source")
        return [group for group, count in zip(groups, found, strict=True) if count]

    def _source(self, sql: str, blank: str = "") -> str:
        return self._plan.made.beside(f"SELECT *, {blank or self._plan.blank} AS {BLANK} FROM ({sql}) AS written")

    def _list(self, kept: str, failing: Sequence[tuple[int, Test]]) -> None:
        """The faults of these tests, in a file; then without those that were only doubtful."""
        file = self._directory / f"{new_uid('found')}.parquet"
        structs = ", ".join(_listed(rank, test) for rank, test in failing)
        self._workshop.execute(
            f"COPY (SELECT {ROW}, u.test, u.cell, u.note, u.sure FROM (SELECT {ROW}, unnest(list_filter([{structs}], "
            f"lambda one: one IS NOT NULL)) AS u FROM ({self._source(kept)}) AS source) AS listed) "
            f"TO {literal(file)} (FORMAT parquet, COMPRESSION lz4_raw)"
        )
        relation = f"read_parquet({literal(file)})"
        refused = self._settle(relation, failing)
        sure = "sure" if refused is None else f'sure OR (test, cell) IN (SELECT (test, cell) FROM "{refused}")'
        self._parts.append(
            f"SELECT {ROW}, NULL::INTEGER AS place, NULL::VARCHAR AS label, cell, note, test FROM {relation} WHERE {sure}"
        )

    def _settle(self, relation: str, failing: Sequence[tuple[int, Test]]) -> str | None:
        """Ask each test about its doubtful texts; the refused ones are a table of the workshop."""
        ranks, texts = list[int](), list[str]()
        for rank, test in failing:
            if test.settle is None:
                continue
            distinct = f"SELECT DISTINCT cell FROM {relation} WHERE NOT sure AND test = {rank} AND cell IS NOT NULL"
            for some in [batch.column(0).to_pylist() for batch in self._workshop.arrow(distinct)]:
                refused = self._asked(test, some)
                texts += refused
                ranks += [rank] * len(refused)
        if not texts:
            return None
        name = new_uid("refused")
        self._workshop.register(
            name, pa.table({"test": pa.array(ranks, pa.int32()), "cell": pa.array(texts, pa.string())})
        )
        return name

    def _asked(self, test: Test, texts: list[str]) -> list[str]:
        try:
            answers = test.settle(texts) if test.settle else []
            return [text for text, is_refused in zip(texts, answers, strict=True) if is_refused]
        except TooSlow as slow:
            fields = {"check": "pattern", "column": test.family.label, "value": str(slow)}
            self.beside.append(Family("check-error", "check-error.too-slow", label=test.family.label, fields=fields))
            return []

    def _add_key(self, key: Key, rank: int) -> None:
        [(repeated, empty)] = self._workshop.execute(duplicates_sql(key, self._table.sql))
        if repeated or (empty and key.is_filled):
            file = self._directory / f"{new_uid('found')}.parquet"
            self._workshop.execute(
                f"COPY ({faults_sql(key, self._table.with_rows)}) TO {literal(file)} (FORMAT parquet)"
            )
            self._parts.append(
                f"SELECT {ROW}, NULL::INTEGER AS place, NULL::VARCHAR AS label, cell, note, {rank} AS test "
                f"FROM read_parquet({literal(file)})"
            )


def _listed(rank: int, test: Test) -> str:
    """SQL of what is kept of a row that a test refuses, or may; NULL for the others."""
    cell, note = f"CAST({test.cell} AS VARCHAR)", f"CAST({test.note} AS VARCHAR)"
    whens = "".join(
        f" WHEN {found} THEN {{'test': {rank}, 'cell': {cell}, 'note': {note}, 'sure': {sure}}}"
        for found, sure in ((test.refused, "true"), (test.doubtful, "false"))
        if found != "false"
    )
    return f"CASE{whens or ' WHEN false THEN NULL'} END"
