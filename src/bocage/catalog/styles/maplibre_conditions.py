"""Expressions and filters of MapLibre styles, newer and older, as conditions of rules."""

from __future__ import annotations

import math
from typing import Any

from bocage.catalog.styles.symbols import Compare, Condition, Group, Missing, Not, Operator

OPERATORS: dict[str, Operator] = {"==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
KINDS = {"Point": "Point", "MultiPoint": "Point", "LineString": "LineString", "MultiLineString": "LineString",
         "Polygon": "Polygon", "MultiPolygon": "Polygon"}  # fmt: skip
SHAPE, OLD_SHAPE = ["geometry-type"], "$type"
COUNT = "_count"
MOST = 1_000


class NotARule(ValueError):
    """An expression that says more than a rule can."""


def condition_of(written: Any) -> tuple[Condition | None, str]:
    """Of a filter, and the one kind of geometry that it asks for, or nothing. Raises NotARule."""
    if written is None or written is True:
        return None, ""
    parts = written[1:] if isinstance(written, list) and written[:1] == ["all"] else [written]
    shapes = [shape for shape in map(_shape, parts) if shape]
    left = [one for one in parts if not _shape(one) and not _of_groups(one)]
    found = tuple(_condition(one) for one in left)
    condition = None if not found else found[0] if len(found) == 1 else Group("all", found)
    return condition, shapes[0] if shapes and shapes[0] in KINDS.values() else ""


def _shape(part: Any) -> str:
    """The kind that a part of a filter asks for; `any` for one that only says which it is not."""
    if not isinstance(part, list) or len(part) < 3 or part[1] not in (SHAPE, OLD_SHAPE):
        return ""
    named = [KINDS.get(one, "") for one in (part[2] if isinstance(part[2], list) else part[2:]) if isinstance(one, str)]
    if part[0] in ("==", "match", "in") and len(set(named)) == 1:
        return named[0]
    return "any"


def _of_groups(part: Any) -> bool:
    return part in (["!", ["has", COUNT]], ["!has", COUNT])


def _condition(part: Any) -> Condition:
    match part:
        case ["all" | "any" as kind, *parts] if 0 < len(parts) <= MOST:
            return Group(kind, tuple(_condition(one) for one in parts))
        case ["none", *parts] if 0 < len(parts) <= MOST:
            return Not(Group("any", tuple(_condition(one) for one in parts)))
        case ["!", inner]:
            return Missing(inner[1]) if _has(inner) else Not(_condition(inner))
        case ["has" | "!has" as word, str(name)]:
            return Missing(name) if word == "!has" else Not(Missing(name))
        case _:
            return _comparison(part)


def _comparison(part: Any) -> Condition:
    match part:
        case ["in", subject, ["literal", [*values]]] | ["in", str(subject), *values]:
            return _one_of(_field(subject), values)
        case ["!in", str(name), *values]:
            return Not(_one_of(name, values))
        case ["match", subject, [*values], True, False]:
            return _one_of(_field(subject), values)
        case [str(operator), subject, value] if operator in OPERATORS:
            return Compare(OPERATORS[operator], _field(subject), _value(value))
    raise NotARule


def _has(inner: Any) -> bool:
    return isinstance(inner, list) and len(inner) == 2 and inner[0] == "has" and isinstance(inner[1], str)


def _one_of(name: str, values: list[Any]) -> Condition:
    if not 0 < len(values) <= MOST:
        raise NotARule
    found = tuple(Compare("=", name, _value(one)) for one in values)
    return found[0] if len(found) == 1 else Group("any", found)


def _field(subject: Any) -> str:
    """`["get", name]`, whatever is only a conversion around it; or a name, as older filters write it."""
    while (
        isinstance(subject, list) and len(subject) == 2 and subject[0] in ("to-string", "to-number", "string", "number")
    ):
        subject = subject[1]
    match subject:
        case ["get", str(name)]:
            return name
        case str(name) if name and not name.startswith("$"):
            return name
    raise NotARule


def _value(value: Any) -> str | float | bool:
    if isinstance(value, str | bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    raise NotARule


def values_by(written: list[Any]) -> list[tuple[str, Condition | None, Any]]:
    """The cases of a value that a field chooses: title, condition (None: whatever is left), value. Raises NotARule."""
    match written:
        case ["match", subject, *cases] if len(cases) % 2 == 1 and 1 < len(cases) < MOST:
            name = _field(subject)
            pairs = zip(cases[:-1:2], cases[1::2], strict=True)
            found = [_match(name, values, value) for values, value in pairs]
            return [*found, ("", None, cases[-1])]
        case ["case", *cases] if len(cases) % 2 == 1 and 1 < len(cases) < MOST:
            return [*_in_turn(cases), ("", _rest(cases), cases[-1])]
        case ["step", subject, first, *steps] if steps and len(steps) % 2 == 0 and len(steps) < MOST:
            return _steps(_field(subject), first, steps)
    raise NotARule


def _match(name: str, values: Any, value: Any) -> tuple[str, Condition, Any]:
    values = values if isinstance(values, list) else [values]
    return ", ".join(_words(one) for one in values)[:200], _one_of(name, values), value


def _in_turn(cases: list[Any]) -> list[tuple[str, Condition | None, Any]]:
    """The first condition that holds decides."""
    found: list[tuple[str, Condition | None, Any]] = []
    earlier: list[Condition] = []
    for written, value in zip(cases[:-1:2], cases[1::2], strict=True):
        condition = _condition(written)
        whole: Condition = Group("all", (condition, Not(Group("any", tuple(earlier))))) if earlier else condition
        found.append(("", whole, value))
        earlier.append(condition)
    return found


def _rest(cases: list[Any]) -> Condition:
    return Not(Group("any", tuple(_condition(one) for one in cases[:-1:2])))


def _steps(name: str, first: Any, steps: list[Any]) -> list[tuple[str, Condition | None, Any]]:
    bounds, values = steps[::2], [first, *steps[1::2]]
    if any(isinstance(one, bool) or not isinstance(one, int | float) or not math.isfinite(one) for one in bounds):
        raise NotARule
    found: list[tuple[str, Condition | None, Any]] = []
    for rank, value in enumerate(values):
        parts: list[Condition] = []
        if rank:
            parts.append(Compare(">=", name, float(bounds[rank - 1])))
        if rank < len(bounds):
            parts.append(Compare("<", name, float(bounds[rank])))
        title = (
            f"{'' if not rank else _words(bounds[rank - 1])} – {'' if rank == len(bounds) else _words(bounds[rank])}"
        )
        found.append((title.strip(), parts[0] if len(parts) == 1 else Group("all", tuple(parts)), value))
    return found


def _words(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.10g}" if isinstance(value, int | float) else str(value)
