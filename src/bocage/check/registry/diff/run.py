"""The whole comparison. What the reference ignores (a misplaced constraint) is compared as what it is: nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bocage.check.registry.diff.change import Change, Effect, SchemaDiff
from bocage.check.registry.diff.fields import field_changes, is_required, missing_changes
from bocage.check.registry.geography import geographic_profile

Described = Mapping[str, Any]
T, L, U, N = Effect.TIGHTENED, Effect.LOOSENED, Effect.UNSURE, Effect.NEUTRAL


def diff(before: Described, after: Described) -> SchemaDiff:
    """From one descriptor to another: Table Schemas as they are written."""
    was, now = _fields(before), _fields(after)
    return SchemaDiff((*_table(before, after, was, now), *field_changes(was, now)))


def _fields(data: Described) -> dict[str, Described]:
    listed = data.get("fields")
    return {
        one["name"]: one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    }


def _table(
    before: Described, after: Described, was: Mapping[str, Described], now: Mapping[str, Described]
) -> Iterator[Change]:
    common = [name for name in was if name in now]
    required = any(is_required(field) for field in now.values())
    yield from missing_changes("", before.get("missingValues"), after.get("missingValues"), required=required)
    yield from _key(before.get("primaryKey"), after.get("primaryKey"))
    yield from _listed_rules("foreign-key", before.get("foreignKeys"), after.get("foreignKeys"))
    yield from _listed_rules("check", before.get("custom_checks"), after.get("custom_checks"))
    yield from _geography(before, after)
    if common != [name for name in now if name in was]:
        yield Change("order-changed", N)
    if words := [word for word in ("title", "description", "homepage") if before.get(word) != after.get(word)]:
        yield Change("words-changed", N, fields={"words": ", ".join(words)})


def _key(was: Any, now: Any) -> Iterator[Change]:
    before, after = _names(was), _names(now)
    if before == after:
        return
    if not before:
        yield Change("key-added", T, before=None, after=after)
    elif not after:
        yield Change("key-removed", L, before=before, after=None)
    else:
        yield Change("key-changed", U if set(after) > set(before) else T, before=before, after=after)


def _names(written: Any) -> list[str]:
    return [written] if isinstance(written, str) and written else list(written) if isinstance(written, list) else []


def _listed_rules(kind: str, was: Any, now: Any) -> Iterator[Change]:
    before, after = (one if isinstance(one, list) else [] for one in (was, now))
    for rule in after:
        if rule not in before:
            yield Change(f"{kind}-added", T, before=None, after=rule, fields={"name": _rule_name(rule)})
    for rule in before:
        if rule not in after:
            yield Change(f"{kind}-removed", L, before=rule, after=None, fields={"name": _rule_name(rule)})


def _rule_name(rule: Any) -> str:
    """What a person calls a rule: the check and its columns, or the fields of the key."""
    if not isinstance(rule, dict):
        return str(rule)
    if "name" not in rule:
        return ", ".join(_names(rule.get("fields")))
    params = rule.get("params")
    values = list(params.values()) if isinstance(params, dict) else []
    told = [
        ", ".join(one) if isinstance(one, list) and all(isinstance(x, str) for x in one) else str(one) for one in values
    ]
    return f"{rule['name']} ({', '.join(told)})" if told else str(rule["name"])


def _geography(before: Described, after: Described) -> Iterator[Change]:
    was, now = geographic_profile(before), geographic_profile(after)
    if was == now:
        return
    effect = T if was is None else L if now is None else U
    yield Change("geography-changed", effect, before=was and was.as_dict(), after=now and now.as_dict())
