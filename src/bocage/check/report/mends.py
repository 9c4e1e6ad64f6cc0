"""Proposals: for each family of faults, the steps that would mend it, tried on every faulty value and checked again.

A proposal is never a guess about the values: what it makes is checked by the same rules as the file, value by value, and it is
told with what it mends and what it leaves. Values are tried once each, however many cells hold them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from bocage.check.mapping import kinds as _kinds  # noqa: F401  registers ours
from bocage.check.mapping.errors import StepRefused
from bocage.check.mapping.normal import normal
from bocage.check.mapping.steps import STEPS, Step
from bocage.check.report.candidates import Candidate, candidates
from bocage.check.report.coordinates import position_mends
from bocage.check.report.faults import faults_sql
from bocage.check.report.mend import Mend
from bocage.check.schema import CustomCheck, SchemaField, TableSchema
from bocage.check.services import check
from bocage.check.table import TextTable
from bocage.check.verdict import Family, Verdict
from bocage.store.engine import EngineError, Workshop
from bocage.store.engine import workshop as own_workshop

__all__ = ["Mend", "proposals"]

MOST_VALUES = 100_000
"""Distinct values of a family on which proposals are tried: beyond, the column needs more than a mend."""

MOST_FAMILIES = 100
EXAMPLES = 5
MOST_PER_FAMILY = 2
VALUES, TRIED = "report_values", "report_tried"


def proposals(
    verdict: Verdict, schema: TableSchema, table: TextTable, *, workshop: Workshop, directory: Path
) -> list[Mend]:
    """In the order of the families, the best of each first. `directory` is the workshop's: nothing remains there."""
    faults = faults_sql(verdict, workshop=workshop)
    found: list[Mend] = []
    # An engine of its own: geometry, which some proposals need, would empty that of the table.
    with TemporaryDirectory(prefix="mends-", dir=directory) as name, own_workshop(Path(name), spatial=False) as trial:
        for index, family in enumerate(verdict.families[:MOST_FAMILIES]):
            if family.code in ("missing-label", "optional-label"):
                found += renamed(index, family, schema, table)
            elif mended_field := schema.field(family.label):
                values = faulty_values(faults, index, workshop)
                if 0 < values.num_rows <= MOST_VALUES:
                    found += Trial(trial, Path(name), schema, mended_field, index, family).proposals(values)
        found += position_mends(verdict, schema, table, workshop=workshop, trial=trial)
    return found


def renamed(index: int, family: Family, schema: TableSchema, table: TextTable) -> list[Mend]:
    """A column of the schema that is there under a name that differs by case, accents, blanks, the order of its words, or a
    letter or two."""
    known = {one.name for one in schema.fields}
    free = {normal(label): label for label in table.labels if label.strip() and label.strip() not in known}
    others = {normal(one) for one in known if one not in table.labels and one != family.label}
    wanted = normal(family.label)
    turned = [one for one in free if sorted(one.split()) == sorted(wanted.split())]
    close = [one for one in get_close_matches(wanted, free, n=2, cutoff=0.85) if one not in others]
    near = turned or close
    if family.code == "optional-label":  # nobody asked for it: only what is surely it
        near = [wanted] if wanted in free else []
    elif wanted in free:
        near = [wanted]
    if len(near) != 1:
        return []
    label = free[near[0]]
    return [Mend(family.label, index, "renamed", sources=(label,), mended=1, examples=((label, family.label),))]


def faulty_values(faults: str, index: int, workshop: Workshop) -> pa.Table:
    """The values of a family, once each, the most frequent first: `v`, how many cells hold it (`n`), its rank from 1 (`row`).
    One more than MOST_VALUES says that there are too many."""
    types = pa.schema([("row", pa.int64()), ("v", pa.string()), ("n", pa.int64())])
    batches = workshop.arrow(
        f"SELECT row_number() OVER () AS row, v, n FROM (SELECT cell AS v, count(*) AS n FROM ({faults}) "
        f"WHERE family = ? AND cell IS NOT NULL GROUP BY cell ORDER BY n DESC, v LIMIT {MOST_VALUES + 1})",
        [index],
    )
    return pa.Table.from_batches([batch.cast(types) for batch in batches], types)


