"""Reading published versions: one cursor on the engine of this process, bounded in time, that runs SELECTs only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import duckdb
import pyarrow as pa
import structlog
from django.conf import settings

from bocage.store import process
from bocage.store.errors import EngineLost, WorkingCopyDamaged
from bocage.store.hardening import STREAM_BUFFER, STREAM_BUFFER_KB
from bocage.store.hot_copies import TABLE, hot_copy
from bocage.store.layout import hot_path, side_key
from bocage.store.limits import Limit, meaning
from bocage.store.side_copies import SideWriter, side_copy
from bocage.store.statements import StatementRefused, one_select

if TYPE_CHECKING:
    from bocage.store.models import Version

__all__ = ["LENT", "EngineSession", "StatementRefused", "session"]

LENT = "lent_"
"""Before the number of a table that is lent: the same names in each session, so that its statements are known ones."""
log = structlog.get_logger("bocage.store")
_FAULTS = (duckdb.Error, OSError, pa.ArrowException)


class EngineSession:
    """See `engine.Session`. Used by one thread; `interrupt` may come from any other."""

    def __init__(self, engine: process.Engine, cursor: duckdb.DuckDBPyConnection, limit: Limit) -> None:
        self._engine = engine
        self._cursor = cursor
        self._limit = limit
        self._databases: dict[str, str] = {}
        self._residents: dict[str, str] = {}
        self._lent = 0
        self._frugal = False

    def table(self, version: Version) -> str:
        return f"{self._databases[version.uid]}.main.{TABLE}"

    def side_tables(self, version: Version, name: str, edition: str, build: Callable[[SideWriter], None]) -> str:
        key = side_key(version.uid, name)
        if key not in self._databases:
            self.table(version)  # a session reads what it was opened on, and what comes of it
            started = time.monotonic()
            try:
                copy = side_copy(key, edition, build, self._engine.refused)
                self._databases[key] = self._engine.attachments.lease(copy)
            except _FAULTS as error:
                self._explain(error)
            finally:
                self._limit.extend(time.monotonic() - started)
        return f"{self._databases[key]}.main"

    def resident(self, key: str, build: Callable[[], pa.Table]) -> str:
        if key not in self._residents:
            try:
                self._residents[key] = self._engine.residents.lease(key, build)
            except _FAULTS as error:
                self._explain(error)
        return self._residents[key]

    def lend(self, table: pa.Table) -> str:
        self._lent += 1
        name = f"{LENT}{self._lent}"
        self._cursor.register(name, table)  # of this cursor alone, and gone with it
        # A filter does not go below a limit: Arrow's own would compare otherwise what is no number.
        return f"(SELECT * FROM {name} LIMIT {table.num_rows})"

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._run(sql, parameters).fetchall()
        except _FAULTS as error:
            self._explain(error)

    def arrow(
        self, sql: str, parameters: Sequence[Any] = (), rows_per_batch: int = 20_000, *, frugal: bool = False
    ) -> Iterator[pa.RecordBatch]:
        """Starts the query now, so that a refusal comes before the first byte of an answer."""
        try:
            if frugal and not self._frugal:
                self._cursor.execute(f"SET {STREAM_BUFFER} = '{STREAM_BUFFER_KB}KB'")
                self._frugal = True
            reader = self._run(sql, parameters).to_arrow_reader(rows_per_batch)
        except _FAULTS as error:
            self._explain(error)
        return self._batches(reader)

    def interrupt(self) -> None:
        self._engine.watchdog.stop(self._limit)

    def _run(self, sql: str, parameters: Sequence[Any]) -> duckdb.DuckDBPyConnection:
        if self._limit.over:
            raise self._limit.error()
        statement = one_select(self._cursor, sql, self._engine.refused)
        return self._cursor.execute(statement, list(parameters))

    def _batches(self, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
        while True:
            if self._limit.over:
                raise self._limit.error()
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except _FAULTS as error:
                self._explain(error)
            yield batch

    def _explain(self, error: Exception) -> NoReturn:
        ours = meaning(error, self._limit)
        if ours is None and self._engine.closed:  # another session met a fault
            ours = EngineLost()
        if ours is None:
            raise error
        if isinstance(ours, EngineLost) and process.replace(self._engine):
            log.error("engine.lost", exc_info=error)
        if isinstance(ours, WorkingCopyDamaged):
            for key in self._databases:  # which one is not said: all are made again, once nobody reads them
                hot_path(key).unlink(missing_ok=True)
        raise ours from error

    def open(self, versions: Sequence[Version]) -> None:
        try:
            for version in versions:
                if version.uid not in self._databases:
                    self._databases[version.uid] = self._engine.attachments.lease(hot_copy(version))
        except _FAULTS as error:
            self._explain(error)

    def close(self) -> None:
        if self._engine.closed:
            return
        for key in self._residents:
            self._engine.residents.release(key)
        for key in reversed(self._databases):
            self._engine.attachments.release(key)


def _begun() -> tuple[process.Engine, duckdb.DuckDBPyConnection]:
    engine = process.current()
    try:
        return engine, engine.connection.cursor()
    except duckdb.ConnectionException:  # closed in between
        engine = process.current()
        return engine, engine.connection.cursor()


@contextmanager
def session(*versions: Version, seconds: float | None = None) -> Iterator[EngineSession]:
    """`seconds`: time limit from the moment when the tables are ready, settings.BOCAGE.query_seconds by default.

    A version whose working copy is not there yet is made ready first, once for all who wait: that time does not count.
    Raises QueryTooLong, QueryTooLarge, QueryStopped, QueryFailed, EngineLost, VersionDamaged.
    """
    engine, cursor = _begun()
    with ExitStack() as closing:
        limit = Limit(seconds or settings.BOCAGE.query_seconds, cursor.interrupt)
        opened = EngineSession(engine, cursor, limit)
        closing.callback(opened.close)
        closing.callback(cursor.close)
        opened.open(versions)
        limit.restart()
        engine.watchdog.watch(limit)
        closing.callback(engine.watchdog.release, limit)
        yield opened
