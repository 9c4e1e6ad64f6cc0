"""The constraints of one field: allowed for its type, readable, possible together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.lint.finding import Finding, shown
from bocage.check.registry.lint.patterns import accepts, alternates_at_the_top, is_expression, refusal
from bocage.check.registry.lint.spelling import CONSTRAINTS, nearest
from bocage.check.registry.lint.types import ALLOWED, BOUNDS, LENGTHS, read_bound

PAIRS = (("minLength", "maxLength"), ("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum"))


def constraint_findings(name: str, kind: str, constraints: Mapping[str, Any]) -> Iterator[Finding]:
    """`kind`: the type of the field, one of ALLOWED."""
    for word, value in constraints.items():
        if word not in CONSTRAINTS:
            yield Finding("constraint-unknown", name, {"written": shown(word), "meant": nearest(word, CONSTRAINTS)})
        elif word not in ALLOWED[kind] and word != "jsonSchema":
            yield Finding("constraint-not-for-type", name, {"constraint": word, "type": kind})
        elif not _has_its_kind(word, value):
            yield Finding("constraint-unreadable", name, {"constraint": word, "written": shown(value)})
        elif word in BOUNDS and read_bound(kind, value) is None and kind not in ("yearmonth", "duration"):
            yield Finding("bound-unreadable", name, {"constraint": word, "written": shown(value), "type": kind})
    yield from _impossible(name, kind, constraints)
    yield from _patterns(name, constraints.get("pattern"))
    yield from _enum(name, constraints.get("enum"))


def _has_its_kind(word: str, value: Any) -> bool:
    if word in ("required", "unique"):
        return isinstance(value, bool)
    if word in LENGTHS:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if word == "enum":
        return isinstance(value, list) and bool(value)
    if word == "pattern":
        return isinstance(value, str)
    return not isinstance(value, list | dict | bool)


def _impossible(name: str, kind: str, constraints: Mapping[str, Any]) -> Iterator[Finding]:
    for least, most in PAIRS:
        if least not in constraints or most not in constraints:
            continue
        read_as = "integer" if least in LENGTHS else kind
        low, high = read_bound(read_as, constraints[least]), read_bound(read_as, constraints[most])
        try:
            empty = low is not None and high is not None and low > high
        except TypeError:  # an instant with an offset against one without
            continue
        if empty:
            fields = {"least": least, "most": most, "low": shown(constraints[least]), "high": shown(constraints[most])}
            yield Finding("bounds-crossed", name, fields)


def _patterns(name: str, pattern: Any) -> Iterator[Finding]:
    if not isinstance(pattern, str):
        return
    if reason := refusal(pattern):
        code = "pattern-slow" if is_expression(pattern) else "pattern-unreadable"
        yield Finding(code, name, {"pattern": shown(pattern), "reason": shown(reason)})
    elif alternates_at_the_top(pattern):
        yield Finding("pattern-alternation", name, {"pattern": shown(pattern), "meant": shown(f"({pattern})")})


def _enum(name: str, values: Any) -> Iterator[Finding]:
    if not isinstance(values, list):
        return
    written = [str(one) for one in values]
    if twice := sorted(one for one, count in Counter(written).items() if count > 1):
        yield Finding("enum-twice", name, {"values": shown(", ".join(twice[:5]))})
    if spaced := [one for one in written if one != one.strip()]:
        yield Finding("enum-spaces", name, {"values": shown(", ".join(f"« {one} »" for one in spaced[:5]))})


def example_findings(name: str, kind: str, example: Any, constraints: Mapping[str, Any]) -> Iterator[Finding]:
    """An example that the field itself would refuse misleads everyone who follows it."""
    if kind != "string" or not isinstance(example, str) or not example:
        return
    enum, pattern = constraints.get("enum"), constraints.get("pattern")
    in_enum = not isinstance(enum, list) or example in [str(one) for one in enum]
    matches = not isinstance(pattern, str) or accepts(pattern, example) is not False
    if not (in_enum and matches):
        yield Finding("example-refused", name, {"example": shown(example)})
