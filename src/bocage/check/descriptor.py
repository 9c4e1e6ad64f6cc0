"""From the JSON of a Table Schema to a `TableSchema`, refusing what the reference refuses.

What is not understood is kept in `descriptor` (of the schema, of each field) and told by `registry.lint`: a misspelt
constraint is no error here, as for the reference.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bocage.check.descriptor_faults import faults_of
from bocage.check.descriptor_values import value_faults
from bocage.check.errors import SchemaUnusable
from bocage.check.schema import CustomCheck, ForeignKey, SchemaField, TableSchema
from bocage.check.schema_words import told

REASONS_TOLD = 3


def read_schema(descriptor: dict[str, Any], *, name: str = "") -> TableSchema:
    """`name`: that of the registry; the descriptor's own when empty. Raises SchemaUnusable with every reason found."""
    reasons = faults_of(descriptor)
    if reasons:
        said = " ; ".join(told(reason) for reason in reasons[:REASONS_TOLD])
        raise SchemaUnusable(detail=said + (" …" if len(reasons) > REASONS_TOLD else ""), reasons=reasons)
    fields = tuple(_field(one) for one in descriptor["fields"])
    _review_values(fields)
    return TableSchema(
        name=name or _text(descriptor.get("name")),
        fields=fields,
        version=_text(descriptor.get("version")),
        title=_text(descriptor.get("title")),
        description=_text(descriptor.get("description")),
        homepage=_text(descriptor.get("homepage")),
        missing_values=tuple(descriptor.get("missingValues", [""])),
        primary_key=tuple(_listed(descriptor.get("primaryKey"))),
        foreign_keys=tuple(_foreign_key(one) for one in descriptor.get("foreignKeys") or ()),
        custom_checks=tuple(_custom_checks(descriptor)),
        descriptor=descriptor,
    )


def _review_values(fields: tuple[SchemaField, ...]) -> None:
    """Values that the schema itself gives: bounds, and examples as the reference reads them."""
    reasons = [reason for field in fields for reason in value_faults(field)]
    if reasons:
        raise SchemaUnusable(detail=" ; ".join(map(told, reasons[:REASONS_TOLD])), reasons=reasons)


def _field(descriptor: dict[str, Any]) -> SchemaField:
    chosen: dict[str, Any] = {
        attribute: tuple(descriptor[key]) if isinstance(descriptor[key], list) else descriptor[key]
        for key, attribute in _PROPERTIES.items()
        if descriptor.get(key) is not None
    }
    return SchemaField(
        name=descriptor["name"],
        type=descriptor.get("type") or "string",
        format=str(descriptor.get("format") or "default").removeprefix("fmt:"),
        title=_text(descriptor.get("title")),
        description=_text(descriptor.get("description")),
        example=descriptor.get("example"),
        constraints=dict(descriptor.get("constraints") or {}),
        descriptor=descriptor,
        **chosen,
    )


_PROPERTIES = {
    "missingValues": "missing_values",
    "trueValues": "true_values",
    "falseValues": "false_values",
    "decimalChar": "decimal_char",
    "groupChar": "group_char",
    "bareNumber": "bare_number",
    "floatNumber": "float_number",
    "arrayItem": "array_item",
}


def _custom_checks(descriptor: dict[str, Any]) -> Iterator[CustomCheck]:
    """Those of the table, then those of its fields (`customCheck`: a name, or an object with parameters)."""
    for one in descriptor.get("custom_checks") or ():
        yield CustomCheck(one["name"], dict(one["params"]))
    for field in descriptor["fields"]:
        check = field.get("customCheck")
        if isinstance(check, str) and check:
            yield CustomCheck(check, {"column": field["name"]})
        elif isinstance(check, dict) and isinstance(check.get("name"), str):
            yield CustomCheck(check["name"], {"column": field["name"]} | dict(check.get("params") or {}))


def _foreign_key(descriptor: dict[str, Any]) -> ForeignKey:
    reference = descriptor.get("reference") or {}
    return ForeignKey(
        fields=tuple(_listed(descriptor.get("fields"))),
        resource=_text(reference.get("resource")),
        reference_fields=tuple(_listed(reference.get("fields"))),
    )


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return list(value) if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
