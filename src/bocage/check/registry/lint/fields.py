"""One field at a time: its name, its type, its format, the words that do nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.lint.constraints import constraint_findings, example_findings
from bocage.check.registry.lint.finding import Finding, shown
from bocage.check.registry.lint.spelling import CONSTRAINTS, FIELD_PROPERTIES, OTHER_WORDS, nearest
from bocage.check.registry.lint.types import ALLOWED, OTHER_TYPES, format_is_known

Described = Mapping[str, Any]


def field_findings(name: str, described: Described) -> Iterator[Finding]:
    """`name`: what the field is called, or its rank when it has no name."""
    yield from _words(name, described)
    written = described.get("type", "string")
    kind = written if isinstance(written, str) else ""
    if kind not in ALLOWED:
        yield Finding("type-unknown", name, {"type": shown(written), "meant": OTHER_TYPES.get(kind.lower(), "")})
        return
    form = described.get("format", "default")
    if not isinstance(form, str) or not format_is_known(kind, form):
        yield Finding("format-unknown", name, {"format": shown(form), "type": kind})
    constraints = described.get("constraints", {})
    if not isinstance(constraints, dict):
        yield Finding("constraints-unreadable", name, {"written": shown(constraints)})
        return
    yield from constraint_findings(name, kind, constraints)
    yield from example_findings(name, kind, described.get("example"), constraints)
    yield from _booleans(name, described)
    yield from _items(name, kind, described)


def _words(name: str, described: Described) -> Iterator[Finding]:
    for word in described:
        if word in FIELD_PROPERTIES or word == "$ref":
            continue
        if word in CONSTRAINTS:
            yield Finding("constraint-misplaced", name, {"constraint": word})
        elif word in OTHER_WORDS:
            yield Finding("word-without-effect", name, {"written": word, "meant": OTHER_WORDS[word]})
        elif meant := nearest(word, FIELD_PROPERTIES):
            code = "constraints-misspelt" if meant == "constraints" else "word-misspelt"
            yield Finding(code, name, {"written": shown(word), "meant": meant})
        elif meant := nearest(word, CONSTRAINTS):
            yield Finding("constraint-misplaced", name, {"constraint": shown(word)})


def _booleans(name: str, described: Described) -> Iterator[Finding]:
    yes, no = described.get("trueValues"), described.get("falseValues")
    for word, values in (("trueValues", yes), ("falseValues", no)):
        if values is not None and (not isinstance(values, list) or not values):
            yield Finding("list-unreadable", name, {"property": word, "written": shown(values)})
    if isinstance(yes, list) and isinstance(no, list):
        both = [one for one in yes if one in no]
        if both:
            yield Finding("boolean-ambiguous", name, {"values": shown(", ".join(map(str, both)))})


def _items(name: str, kind: str, described: Described) -> Iterator[Finding]:
    item = described.get("arrayItem")
    if item is None:
        return
    if kind != "array" or not isinstance(item, dict):
        yield Finding("array-item-without-effect", name, {"type": kind})
        return
    for finding in field_findings(name, {"name": name} | item):
        yield Finding(finding.code, name, dict(finding.fields) | {"inside": "arrayItem"})
