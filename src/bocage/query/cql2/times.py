"""Temporal functions, as comparisons of the ends of two spans. Intervals are closed at both ends (clause 7.8)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Literal

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.cql2 import nodes
from bocage.query.cql2.reading import Reading
from bocage.query.cql2.values import value
from bocage.query.cql2.vocabulary import INTERVAL_TEMPORAL
from bocage.query.odsql.types import DATES
from bocage.query.plan import Always, And, Call, Column, Compare, Constant, Expression, Operation, Or, Predicate

Operator = Literal["=", "!=", ">", "<", ">=", "<="]
PAST, FUTURE = -1, 1
End = Expression | int
"""PAST and FUTURE are the ends of what does not end."""


@dataclass(frozen=True)
class Span:
    first: End
    last: End
    is_interval: bool


def temporal(node: nodes.Operation, reading: Reading) -> Predicate:
    one, other = (_span(argument, reading) for argument in node.arguments)
    if node.name in INTERVAL_TEMPORAL and not (one.is_interval and other.is_interval):
        raise reading.scope.malformed(
            gettext_noop("%(name)s compares two intervals: INTERVAL(start, end)"), name=node.name.upper()
        )
    return _RELATIONS[node.name](*_comparable(one, other, reading.scope.timezone))


def _span(node: nodes.Node, reading: Reading) -> Span:
    if isinstance(node, nodes.Interval):
        return Span(_end(node.first, PAST, reading), _end(node.last, FUTURE, reading), is_interval=True)
    instant = _end(node, PAST, reading)
    return Span(instant, instant, is_interval=False)


def _end(node: nodes.Node, open_end: int, reading: Reading) -> End:
    if isinstance(node, nodes.Open):
        return open_end
    found = value(node, reading)
    if found.type not in DATES:
        raise reading.scope.malformed(gettext_noop("A date, a timestamp or an interval is expected"))
    return found


def _comparable(one: Span, other: Span, timezone: str) -> tuple[Span, Span]:
    """Where days meet instants, a day lasts from its midnight to its last instant."""
    kinds = {end.type for span in (one, other) for end in (span.first, span.last) if not isinstance(end, int)}
    if len(kinds) < 2:
        return one, other
    first, last = (Span(span.first, _last_instant(span.last, timezone), span.is_interval) for span in (one, other))
    return first, last


def _last_instant(end: End, timezone: str) -> End:
    if isinstance(end, int) or end.type != FieldType.DATE:
        return end
    if isinstance(end, Constant) and timezone == "UTC":
        return Constant(datetime.combine(end.value, time.max, UTC), FieldType.DATETIME)
    return Call(Operation.DAY_END, (end,), FieldType.DATETIME, timezone=timezone)


def _is(operator: Operator, left: End, right: End) -> Predicate:
    """Compared with what does not end, a date that is missing stays undecided."""
    if not isinstance(left, int) and not isinstance(right, int):
        return Compare(operator, left, right)
    ranks = [end if isinstance(end, int) else 0 for end in (left, right)]
    true = {"=": ranks[0] == ranks[1], "<": ranks[0] < ranks[1], ">": ranks[0] > ranks[1],
            "<=": ranks[0] <= ranks[1], ">=": ranks[0] >= ranks[1]}[operator]  # fmt: skip
    known = next((end for end in (left, right) if isinstance(end, Column | Call)), None)
    return Always(true) if known is None else Compare("=" if true else "!=", known, known)


def _both(*conditions: Predicate) -> Predicate:
    return And(conditions)


_RELATIONS: dict[str, Callable[[Span, Span], Predicate]] = {
    "t_after": lambda a, b: _is(">", a.first, b.last),
    "t_before": lambda a, b: _is("<", a.last, b.first),
    "t_disjoint": lambda a, b: Or((_is("<", a.last, b.first), _is(">", a.first, b.last))),
    "t_equals": lambda a, b: _both(_is("=", a.first, b.first), _is("=", a.last, b.last)),
    "t_intersects": lambda a, b: _both(_is("<=", a.first, b.last), _is(">=", a.last, b.first)),
    "t_contains": lambda a, b: _both(_is("<", a.first, b.first), _is(">", a.last, b.last)),
    "t_during": lambda a, b: _both(_is(">", a.first, b.first), _is("<", a.last, b.last)),
    "t_finishedby": lambda a, b: _both(_is("<", a.first, b.first), _is("=", a.last, b.last)),
    "t_finishes": lambda a, b: _both(_is(">", a.first, b.first), _is("=", a.last, b.last)),
    "t_meets": lambda a, b: _is("=", a.last, b.first),
    "t_metby": lambda a, b: _is("=", a.first, b.last),
    "t_overlappedby": lambda a, b: _both(
        _is(">", a.first, b.first), _is("<", a.first, b.last), _is(">", a.last, b.last)
    ),
    "t_overlaps": lambda a, b: _both(_is("<", a.first, b.first), _is(">", a.last, b.first), _is("<", a.last, b.last)),
    "t_startedby": lambda a, b: _both(_is("=", a.first, b.first), _is(">", a.last, b.last)),
    "t_starts": lambda a, b: _both(_is("=", a.first, b.first), _is("<", a.last, b.last)),
}
