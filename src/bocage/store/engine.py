"""The only package that opens DuckDB. Two doors:

`workshop(directory)`: a fresh in-memory engine for capture; may read and write below `directory` only.
`session(*versions)`: a hardened read-only engine over published versions; no file, no network, bounded memory and time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from bocage.store.gdal import GDAL_DRIVERS, UnsafeRead
from bocage.store.hardening import literal, quoted
from bocage.store.session import LENT, StatementRefused, session
from bocage.store.workshop import workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import pyarrow as pa

    from bocage.store.models import Version

__all__ = [
    "GDAL_DRIVERS", "LENT", "EngineError", "Session", "StatementRefused", "UnsafeRead", "Workshop", "literal", "quoted",
    "session", "workshop",
]  # fmt: skip

EngineError = duckdb.Error
"""What a workshop raises when a statement fails, for those who may not import the engine."""


class Workshop(Protocol):
    """An engine for reading foreign files: spatial once it is needed, bounded memory, spills below its directory, no network."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run and fetch everything: for statements and small answers. Raises EngineError."""

    def arrow(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[pa.RecordBatch]:
        """Run and stream record batches."""

    def register(self, name: str, table: pa.Table | pa.RecordBatchReader) -> None:
        """Make an Arrow table readable under `name`."""

    def expect_spatial(self) -> None:
        """`need_spatial` will probably be called: begin, beside what runs meanwhile."""

    def need_spatial(self) -> None:
        """To be called before the first use of geometry. Tables created until then are gone, those registered stay."""

    def openstreetmap(self, name: str, extract: Path) -> None:
        """Make an OpenStreetMap extract (PBF) readable under `name`: `kind` (node, way, relation), `id`, `tags` MAP, `refs`
        BIGINT[], `lon`, `lat`. Read again by each statement, block after block, by the engine itself, not by GDAL. Raises
        EngineError, there or here, for a file that is none."""

    def interrupt(self) -> None:
        """Stop the running statement, from another thread."""


class SideFile(Protocol):
    """Tables derived from a version, being made. Each is the answer of one SELECT, on the table of the version and on those
    made before; names are ours, the SQL names returned hold while the file is made. Raises EngineError."""

    def keep(self, name: str, select: str) -> str:
        """A table of the file."""

    def put_aside(self, name: str, select: str) -> str:
        """A table that only the making of the file reads."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one SELECT and fetch everything."""


class Session(Protocol):
    """A cursor on the hardened engine. Closing it, the time limit or `interrupt()` stops the running query.

    One SELECT at a time: running the next one ends the stream of the one before.
    """

    def table(self, version: Version) -> str:
        """Quoted SQL name of the version's native table: its fields, plus `_row` BIGINT (order of the file, from 0).

        Geometry columns are GEOMETRY in CRS84 (lon lat). Each one named g also has g's bounds as DOUBLE columns
        `_g_xmin`, `_g_ymin`, `_g_xmax`, `_g_ymax` (name with the underscore prefix), for cheap box filters.
        """

    def resident(self, key: str, build: Callable[[], pa.Table]) -> str:
        """Quoted SQL name of a small in-memory table, built once per process for `key` and dropped when unused."""

    def lend(self, table: pa.Table) -> str:
        """FROM item of an Arrow table, for the statements of this session: nothing is copied, nobody else reads it."""

    def side_tables(self, version: Version, name: str, edition: str, build: Callable[[SideFile], None]) -> str:
        """SQL prefix of the tables that `build` derives from a version of this session: `{prefix}.{table}`.

        Kept in the hot cache as `<version uid>.<name>`, built once per machine; another `edition` is built again. That
        time does not count. Raises QueryTooLarge."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one SELECT and fetch everything. Raises QueryTooLong, QueryTooLarge, QueryStopped, QueryFailed,
        EngineLost."""

    def arrow(
        self, sql: str, parameters: Sequence[Any] = (), rows_per_batch: int = 20_000, *, frugal: bool = False
    ) -> Iterator[pa.RecordBatch]:
        """Run one SELECT and stream it in flat memory. The same errors, here or while iterating. `frugal`: from now on the engine
        makes few rows before they are asked for; the first ones come sooner, and less is held, for a tenth of a millisecond."""

    def interrupt(self) -> None:
        """Stop the running query and refuse the next ones, from another thread."""
