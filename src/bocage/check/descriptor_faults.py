"""What makes a schema unusable, in the eyes of the reference. One dict per fault: `code`, `field`, `detail`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

TYPES = (
    "any", "array", "boolean", "date", "datetime", "duration", "geojson", "geopoint", "integer", "number", "object",
    "string", "time", "year", "yearmonth",
)  # fmt: skip
STRING_FORMATS = ("default", "email", "uri", "binary", "uuid", "wkt")
_ORDERED = ("required", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum")
_SIZED = ("required", "minLength", "maxLength", "enum")
CONSTRAINTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("integer", "number", "date", "datetime", "time", "year", "yearmonth"), _ORDERED),
    **dict.fromkeys(("array", "object"), _SIZED),
    **dict.fromkeys(("any", "boolean", "duration", "geopoint", "geojson"), ("required", "enum")),
    "string": (*_SIZED, "pattern"),
}
MOST_FIELDS = 4_000
LONGEST_PATTERN = 10_000
_NAME = re.compile(r"[-a-z0-9._/]+")
_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,), "object": (dict,), "flag": (bool,), "list": (list,), "texts": (list,), "count": (int, float),
}  # fmt: skip
_OF_TABLE = {"title": "text", "description": "text", "missingValues": "texts", "fields": "list"}
_OF_FIELD = {
    "title": "text", "description": "text", "format": "text", "missingValues": "texts", "constraints": "object",
    "rdfType": "text",
}  # fmt: skip
_OF_TYPE = {
    "integer": {"bareNumber": "flag"},
    "number": {"bareNumber": "flag", "floatNumber": "flag", "decimalChar": "text", "groupChar": "text"},
    "boolean": {"trueValues": "texts", "falseValues": "texts"},
    "array": {"arrayItem": "object"},
}
_OF_CONSTRAINTS = {
    "required": "flag", "unique": "flag", "pattern": "text", "enum": "list", "minLength": "count", "maxLength": "count",
}  # fmt: skip

Reason = dict[str, Any]


def faults_of(descriptor: Any) -> list[Reason]:
    """Empty when the schema can be used. Bounded: a schema is written by others."""
    if not isinstance(descriptor, dict) or not isinstance(descriptor.get("fields"), list):
        return [_reason("not-an-object")]
    if len(descriptor["fields"]) > MOST_FIELDS:
        return [_reason("too-large", detail=f"{len(descriptor['fields'])} > {MOST_FIELDS}")]
    shape = [*_misshapen(descriptor, _OF_TABLE), *_bad_name(descriptor), *_keys_misshapen(descriptor)]
    for place, one in enumerate(descriptor["fields"], start=1):
        shape += field_faults(one, str(place))
    if shape:
        return shape
    return [*_names(descriptor), *_checks(descriptor)]


def _reason(code: str, field: str = "", detail: Any = "") -> Reason:
    return {"code": code, "field": field, "detail": str(detail)[:200]}


def _misshapen(owner: dict[str, Any], kinds: dict[str, str], field: str = "") -> Iterator[Reason]:
    for key, kind in kinds.items():
        if key in owner and not _is(owner[key], kind):
            yield _reason("wrong-shape", field, key)


def _is(value: Any, kind: str) -> bool:
    if kind == "texts":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if kind == "count":  # a whole number, and JSON writes it 3 or 3.0
        return isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer()
    return isinstance(value, _KINDS[kind])


def _bad_name(descriptor: dict[str, Any]) -> Iterator[Reason]:
    name = descriptor.get("name")
    if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        yield _reason("wrong-shape", detail="name")


def _keys_misshapen(descriptor: dict[str, Any]) -> Iterator[Reason]:
    key = descriptor.get("primaryKey")
    if key and not (isinstance(key, str) or _is(key, "texts")):
        yield _reason("wrong-shape", detail="primaryKey")
    foreign = descriptor.get("foreignKeys")
    if foreign and not (isinstance(foreign, list) and all(_is_foreign_key(one) for one in foreign)):
        yield _reason("bad-foreign-key", detail="foreignKeys")


def _is_foreign_key(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("reference", {}), dict):
        return False
    reference = one.get("reference", {})
    fields = (one.get("fields", []), reference.get("fields", []))
    return isinstance(reference.get("resource", ""), str) and all(
        isinstance(each, str) or _is(each, "texts") for each in fields
    )


def field_faults(field: Any, place: str) -> list[Reason]:
    """`place`: what to call it when it has no name."""
    if not isinstance(field, dict) or not isinstance(field.get("name"), str):
        return [_reason("wrong-shape", place, "name")]
    name, kind = field["name"], field.get("type") or "string"
    if kind not in TYPES:
        return [_reason("unknown-type", name, kind)]
    faults = [*_misshapen(field, _OF_FIELD | _OF_TYPE.get(kind, {}), name)]
    if not faults:
        faults = [*_constraint_faults(field.get("constraints") or {}, name, kind), *_format_faults(field, name, kind)]
    if "required" in field:
        faults.append(_reason("misplaced-required", name))
    return faults


def _constraint_faults(constraints: dict[str, Any], field: str, kind: str) -> Iterator[Reason]:
    yield from _misshapen(constraints, _OF_CONSTRAINTS, field)
    for one in constraints:
        if one not in (*CONSTRAINTS[kind], "unique"):
            yield _reason("constraint-not-allowed", field, one)
    pattern = constraints.get("pattern")
    if isinstance(pattern, str) and kind == "string":
        yield from _pattern_faults(pattern, field)


def _pattern_faults(pattern: str, field: str) -> Iterator[Reason]:
    if len(pattern) > LONGEST_PATTERN:
        yield _reason("too-large", field, "pattern")
        return
    try:
        re.compile(f"^{pattern}$")
    except (re.error, OverflowError, RecursionError) as error:
        yield _reason("bad-pattern", field, f"{pattern}: {error}")


def _format_faults(field: dict[str, Any], name: str, kind: str) -> Iterator[Reason]:
    written = str(field.get("format") or "default").removeprefix("fmt:")
    allowed = {"string": STRING_FORMATS, "geojson": ("default", "topojson")}.get(kind)
    if allowed and written not in allowed:
        yield _reason("unknown-format", name, written)


def _names(descriptor: dict[str, Any]) -> Iterator[Reason]:
    names = [field["name"] for field in descriptor["fields"]]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _reason("duplicate-field", name)
    key = descriptor.get("primaryKey") or []
    for name in [key] if isinstance(key, str) else key:
        if name not in names:
            yield _reason("unknown-key-field", name, "primaryKey")
    for one in descriptor.get("foreignKeys") or ():
        fields, targets = one.get("fields", []), one.get("reference", {}).get("fields", [])
        fields, targets = ([each] if isinstance(each, str) else each for each in (fields, targets))
        for name in set(fields) - set(names):
            yield _reason("unknown-key-field", name, "foreignKeys")
        if len(fields) != len(targets):
            yield _reason("bad-foreign-key", ", ".join(fields), len(targets))


def _checks(descriptor: dict[str, Any]) -> Iterator[Reason]:
    """`custom_checks`, the reference's addition to Table Schema."""
    checks = descriptor.get("custom_checks")
    if checks is None:
        return
    if not isinstance(checks, list):
        yield _reason("wrong-shape", detail="custom_checks")
        return
    for one in checks:
        if not (isinstance(one, dict) and isinstance(one.get("name"), str) and isinstance(one.get("params"), dict)):
            yield _reason("wrong-shape", detail="custom_checks")
        elif not isinstance(one["params"].get("column", ""), str):
            yield _reason("wrong-shape", detail="custom_checks.params.column")
