"""Conditions of rules in the expressions of QGIS. Names are between double quotes, texts between single ones, doubled inside."""

from __future__ import annotations

from bocage.catalog.styles.symbols import Between, Compare, Condition, Group, Missing, Not, Value


def name_of(field: str) -> str:
    return '"' + field.replace('"', '""') + '"'


def value_of(value: Value, *, numeric: bool = False) -> str:
    """`numeric`: the field holds numbers, which documents write as texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return (
            _number(value) if numeric and _number(value) else "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
        )
    return f"{value:.15g}"


def _number(text: str) -> str:
    try:
        return f"{float(text):.15g}"
    except ValueError:
        return ""


def expression_of(condition: Condition | None, numbers: frozenset[str]) -> str:
    """`numbers`: names of the fields that hold some. What is compared with nothing is false, as it is on our maps."""
    match condition:
        case None:
            return ""
        case Compare(operator=operator, field=name, value=value):
            sign = "<>" if operator == "!=" else operator
            return f"coalesce({name_of(name)} {sign} {value_of(value, numeric=name in numbers)}, false)"
        case Between(field=name, low=low, high=high):
            ends = (value_of(one, numeric=name in numbers) for one in (low, high))
            return f"coalesce({name_of(name)} BETWEEN {' AND '.join(ends)}, false)"
        case Missing(field=name):
            return f"{name_of(name)} IS NULL"
        case Group(kind=kind, parts=parts):
            word = " AND " if kind == "all" else " OR "
            return "(" + word.join(expression_of(one, numbers) for one in parts) + ")"
        case Not(part=part):
            return f"NOT ({expression_of(part, numbers)})"
