"""What a reviewer looks at: the numbers of rows that change, the first rows, the rows that differ, the profile, what is odd.

Computed once, when the proposal is made, and kept with it. `sample`: {"columns": [labels], "rows": first rows, "added", "removed":
rows that only one side has, "changed": [{"key": text, "cells": [[label, before, after]]}]}; values are texts cut at CELL
characters, positions are left to the map.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.check.quality.anomalies import compare
from bocage.check.quality.profile import profile
from bocage.check.quality.profiles import profile_of
from bocage.kernel.ids import new_uid
from bocage.store import changes
from bocage.store.changes import MOST_ROWS, Table, table_of
from bocage.store.engine import literal, quoted, workshop
from bocage.store.layout import staging_directory

if TYPE_CHECKING:
    from bocage.store.models import Version
    from bocage.store.workshop import EngineWorkshop

CELL = 200
COLUMNS = 60
FIRST_ROWS = 50
DIFFERENT_ROWS = 25


@dataclass(frozen=True)
class Look:
    changes: dict[str, Any]
    profile: dict[str, Any]
    anomalies: list[dict[str, Any]] = field(default_factory=list)
    sample: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Sides:
    """Two tables as SQL. `columns`: (name, label) of what is shown; `key`: how rows are told apart, empty when they are not."""

    after: str
    before: str
    columns: Sequence[tuple[str, str]]
    key: Sequence[str]
    common: Sequence[str]


def look_at(file: Path, row_count: int, fields: Sequence[Field], base: Version | None) -> Look:
    """Compare a finished Parquet file with the published version; without one, everything is new."""
    after = Table(file, row_count, {one.name: one.type.value for one in fields})
    before = table_of(base) if base is not None else None
    if before is not None and not before.path.is_file():
        before = None  # `bocage doctor` tells; what is proposed may be what mends it
    content = profile(file, fields)
    known = profile_of(base, at_once=None) if base is not None else None
    directory = staging_directory() / new_uid("review")
    readable = [file, *([before.path] if before else [])]
    try:
        with workshop(directory, readable=readable, spatial=_is_geographic(after, before)) as shop:
            summary, sides = _compared(shop, before, after, base, fields)
            sample = _sample(shop, sides)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    odd = compare(known.content, content) if known is not None and known.content else []
    return Look(summary, content, odd, sample)


def _is_geographic(*tables: Table | None) -> bool:
    """The spatial extension costs half a second."""
    types = {FieldType(name) for table in tables if table is not None for name in table.types.values()}
    return any(one.is_geographic for one in types)


def _compared(
    shop: EngineWorkshop, before: Table | None, after: Table, base: Version | None, fields: Sequence[Field]
) -> tuple[dict[str, Any], Sides]:
    shown = [(one.name, one.label or one.name) for one in fields if not one.type.is_geographic][:COLUMNS]
    file = f"read_parquet({literal(str(after.path))})"
    if before is None or base is None:
        columns: dict[str, Any] = {"added": [], "removed": [], "retyped": []}
        told = {"previous": None, "rows": after.row_count, "added": after.row_count, "removed": 0, "changed": 0}
        return told | {"key": [], "columns": columns}, Sides(file, "", shown, (), ())
    columns = changes.columns_changed(before, after)
    difference = after.row_count - before.row_count
    if max(after.row_count, before.row_count) > MOST_ROWS:
        return changes.summary(base.number, difference, None, (), columns), Sides(file, "", shown, (), ())
    rows, key = changes.rows_changed(shop, before, after, base.dataset.primary_key)
    common = [name for name in after.types if name in before.types]
    was = f"read_parquet({literal(str(before.path))})"
    return changes.summary(base.number, difference, rows, key, columns), Sides(file, was, shown, key, common)


def _sample(shop: EngineWorkshop, sides: Sides) -> dict[str, Any]:
    names = [name for name, _label in sides.columns]
    sample: dict[str, Any] = {
        "columns": [label for _name, label in sides.columns],
        "rows": _rows(shop, f"SELECT {_cells(names)} FROM {sides.after} LIMIT {FIRST_ROWS}") if names else [],
    }
    if not sides.before or not sides.common:
        return sample
    old = [name if name in sides.common else None for name in names]
    sample["added"] = _only_in(shop, sides.after, sides.before, sides, names)
    sample["removed"] = _only_in(shop, sides.before, sides.after, sides, old)
    if sides.key:
        sample["changed"] = _changed(shop, sides)
    return sample


def _only_in(
    shop: EngineWorkshop, one: str, other: str, sides: Sides, names: Sequence[str | None]
) -> list[list[str | None]]:
    """First rows of `one` that `other` has not, by the key or by all that both have in common."""
    told = list(sides.key) or list(sides.common)
    mark = _mark(told)
    return _rows(
        shop,
        f"SELECT {_cells(names)} FROM {one} WHERE {mark} NOT IN (SELECT {mark} FROM {other}) LIMIT {DIFFERENT_ROWS}",
    )


def _changed(shop: EngineWorkshop, sides: Sides) -> list[dict[str, Any]]:
    """Rows of one key whose values differ, with what they were."""
    labels = dict(sides.columns)
    compared = [name for name in sides.common if name in labels and name not in sides.key]
    if not compared:
        return []
    on = " AND ".join(f"a.{quoted(name)}::VARCHAR = b.{quoted(name)}::VARCHAR" for name in sides.key)
    differs = " OR ".join(f"a.{quoted(n)}::VARCHAR IS DISTINCT FROM b.{quoted(n)}::VARCHAR" for n in compared)
    rows = _rows(
        shop,
        f"SELECT concat_ws(' · ', {', '.join(_cell(name, 'b') for name in sides.key)}), "
        f"{', '.join(_cell(name, side) for name in compared for side in ('a', 'b'))} "
        f"FROM {sides.before} a JOIN {sides.after} b ON {on} WHERE {differs} LIMIT {DIFFERENT_ROWS}",
    )
    return [{"key": key, "cells": _differing(cells, [labels[name] for name in compared])} for key, *cells in rows]


def _differing(cells: Sequence[str | None], labels: Sequence[str]) -> list[list[str | None]]:
    pairs = zip(labels, cells[::2], cells[1::2], strict=True)
    return [[label, before, after] for label, before, after in pairs if before != after]


def _rows(shop: EngineWorkshop, sql: str) -> list[list[str | None]]:
    return [list(row) for row in shop.execute(sql)]


def _cells(names: Sequence[str | None]) -> str:
    return ", ".join(_cell(name) if name is not None else "NULL" for name in names)


def _cell(name: str, side: str = "") -> str:
    column = f"{side}.{quoted(name)}" if side else quoted(name)
    text = f"{column}::VARCHAR"
    return f"CASE WHEN length({text}) > {CELL} THEN left({text}, {CELL - 1}) || '…' ELSE {text} END"


def _mark(names: Sequence[str]) -> str:
    values = ", ".join(f"{quoted(name)}::VARCHAR" for name in names)
    return f"hash({values})"
