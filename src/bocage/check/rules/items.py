"""Reading of one value against a field described in a schema, constraints included: for items of arrays."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import InvalidOperation
from operator import ge, gt, le, lt
from typing import Any

from bocage.check.rules.types.kinds import reading_of
from bocage.check.schema import SchemaField

_ORDER = {"minimum": ge, "maximum": le, "exclusiveMinimum": gt, "exclusiveMaximum": lt}
_PROPERTIES = {
    "trueValues": "true_values", "falseValues": "false_values", "decimalChar": "decimal_char", "groupChar": "group_char",
}  # fmt: skip


def item_notes(name: str, item: dict[str, Any]) -> Callable[[list[Any]], set[str]]:
    """Given the items of an array, what is wrong with any of them: "type", and names of constraints."""
    given: dict[str, Any] = {
        attribute: tuple(item[key]) if isinstance(item[key], list) else item[key]
        for key, attribute in _PROPERTIES.items()
        if key in item
    }
    field = SchemaField(
        name,
        type=str(item.get("type", "any")),
        format=str(item.get("format") or "default"),
        constraints={key: value for key, value in (item.get("constraints") or {}).items() if value is not None},
        descriptor=item,
        **given,
    )
    missing = set(item.get("missingValues", [""]))
    read = reading_of(field).read
    checks = {key: _keeps(key, value, read) for key, value in field.constraints.items()}

    def notes(items: list[Any]) -> set[str]:
        found: set[str] = set()
        for one in items:
            value = None if one is None or str(one) in missing else read(one)
            if value is None and one is not None and str(one) not in missing:
                found.add("type")
            else:
                found |= {key for key, keeps in checks.items() if not keeps(value)}
        return found

    return notes


def _keeps(key: str, asked: Any, read: Callable[[Any], Any]) -> Callable[[Any], bool]:
    if key == "required":
        return lambda value: not (asked and value is None)
    if key in _ORDER:
        order, bound = _ORDER[key], read(asked)
        return _on_value(lambda value: order(value, bound))
    if key == "enum":
        allowed = [read(one) for one in asked]
        return _on_value(lambda value: value in allowed)
    if key == "pattern":
        # A short list of items, hence of short texts: matched here.
        pattern = re.compile(f"^{asked}$")
        return _on_value(lambda value: pattern.match(value) is not None)
    if key in ("minLength", "maxLength"):
        return _on_value(lambda value: len(value) >= asked if key == "minLength" else len(value) <= asked)
    return lambda _value: True


def _on_value(keeps: Callable[[Any], bool]) -> Callable[[Any], bool]:
    def on_value(value: Any) -> bool:
        try:
            return value is None or bool(keeps(value))
        except (TypeError, InvalidOperation):
            return False

    return on_value
