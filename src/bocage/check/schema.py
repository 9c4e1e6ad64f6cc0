"""Table Schema (https://specs.frictionlessdata.io/table-schema/) as the reference reads it, its descriptor kept beside.

A schema is data written by others: everything unknown is kept in `descriptor`, and said by `registry.lint`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SchemaField:
    """One column that a schema describes. `missing_values` None: those of the schema. Lists keep their order."""

    name: str
    type: str = "string"
    format: str = "default"
    title: str = ""
    description: str = ""
    example: Any = None
    constraints: dict[str, Any] = field(default_factory=dict)
    missing_values: tuple[str, ...] | None = None
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    decimal_char: str = "."
    group_char: str = ""
    bare_number: bool = True
    float_number: bool = False
    array_item: dict[str, Any] = field(default_factory=dict)
    descriptor: dict[str, Any] = field(default_factory=dict)

    @property
    def is_required(self) -> bool:
        return bool(self.constraints.get("required"))

    @property
    def is_unique(self) -> bool:
        return bool(self.constraints.get("unique"))


@dataclass(frozen=True)
class CustomCheck:
    """A check of the schema beyond Table Schema: `name` is a rule's, `params` its parameters."""

    name: str
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ForeignKey:
    """`fields` of this table are found among `reference_fields` of `resource` ("" : this very table)."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class TableSchema:
    """`name` is the registry's (`scdl/deliberations`) when it comes from there, else the descriptor's own."""

    name: str
    fields: tuple[SchemaField, ...]
    version: str = ""
    title: str = ""
    description: str = ""
    homepage: str = ""
    missing_values: tuple[str, ...] = ("",)
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    custom_checks: tuple[CustomCheck, ...] = ()
    descriptor: dict[str, Any] = field(default_factory=dict)

    def field(self, name: str) -> SchemaField | None:
        return next((one for one in self.fields if one.name == name), None)
