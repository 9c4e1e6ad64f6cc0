"""What is inside a working copy: the native table of one version, or a view of its file when it is too big.

The table is in the order of the file, with `_row`, and the bounds of each geometry. Measured on 500,000 points: a page
by `_row` takes 3 ms in file order and 35 ms in Hilbert order, a deep page 38 against 90, a whole export 1.8 times less;
a small box takes 7 ms against 3. Pages and exports are what everybody does, and box filters stay a scan of four columns.

An index on `_row` finds rows by their numbers: a hundred of them, anywhere in a million of 14 columns, are read in 20 ms of
processor instead of 100, for a file a fifth larger.

A version larger than the whole budget of the cache is a view of the Parquet file: slower, but nothing on disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from django.conf import settings
from django.utils.translation import gettext as _

from bocage.catalog.fields import Field
from bocage.store.errors import VersionDamaged
from bocage.store.hardening import literal, quoted
from bocage.store.layout import version_path
from bocage.store.working_copy import WorkingCopy, drafted

if TYPE_CHECKING:
    from bocage.store.models import Version

TABLE = "rows"
FORMAT = 2
"""Grows when the columns or the order below change: older copies are made again."""


def hot_copy(version: Version) -> WorkingCopy:
    """Its stamp names the file of the version, for a view must follow a data folder that moved."""
    stamp = f"{FORMAT} {duckdb.__version__} {version_path(version)}"
    return WorkingCopy(version.uid, stamp, lambda connection, draft: build(connection, version, draft))


def build(connection: duckdb.DuckDBPyConnection, version: Version, draft: Path) -> None:
    """Write the working copy of `version` to the new file `draft`. `connection` may write there and read the version.

    Raises VersionDamaged when the file of the version is not there."""
    if not version_path(version).is_file():
        raise VersionDamaged(dataset=version.dataset.title, number=version.number, reason=_("its file is missing."))
    budget = settings.BOCAGE.hot_cache_mb * 1024 * 1024
    if version.size_bytes < budget:
        _write(connection, version, draft, "TABLE")
        if draft.stat().st_size <= budget:
            return
        draft.unlink()
    _write(connection, version, draft, "VIEW")


def _write(connection: duckdb.DuckDBPyConnection, version: Version, draft: Path, kind: str) -> None:
    with drafted(connection, draft, hot_copy(version)) as name:
        connection.execute(f"CREATE {kind} {name}.{TABLE} AS {table_select(version)}")
        if kind == "TABLE":
            connection.execute(f"CREATE INDEX by_row ON {name}.{TABLE} (_row)")


GEOMETRY = "GEOMETRY('OGC:CRS84')"
BOUNDS = ("XMin", "YMin", "XMax", "YMax")


def own_columns(fields: Iterable[Field]) -> set[str]:
    """Lower-case names of the columns that the table adds to the fields: those no field may have."""
    return {"_row"} | {
        f"_{field.name}_{bound}".lower() for field in fields if field.type.is_geographic for bound in BOUNDS
    }


def table_select(version: Version) -> str:
    """Fields in order, `_row`, then the bounds of each geometry, from the version's file."""
    fields = [Field.from_dict(data) for data in version.schema]
    columns = [f"{_value(field)} AS {quoted(field.name)}" for field in fields]
    columns += ["file_row_number AS _row"]
    columns += [
        f"ST_{bound}({_value(field)}) AS {quoted(f'_{field.name}_{bound.lower()}')}"
        for field in fields
        if field.type.is_geographic
        for bound in BOUNDS
    ]
    path = literal(version_path(version))
    return f"SELECT {', '.join(columns)} FROM read_parquet({path}, file_row_number = true)"


def _value(field: Field) -> str:
    """A geometry column without any shape is written as bytes that nothing describes: it must be a geometry all the same."""
    name = quoted(field.name)
    return f"CAST({name} AS {GEOMETRY})" if field.type.is_geographic else name
