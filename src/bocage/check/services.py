"""The verb of this package: say what is wrong with a table, whole, against a schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from bocage.check.compile import plan_of
from bocage.check.run import Run
from bocage.check.schema import TableSchema
from bocage.check.table import TextTable
from bocage.check.telling import Telling
from bocage.check.verdict import Verdict
from bocage.store.engine import Workshop


def check(
    table: TextTable,
    schema: TableSchema,
    *,
    workshop: Workshop,
    directory: Path,
    profile: str = "validata",
    resources: Mapping[str, str] | None = None,
    producer: Mapping[str, Any] | None = None,
) -> Verdict:
    """Every rule of `schema` on every row of `table`, counts exact. `directory` (the workshop's own): where the list of faults
    is written when there are any. Raises SchemaUnusable; a fault of the table is never an exception."""
    start = perf_counter()
    plan = plan_of(table, schema, workshop=workshop, profile=profile, resources=resources, producer=producer)
    run = Run(table, plan, workshop, directory)
    run.run()
    telling = Telling(workshop, directory, run.found, run.families)
    families, wrong_rows, faults = telling.tell([*plan.families, *run.beside], table.header_row or 0)
    return Verdict(
        schema=schema.name,
        schema_version=schema.version,
        valid=not any(family.level == "error" for family in families),
        families=families,
        row_count=run.row_count,
        wrong_rows=wrong_rows,
        field_count=len(table.labels),
        profile=profile,
        seconds=perf_counter() - start,
        faults=faults,
    )
