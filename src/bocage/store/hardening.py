"""The one way in which Bocage opens DuckDB: the least that reading tables needs, and locked.

- the spatial extension, where it is asked for, comes from its wheel, like every other library of the environment; nothing is
  installed, downloaded or loaded later. `doctor` has DuckDB verify its signature, which costs half a second of processor: too
  much for each process, since who can change this file can change our own code as well;
- files only below `allowed`, which DuckDB checks after resolving links and `..`; no network at all;
- bounded memory, spilling to a folder of ours up to a limit;
- Python variables are not readable from SQL; UTC; configuration locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import duckdb
import duckdb_extension_spatial
from django.conf import settings

THREADS = 2
SPILL_LIMIT = "8GB"
STREAM_BUFFER = "streaming_buffer_size"
STREAM_BUFFER_KB = 64
"""Rows waiting to be fetched. DuckDB counts 16 bytes for a text of any length: its own megabyte is 60,000 rows of one column,
20 MB and more when they are lines of a file, all of them made before the first is given. Of the connection itself: cursors begin
with DuckDB's, which cannot be set for all."""


@cache
def spatial_extension() -> Path:
    """The extension's file, of the very version of the engine. Raises FileNotFoundError when the wheel does not match."""
    root = Path(duckdb_extension_spatial.__file__).parent / "extensions"
    path = root / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    if not path.is_file():
        raise FileNotFoundError(f"duckdb-extension-spatial has nothing for DuckDB {duckdb.__version__}: {path}")
    return path


def quoted(text: str) -> str:
    """An SQL identifier: double quotes around, doubled inside."""
    return '"' + text.replace('"', '""') + '"'


def literal(text: str | Path) -> str:
    """An SQL string, where DuckDB takes no bound parameter (ATTACH, COPY … TO, SET)."""
    return "'" + str(text).replace("'", "''") + "'"


def default_memory_limit() -> str:
    return f"{settings.BOCAGE.memory_limit_mb}MiB"


def connect(
    *,
    allowed: Iterable[Path],
    spill: Path,
    memory_limit: str = "",
    tuning: Mapping[str, str | int] | None = None,
    adjustable: Iterable[str] = (),
    spatial: bool = True,
    verify: bool = False,
) -> duckdb.DuckDBPyConnection:
    """A new in-memory engine. `allowed`: folders (everything below) and files that it may open, to read or write.
    `adjustable`: settings that stay free once the others are locked, for statements of ours.

    `verify`: the extension is loaded only if its signature is DuckDB's. The engine can load nothing once it is handed over:
    without external access DuckDB refuses, signed or not.
    """
    extension = spatial_extension() if spatial else None
    connection = duckdb.connect(
        ":memory:",
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_unsigned_extensions": not verify,
            "allow_persistent_secrets": False,
            "python_enable_replacements": False,
            "memory_limit": memory_limit or default_memory_limit(),
            "threads": THREADS,
            "preserve_insertion_order": True,
            **(tuning or {}),
        },
    )
    paths = [path.resolve() for path in allowed]
    directories = [f"{path}/" for path in paths if not path.is_file()]
    files = [str(path) for path in paths if path.is_file()]
    try:
        connection.execute(
            "SET enable_progress_bar = false"
        )  # first of all: it would write on the terminal of the command line
        if extension:
            connection.execute(f"LOAD {literal(extension)}")
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        connection.execute(f"SET {STREAM_BUFFER} = '{STREAM_BUFFER_KB}KB'")
        connection.execute(f"SET temp_directory = {literal(spill.resolve())}")
        connection.execute(f"SET max_temp_directory_size = '{SPILL_LIMIT}'")
        connection.execute(f"SET allowed_directories = [{', '.join(map(literal, directories))}]")
        connection.execute(f"SET allowed_paths = [{', '.join(map(literal, files))}]")
        connection.execute("SET enable_external_access = false")
        connection.execute(f"SET allowed_configs = [{', '.join(map(literal, adjustable))}]")
        connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return connection
