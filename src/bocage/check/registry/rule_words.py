"""The rules of a schema as sentences that a person reads in a table: what a column holds, and what it may hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bocage.check.registry.code_lists import KEY as CODE_LIST
from bocage.check.registry.lint.checks import OLD_NAMES
from bocage.kernel.ids import is_slug

Text = str | Promise

TYPES: Mapping[str, Text] = {
    "string": gettext_lazy("Text"), "integer": gettext_lazy("Whole number"), "number": gettext_lazy("Decimal number"),
    "boolean": gettext_lazy("Yes / no"), "date": gettext_lazy("Date"), "datetime": gettext_lazy("Date and time"),
    "time": gettext_lazy("Time"), "year": gettext_lazy("Year"), "yearmonth": gettext_lazy("Month of a year"),
    "duration": gettext_lazy("Duration"), "geopoint": gettext_lazy("Position"), "geojson": gettext_lazy("Shape (GeoJSON)"),
    "array": gettext_lazy("List (JSON)"), "object": gettext_lazy("JSON object"), "any": gettext_lazy("Anything"),
}  # fmt: skip
FORMATS: Mapping[tuple[str, str], Text] = {
    ("string", "email"): gettext_lazy("E-mail address"), ("string", "uri"): gettext_lazy("Web address"),
    ("string", "uuid"): gettext_lazy("UUID identifier"), ("geopoint", "array"): gettext_lazy("Position: [longitude, latitude]"),
    ("geopoint", "default"): gettext_lazy("Position: longitude,latitude"), ("date", "%Y"): gettext_lazy("Year"),
    ("date", "%Y-%m-%d"): gettext_lazy("Date"),
}  # fmt: skip
CHECKS: Mapping[str, Text] = {
    "siren": gettext_lazy("%(column)s is a SIREN number."),
    "siret": gettext_lazy("%(column)s is a SIRET number."),
    "nomenclature-acte": gettext_lazy("%(column)s follows the nomenclature of acts."),
    "opening-hours-value": gettext_lazy("%(column)s gives opening hours as OpenStreetMap writes them."),
    "phone-number-value": gettext_lazy("%(column)s is a telephone number."),
    "year-interval-value": gettext_lazy("%(column)s is an interval of years (2024/2025)."),
    "french-gps-coordinates": gettext_lazy("%(column)s is in France, longitude first."),
    "compare-columns-value": gettext_lazy("%(column)s %(op)s %(column2)s"),
    "cohesive-columns-value": gettext_lazy("%(column)s, %(othercolumns)s: all filled in, or all empty."),
    "sum-columns-value": gettext_lazy("%(column)s is the sum of %(columns)s."),
    "one-of-required": gettext_lazy("%(column1)s or %(column2)s is filled in."),
    "code-commune-insee": gettext_lazy("%(column)s is the INSEE code of a commune."),
    "code-postal": gettext_lazy("%(column)s is a postal code."),
}
BOUNDS: Mapping[str, Text] = {
    "minimum": gettext_lazy("At least %(value)s"), "maximum": gettext_lazy("At most %(value)s"),
    "exclusiveMinimum": gettext_lazy("More than %(value)s"), "exclusiveMaximum": gettext_lazy("Less than %(value)s"),
}  # fmt: skip


@dataclass(frozen=True)
class FieldLine:
    """A field in a table of the schema. `values`: the allowed ones; `rules`: the other rules, as short sentences; `code_list`:
    empty when what is written there cannot be the name of one (the lint tells)."""

    rank: int
    name: str
    title: str
    description: str
    type: str
    required: bool
    in_key: bool
    example: str
    rules: tuple[str, ...]
    values: tuple[str, ...]
    pattern: str
    code_list: str


def field_lines(descriptor: Mapping[str, Any]) -> list[FieldLine]:
    """The fields in order; what is not readable in one is left out."""
    key = descriptor.get("primaryKey") or []
    keys = [key] if isinstance(key, str) else key if isinstance(key, list) else []
    fields = descriptor.get("fields")
    listed = [one for one in (fields if isinstance(fields, list) else []) if isinstance(one, dict)]
    return [_line(rank, one, keys) for rank, one in enumerate(listed)]


def _line(rank: int, field: Mapping[str, Any], keys: list[Any]) -> FieldLine:
    constraints = field.get("constraints")
    rules: Mapping[str, Any] = constraints if isinstance(constraints, dict) else {}
    item = field.get("arrayItem")
    inside = item.get("constraints") if isinstance(item, dict) else None
    enum = rules.get("enum") or (inside.get("enum") if isinstance(inside, dict) else None)
    return FieldLine(
        rank=rank,
        name=_text(field.get("name")),
        title=_text(field.get("title")),
        description=_text(field.get("description")),
        type=type_label(field),
        required=rules.get("required") is True,
        in_key=field.get("name") in keys,
        example=_example(field),
        rules=tuple(_rules(rules)),
        values=tuple(str(one) for one in enum) if isinstance(enum, list) else (),
        pattern=_text(rules.get("pattern")),
        code_list=name if is_slug(name := _text(field.get(CODE_LIST)).partition("@")[0]) else "",
    )


def type_label(field: Mapping[str, Any]) -> str:
    """`Date`, `Web address`… ; the type as written when it is not one of ours."""
    kind, form = str(field.get("type") or "string"), str(field.get("format") or "default")
    if (kind, form) in FORMATS:
        return str(FORMATS[kind, form])
    label = str(TYPES.get(kind, kind))
    return label if form == "default" else f"{label} ({form})"


def _rules(constraints: Mapping[str, Any]) -> Iterator[str]:
    if constraints.get("unique") is True:
        yield _("Two rows never have the same value")
    for bound, words in BOUNDS.items():
        if bound in constraints:
            yield str(words) % {"value": constraints[bound]}
    least, most = constraints.get("minLength"), constraints.get("maxLength")
    if isinstance(least, int) and least == most:
        yield ngettext("%(count)s character exactly", "%(count)s characters exactly", least) % {"count": least}
        return
    if isinstance(least, int):
        yield ngettext("At least %(count)s character", "At least %(count)s characters", least) % {"count": least}
    if isinstance(most, int):
        yield ngettext("At most %(count)s character", "At most %(count)s characters", most) % {"count": most}


def _example(field: Mapping[str, Any]) -> str:
    examples = field.get("examples")
    example = field.get("example", examples[0] if isinstance(examples, list) and examples else "")
    return "" if example is None else str(example)


def table_rules(descriptor: Mapping[str, Any]) -> list[str]:
    """The rules that concern several columns, or the table, as sentences."""
    return [*_keys(descriptor), *_foreign_keys(descriptor), *_checks(descriptor)]


def _keys(descriptor: Mapping[str, Any]) -> Iterator[str]:
    key = descriptor.get("primaryKey")
    names = [key] if isinstance(key, str) and key else key if isinstance(key, list) else []
    if names:
        yield _("Each row is identified by: %(names)s.") % {"names": ", ".join(map(str, names))}


def _foreign_keys(descriptor: Mapping[str, Any]) -> Iterator[str]:
    keys = descriptor.get("foreignKeys")
    for one in keys if isinstance(keys, list) else []:
        reference = one.get("reference") if isinstance(one, dict) else None
        if isinstance(reference, dict):
            fields = {"names": _names(one.get("fields")), "resource": str(reference.get("resource") or "–")}
            yield _("%(names)s is found in the table “%(resource)s”.") % fields


def _checks(descriptor: Mapping[str, Any]) -> Iterator[str]:
    checks = descriptor.get("custom_checks")
    for check in checks if isinstance(checks, list) else []:
        if not isinstance(check, dict):
            continue
        name, params = str(check.get("name")), check.get("params")
        given = {key: _names(value) for key, value in params.items()} if isinstance(params, dict) else {}
        words = CHECKS.get(OLD_NAMES.get(name, name))
        try:
            yield str(words) % given if words else " · ".join([name, *given.values()])
        except KeyError:  # a parameter is missing: the lint tells
            yield name


def _names(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
