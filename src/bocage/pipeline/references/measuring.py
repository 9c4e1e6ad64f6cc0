"""The keys of a reference, before and after, and the rows that point to them: set operations on Parquet files, in the engine.

Keys and values are compared as texts, as they are written; an empty text points to nothing. The files hold everything: what is
counted here is told to those who read the whole of what was counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.kernel.scratch import scratch
from bocage.store.engine import Workshop, literal, quoted, workshop
from bocage.store.layout import version_path

if TYPE_CHECKING:
    from bocage.catalog.models import ReferenceLayer
    from bocage.store.models import Version

GONE, ADDED, RENAMED, REDRAWN, SAME = "gone", "added", "renamed", "redrawn", "same"
EXAMPLES = 20
LONGEST_EXAMPLE = 80
FILES_AT_ONCE = 300


@dataclass(frozen=True)
class Side:
    """A file of a reference. `key`, `label`, `shape`: names of its columns, "" for one that it has not."""

    path: Path
    key: str
    label: str = ""
    shape: str = ""


@dataclass(frozen=True)
class Pointing:
    """A file that points, and the column by which it does, "" when it has lost it."""

    path: Path
    column: str


@dataclass(frozen=True)
class KeyChange:
    """Numbers of keys in each state, and the first of them: state → [[key, label]]."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[list[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Count:
    """Rows of a file that points. `lost`: their value is no key (any more); `gone`: it was one before."""

    rows: int = 0
    filled: int = 0
    lost: int = 0
    gone: int = 0
    renamed: int = 0
    redrawn: int = 0
    examples: list[list[str | int]] = field(default_factory=list)


def side_of(layer: ReferenceLayer, path: Path, schema: Sequence[dict[str, object]]) -> Side:
    """`schema`: fields of that very file, as `Field.as_dict()`."""
    types = {str(one["name"]): str(one["type"]) for one in schema}
    shapes = [name for name, kind in types.items() if kind in (FieldType.GEOMETRY, FieldType.GEOPOINT)]
    return Side(path, *(name if name in types else "" for name in (layer.key, layer.label)), *shapes[:1])


def side_of_version(layer: ReferenceLayer, version: Version) -> Side:
    return side_of(layer, version_path(version), version.schema)


def measure(before: Side | None, after: Side, pointing: Sequence[Pointing]) -> tuple[KeyChange, list[Count]]:
    """What changed between two files of a reference, and the rows of each file that points, in the order given.

    Without `before`, keys are only those of `after`, all the same."""
    counts: list[Count] = []
    change: KeyChange | None = None
    for some in _chunks(pointing):
        readable = [one.path for one in (before, after, *some) if one is not None and one.path.is_file()]
        with scratch("references") as directory, workshop(directory, readable=readable, spatial=False) as shop:
            _lay_out_keys(shop, before, after)
            change = change or _change(shop)
            counts += [_count(shop, one) for one in some]
    return change or KeyChange(), counts


def _chunks(pointing: Sequence[Pointing]) -> Iterator[Sequence[Pointing]]:
    """At least one, empty: keys are compared even if nothing points to them."""
    for start in range(0, max(1, len(pointing)), FILES_AT_ONCE):
        yield pointing[start : start + FILES_AT_ONCE]


def _lay_out_keys(shop: Workshop, before: Side | None, after: Side) -> None:
    """TABLE keys(key, label, state): one row for each key of either side; the label is the one that it has now, or had."""
    if before is None or not before.path.is_file():
        shop.execute(f"CREATE TABLE keys AS SELECT key, label, '{SAME}' AS state FROM ({_keys(after)})")
        return
    renamed = "b.label IS DISTINCT FROM a.label" if before.label and after.label else "false"
    redrawn = "b.shape IS DISTINCT FROM a.shape" if before.shape and after.shape else "false"
    state = (
        f"CASE WHEN b.key IS NULL THEN '{ADDED}' WHEN a.key IS NULL THEN '{GONE}' WHEN {renamed} THEN '{RENAMED}' "
        f"WHEN {redrawn} THEN '{REDRAWN}' ELSE '{SAME}' END"
    )
    shop.execute(
        "CREATE TABLE keys AS SELECT coalesce(a.key, b.key) AS key, coalesce(a.label, b.label) AS label, "
        f"{state} AS state FROM ({_keys(before)}) AS b FULL JOIN ({_keys(after)}) AS a ON a.key = b.key"
    )


def _keys(side: Side) -> str:
    """SELECT key, label, shape: one row for each distinct key, whatever the order of the file."""
    if not side.key or not side.path.is_file():
        return "SELECT NULL::VARCHAR AS key, NULL::VARCHAR AS label, NULL::UBIGINT AS shape WHERE false"
    label = f"{quoted(side.label)}::VARCHAR" if side.label else "NULL::VARCHAR"
    shape = f"hash({quoted(side.shape)})" if side.shape else "NULL::UBIGINT"
    rows = f"SELECT {_value(side.key)} AS key, {label} AS label, {shape} AS shape FROM read_parquet({literal(str(side.path))})"
    return f"SELECT key, min(label) AS label, bit_xor(shape) AS shape FROM ({rows}) WHERE key IS NOT NULL GROUP BY key"


def _value(column: str) -> str:
    return f"nullif(trim({quoted(column)}::VARCHAR), '')"


def _change(shop: Workshop) -> KeyChange:
    counted = shop.execute(f"SELECT state, count(*) FROM keys WHERE state <> '{SAME}' GROUP BY state")
    shown = shop.execute(
        f"SELECT state, left(key, {LONGEST_EXAMPLE}), left(coalesce(label, ''), {LONGEST_EXAMPLE}) FROM keys "
        f"WHERE state <> '{SAME}' QUALIFY row_number() OVER (PARTITION BY state ORDER BY key) <= {EXAMPLES} ORDER BY key"
    )
    examples: dict[str, list[list[str]]] = {}
    for state, key, label in shown:
        examples.setdefault(state, []).append([key, label])
    return KeyChange({state: int(count) for state, count in counted}, examples)


def _count(shop: Workshop, one: Pointing) -> Count:
    if not one.column or not one.path.is_file():
        return Count()
    rows = f"SELECT {_value(one.column)} AS value FROM read_parquet({literal(str(one.path))})"
    states = f"SELECT value, state FROM ({rows}) AS read LEFT JOIN keys ON keys.key = read.value"
    lost = f"value IS NOT NULL AND (state IS NULL OR state = '{GONE}')"
    [(total, filled, missing, gone, renamed, redrawn)] = shop.execute(
        f"SELECT count(*), count(value), count(*) FILTER ({lost}), count(*) FILTER (state = '{GONE}'), "
        f"count(*) FILTER (state = '{RENAMED}'), count(*) FILTER (state = '{REDRAWN}') FROM ({states})"
    )
    examples = _examples(shop, f"SELECT value FROM ({states}) WHERE {lost}") if missing else []
    return Count(total, filled, missing, gone, renamed, redrawn, examples)


def _examples(shop: Workshop, values: str) -> list[list[str | int]]:
    """The values that the most rows have, then in their own order."""
    found = shop.execute(
        f"SELECT left(value, {LONGEST_EXAMPLE}), count(*) AS rows FROM ({values}) GROUP BY value "
        f"ORDER BY rows DESC, value LIMIT {EXAMPLES}"
    )
    return [[value, int(rows)] for value, rows in found]
