"""A published version as a table of texts: what its file would say if it were written again."""

from __future__ import annotations

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
    source = f"read_parquet({literal(version_path(version))}, file_row_number = true)"
    types = {name: kind for name, kind, *_ in workshop.execute(f"DESCRIBE SELECT * FROM {source}")}
    if any(kind.startswith("GEOMETRY") for kind in types.values()):
        workshop.need_spatial()
    labels = [str(one["name"]) for one in version.schema if one["name"] in types]
    fields = {one.name: one for one in schema.fields} if schema else {}
    said = {str(one["name"]): str(one.get("label") or one["name"]) for one in version.schema}
    columns = ", ".join(
        f"{written(quoted(name), types[name], fields.get(said[name]))} AS c{place}" for place, name in enumerate(labels)
    )
    return TextTable(
        sql=f"SELECT file_row_number + 2 AS row, {columns} FROM {source}",
        names=tuple(f"c{place}" for place in range(len(labels))),
        labels=tuple(said[name] for name in labels),
        row_count=version.row_count,
        format="parquet",
    )
