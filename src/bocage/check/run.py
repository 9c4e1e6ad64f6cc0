"""Tests are run on the table: counted first, all in one pass; then the faults are listed, reading only what fails.

Everything is set operations of the workshop. What SQL could not tell is settled on distinct values in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from bocage.check.compile import BLANK, Group, Plan, either
from bocage.check.rules.keys import Key, duplicates_sql, faults_sql
from bocage.check.rules.kinds import Test, TooSlow
from bocage.check.table import ROW, TextTable
from bocage.check.verdict import Family
from bocage.kernel.ids import new_uid
from bocage.store.engine import Workshop, literal

TEXTS_AT_ONCE = 50_000
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
        failing = self._failing()
        listed = []
        for group in failing:
            listed += [(len(self.families) + place, test) for place, test in enumerate(group.tests)]
            self.families += [test.family for test in group.tests]
        if listed:
            self._list(listed, " OR ".join(group.doubt for group in failing))
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
            labels = pa.table({"place": range(1, len(self._table.labels) + 1), "label": self._table.labels})
            name = new_uid("labels")
            self._workshop.register(name, labels)
            self._parts.append(
                f"SELECT f.row, f.place, l.label, f.cell, NULL AS note, CASE f.code {whens} END AS test "
                f'FROM ({self._table.faulty_sql}) AS f LEFT JOIN "{name}" AS l ON l.place = f.place'
            )

    def _failing(self) -> list[Group]:
        """The groups that some row fails, or may fail. All of them in one pass."""
        groups = self._plan.groups
        inner = "".join(f", {group.doubt} AS d{place}" for place, group in enumerate(groups))
        sums = "".join(f", count_if(d{place})" for place in range(len(groups)))
        [(self.row_count, *counts)] = self._workshop.execute(
            f"SELECT count(*){sums} FROM (SELECT 1{inner} FROM ({self._source(self._table.sql)}) AS source) AS flagged"
        )
        return [group for group, count in zip(groups, counts, strict=True) if count]

    def _source(self, sql: str) -> str:
        return f"SELECT *, {self._plan.blank} AS {BLANK} FROM ({sql}) AS written"

    def _list(self, failing: Sequence[tuple[int, Test]], doubt: str) -> None:
        """The faults of these tests, in a file; then without those that were only doubtful."""
        file = self._directory / f"{new_uid('found')}.parquet"
        structs = ", ".join(
            f"CASE WHEN {either(test)} THEN {{'test': {rank}, 'cell': CAST({test.cell} AS VARCHAR), 'note': CAST({test.note} AS VARCHAR), "
            f"'sure': {'true' if test.doubtful == 'false' else f'coalesce({test.refused}, false)'}}} END"
            for rank, test in failing
        )
        self._workshop.execute(
            f"COPY (SELECT {ROW}, u.test, u.cell, u.note, u.sure FROM (SELECT {ROW}, unnest(list_filter([{structs}], "
            f"lambda one: one IS NOT NULL)) AS u FROM ({self._source(self._table.with_rows)}) AS source WHERE {doubt}) AS listed) "
            f"TO {literal(file)} (FORMAT parquet, COMPRESSION lz4_raw)"
        )
        relation = f"read_parquet({literal(file)})"
        refused = self._settle(relation, failing)
        kept = "sure" if refused is None else f'sure OR (test, cell) IN (SELECT (test, cell) FROM "{refused}")'
        self._parts.append(
            f"SELECT {ROW}, NULL::INTEGER AS place, NULL::VARCHAR AS label, cell, note, test FROM {relation} WHERE {kept}"
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
