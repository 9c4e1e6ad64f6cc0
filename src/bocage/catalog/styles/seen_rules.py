"""Rules as somebody may be told of them who does not see every row: without the values that no row has for them.

What is left draws the rows that they see exactly as before. A class by numbers cannot be told so: its bounds come from all rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from bocage.catalog.styles.symbols import Between, Compare, Condition, Group, Missing, Not, Rule

Values = Mapping[str, Collection[str]]
"""Name of a field → the values that are seen of it, as texts."""


class ToldByNumbers(ValueError):
    """A condition that is more than "it is this value"."""


def values_in(rules: tuple[Rule, ...]) -> dict[str, set[str]]:
    """Field → the values that conditions name. Raises ToldByNumbers."""
    found: dict[str, set[str]] = {}
    for rule in rules:
        for name, value in _leaves(rule.condition):
            found.setdefault(name, set()).add(value)
    return found


def _leaves(condition: Condition | None) -> Iterator[tuple[str, str]]:
    match condition:
        case Compare(operator="=" | "!=", field=name, value=value):
            yield name, text_of(value)
        case Compare() | Between():
            raise ToldByNumbers
        case Group(parts=parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part=part):
            yield from _leaves(part)


def text_of(value: str | float | bool) -> str:
    """As the engine writes it; a whole number without its point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:.15g}"


def without_unseen(rules: tuple[Rule, ...], seen: Values) -> tuple[Rule, ...]:
    """A rule that lost a part of its values loses its title too, which may be made of them."""
    found = []
    for rule in rules:
        condition = _kept(rule.condition, seen) if rule.condition is not None else True
        if condition is False:
            continue
        kept = None if condition is True else condition
        same = kept == rule.condition or _is_rest(rule.condition)
        found.append(
            rule
            if kept == rule.condition
            else replace(rule, condition=kept, title=rule.title if same else _words(kept))
        )
    return tuple(found)


def _kept(condition: Condition, seen: Values) -> Condition | bool:
    """What is left of it; True or False when it is decided already."""
    match condition:
        case Compare(operator=operator, field=name, value=value):
            if text_of(value) in seen.get(name, ()):
                return condition
            return Not(Missing(name)) if operator == "!=" else False
        case Group(kind=kind, parts=parts):
            left = [_kept(part, seen) for part in parts]
            if (kind == "all" and False in left) or (kind == "any" and True in left):
                return kind == "any"
            still = tuple(one for one in left if not isinstance(one, bool))
            return Group(kind, still) if len(still) > 1 else still[0] if still else kind == "all"
        case Not(part=part):
            inner = _kept(part, seen)
            return not inner if isinstance(inner, bool) else Not(inner)
        case _:
            return condition


def _is_rest(condition: Condition | None) -> bool:
    """Whether it only says what a record is not: its title is then made of no value."""
    match condition:
        case Not() | Missing():
            return True
        case Group(parts=parts):
            return all(_is_rest(part) for part in parts)
        case _:
            return False


def _words(condition: Condition | None) -> str:
    return ", ".join(dict.fromkeys(value for _name, value in _leaves(condition)))


def tells_values(rules: tuple[Rule, ...]) -> bool:
    """Whether a condition names values: labels are read in the rows, and tell no more than these."""
    return any(rule.condition is not None for rule in rules)
