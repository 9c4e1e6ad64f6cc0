"""Rows kept aside: their file, as it was written, seen with what was mended since. Nothing here writes in the file."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.utils.translation import gettext as _

from bocage.check.layout import absolute
from bocage.check.table import ROW, TextTable
from bocage.kernel.ids import new_uid
from bocage.store.engine import literal, quoted, workshop
from bocage.store.layout import staging_directory

if TYPE_CHECKING:
    from bocage.check.models import Quarantine
    from bocage.store.engine import Workshop

ROW_COLUMN, FAULTS_COLUMN, COLUMN = "bocage:row", "bocage:faults", "c:"
"""Names in the file: the number of the row in the person's file, its faults in JSON, then each column behind COLUMN."""

MENDS = "aside_mends"


@dataclass(frozen=True)
class AsideRow:
    """`cells`: as they stand, mended ones included, in the order of the labels. `faults`: {"label", "rule", "code", "family"} as
    first found. `mended`: labels of the cells changed since; `dropped`: left out by decision."""

    number: int
    cells: tuple[str | None, ...]
    faults: tuple[dict[str, Any], ...] = ()
    mended: frozenset[str] = frozenset()
    dropped: bool = False


def path_of(quarantine: Quarantine) -> Path:
    return absolute(quarantine.file)


def fault_of(quarantine: Quarantine) -> str | None:
    """Why its file cannot give the rows back, every one of them read; "" when it is gone, None when all is well."""
    path = path_of(quarantine)
    if not path.is_file():
        return ""
    try:
        with pq.ParquetFile(path) as file:
            count = sum(batch.num_rows for batch in file.iter_batches())
    except (OSError, pa.ArrowException) as error:
        return str(error).splitlines()[0][:200]
    if count != quarantine.row_count:
        return _("it holds %(found)s rows instead of %(expected)s.") % {
            "found": count,
            "expected": quarantine.row_count,
        }
    return None


def labels_of(quarantine: Quarantine) -> tuple[str, ...]:
    """The columns of the file, in order."""
    names = pq.read_schema(path_of(quarantine)).names
    return tuple(name.removeprefix(COLUMN) for name in names if name.startswith(COLUMN))


def rows_of(quarantine: Quarantine, *, offset: int, limit: int) -> list[AsideRow]:
    """A page of rows, in the order of the person's file."""
    labels = labels_of(quarantine)
    columns = ", ".join(quoted(COLUMN + label) for label in labels)
    with bench(path_of(quarantine)) as shop:
        found = shop.execute(
            f"SELECT {quoted(ROW_COLUMN)}, {quoted(FAULTS_COLUMN)}, {columns} "
            f"FROM read_parquet({literal(str(path_of(quarantine)))}) ORDER BY 1 LIMIT {int(limit)} OFFSET {int(offset)}"
        )
    return [_row(row, labels, quarantine.mended) for row in found]


def existing(quarantine: Quarantine, numbers: Sequence[int]) -> set[int]:
    """Those of these numbers that are rows of the file."""
    import pyarrow.compute as pc  # slow to import, and every publication imports this module

    wanted = pa.array(list(numbers), pa.int64())
    found = pq.read_table(path_of(quarantine), columns=[ROW_COLUMN])[ROW_COLUMN]
    return set(pc.filter(found, pc.is_in(found, value_set=wanted)).to_pylist())


def table_of(
    quarantine: Quarantine,
    *,
    workshop: Workshop,
    place: Path | None = None,
    numbers: tuple[int, ...] = (),
    shift: int = 0,
) -> TextTable:
    """The rows with what was mended, without those left out, as a table to check. The workshop reads the file. `numbers`: only
    these rows; `shift` is added to the number of each."""
    labels = labels_of(quarantine)
    _register(quarantine, workshop)
    file = literal(str(path_of(quarantine)))
    cells = ", ".join(
        f"CASE WHEN list_contains(json_keys(mends.cells), {literal(label)}) "
        f"THEN mends.cells ->> {literal(_pointer(label))} ELSE rows.{quoted(COLUMN + label)} END AS {quoted(COLUMN + label)}"
        for label in labels
    )
    only = f" AND rows.{quoted(ROW_COLUMN)} IN ({', '.join(str(int(one)) for one in numbers)})" if numbers else ""
    sql = (
        f"SELECT rows.{quoted(ROW_COLUMN)} + {int(shift)} AS {ROW}, {cells} FROM read_parquet({file}) AS rows "
        f"LEFT JOIN {MENDS} AS mends ON mends.number = rows.{quoted(ROW_COLUMN)} "
        f"WHERE coalesce(mends.dropped, false) = false{only}"
    )
    return TextTable(sql, tuple(COLUMN + label for label in labels), labels)


@contextmanager
def bench(*files: Path) -> Iterator[Workshop]:
    """A workshop that reads these files."""
    with bench_with_folder(*files) as (shop, _directory):
        yield shop


@contextmanager
def bench_with_folder(*files: Path) -> Iterator[tuple[Workshop, Path]]:
    """The same, with its folder, which disappears."""
    directory = staging_directory() / new_uid("aside")
    try:
        with workshop(directory, readable=files, spatial=False) as shop:
            yield shop, directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _register(quarantine: Quarantine, shop: Workshop) -> None:
    """MENDS: number, cells (JSON object: column → text or null), dropped."""
    rows = [
        {"number": int(number), "cells": json.dumps(cells or {}), "dropped": cells is None}
        for number, cells in quarantine.mended.items()
    ]
    types = pa.schema([("number", pa.int64()), ("cells", pa.string()), ("dropped", pa.bool_())])
    shop.register(MENDS, pa.Table.from_pylist(rows, types))


def _pointer(label: str) -> str:
    """JSON pointer to a key."""
    return "/" + label.replace("~", "~0").replace("/", "~1")


def _row(row: tuple[Any, ...], labels: tuple[str, ...], mended: Mapping[str, Any]) -> AsideRow:
    number, faults, *cells = row
    changed = mended.get(str(number), {})
    if changed is None:
        return AsideRow(number, tuple(cells), tuple(json.loads(faults)), dropped=True)
    shown = tuple(changed.get(label, cell) for label, cell in zip(labels, cells, strict=True))
    return AsideRow(number, shown, tuple(json.loads(faults)), frozenset(changed))
