"""A file of the hot cache: what names it, what tells a usable one from another, how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bocage.store.hardening import literal, quoted

ROWS_PER_GROUP = 122_880
"""What the engine takes by itself."""


@dataclass(frozen=True)
class WorkingCopy:
    """`key`: its name on disk and in the engine, never a text of a person. `stamp`: what it must say of itself to be used.

    `write(connection, draft)` makes it as the new file `draft`, with `drafted`."""

    key: str
    stamp: str
    write: Callable[[duckdb.DuckDBPyConnection, Path], None]


@contextmanager
def drafted(
    connection: duckdb.DuckDBPyConnection, draft: Path, copy: WorkingCopy, group: int = ROWS_PER_GROUP
) -> Iterator[str]:
    """Open the new file; gives the quoted name of its database. Stamped and whole on disk once the block is left. `group`: rows
    that are read together, or passed over together."""
    name = quoted(f"building {copy.key}")
    connection.execute(f"ATTACH {literal(draft)} AS {name} (STORAGE_VERSION 'latest', ROW_GROUP_SIZE {group})")
    try:
        yield name
        connection.execute(f"CREATE TABLE {name}.stamp AS SELECT {literal(copy.stamp)} AS stamp")
        connection.execute(f"CHECKPOINT {name}")
    finally:
        connection.execute(f"DETACH {name}")
