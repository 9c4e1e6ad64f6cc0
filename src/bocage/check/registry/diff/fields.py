"""The fields of two versions, matched by name; one that only changed its name is recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.diff.change import Change, Effect
from bocage.check.registry.diff.constraints import constraint_changes

Described = Mapping[str, Any]
T, L, U, N = Effect.TIGHTENED, Effect.LOOSENED, Effect.UNSURE, Effect.NEUTRAL

WORDS = ("title", "description", "example", "examples", "rdfType")
DEFAULTS: Mapping[str, Any] = {
    "trueValues": ["true", "True", "TRUE", "1"], "falseValues": ["false", "False", "FALSE", "0"], "decimalChar": ".",
    "groupChar": "", "bareNumber": True, "floatNumber": False, "arrayItem": None, "customCheck": None, "codeList": None,
}  # fmt: skip


def field_changes(before: Mapping[str, Described], after: Mapping[str, Described]) -> Iterator[Change]:
    """`before`, `after`: name → field, in order."""
    lost = {name: one for name, one in before.items() if name not in after}
    new = {name: one for name, one in after.items() if name not in before}
    renamed = _renamed(lost, new)
    for name, field in after.items():
        if name in before:
            yield from _changed(name, before[name], field)
        elif name in renamed:
            yield Change("field-renamed", T if is_required(field) else U, name, renamed[name], name)
        else:
            required = is_required(field)
            yield Change(
                "required-field-added" if required else "field-added", T if required else N, name, None, dict(field)
            )
    for name, field in lost.items():
        if name not in renamed.values():
            yield Change("field-removed", L, name, dict(field), None)


def is_required(field: Described) -> bool:
    constraints = field.get("constraints")
    return isinstance(constraints, dict) and constraints.get("required") is True


def _renamed(lost: Mapping[str, Described], new: Mapping[str, Described]) -> dict[str, str]:
    """New name → former name, for a field that is word for word the same and the only one so."""

    def body(field: Described) -> str:
        return repr(sorted((key, repr(value)) for key, value in field.items() if key != "name"))

    was: dict[str, list[str]] = {}
    now: dict[str, list[str]] = {}
    for fields, found in ((lost, was), (new, now)):
        for name, field in fields.items():
            if len(field) > 2:  # a bare name and type say nothing of what the column holds
                found.setdefault(body(field), []).append(name)
    return {now[key][0]: names[0] for key, names in was.items() if len(names) == 1 and len(now.get(key, ())) == 1}


def _changed(name: str, before: Described, after: Described) -> Iterator[Change]:
    was, now = _type(before), _type(after)
    if was != now:
        effect = L if was == "integer" and now == "number" else U if now in ("string", "any") else T
        yield Change("type-changed", effect, name, was, now)
    if _format(before) != _format(after):
        yield _format_change(name, _format(before), _format(after), same_type=was == now)
    yield from constraint_changes(name, _constraints(before), _constraints(after), kind=now)
    yield from missing_changes(
        name, before.get("missingValues"), after.get("missingValues"), required=is_required(after)
    )
    yield from _readings(name, before, after)
    words = [word for word in WORDS if before.get(word) != after.get(word)]
    if words:
        yield Change("words-changed", N, name, None, None, {"words": ", ".join(words)})


def _readings(name: str, before: Described, after: Described) -> Iterator[Change]:
    """How values are read: marks of numbers, words of booleans, items of arrays."""
    for word in ("trueValues", "falseValues"):
        was, now = before.get(word, DEFAULTS[word]), after.get(word, DEFAULTS[word])
        if not isinstance(was, list) or not isinstance(now, list):
            continue
        if lost := [one for one in was if one not in now]:
            yield Change("values-removed", T, name, lost, None, {"property": word})
        if new := [one for one in now if one not in was]:
            yield Change("values-added", L, name, None, new, {"property": word})
    for word in ("decimalChar", "groupChar", "bareNumber", "floatNumber", "arrayItem", "customCheck", "codeList"):
        was, now = before.get(word, DEFAULTS[word]), after.get(word, DEFAULTS[word])
        if was != now:
            effect = T if was is None or word in ("decimalChar", "groupChar") else L if now is None else U
            yield Change("reading-changed", effect, name, was, now, {"property": word})


def missing_changes(name: str, was: Any, now: Any, *, required: bool) -> Iterator[Change]:
    """What counts as empty. A new mark empties cells: it is felt where a value is required."""
    if was == now:
        return
    before, after = (one if isinstance(one, list) else [""] for one in (was, now))
    if lost := [one for one in before if one not in after]:
        yield Change("missing-removed", T, name, lost, None)
    if new := [one for one in after if one not in before]:
        yield Change("missing-added", U if required else L, name, None, new)


def _type(field: Described) -> str:
    return str(field.get("type") or "string")


def _format(field: Described) -> str:
    return str(field.get("format") or "default")


def _constraints(field: Described) -> Mapping[str, Any]:
    found = field.get("constraints")
    return found if isinstance(found, dict) else {}


def _format_change(name: str, was: str, now: str, *, same_type: bool) -> Change:
    if now == "default" and same_type and was in ("email", "uri", "uuid", "binary"):
        return Change("format-removed", L, name, was, now)
    return Change("format-changed", T if same_type else U, name, was, now)
