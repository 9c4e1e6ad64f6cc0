"""How many characters the codes of a field have, when its constraints leave no choice: what a code that lost its zeros is
brought back to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from re import _constants as tokens
from re import _parser as parser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bocage.check.schema import SchemaField

LONGEST = 64
"""Characters of a code: what may be longer is none."""

Lengths = frozenset[int] | None  # None: longer than any code, or nobody can tell

_ONE = frozenset({1})
_NOTHING = frozenset({0})


def code_length(field: SchemaField) -> int:
    """0 when codes of several lengths are right, or when nothing is said."""
    asked = field.constraints
    found = [
        lengths_of(asked["pattern"]) if isinstance(asked.get("pattern"), str) else None,
        frozenset(len(str(one)) for one in asked["enum"]) if asked.get("enum") else None,
        _between(asked.get("minLength"), asked.get("maxLength")),
    ]
    known = [lengths for lengths in found if lengths is not None]
    possible = frozenset.intersection(*known) - _NOTHING if known else frozenset()  # an empty cell is a missing value
    return next(iter(possible)) if len(possible) == 1 else 0


def lengths_of(pattern: str) -> Lengths:
    """The lengths of all the texts that `^pattern$` accepts, and perhaps of some that it does not."""
    try:
        return _sequence(parser.parse(f"^{pattern}$"))
    except (re.error, OverflowError, RecursionError):
        return None


def _between(least: Any, most: Any) -> Lengths:
    if not isinstance(least, int) or not isinstance(most, int) or not 0 <= most - least <= LONGEST:
        return None
    return frozenset(range(least, most + 1))


def _sequence(items: Iterable[tuple[Any, Any]]) -> Lengths:
    total: Lengths = _NOTHING
    for kind, what in items:
        total = _followed(total, _node(kind, what))
    return total


def _followed(one: Lengths, other: Lengths) -> Lengths:
    if one is None or other is None:
        return None
    sums = frozenset(mine + theirs for mine in one for theirs in other)
    return sums if max(sums, default=0) <= LONGEST else None


def _node(kind: Any, what: Any) -> Lengths:
    if kind in _SHAPES:
        return _SHAPES[kind]
    measure = _MEASURES.get(kind)
    return measure(what) if measure else None  # what a group matched earlier, and whatever comes next in the language


def _either(branches: list[Lengths]) -> Lengths:
    known = [lengths for lengths in branches if lengths is not None]
    return frozenset().union(*known) if len(known) == len(branches) else None


def _repeated(least: int, most: int, items: Iterable[tuple[Any, Any]]) -> Lengths:
    once = _sequence(items)
    if once is None or once == _NOTHING:
        return once
    if most > LONGEST:  # without end, or beyond codes: longer texts are right too
        return None
    total: Lengths = _NOTHING
    found: set[int] = set()
    for times in range(most + 1):
        if total is None:
            return None
        if times >= least:
            found |= total
        total = _followed(total, once) if times < most else total
    return frozenset(found)


_SHAPES = {
    tokens.LITERAL: _ONE, tokens.NOT_LITERAL: _ONE, tokens.ANY: _ONE, tokens.IN: _ONE,
    tokens.AT: _NOTHING, tokens.ASSERT: _NOTHING, tokens.ASSERT_NOT: _NOTHING,
}  # fmt: skip
_MEASURES: dict[Any, Callable[[Any], Lengths]] = {
    tokens.MAX_REPEAT: lambda what: _repeated(*what),
    tokens.MIN_REPEAT: lambda what: _repeated(*what),
    tokens.POSSESSIVE_REPEAT: lambda what: _repeated(*what),
    tokens.SUBPATTERN: lambda what: _sequence(what[-1]),
    tokens.ATOMIC_GROUP: _sequence,
    tokens.BRANCH: lambda what: _either([_sequence(branch) for branch in what[1]]),
}
