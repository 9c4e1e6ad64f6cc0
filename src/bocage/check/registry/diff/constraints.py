"""The rules of a field, one by one: tighter or looser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.diff.change import Change, Effect
from bocage.check.registry.lint.types import read_bound

FLAGS = ("required", "unique")
LOWER = ("minimum", "exclusiveMinimum", "minLength")
UPPER = ("maximum", "exclusiveMaximum", "maxLength")
T, L, U = Effect.TIGHTENED, Effect.LOOSENED, Effect.UNSURE


def constraint_changes(
    name: str, before: Mapping[str, Any], after: Mapping[str, Any], *, kind: str
) -> Iterator[Change]:
    """`before`, `after`: the `constraints` of the field; `kind`: its type now."""
    for flag in FLAGS:
        was, now = before.get(flag) is True, after.get(flag) is True
        if was != now:
            yield Change(f"{flag}-{'added' if now else 'removed'}", T if now else L, name, was, now)
    for bound in (*LOWER, *UPPER):
        if before.get(bound) != after.get(bound):
            yield _bound(name, bound, before.get(bound), after.get(bound), kind)
    if before.get("pattern") != after.get("pattern"):
        yield _pattern(name, before.get("pattern"), after.get("pattern"))
    if before.get("enum") != after.get("enum"):
        yield from _enum(name, before.get("enum"), after.get("enum"))


def _bound(name: str, bound: str, was: Any, now: Any, kind: str) -> Change:
    fields = {"constraint": bound}
    if was is None:
        return Change("bound-added", T, name, was, now, fields)
    if now is None:
        return Change("bound-removed", L, name, was, now, fields)
    read_as = "integer" if bound.endswith("Length") else kind
    low, high = read_bound(read_as, was), read_bound(read_as, now)
    try:
        raised = None if low is None or high is None else high > low
        same = low is not None and low == high
    except TypeError:
        raised, same = None, False
    if raised is None:
        return Change("bound-moved", U, name, was, now, fields)
    if same:
        return Change("bound-moved", Effect.NEUTRAL, name, was, now, fields)
    return Change("bound-moved", T if raised == (bound in LOWER) else L, name, was, now, fields)


def _pattern(name: str, was: Any, now: Any) -> Change:
    if was is None:
        return Change("pattern-added", T, name, was, now)
    if now is None:
        return Change("pattern-removed", L, name, was, now)
    return Change("pattern-changed", U, name, was, now)


def _enum(name: str, was: Any, now: Any) -> Iterator[Change]:
    if not isinstance(was, list):
        yield Change("enum-added", T, name, None, now)
    elif not isinstance(now, list):
        yield Change("enum-removed", L, name, was, None)
    else:
        held, kept = {str(one) for one in was}, {str(one) for one in now}
        if lost := [one for one in was if str(one) not in kept]:
            yield Change("values-removed", T, name, lost, None)
        if new := [one for one in now if str(one) not in held]:
            yield Change("values-added", L, name, None, new)
