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
    columns = _columns(previous, version)
    if max(version.row_count, previous.row_count) > MOST_ROWS:
        return _summary(version, previous, None, (), columns)
    if not (version_path(previous).is_file() and version_path(version).is_file()):
        return _summary(version, previous, None, (), columns)  # `doctor` reports the missing file
    rows, key = _row_changes(previous, version)
    return _summary(version, previous, rows, key, columns)


def _summary(
    version: Version, previous: Version | None, rows: RowChanges | None, key: Sequence[str], columns: dict[str, Any]
) -> dict[str, Any]:
    return {
        "previous": previous.number if previous else None,
        "rows": version.row_count - (previous.row_count if previous else 0),
        "added": rows.added if rows else None,
        "removed": rows.removed if rows else None,
        "changed": rows.changed if rows else None,
        "key": list(key),
        "columns": columns,
    }


def _types(version: Version) -> dict[str, str]:
    return {field["name"]: field["type"] for field in version.schema}


def _columns(previous: Version, version: Version) -> dict[str, Any]:
    before, after = _types(previous), _types(version)
    return {
        "added": [name for name in after if name not in before],
        "removed": [name for name in before if name not in after],
        "retyped": [
            {"name": name, "before": before[name], "after": after[name]}
            for name in after
            if name in before and before[name] != after[name]
        ],
    }


def _row_changes(previous: Version, version: Version) -> tuple[RowChanges, tuple[str, ...]]:
    before, after = version_path(previous), version_path(version)
    old, new = _types(previous), _types(version)
    common = [name for name in new if name in old]
    with process.current().connection.cursor() as cursor:
        engine = EngineWorkshop(cursor)  # reads the versions already; a new engine costs a quarter of a second
        for key in _candidates(version, old, new):
            if _is_key_of_both(engine, previous, version, key):
                return comparison.changes_by_key(engine, before, after, key, common), key
        if not common:
            return RowChanges(version.row_count, previous.row_count, None), ()
        return comparison.changes_without_key(engine, before, after, common), ()


def _is_key_of_both(engine: EngineWorkshop, previous: Version, version: Version, key: Sequence[str]) -> bool:
    return all(comparison.is_key(engine, version_path(each), key) for each in (previous, version))


def _candidates(version: Version, old: dict[str, str], new: dict[str, str]) -> list[tuple[str, ...]]:
    """The key that the steward gave, then the first columns whose name looks like an identifier."""
    stated = tuple(version.dataset.primary_key)
    candidates = [stated] if stated and all(name in old and name in new for name in stated) else []
    texts = (FieldType.STRING.value, FieldType.INTEGER.value)
    guessed = [name for name in new if old.get(name) in texts and new[name] in texts and _KEY_NAME.search(name)]
    return candidates + [(name,) for name in guessed[:MOST_CANDIDATES]]
