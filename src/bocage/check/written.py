"""Typed values written back as the texts that a schema reads: the other way round of a cast.

Without a field: the spelling that every Table Schema type accepts by default. With one: that of its own format.
"""

from __future__ import annotations

from bocage.check.schema import SchemaField
from bocage.store.engine import literal

_WHOLE = 1e15  # beyond, a double is not exact any more: its own spelling says so


def written(value: str, sql_type: str, field: SchemaField | None = None) -> str:
    """SQL text of `value`, an SQL expression of type `sql_type`; NULL stays NULL."""
    kind = sql_type.upper()
    if kind == "BOOLEAN":
        return _boolean(value, field)
    if kind in ("DOUBLE", "FLOAT") or kind.startswith("DECIMAL"):
        return _with_decimal_char(_number(value, kind), field)
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return _instant(value, kind, field)
    return _plain(value, kind)


def _plain(value: str, kind: str) -> str:
    if kind.startswith("GEOMETRY"):
        return f"ST_AsGeoJSON({value})::VARCHAR"
    if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")):
        return f"to_json({value})::VARCHAR"
    return f"to_base64({value})" if kind == "BLOB" else f"nullif(CAST({value} AS VARCHAR), '')"


def _boolean(value: str, field: SchemaField | None) -> str:
    yes, no = "true", "false"
    if field and field.type == "boolean" and field.true_values and field.false_values:
        yes, no = field.true_values[0], field.false_values[0]
    return f"CASE WHEN {value} THEN {literal(yes)} WHEN NOT {value} THEN {literal(no)} END"


def _number(value: str, kind: str) -> str:
    """Whole numbers have no decimals: an integer column would refuse them."""
    if kind.startswith("DECIMAL"):
        text = f"CAST({value} AS VARCHAR)"
        return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
    return (
        f"CASE WHEN {value} = trunc({value}) AND abs({value}) < {_WHOLE:.0f} THEN CAST(CAST({value} AS BIGINT) AS VARCHAR) "
        f"WHEN isnan({value}) THEN 'NaN' WHEN isinf({value}) THEN if({value} > 0, 'Infinity', '-Infinity') "
        f"ELSE CAST({value} AS VARCHAR) END"
    )


def _with_decimal_char(text: str, field: SchemaField | None) -> str:
    if field and field.type == "number" and field.decimal_char != ".":
        return f"replace({text}, '.', {literal(field.decimal_char)})"
    return text


def _instant(value: str, kind: str, field: SchemaField | None) -> str:
    asked = field.format if field and field.type in ("date", "datetime") and "%" in field.format else ""
    local = f"({value} AT TIME ZONE 'UTC')" if kind == "TIMESTAMP WITH TIME ZONE" else value
    if asked:
        return f"strftime({local}, {literal(asked.replace('%z', '+0000' if local != value else ''))})"
    if kind == "DATE":
        return f"CAST({value} AS VARCHAR)"
    zone = "Z" if local != value else ""
    whole = f"strftime({local}, '%Y-%m-%dT%H:%M:%S{zone}')"
    return f"if(microsecond({local}) % 1000000 = 0, {whole}, strftime({local}, '%Y-%m-%dT%H:%M:%S.%f{zone}'))"
