"""Tables derived from a version, in a file of their own beside its working copy: the words of its texts, say.

They are built once per machine, shared, bounded, rebuilt and evicted as the working copy is, and apart from it: reading
rows does not ask for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from bocage.store.hardening import quoted
from bocage.store.statements import one_select
from bocage.store.working_copy import WorkingCopy, drafted

FORMAT = 2
ROWS_PER_GROUP = 16_384
"""Little of a side table is read at a time: a page of a hundred neighbours among a million takes a third of what it does with
the engine's own groups, for a file a tenth larger."""


class SideWriter:
    """See `engine.SideFile`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: str, refused: frozenset[str]) -> None:
        self._connection = connection
        self._database = database
        self._refused = refused

    def keep(self, name: str, select: str) -> str:
        return self._create("TABLE", f"{self._database}.main.{quoted(name)}", select)

    def put_aside(self, name: str, select: str) -> str:
        return self._create("TEMP TABLE", f"temp.main.{quoted(name)}", select)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(one_select(self._connection, sql, self._refused), list(parameters)).fetchall()

    def _create(self, kind: str, table: str, select: str) -> str:
        one_select(self._connection, select, self._refused)
        self._connection.execute(f"CREATE {kind} {table} AS {select}")
        return table


def side_copy(key: str, edition: str, build: Callable[[SideWriter], None], refused: frozenset[str]) -> WorkingCopy:
    """`edition` grows when `build` writes something else. What `build` puts aside goes with the connection."""

    def write(connection: duckdb.DuckDBPyConnection, draft: Path) -> None:
        with drafted(connection, draft, copy, ROWS_PER_GROUP) as database:
            build(SideWriter(connection, database, refused))

    copy = WorkingCopy(key, f"{FORMAT} {duckdb.__version__} {edition}", write)
    return copy
