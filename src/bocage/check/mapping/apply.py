"""A mapping, applied: one SELECT over the file, whose columns are those of the schema.

Steps are computed in layers: the first step of every column, then the second ones… Each step reads columns, never the text of
the step before: expressions stay as short as they are written, however many steps there are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.access.viewer import ANONYMOUS
from bocage.check.mapping import kinds as _kinds  # noqa: F401  registers ours
from bocage.check.mapping.errors import CircularMapping, ColumnAbsent, MappingFailed, MappingTooLarge, StepRefused
from bocage.check.mapping.kinds.base import StepBench
from bocage.check.mapping.kinds.parts import counts_rows
from bocage.check.mapping.steps import STEPS, ColumnMapping, ColumnMappings, Step, StepKind
from bocage.check.table import ROW, TextTable
from bocage.store.engine import EngineError, quoted

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.check.schema import TableSchema
    from bocage.store.engine import Workshop

MOST_STEPS = 12
MOST_COLUMNS = 1_000
MOST_SOURCES = 20
FROM_TARGET = "@"
"""`@insee` among the sources: what the mapping makes for the column `insee`, once made."""


def apply(
    table: TextTable, mapping: ColumnMappings, schema: TableSchema, *, workshop: Workshop, viewer: Viewer = ANONYMOUS
) -> TextTable:
    """The table with the columns of the schema that the mapping makes, in the schema's order, then the others of the file when
    `keep_others`. Rows keep their numbers; blank rows stay blank, or are left out when a column is made of nothing.
    `viewer`: whose rights hold on the datasets that are looked up.

    May load the spatial extension: tables made in the workshop until then are gone, those registered stay.
    Raises StepRefused, ColumnAbsent, CircularMapping, MappingTooLarge, MappingFailed, ReferenceUnusable."""
    _bounded(mapping)
    made = [one for one in mapping.columns if one.sources or one.steps]
    if any(_is_spatial(step) for one in made for step in one.steps):
        workshop.need_spatial()
    order = {one.name: place for place, one in enumerate(schema.fields)}
    made.sort(key=lambda one: order.get(one.target, len(order)))
    built = _Building(_without_blank_rows(table) if any(map(_makes_of_nothing, made)) else table, workshop, viewer)
    for generation in _generations(made, table):
        built.add(generation)
    outputs = [(one.target, built.results[one.target]) for one in made]
    if mapping.keep_others:
        outputs += _others(table, made)
    _tried(built, outputs)
    return _result(built, outputs)


@dataclass
class _Building:
    """`layers`: the select lists, each over the columns of the table and those of the layers before. `results`: target → SQL
    name of what was made."""

    table: TextTable
    workshop: Workshop
    viewer: Viewer
    layers: list[str] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    counts: bool = False

    def __post_init__(self) -> None:
        self._prefix = "made"
        while any(name.lower().startswith(self._prefix) for name in self.table.names):
            self._prefix += "_"

    def add(self, columns: Sequence[ColumnMapping]) -> None:
        """Columns that do not depend on one another: their steps, layer by layer."""
        now = {one.target: [self._source(one, label) for label in one.sources] for one in columns}
        for depth in range(max(len(_steps(one)) for one in columns)):
            made: list[str] = []
            for one in columns:
                if depth < len(_steps(one)):
                    name = quoted(f"{self._prefix} {len(self.layers)} {len(made)}")
                    made.append(f"{self._compiled(one, depth, now[one.target])} AS {name}")
                    now[one.target] = [name]
            self.layers.append(", ".join(made))
        self.results |= {target: inputs[0] for target, inputs in now.items()}

    def rows(self, *, numbered: bool) -> str:
        return self.over(self.table.with_rows if numbered else self.table.sql)

    def over(self, select: str) -> str:
        """The layers over another SELECT that has the same columns."""
        relation = f"({select})"
        for made in self.layers:
            relation = f"(SELECT *, {made} FROM {relation} AS rows)"
        return relation

    def _source(self, one: ColumnMapping, label: str) -> str:
        if (name := self.table.column(label.strip())) is not None:
            return quoted(name)
        if label.startswith(FROM_TARGET) and label[1:] in self.results:
            return self.results[label[1:]]
        raise ColumnAbsent(label=label, target=one.target)

    def _compiled(self, one: ColumnMapping, depth: int, inputs: list[str]) -> str:
        step = _steps(one)[depth]
        kind = kind_of(step)
        params = step.params | {"sources": list(one.sources) if depth == 0 else [one.target]}
        self.counts = self.counts or _counts(step)
        prepared = getattr(kind, "prepared", None)
        if prepared is None:
            return kind.sql(inputs, params)
        relation = f"SELECT * FROM {self.rows(numbered=self.counts)} AS rows"
        try:
            return str(prepared(inputs, params, StepBench(self.workshop, self.viewer, relation)))
        except EngineError as error:
            raise MappingFailed(reason=_said(error)) from error


def kind_of(step: Step) -> StepKind:
    """Raises StepRefused for a kind that nobody registered."""
    if step.kind not in STEPS:
        raise StepRefused(kind=step.kind[:80], reason=_("this platform does not know it."))
    return STEPS.get(step.kind)


def _steps(one: ColumnMapping) -> tuple[Step, ...]:
    """Several columns and no step: the first that is not empty."""
    return one.steps or ((Step("first"),) if len(one.sources) > 1 else ())


def _counts(step: Step) -> bool:
    return step.kind == "template" and counts_rows(step.params)


def _is_spatial(step: Step) -> bool:
    kind = kind_of(step)
    depends = getattr(kind, "needs_spatial", None)
    return bool(getattr(kind, "spatial", False) or (depends and depends(step.params)))


def _bounded(mapping: ColumnMappings) -> None:
    targets = [one.target for one in mapping.columns]
    if len(targets) > MOST_COLUMNS:
        raise MappingTooLarge(count=len(targets), what=_("columns"), limit=MOST_COLUMNS)
    if len(set(targets)) < len(targets):
        raise CircularMapping(targets=", ".join(sorted({one for one in targets if targets.count(one) > 1})))
    for one in mapping.columns:
        if len(one.steps) > MOST_STEPS:
            raise MappingTooLarge(count=len(one.steps), what=_("steps"), limit=MOST_STEPS)
        if len(one.sources) > MOST_SOURCES:
            raise MappingTooLarge(count=len(one.sources), what=_("sources"), limit=MOST_SOURCES)


def _generations(columns: Sequence[ColumnMapping], table: TextTable) -> Iterator[list[ColumnMapping]]:
    """Columns made from the file only, then those made from these… Raises CircularMapping."""
    targets = {one.target for one in columns}

    def waits_for(one: ColumnMapping) -> set[str]:
        asked = {label[1:] for label in one.sources if label.startswith(FROM_TARGET) and table.column(label) is None}
        return asked & targets

    left, done = list(columns), set[str]()
    while left:
        ready = [one for one in left if waits_for(one) <= done]
        if not ready:
            raise CircularMapping(targets=", ".join(one.target for one in left))
        yield ready
        done |= {one.target for one in ready}
        left = [one for one in left if one not in ready]


def _others(table: TextTable, made: Sequence[ColumnMapping]) -> list[tuple[str, str]]:
    """Columns of the file that nothing uses, under their own labels; one that has the name of a made column gives way."""
    used = {table.column(label.strip()) for one in made for label in one.sources}
    targets = {one.target for one in made}
    return [
        (label.strip(), quoted(name))
        for name, label in zip(table.names, table.labels, strict=True)
        if name not in used and label.strip() not in targets
    ]


def _makes_of_nothing(one: ColumnMapping) -> bool:
    """Would a blank row be one no longer?"""
    return any(step.kind in ("constant", "template") or step.params.get("otherwise") for step in one.steps)


def _without_blank_rows(table: TextTable) -> TextTable:
    if not table.names:
        return table
    filled = f"coalesce({', '.join(quoted(name) for name in table.names)}) IS NOT NULL"
    numbered = f"SELECT * FROM ({table.numbered_sql}) AS rows WHERE {filled}" if table.numbered_sql else ""
    sql = f"SELECT * FROM ({table.sql}) AS rows WHERE {filled}"
    return dataclasses.replace(table, sql=sql, numbered_sql=numbered, row_count=None)


def _result(built: _Building, outputs: Sequence[tuple[str, str]]) -> TextTable:
    """What is wrong with the cells of the file concerns its columns: only what concerns the whole of it stays."""
    table = built.table
    names = _unique([label for label, _column in outputs])
    columns = [f"{column} AS {quoted(name)}" for name, (_label, column) in zip(names, outputs, strict=True)]
    # Made where they belong only: a count of rows reads neither the numbers nor the columns that it does not need.
    has_row = not table.numbered_sql or built.counts
    row = [quoted(ROW)] if has_row else []
    plain = f"SELECT {', '.join([*row, *columns]) or 'NULL'} FROM {built.rows(numbered=built.counts)} AS rows"
    numbered = f"SELECT {', '.join([quoted(ROW), *columns])} FROM {built.rows(numbered=True)} AS rows"
    return dataclasses.replace(
        table,
        sql=plain,
        numbered_sql="" if has_row else numbered,
        names=tuple(names),
        labels=tuple(label for label, _column in outputs),
        faults=tuple(fault for fault in table.faults if fault.place is None),
        faulty_sql="",
        provenance=table.provenance | {"mapped": True},
    )


def _unique(labels: Sequence[str]) -> list[str]:
    """Names of SQL: the engine does not tell capitals apart, and `row` is taken."""
    taken, names = {ROW}, []
    for label in labels:
        name = label
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        names.append(name)
    return names


def _tried(built: _Building, outputs: Sequence[tuple[str, str]]) -> None:
    """On one row of empty texts: the engine compiles every expression, and reads nothing of the file."""
    cells = "".join(f", ''::VARCHAR AS {quoted(name)}" for name in built.table.names)
    columns = ", ".join(column for _label, column in outputs) or "NULL"
    try:
        built.workshop.execute(
            f"SELECT {columns} FROM {built.over(f'SELECT 1::BIGINT AS {quoted(ROW)}{cells}')} AS rows"
        )
    except EngineError as error:
        raise MappingFailed(reason=_said(error)) from error


def _said(error: Exception) -> str:
    return str(error).split("\n")[0][:200]
