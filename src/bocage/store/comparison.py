"""Two Parquet files compared by set operations: same rows in the same order; rows added, removed, changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bocage.kernel.ids import new_uid
from bocage.store.hardening import literal, quoted
from bocage.store.layout import staging_directory
from bocage.store.workshop import EngineWorkshop, workshop


@dataclass(frozen=True)
class RowChanges:
    """`changed` is None when no key tells which row became which."""

    added: int
    removed: int
    changed: int | None


@contextmanager
def _bench(*files: Path) -> Iterator[EngineWorkshop]:
    """A workshop that reads `files`, in a folder of its own that disappears."""
    directory = staging_directory() / new_uid("compare")
    try:
        with workshop(directory, readable=files) as opened:
            yield opened
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def same_rows(one: Path, other: Path, columns: Sequence[str]) -> bool:
    """Same values in the same order, in these columns? NULL equals NULL."""
    with _bench(one, other) as engine:
        return same_rows_in(engine, one, other, columns)


def same_rows_in(engine: EngineWorkshop, one: Path, other: Path, columns: Sequence[str]) -> bool:
    """The same, in a workshop that reads both."""
    differs = " OR ".join(f"a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)}" for name in columns) or "false"
    a, b = _rows(one), _rows(other)
    ((different,),) = engine.execute(
        f"SELECT (SELECT count(*) FROM {a}) <> (SELECT count(*) FROM {b}) "
        f"OR EXISTS (SELECT 1 FROM {a} a POSITIONAL JOIN {b} b WHERE {differs})"
    )
    return not different


def is_key(engine: EngineWorkshop, file: Path, columns: Sequence[str]) -> bool:
    """Are these columns never null, and never twice the same, in the file?"""
    names = ", ".join(map(quoted, columns))
    null = " OR ".join(f"{quoted(name)} IS NULL" for name in columns)
    ((unique,),) = engine.execute(
        f"SELECT count(*) = count(DISTINCT ({names})) AND coalesce(NOT bool_or({null}), true) FROM {_rows(file)}"
    )
    return bool(unique)


def changes_by_key(
    engine: EngineWorkshop, before: Path, after: Path, key: Sequence[str], columns: Sequence[str]
) -> RowChanges:
    """Rows matched by `key`, which must be one in both files; the other `columns` compared by their hash."""
    keys = ", ".join(f"{quoted(name)}::VARCHAR AS k{index}" for index, name in enumerate(key))
    on = " AND ".join(f"a.k{index} = b.k{index}" for index in range(len(key)))
    side = f"SELECT {keys}, {_hash([name for name in columns if name not in key])} AS h FROM"
    ((added, removed, changed),) = engine.execute(
        "SELECT count(*) FILTER (a.h IS NULL), count(*) FILTER (b.h IS NULL), count(*) FILTER (a.h <> b.h) "
        f"FROM ({side} {_rows(before)}) a FULL JOIN ({side} {_rows(after)}) b ON {on}"
    )
    return RowChanges(added, removed, changed)


def changes_without_key(engine: EngineWorkshop, before: Path, after: Path, columns: Sequence[str]) -> RowChanges:
    """Rows as a multiset (EXCEPT ALL both ways, on hashes): a changed row counts as one removed and one added."""
    side = f"SELECT {_hash(columns)} AS h, count(*) AS n FROM"
    ((added, removed),) = engine.execute(
        "SELECT coalesce(sum(greatest(coalesce(b.n, 0) - coalesce(a.n, 0), 0)), 0)::BIGINT, "
        "coalesce(sum(greatest(coalesce(a.n, 0) - coalesce(b.n, 0), 0)), 0)::BIGINT "
        f"FROM ({side} {_rows(before)} GROUP BY 1) a FULL JOIN ({side} {_rows(after)} GROUP BY 1) b ON a.h = b.h"
    )
    return RowChanges(added, removed, None)


def _rows(file: Path) -> str:
    return f"read_parquet({literal(file)})"


def _hash(columns: Sequence[str]) -> str:
    """64 bits that depend on the values as texts: a column that only changed type has not changed its rows."""
    values = ", ".join(f"{quoted(name)}::VARCHAR" for name in columns)
    return f"hash({values})" if values else "0::UBIGINT"
