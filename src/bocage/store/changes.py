"""What changed between a version and the one before it, kept in `Version.changes`:

previous   number of the version before, None for the first
rows       difference of the numbers of rows
added, removed, changed   numbers of rows; None when not counted (`changed` needs a key)
key        fields that tell which row became which; empty when none does
columns    {"added": [names], "removed": [names], "retyped": [{"name", "before", "after"}]}
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bocage.catalog.vocabulary import FieldType
from bocage.store import comparison, process
from bocage.store.comparison import RowChanges
from bocage.store.layout import version_path
from bocage.store.models import Version
from bocage.store.workshop import EngineWorkshop

MOST_ROWS = 2_000_000
"""Above, only the numbers of rows are compared."""

MOST_CANDIDATES = 5

_KEY_NAME = re.compile(
    r"^(?:id|fid|gid|uid|uuid|code|cle|key|identifiant|ref|reference|siret|siren|insee|numero|num)(?:_|$)"
    r"|_(?:id|fid|gid|uid|uuid|code|cle|key|identifiant|ref|reference|siret|siren|insee|numero)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Table:
    """A Parquet file, published or not. `types`: name of a column → its type, in order."""

    path: Path
    row_count: int
    types: dict[str, str]


def table_of(version: Version) -> Table:
    """Reads `version.dataset.uid`."""
    return Table(version_path(version), version.row_count, {field["name"]: field["type"] for field in version.schema})


def fill(version: Version) -> None:
    """Compare and keep, unless it is known already."""
    if version.changes is None:
        version.changes = _compared(version)
        Version.objects.filter(pk=version.pk).update(changes=version.changes)


def _compared(version: Version) -> dict[str, Any]:
    previous = Version.objects.filter(dataset=version.dataset_id, number__lt=version.number).first()
    if previous is None:
        rows = RowChanges(version.row_count, 0, 0)
        return _summary(version, None, rows, (), {"added": [], "removed": [], "retyped": []})
    previous.dataset = version.dataset
    before, after = table_of(previous), table_of(version)
    columns = columns_changed(before, after)
    if max(after.row_count, before.row_count) > MOST_ROWS:
        return _summary(version, previous, None, (), columns)
    if not (before.path.is_file() and after.path.is_file()):
        return _summary(version, previous, None, (), columns)  # `doctor` reports the missing file
    with process.current().connection.cursor() as cursor:
        engine = EngineWorkshop(cursor)  # reads the versions already; a new engine costs a quarter of a second
        rows, key = rows_changed(engine, before, after, version.dataset.primary_key)
    return _summary(version, previous, rows, key, columns)


def _summary(
    version: Version, previous: Version | None, rows: RowChanges | None, key: Sequence[str], columns: dict[str, Any]
) -> dict[str, Any]:
    number, count = (previous.number, previous.row_count) if previous else (None, 0)
    return summary(number, version.row_count - count, rows, key, columns)


def summary(
    previous: int | None, difference: int, rows: RowChanges | None, key: Sequence[str], columns: dict[str, Any]
) -> dict[str, Any]:
    """As `Version.changes` keeps it."""
    return {
        "previous": previous,
        "rows": difference,
        "added": rows.added if rows else None,
        "removed": rows.removed if rows else None,
        "changed": rows.changed if rows else None,
        "key": list(key),
        "columns": columns,
    }


def columns_changed(before: Table, after: Table) -> dict[str, Any]:
    """Names of the columns added and removed, and those of another type."""
    old, new = before.types, after.types
    return {
        "added": [name for name in new if name not in old],
        "removed": [name for name in old if name not in new],
        "retyped": [
            {"name": name, "before": old[name], "after": new[name]}
            for name in new
            if name in old and old[name] != new[name]
        ],
    }


def rows_changed(
    engine: EngineWorkshop, before: Table, after: Table, primary_key: Sequence[str]
) -> tuple[RowChanges, tuple[str, ...]]:
    """Numbers of rows, and the key that told which became which; `engine` reads both files."""
    common = [name for name in after.types if name in before.types]
    for key in _candidates(primary_key, before.types, after.types):
        if comparison.is_key(engine, before.path, key) and comparison.is_key(engine, after.path, key):
            return comparison.changes_by_key(engine, before.path, after.path, key, common), key
    if not common:
        return RowChanges(after.row_count, before.row_count, None), ()
    return comparison.changes_without_key(engine, before.path, after.path, common), ()


def _candidates(primary_key: Sequence[str], old: dict[str, str], new: dict[str, str]) -> list[tuple[str, ...]]:
    """The key that the steward gave, then the first columns whose name looks like an identifier."""
    stated = tuple(primary_key)
    candidates = [stated] if stated and all(name in old and name in new for name in stated) else []
    texts = (FieldType.STRING.value, FieldType.INTEGER.value)
    guessed = [name for name in new if old.get(name) in texts and new[name] in texts and _KEY_NAME.search(name)]
    return candidates + [(name,) for name in guessed[:MOST_CANDIDATES]]
