"""A published version as a table of texts: what its file would say if it were written again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.check.table import TextTable
from bocage.check.written import written
from bocage.store.engine import Workshop, literal, quoted
from bocage.store.layout import version_path

if TYPE_CHECKING:
    from bocage.check.schema import TableSchema
    from bocage.store.models import Version


def stored_table(version: Version, *, workshop: Workshop, schema: TableSchema | None = None) -> TextTable:
    """Rows are numbered from 2, as in the file that an export gives. `schema`: write values the way its fields are read.

    The workshop must be allowed to read the file of the version (`workshop(..., readable=[version_path(version)])`)."""
    labels = {str(one["name"]): str(one.get("label") or one["name"]) for one in version.schema}
    table = parquet_table(version_path(version), workshop=workshop, schema=schema, labels=labels)
    return replace(table, row_count=version.row_count)


def parquet_table(
    file: Path, *, workshop: Workshop, schema: TableSchema | None = None, labels: Mapping[str, str] | None = None
) -> TextTable:
    """`labels`: column of the file → what people call it; the columns left out are not in the table, nor, with a schema, the
    shapes that it does not know."""
    source = f"read_parquet({literal(file)}, file_row_number = true)"
    types = {
        name: kind for name, kind, *_ in workshop.execute(f"DESCRIBE SELECT * EXCLUDE file_row_number FROM {source}")
    }
    said = {name: label for name, label in (labels or {name: name for name in types}).items() if name in types}
    fields = {one.name: one for one in schema.fields} if schema else {}
    shapes = [name for name in said if types[name].startswith("GEOMETRY")]
    if fields:  # made by capture beside what the file had
        said = {name: label for name, label in said.items() if name not in shapes or label in fields}
    if any(name in said for name in shapes):
        workshop.need_spatial()
    columns = ", ".join(
        f"{written(quoted(name), types[name], fields.get(label))} AS c{place}"
        for place, (name, label) in enumerate(said.items())
    )
    return TextTable(
        sql=f"SELECT file_row_number + 2 AS row, {columns or 'NULL AS c0'} FROM {source}",
        names=tuple(f"c{place}" for place in range(len(said))),
        labels=tuple(said.values()),
        format="parquet",
    )
