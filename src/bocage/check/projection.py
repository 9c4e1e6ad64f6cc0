"""One more view of a version: its rows with the columns of another schema, as a CSV file that this schema accepts.

Computed once for each version, mapping and version of the schema; kept in a folder that anybody may empty.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.access.restrictions import restriction_for
from bocage.access.viewer import Viewer
from bocage.check.layout import conformities_directory
from bocage.check.mapping.apply import apply
from bocage.check.mapping.steps import ColumnMappings
from bocage.check.models import Conformity
from bocage.check.registry.selectors import table_schema
from bocage.check.stored import stored_table
from bocage.check.table import ROW, TextTable
from bocage.kernel.errors import AccessDenied, NotFound
from bocage.kernel.ids import new_uid
from bocage.store.engine import literal, quoted, workshop
from bocage.store.layout import staging_directory, version_path
from bocage.store.selectors import current_version

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset
    from bocage.check.schema import TableSchema
    from bocage.store.engine import Workshop
    from bocage.store.models import Version

EDITION = 1
"""Of the way the file is written: another one is computed again."""

KEPT = 200
"""Files in the folder; the least recently asked for go first."""


def projected_csv(viewer: Viewer, dataset: Dataset, name: str, number: str) -> tuple[Path, str]:
    """The file, and the key of its content. The rights are those of the dataset: who sees only a part of it gets nothing here.

    Raises AccessDenied, NotFound, what a mapping raises."""
    if restriction_for(viewer, dataset):
        raise AccessDenied(reason=_("a part of it is hidden from you, and the file holds everything."))
    wanted = {"dataset": dataset, "schema_version__schema__name": name, "schema_version__number": number}
    conformity = Conformity.objects.filter(**wanted).select_related("schema_version__schema").first()
    version = current_version(dataset)
    if conformity is None or version is None:
        raise NotFound(kind=_("The schema"), name=f"{name} {number}")
    key = _key(version, conformity)
    place = conformities_directory() / f"{key}.csv"
    if place.is_file():
        place.touch()
    else:
        _write(version, conformity, place)
        _shrink()
    return place, key


def view_of(version: Version, conformity: Conformity, schema: TableSchema, *, workshop: Workshop) -> TextTable:
    """The stored version with the columns of the schema. A main conformity made them already."""
    if conformity.main:
        return stored_table(version, workshop=workshop, schema=schema)
    table = stored_table(version, workshop=workshop)
    mapping = ColumnMappings.from_dict(conformity.mapping)
    return apply(table, mapping, schema, workshop=workshop) if mapping.columns else table


def _key(version: Version, conformity: Conformity) -> str:
    made_of: dict[str, Any] = {
        "edition": EDITION,
        "version": version.uid,
        "schema": conformity.schema_version.pk,
        "mapping": conformity.mapping,
        "main": conformity.main,
    }
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def _write(version: Version, conformity: Conformity, place: Path) -> None:
    schema = table_schema(conformity.schema_version)
    directory = staging_directory() / new_uid("view")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with workshop(directory, readable=[version_path(version)], spatial=False) as shop:
            table = view_of(version, conformity, schema, workshop=shop)
            columns = _columns(table, schema)
            partial = directory / "view.csv"
            shop.execute(
                f"COPY (SELECT {columns} FROM ({table.with_rows}) AS rows ORDER BY {ROW}) "
                f"TO {literal(str(partial))} (FORMAT csv, HEADER)"
            )
        shutil.move(partial, place)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _columns(table: TextTable, schema: TableSchema) -> str:
    """The columns that the schema knows, in its order; those that the table lacks are left out, as in a file."""
    found = [(field.name, table.column(field.name)) for field in schema.fields]
    kept = [f"{quoted(name)} AS {quoted(label)}" for label, name in found if name is not None]
    if not kept:
        raise NotFound(kind=_("The schema"), name=schema.name)
    return ", ".join(kept)


def _shrink() -> None:
    files = sorted(conformities_directory().glob("*.csv"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in files[KEPT:]:
        path.unlink(missing_ok=True)
