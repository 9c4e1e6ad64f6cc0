"""A dataset that follows a schema, and refuses what does not: pushed records are checked before they are acknowledged.

With the policy “warn”, they are accepted, and the report of the version that publishes them says what is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bocage.access.viewer import OPERATOR
from bocage.capture.text import text_table
from bocage.check.references import references_for
from bocage.check.registry.selectors import table_schema
from bocage.check.report.listing import errors_json
from bocage.check.services import check
from bocage.check.stored import parquet_table
from bocage.check.vocabulary import Policy
from bocage.kernel.scratch import scratch
from bocage.pipeline import conforming
from bocage.pipeline.pushes.errors import PayloadRefused
from bocage.pipeline.pushes.fitting import MOST_FAULTS
from bocage.pipeline.pushes.merging import last_of_each_key
from bocage.pipeline.pushes.typed import names_of, operations, write_lines
from bocage.store.engine import literal, workshop

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.check.models import Conformity
    from bocage.check.references import LaidOut
    from bocage.check.schema import TableSchema
    from bocage.check.table import TextTable
    from bocage.pipeline.pushes.layout import Layout
    from bocage.store.engine import Workshop

FIRST_ROW = 2
"""A table counts its line of names."""


def require_fit(dataset: Dataset, layout: Layout | None, lines: Sequence[str]) -> None:
    """Raise PayloadRefused when the schema that the dataset follows does not accept these lines. `layout` None: no version yet."""
    with _gate_of(dataset, layout) as gate:
        if gate is None:
            return
        table, order = _table(gate.conformity, gate.schema, layout, lines, workshop=gate.shop, directory=gate.directory)
        faults = gate.faults(table, order)
    if layout is not None:  # columns that the version itself lacks: no record is to blame
        faults = [fault for fault in faults if fault["record"]]
    if faults:
        raise PayloadRefused(faults)


def faults_of_rows(dataset: Dataset, layout: Layout, rows: Path, count: int) -> list[dict[str, Any]]:
    """What the schema that the dataset follows has against the `count` rows of this Parquet file, in the columns of its version,
    when it refuses what does not fit: the first faults, as in PayloadRefused."""
    with _gate_of(dataset, layout, rows) as gate:
        if gate is None:
            return []
        table = parquet_table(rows, workshop=gate.shop, schema=gate.schema, labels=_labels(layout))
        return [fault for fault in gate.faults(table, range(count)) if fault["record"]]


@dataclass(frozen=True)
class _Gate:
    """The schema of a dataset that refuses what does not fit, and the workshop where rows are checked."""

    conformity: Conformity
    schema: TableSchema
    shop: Workshop
    directory: Path
    known: LaidOut

    def faults(self, table: TextTable, order: Sequence[int]) -> list[dict[str, Any]]:
        """The first ones. `order`: of each row, the place of its record, from 0."""
        verdict = check(
            table, self.schema, workshop=self.shop, directory=self.directory, profile=self.conformity.profile,
            resources=self.known.resources, producer=self.known.producer,
        )  # fmt: skip
        if verdict.valid:
            return []
        told = errors_json(verdict, self.schema, workshop=self.shop, limit=MOST_FAULTS)
        return [_fault(json.loads(one), order) for one in told]


@contextmanager
def _gate_of(dataset: Dataset, layout: Layout | None, *readable: Path) -> Iterator[_Gate | None]:
    """None: nothing is refused."""
    conformity = conforming.conformity_of(dataset)
    if conformity is None or conformity.policy == Policy.WARN:
        yield None
        return
    schema = table_schema(conformity.schema_version)
    references = references_for(OPERATOR, schema, conformity.profile, dataset)
    files = [*readable, *references.files]
    with scratch("push") as directory, workshop(directory, readable=files, spatial=False) as shop:
        if layout is not None and layout.is_geographic:
            shop.need_spatial()  # before anything is laid out: it empties the workshop
        yield _Gate(conformity, schema, shop, directory, references.lay_out(shop))


def _labels(layout: Layout) -> dict[str, str]:
    return {one.name: one.field.label or one.name for one in layout.columns}


def _table(
    conformity: Conformity,
    schema: TableSchema,
    layout: Layout | None,
    lines: Sequence[str],
    *,
    workshop: Workshop,
    directory: Path,
) -> tuple[TextTable, list[int]]:
    """The table to check; and of each of its rows, the place of its record in the payload, from 0."""
    if layout is None:
        given = directory / "push.json"
        given.write_text(f"[{','.join(record_part(line) for line in lines)}]", encoding="utf-8")
        table = text_table(given, filename=given.name, workshop=workshop, directory=directory)
        mapped, _notices = conforming.mapped_table(conformity, table, schema, workshop=workshop, viewer=OPERATOR)
        return mapped, list(range(len(lines)))
    source, typed = directory / "lines.jsonl", directory / "typed.parquet"
    write_lines(["\n".join(lines).encode()], source)
    select = operations(source, layout, None, "")
    if layout.key:  # the same record twice in a payload: the last one counts
        select = last_of_each_key(select, layout.key, ["_n", *(one.name for one in layout.columns)])
    workshop.execute(f"CREATE TEMP TABLE pushed AS {select}")
    workshop.execute(f"COPY (SELECT {names_of(layout.columns)} FROM pushed) TO {literal(str(typed))}")
    order = [int(place) for (place,) in workshop.execute("SELECT _n FROM pushed")]
    return parquet_table(typed, workshop=workshop, schema=schema, labels=_labels(layout)), order


def record_part(line: str) -> str:
    """The record of a line that `as_given` wrote."""
    return line[len('{"o":"p","r":') : -1]


def _fault(error: dict[str, Any], order: Sequence[int]) -> dict[str, Any]:
    row = error.get("rowNumber")
    return {
        "record": order[row - FIRST_ROW] + 1 if row else 0,
        "field": error.get("fieldName") or "",
        "code": error["type"],
        "reason": error["message"],
        "mend": "",
    }
