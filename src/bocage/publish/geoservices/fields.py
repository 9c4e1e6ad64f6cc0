"""The fields of a layer in the types of the interface, and their values written by the engine.

Dates are milliseconds since 1970, in UTC; true and false are 1 and 0; lists, objects and other geometries are JSON, as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bocage.catalog.vocabulary import FieldType as T
from bocage.query.rendering import json_value, literal
from bocage.query.rendering import name as quoted

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

TYPES = {
    T.STRING: "esriFieldTypeString", T.INTEGER: "esriFieldTypeInteger", T.NUMBER: "esriFieldTypeDouble",
    T.BOOLEAN: "esriFieldTypeSmallInteger", T.DATE: "esriFieldTypeDate", T.DATETIME: "esriFieldTypeDate",
}  # fmt: skip
OID = "esriFieldTypeOID"
LENGTH = 4_000_000
"""Of texts, which have no limit here; clients want one."""


def described(field: Field, number: str, *, writable: bool) -> dict[str, Any]:
    kind = OID if field.name == number else TYPES.get(field.type, "esriFieldTypeString")
    told: dict[str, Any] = {
        "name": field.name,
        "type": kind,
        "alias": field.label or field.name,
        "sqlType": "sqlTypeOther",
        "nullable": field.name != number,
        "editable": writable and field.name != number and kind != OID,
        "domain": None,
        "defaultValue": None,
    }
    return told | ({"length": LENGTH} if kind == "esriFieldTypeString" else {})


def value_sql(field: Field) -> str:
    """SQL of the JSON text of one value of a compiled query; missing values are `null`."""
    column = quoted(field.name)
    match field.type:
        case T.DATETIME:
            return f"coalesce((epoch_us({column}) // 1000)::VARCHAR, 'null')"
        case T.DATE:
            return f"coalesce((epoch({column}::TIMESTAMP)::BIGINT * 1000)::VARCHAR, 'null')"
        case T.BOOLEAN:
            return f"CASE WHEN {column} IS NULL THEN 'null' WHEN {column} THEN '1' ELSE '0' END"
        case T.STRING | T.INTEGER | T.NUMBER:
            return json_value(field, "UTC")
    return f"CASE WHEN {column} IS NULL THEN 'null' ELSE to_json({json_value(field, 'UTC')}::VARCHAR)::VARCHAR END"


def attributes_sql(fields: list[Field]) -> str:
    """SQL of the object of the attributes of a row."""
    pieces = []
    for rank, field in enumerate(fields):
        key = ("," if rank else "{") + json.dumps(field.name, ensure_ascii=False) + ":"
        pieces += [literal(key), value_sql(field)]
    return f"concat({', '.join([*pieces, literal('}')])})" if pieces else "'{}'"
