"""A call that runs as it is, with the fields of the dataset."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bocage.catalog.vocabulary import FieldType

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset

MOST_FIELDS = 6
_VALUES: dict[FieldType, Any] = {
    FieldType.STRING: "…",
    FieldType.INTEGER: 12,
    FieldType.NUMBER: 12.5,
    FieldType.BOOLEAN: True,
    FieldType.DATE: "2026-05-31",
    FieldType.DATETIME: "2026-05-31T08:30:00+02:00",
    FieldType.GEOPOINT: {"lat": 47.218, "lon": -1.553},
    FieldType.GEOMETRY: {"type": "Point", "coordinates": [-1.553, 47.218]},
    FieldType.ARRAY: ["…"],
    FieldType.OBJECT: {"…": 1},
}
_FIRST = {"id": "capteur-1", "date": "2026-05-31T08:30:00+02:00", "valeur": 12.5, "lat": 47.218, "lon": -1.553}


def example_record(dataset: Dataset) -> dict[str, Any]:
    """One record with the first fields of the dataset, those of its key among them; an invented one before any version."""
    fields = [one for one in dataset.fields if dataset.version_number is not None]
    if not fields:
        invented = {name: value for name, value in _FIRST.items() if name != "id" or not dataset.primary_key}
        return dict.fromkeys(dataset.primary_key, "…") | invented
    key = [one for one in fields if one.name in dataset.primary_key]
    others = [one for one in fields if one not in key]
    plain = [one for one in others if not one.type.is_geographic]
    chosen = [*key, *plain, *(one for one in others if one.type.is_geographic)][:MOST_FIELDS]
    return {one.name: _VALUES[one.type] for one in fields if one in chosen}


def example_call(address: str, secret: str, record: dict[str, Any]) -> str:
    """curl, for a shell: JSON holds no single quote but in the names of fields, which have none."""
    body = json.dumps(record, ensure_ascii=False)
    return (
        f"curl '{address}' \\\n"
        f"  -H 'Authorization: Pushkey {secret}' \\\n"
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d '{body}'"
    )
