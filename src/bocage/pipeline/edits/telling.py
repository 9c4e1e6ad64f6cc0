"""What is known of a version because edits made it, and would otherwise be found by comparing two whole tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bocage.query.record_ids import SAME_RECORDS
from bocage.store.changes import summary
from bocage.store.comparison import RowChanges as Counts
from bocage.store.models import Version

if TYPE_CHECKING:
    from bocage.pipeline.edits.sight import Sight
    from bocage.store.row_changes import RowChanges


def tell(made: Version, sight: Sight, changes: RowChanges) -> None:
    """What changed, and where identifiers are the same. In the transaction that makes the version."""
    before = sight.relation.version
    told: dict[str, Any] = {"provenance": made.provenance | _same_records(made, sight, changes)}
    if (
        before.number == made.number - 1
    ):  # otherwise the one before is not the one that was edited: the worker compares them
        told["changes"] = _compared(before, sight, changes)
    for name, value in told.items():
        setattr(made, name, value)
    Version.objects.filter(pk=made.pk).update(**told)


def _same_records(made: Version, sight: Sight, changes: RowChanges) -> Mapping[str, Any]:
    """Where values alone have changed, identifiers are those of an earlier version."""
    key, before = list(sight.relation.identity), sight.relation.version
    if changes.gone or changes.added or set(key) != set(sight.whole.key):
        return {}
    former = before.provenance.get(SAME_RECORDS) or {}
    chained = former.get("of") == before.uid and former["key"] == key
    return {SAME_RECORDS: {"of": made.uid, "version": former["version"] if chained else before.uid, "key": key}}


def _compared(before: Version, sight: Sight, changes: RowChanges) -> dict[str, Any]:
    counts = Counts(changes.added, len(changes.gone), len(changes.replaced))
    columns: dict[str, Any] = {"added": [], "removed": [], "retyped": []}
    return summary(before.number, counts.added - counts.removed, counts, sight.whole.key, columns)
