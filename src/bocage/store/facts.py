"""The facts of the current version that are copied on the dataset, so that a list of datasets is one query."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bocage.catalog.models import Dataset
from bocage.store.models import Version

EDITABLE = ("label", "description")
"""What a steward may rewrite of a field, in `Dataset.schema`."""


def facts_of(version: Version) -> dict[str, Any]:
    """The facts that depend on the version only."""
    return {
        "version_number": version.number,
        "row_count": version.row_count,
        "geometry_types": list(version.geometry.get("types", [])),
        "bbox": version.geometry.get("bbox"),
    }


NO_FACTS: dict[str, Any] = {"version_number": None, "row_count": None, "geometry_types": [], "bbox": None}


def copy_facts(dataset: Dataset, version: Version, *, before: Version | None, at: datetime) -> None:
    """Write the facts of `version` on `dataset` (the row and the object). Inside the transaction that moves the pointer.

    `before` is the version that was current: what differs from it in the schema was edited by the steward, and stays.
    The key stays as long as its fields exist. Metadata dates do not move: the data changed, not its description.
    """
    row = Dataset.objects.select_for_update().get(pk=dataset.pk)
    names = {field["name"] for field in version.schema}
    values = facts_of(version) | {
        "data_updated_at": at,
        "schema": _with_edits(version.schema, row.schema, before.schema if before else []),
        "primary_key": row.primary_key if names.issuperset(row.primary_key) else [],
    }
    Dataset.objects.filter(pk=dataset.pk).update(**values)
    for name, value in values.items():
        setattr(dataset, name, value)


def _with_edits(
    schema: list[dict[str, Any]], edited: list[dict[str, Any]], read: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """`schema`, with the labels and descriptions of `edited` that differ from what was `read` in the version before."""
    now = {field["name"]: field for field in edited}
    was = {field["name"]: field for field in read}
    merged = []
    for field in schema:
        current, original = now.get(field["name"], {}), was.get(field["name"], {})
        edits = {key: current[key] for key in EDITABLE if current.get(key) and current[key] != original.get(key, "")}
        merged.append(field | edits)
    return merged
