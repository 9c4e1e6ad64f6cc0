"""Small in-memory tables built once per process from Arrow: the catalogue as a table, a list of codes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count

import duckdb
import pyarrow as pa

from bocage.store.hardening import quoted

KEPT = 64
KEPT_BYTES = 64 * 1024 * 1024
"""Of the tables that no session uses, this many at most stay, and of this size together, as Arrow counts it."""


class _Resident:
    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.Lock()
        self.built = False
        self.size = 0
        self.users = 0


class Residents:
    """Keyed tables, the least recently used dropped beyond KEPT and KEPT_BYTES, never one that a session uses."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._known: dict[str, _Resident] = {}  # in the order of last use
        self._numbers = count(1)

    def lease(self, key: str, build: Callable[[], pa.Table]) -> str:
        """Quoted name of the table for `key`, there until `release(key)`. One thread builds, the others wait."""
        with self._lock:
            entry = self._known.pop(key, None) or _Resident(f"resident_{next(self._numbers)}")
            self._known[key] = entry
            entry.users += 1
        try:
            with entry.lock:
                if not entry.built:
                    table = build()
                    self._create(entry.name, table)
                    entry.built, entry.size = True, table.nbytes
        except BaseException:
            self.release(key)
            raise
        return f"memory.main.{quoted(entry.name)}"

    def release(self, key: str) -> None:
        with self._lock:
            self._known[key].users -= 1
            idle = [(key, entry) for key, entry in self._known.items() if not entry.users]
            excess, size = len(self._known) - KEPT, sum(entry.size for _key, entry in idle)
            for old, entry in idle:
                if excess <= 0 and size <= KEPT_BYTES:
                    break
                self._drop(old, entry)
                excess, size = excess - 1, size - entry.size

    def _drop(self, key: str, entry: _Resident) -> None:
        del self._known[key]
        if entry.built:
            with self._connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE memory.main.{quoted(entry.name)}")

    def _create(self, name: str, table: pa.Table) -> None:
        with self._connection.cursor() as cursor:
            cursor.register("arrow_source", table)
            cursor.execute(f"CREATE TABLE memory.main.{quoted(name)} AS SELECT * FROM arrow_source")
            cursor.unregister("arrow_source")
