"""The working copy of a version that differs from another by a few rows, made from the copy of that one.

Building the table of half a million rows takes seconds of processor; copying its file and changing one row in it, a tenth of one.
What cannot be made this way (another process will not wait for us) is built from the file of the version, as any other."""

from __future__ import annotations

import shutil
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from bocage.store import process
from bocage.store.errors import VersionDamaged
from bocage.store.hardening import quoted
from bocage.store.hot_copies import TABLE, hot_copy, table_select
from bocage.store.layout import hot_path
from bocage.store.session import session
from bocage.store.working_copy import drafted

if TYPE_CHECKING:
    from bocage.store.models import Version

MOST_ROWS = 10_000
"""Changed rows: beyond, the table is built."""


@dataclass(frozen=True)
class RowChanges:
    """From a version to the next one. `gone`, `replaced`: places in the former, from 0, each once; `added`: how many rows come
    after the others."""

    gone: Sequence[int] = ()
    replaced: Sequence[int] = ()
    added: int = 0


class _NotDerived(Exception):
    """The table has to be built."""


def derive_working_copy(version: Version, base: Version, changes: RowChanges) -> bool:
    """Make the working copy of `version` from that of `base`, unless it is there. False when it is left to the first reader."""
    if len(changes.gone) + len(changes.replaced) + changes.added > MOST_ROWS or version.schema != base.schema:
        return False
    attachments = process.current().attachments
    with session(base):  # which holds the copy of `base`, whole
        copy = replace(hot_copy(version), write=partial(_write, version=version, base=base, changes=changes))
        try:
            attachments.lease(copy)
        except (_NotDerived, VersionDamaged, duckdb.Error, OSError):
            return False
        attachments.release(copy.key)
    return True


def _write(
    connection: duckdb.DuckDBPyConnection, draft: Path, *, version: Version, base: Version, changes: RowChanges
) -> None:
    shutil.copyfile(hot_path(base.uid), draft)
    with drafted(connection, draft, hot_copy(version)) as database:
        table = f"{database}.main.{TABLE}"
        connection.execute(f"DROP TABLE {database}.main.stamp")
        # An index on a column that changes would have its rows moved to the end; without it, rows are found by reading.
        connection.execute(f"DROP INDEX IF EXISTS {database}.main.by_row")
        _lay_out(connection, version, base, changes)
        connection.execute("BEGIN")
        _replace(connection, table)
        _remove(connection, table, sorted(changes.gone))
        connection.execute(f"INSERT INTO {table} SELECT * EXCLUDE (_old) FROM fresh WHERE _old IS NULL ORDER BY _row")
        connection.execute("COMMIT")
        connection.execute("DROP TABLE temp.main.fresh")
        found = connection.execute(f"SELECT count(*), coalesce(max(_row) + 1, 0), coalesce(sum(_row), 0) FROM {table}")
        rows = version.row_count
        if found.fetchone() != (rows, rows, rows * (rows - 1) // 2):
            raise _NotDerived


def _lay_out(connection: duckdb.DuckDBPyConnection, version: Version, base: Version, changes: RowChanges) -> None:
    """The rows of the new version that are not as they were; `_old`: their place in the former one, NULL for those added."""
    gone = sorted(changes.gone)
    first = base.row_count - len(gone)
    places = {place - bisect_left(gone, place): place for place in changes.replaced}
    wanted = [*places, *range(first, first + changes.added)]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE places AS SELECT unnest(?::BIGINT[]) AS _row, unnest(?::BIGINT[]) AS _old",
        [wanted, [places.get(place) for place in wanted]],
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT f.*, p._old FROM ({table_select(version)}) AS f "
        "JOIN places AS p USING (_row)"
    )
    connection.execute("DROP TABLE temp.main.places")


def _replace(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Only the columns that change are written. A shape or a list that changes moves its row to the end of the table: whoever reads
    in order sorts, and is as quick, but for pages asked by their rank."""
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    names = [quoted(name) for name, *_ in described if name != "_row"]
    asked = ", ".join(f"coalesce(bool_or(t.{name} IS DISTINCT FROM f.{name}), false)" for name in names)
    found = connection.execute(f"SELECT {asked} FROM {table} AS t JOIN fresh AS f ON t._row = f._old").fetchone()
    changed = [name for name, differs in zip(names, found or (), strict=True) if differs]
    if changed:
        told = ", ".join(f"{name} = f.{name}" for name in changed)
        connection.execute(f"UPDATE {table} AS t SET {told} FROM fresh AS f WHERE t._row = f._old")


def _remove(connection: duckdb.DuckDBPyConnection, table: str, gone: Sequence[int]) -> None:
    """Those that come after take their places."""
    if not gone:
        return
    connection.execute(f"DELETE FROM {table} WHERE _row IN (SELECT unnest(?::BIGINT[]))", [gone])
    connection.execute(
        f"UPDATE {table} AS t SET _row = t._row - m.below FROM (SELECT r._row, g.below FROM {table} AS r ASOF JOIN "
        "(SELECT unnest(?::BIGINT[]) AS place, unnest(?::BIGINT[]) AS below) AS g ON r._row > g.place) AS m "
        "WHERE t._row = m._row",
        [gone, list(range(1, len(gone) + 1))],
    )
