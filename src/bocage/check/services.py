"""The verb of this package: say what is wrong with a table, whole, against a schema."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bocage.check.schema import TableSchema
from bocage.check.table import TextTable
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
    raise NotImplementedError
