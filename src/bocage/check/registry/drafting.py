"""A descriptor being written: where it starts from, and the changes of its fields. Pure functions: dicts in, dicts out."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.check.registry.descriptors import MOST_FIELDS
from bocage.check.registry.errors import TooManyFields

SPECIFICATION = "https://specs.frictionlessdata.io/schemas/table-schema.json"

Descriptor = dict[str, Any]


def blank() -> Descriptor:
    """A schema without fields yet."""
    return {"fields": [], "missingValues": [""]}


def from_fields(fields: Iterable[Field], *, primary_key: Iterable[str] = ()) -> Descriptor:
    """A schema of the columns of a dataset, as they are: what the group starts to discuss from."""
    described = [_described(field) for field in fields]
    key = list(primary_key)
    return blank() | {"fields": described} | ({"primaryKey": key} if key else {})


def copy_of(descriptor: Descriptor) -> Descriptor:
    """The fields and rules of another schema, without what says whose it is."""
    kept = (
        "fields",
        "missingValues",
        "primaryKey",
        "foreignKeys",
        "custom_checks",
        "geography",
        "licenses",
        "keywords",
    )
    return blank() | copy.deepcopy({key: descriptor[key] for key in kept if key in descriptor})


def identified(descriptor: Descriptor, **identity: Any) -> Descriptor:
    """With its name, title, version… in the order in which people read them, fields last; empty ones are left out."""
    merged = {key: value for key, value in (descriptor | identity).items() if value not in ("", None)}
    first = ("$schema", "name", "title", "description", "version", "homepage", "path", "created", "lastModified")
    merged["$schema"] = SPECIFICATION
    fields = merged.pop("fields", [])
    head = {key: merged.pop(key) for key in first if key in merged}
    return head | merged | {"fields": fields}


def with_field(descriptor: Descriptor, field: dict[str, Any], *, rank: int | None = None) -> Descriptor:
    """`rank`: of the field replaced, from 0; None adds it at the end. A renamed field is renamed in the keys too."""
    fields = list(descriptor["fields"])
    if rank is None:
        if len(fields) >= MOST_FIELDS:
            raise TooManyFields(origin=descriptor.get("title", ""), count=len(fields) + 1, limit=MOST_FIELDS)
        return descriptor | {"fields": [*fields, field]}
    former = fields[rank].get("name")
    fields[rank] = field
    changed = descriptor | {"fields": fields}
    return _renamed(changed, former, field["name"]) if former and former != field["name"] else changed


def without_field(descriptor: Descriptor, rank: int) -> Descriptor:
    fields = [one for place, one in enumerate(descriptor["fields"]) if place != rank]
    return descriptor | {"fields": fields}


def moved(descriptor: Descriptor, rank: int, *, by: int) -> Descriptor:
    """The field `rank` places further (or before, when negative); as it is at either end."""
    fields = list(descriptor["fields"])
    to = min(max(rank + by, 0), len(fields) - 1)
    fields.insert(to, fields.pop(rank))
    return descriptor | {"fields": fields}


def _described(field: Field) -> dict[str, Any]:
    kind = "string" if field.type == FieldType.OBJECT else field.type.value
    said = {"name": field.name, "title": field.label, "description": field.description, "type": kind}
    return {key: value for key, value in said.items() if value}


def _renamed(descriptor: Descriptor, former: str, name: str) -> Descriptor:
    key = descriptor.get("primaryKey")
    if isinstance(key, str):
        key = [key]
    changed = dict(descriptor)
    if isinstance(key, list):
        changed["primaryKey"] = [name if one == former else one for one in key]
    geography = descriptor.get("geography")
    if isinstance(geography, dict) and isinstance(geography.get("fields"), list):
        fields = [name if one == former else one for one in geography["fields"]]
        changed["geography"] = geography | {"fields": fields}
    return changed
