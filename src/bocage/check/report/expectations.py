"""What the schema expects of a column, in the placeholders of the sentences: how a date is written, which values are accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bocage.check.report.values import quoted, text
from bocage.check.schema import SchemaField
from bocage.check.verdict import Family

DAY = date(2024, 2, 28)
ISO = "%Y-%m-%d"
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength")


def expectations(family: Family, field: SchemaField | None) -> dict[str, str]:
    """Placeholders by name. What the schema says comes before what the rule noted: the schema is whole."""
    kind, _dot, name = family.rule.partition(".")
    facts = dict(family.fields)
    constraints: Mapping[str, Any] = field.constraints if field else {}
    if kind == "type" and (say := TYPES.get(name)):
        return say(field, facts)
    if name == "enum":
        return {"allowed": text(constraints.get("enum") or facts.get("enum") or facts.get("allowed") or [])}
    if name == "pattern":
        return {"example": quoted(field.example) if field and field.example not in (None, "") else ""}
    if name in BOUNDS:
        return {"limit": text(constraints.get(name, facts.get(name, facts.get("limit"))))}
    if family.code == "compare-columns-value":
        return {"relation": relation(str(facts.get("op", "")))}
    return {}


def relation(operator: str) -> str:
    """How one column is to be towards the other, to be followed by its name."""
    words = {
        ">": _("greater than"), ">=": _("greater than or equal to"), "==": _("equal to"),
        "<=": _("less than or equal to"), "<": _("less than"),
    }  # fmt: skip
    return words.get(operator, operator)


def date_words(pattern: str) -> str:
    """`%d/%m/%Y` → day/month/year."""
    words = {
        "%Y": _("year"),
        "%m": _("month"),
        "%d": _("day"),
        "%y": _("year in two digits"),
        "%H": _("hour"),
        "%M": _("minutes"),
    }
    said = ISO if pattern in ("", "default", "any") else pattern
    for code, word in words.items():
        said = said.replace(code, word)
    return said


def date_example(pattern: str) -> str:
    try:
        return DAY.strftime(ISO if pattern in ("", "default", "any") else pattern)
    except ValueError:
        return DAY.isoformat()


def _date(field: SchemaField | None, facts: Mapping[str, Any]) -> dict[str, str]:
    pattern = field.format if field else str(facts.get("format", ""))
    return {"pattern": date_words(pattern), "example": date_example(pattern)}


def _number(field: SchemaField | None, facts: Mapping[str, Any]) -> dict[str, str]:
    decimal = field.decimal_char if field else str(facts.get("decimal_char", "."))
    return {"decimal": decimal, "example": f"12{decimal}5"}


def _boolean(field: SchemaField | None, facts: Mapping[str, Any]) -> dict[str, str]:
    true = field.true_values if field else facts.get("true_values", ("true",))
    false = field.false_values if field else facts.get("false_values", ("false",))
    return {"true": text(list(true)), "false": text(list(false))}


def _position(field: SchemaField | None, facts: Mapping[str, Any]) -> dict[str, str]:
    shapes = {
        "array": (_("between square brackets"), "[-1.55, 47.21]"),
        "object": (_("as an object"), '{"lon": -1.55, "lat": 47.21}'),
    }
    shape, example = shapes.get(
        field.format if field else str(facts.get("format", "")),
        (_("as two numbers with a comma between them"), "-1.55,47.21"),
    )
    return {"shape": shape, "example": example}


TYPES: dict[str, Callable[[SchemaField | None, Mapping[str, Any]], dict[str, str]]] = {
    "date": _date, "number": _number, "boolean": _boolean, "geopoint": _position,
}  # fmt: skip
