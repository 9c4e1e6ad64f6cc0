"""The engine of capture: a fresh one for each file, that may touch its own folder and nothing else."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from bocage.store import hardening
from bocage.store.gdal import refuse_unsafe_read

ROWS_PER_BATCH = 4096
"""As for exports (query.streaming): what memory holds of a row is held for all of these."""


class EngineWorkshop:
    """See `engine.Workshop`. Used by one thread; errors are the engine's own, `engine.EngineError`.

    `with_spatial`: how to open the same engine with the spatial extension; None when `connection` has it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        with_spatial: Callable[[], duckdb.DuckDBPyConnection] | None = None,
    ) -> None:
        self._connection = connection
        self._with_spatial = with_spatial
        self._coming: Future[duckdb.DuckDBPyConnection] | None = None
        self._registered: dict[str, pa.Table | pa.RecordBatchReader] = {}

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        refuse_unsafe_read(sql)
        return self._connection.execute(sql, list(parameters)).fetchall()

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        refuse_unsafe_read(sql)
        return iter(self._connection.execute(sql, list(parameters)).to_arrow_reader(ROWS_PER_BATCH))

    def register(self, name: str, table: pa.Table | pa.RecordBatchReader) -> None:
        self._connection.register(name, table)
        self._registered[name] = table

    def expect_spatial(self) -> None:
        if self._with_spatial is not None and self._coming is None:
            thread = ThreadPoolExecutor(1, "spatial")
            self._coming = thread.submit(self._with_spatial)
            thread.shutdown(wait=False)

    def need_spatial(self) -> None:
        if self._with_spatial is None:
            return
        # A locked engine loads nothing more: another one takes its place, and what is registered goes along.
        opened, locked = self._coming.result() if self._coming else self._with_spatial(), self._connection
        with _opening:  # never closed while `interrupt_workshops` holds it
            self._connection, self._with_spatial, self._coming = opened, None, None
            locked.close()
        for name, table in self._registered.items():
            opened.register(name, table)

    def openstreetmap(self, name: str, extract: Path) -> None:
        self.need_spatial()
        source = f"SELECT * FROM ST_ReadOSM({hardening.literal(extract)})"
        self._connection.execute(f"CREATE OR REPLACE TEMP VIEW {hardening.quoted(name)} AS {source}")

    def close(self) -> None:
        self._connection.close()
        if self._coming is not None and self._coming.exception() is None:  # expected in vain
            self._coming.result().close()

    def interrupt(self) -> None:
        """Stop the running statement, from another thread."""
        self._connection.interrupt()


_OPEN: dict[EngineWorkshop, Path] = {}
_opening = threading.Lock()


def interrupt_workshops(below: Path) -> None:
    """Stop the running statement of each workshop of this process whose folder is below `below`. From any thread."""
    with _opening:
        for opened, directory in _OPEN.items():
            if directory.is_relative_to(below.resolve()):
                opened.interrupt()


@contextmanager
def workshop(
    directory: Path, *, memory_limit: str | None = None, readable: Sequence[Path] = (), spatial: bool = True
) -> Iterator[EngineWorkshop]:
    """An engine that may read and write below `directory`, and read the files and folders `readable`.

    DuckDB does not tell reading from writing: `readable` is a promise of the caller's SQL. Spills go below
    `directory` and are removed. `memory_limit`: as DuckDB writes it ("512MiB"); settings.BOCAGE's by default.
    `spatial` False: without the spatial extension until `need_spatial` (the first of a process takes half a second).
    """
    spill = directory / ".spill"
    directory.mkdir(parents=True, exist_ok=True)
    connect = partial(hardening.connect, allowed=[directory, *readable], spill=spill, memory_limit=memory_limit or "")
    opened = EngineWorkshop(connect(spatial=spatial), None if spatial else partial(connect, spatial=True))
    with _opening:
        _OPEN[opened] = directory.resolve()
    try:
        yield opened
    finally:
        with _opening:  # never closed while `interrupt_workshops` holds it
            del _OPEN[opened]
            opened.close()
        shutil.rmtree(spill, ignore_errors=True)