@dataclass(frozen=True)
class Trial:
    """The distinct faulty values of one family, and what candidates make of them."""

    workshop: Workshop
    directory: Path
    schema: TableSchema
    field: SchemaField
    index: int
    family: Family

    def proposals(self, values: pa.Table) -> list[Mend]:
        """The candidate that mends most, then those that mend what it leaves. `values`: see faulty_values."""
        texts = values.column("v").to_pylist()
        tried = [
            one for one in candidates(self.family, self.field, texts) if all(step.kind in STEPS for step in one.steps)
        ]
        made = self._made(values, tried)
        if not made:
            return []
        counts = values.column("n").to_pylist()
        right = self._right(texts, made)
        return self._chosen(texts, counts, right)

    def _made(self, values: pa.Table, tried: Sequence[Candidate]) -> dict[Candidate, list[str | None]]:
        """What each candidate makes of each value; those that cannot be compiled are left out."""
        self.workshop.register(VALUES, values)
        made: dict[Candidate, list[str | None]] = {}
        if any(step.params.get("crs") for one in tried for step in one.steps):
            self.workshop.need_spatial()
        for candidate in tried:
            try:
                rows = self.workshop.execute(f"SELECT {compiled(candidate.steps)} FROM {VALUES} ORDER BY row")
            except (EngineError, StepRefused):
                continue
            texts = [row[0] for row in rows]
            if texts not in made.values():
                made[candidate] = texts
        return made

    def _right(
        self, texts: Sequence[str], made: Mapping[Candidate, list[str | None]]
    ) -> dict[Candidate, dict[int, str]]:
        """Of each candidate, the values (by rank, from 0) that it changes into something that the schema accepts."""
        names = [f"c{rank}" for rank, _candidate in enumerate(made)]
        columns: dict[str, Any] = {"row": pa.array(range(len(texts)), pa.int64())}
        columns |= {name: pa.array(values, pa.string()) for name, values in zip(names, made.values(), strict=True)}
        self.workshop.register(TRIED, pa.table(columns))
        wrong = self._wrong(names)
        return {
            candidate: {
                rank: after
                for rank, (before, after) in enumerate(zip(texts, values, strict=True))
                if after is not None and after != before and (rank, name) not in wrong
            }
            for name, (candidate, values) in zip(names, made.items(), strict=True)
        }

    def _wrong(self, names: Sequence[str]) -> set[tuple[int, str]]:
        """(rank, column) of the values that the rules of the field refuse, by a check like any other."""
        table = TextTable(f"SELECT row, {', '.join(names)} FROM {TRIED}", tuple(names), tuple(names))
        verdict = check(table, alone(self.schema, self.field, names), workshop=self.workshop, directory=self.directory)
        faults = faults_sql(verdict, workshop=self.workshop)
        rows = self.workshop.execute(f"SELECT row, label FROM ({faults}) WHERE level = 'error'")
        return {(row, label) for row, label in rows}

    def _chosen(
        self, texts: Sequence[str], counts: Sequence[int], right: Mapping[Candidate, Mapping[int, str]]
    ) -> list[Mend]:
        chosen: list[Mend] = []
        done: set[int] = set()
        shown = {fault.cell for fault in self.family.examples}
        while len(chosen) < MOST_PER_FAMILY:
            gains = {one: sum(counts[rank] for rank in ranks if rank not in done) for one, ranks in right.items()}
            best = max(gains, key=lambda one: (gains[one], -len(one.steps)), default=None)
            if best is None or not gains[best]:
                break
            ranks = [rank for rank in right[best] if rank not in done]
            done.update(ranks)
            chosen.append(
                Mend(
                    self.field.name,
                    self.index,
                    best.cause,
                    best.steps,
                    mended=gains[best],
                    left=self.family.count - sum(counts[rank] for rank in done),
                    examples=tuple((texts[rank], right[best][rank]) for rank in ranks[:EXAMPLES]),
                    proposed={texts[rank]: right[best][rank] for rank in ranks if texts[rank] in shown},
                )
            )
        return chosen


def compiled(steps: Sequence[Step]) -> str:
    """SQL of the steps, one after the other, on the column `v`."""
    sql = "v"
    for step in steps:
        sql = f"({STEPS.get(step.kind).sql([sql], step.params)})"
    return sql


def alone(schema: TableSchema, field: SchemaField, names: Sequence[str]) -> TableSchema:
    """A schema whose columns `names` all follow the rules that hold on one cell of `field`."""
    constraints = {name: value for name, value in field.constraints.items() if name not in ("required", "unique")}
    fields = tuple(replace(field, name=name, constraints=constraints) for name in names)
    mine = [one for one in schema.custom_checks if one.params.get("column") == field.name and _on_one_column(one)]
    checks = tuple(replace(one, params={**one.params, "column": name}) for one in mine for name in names)
    return replace(
        schema,
        fields=fields,
        primary_key=(),
        foreign_keys=(),
        custom_checks=checks,
        missing_values=schema.missing_values,
    )


def _on_one_column(check: CustomCheck) -> bool:
    return not any(name.startswith(("column", "othercolumns")) for name in check.params if name != "column")
