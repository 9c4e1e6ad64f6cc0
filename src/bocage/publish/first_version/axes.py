"""`x`: what an analysis is by. A field, a part of a date (`x=date.year`), or a date cut at a precision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bocage.catalog.vocabulary import FieldType
from bocage.publish.first_version.refusals import Malformed, NotComputable
from bocage.query.odsql import nodes
from bocage.query.odsql.groupings import grouping
from bocage.query.odsql.types import DATES
from bocage.query.plan import Expression, Missing, Not, Predicate

if TYPE_CHECKING:
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.odsql.scope import Scope

MOST_AXES = 10
LEVELS = ("year", "month", "day", "hour", "minute", "second")
FORMATS = {"weekday": "e", "yearday": "DDD", "week": "ww", "weekyear": "xxxx"}
"""Parts of a date that are written by date_format, as digits."""
PARTS = (*LEVELS, *FORMATS)
PRECISIONS = ("year", "month", "week", "day", "hour", "minute")
PERIODS = ("year", "month", "week", "weekday", "day", "hour", "minute")


@dataclass(frozen=True)
class Axis:
    """A key of the groups. `part`: of a date, empty for a whole value or a text made by a pattern."""

    field: str
    key: Expression
    part: str = ""

    def shown(self, value: Any) -> Any:
        """Monday is 0."""
        if not self.part or value is None:
            return value
        return int(value) - 1 if self.part == "weekday" else int(value)


def read_axes(inquiry: Inquiry, scope: Scope) -> list[Axis]:
    """Raises Malformed, NotComputable, UnknownField."""
    scope = scope.in_clause("group_by")
    names = [name.strip() for text in inquiry.texts("x") for name in text.split(",") if name.strip()]
    axes = [axis for name in dict.fromkeys(names) for axis in _axes(inquiry, name, scope)]
    if len(axes) > MOST_AXES:
        raise Malformed("x", f"{len(axes)} axes, at most {MOST_AXES} are accepted")
    return axes


def _axes(inquiry: Inquiry, name: str, scope: Scope) -> list[Axis]:
    field, _, part = name.rpartition(".")
    if field and part in PARTS and scope.field(name) is None:
        return [_part(field, part, scope)]
    column = scope.expression(name)
    if column.type.is_geographic or column.type == FieldType.OBJECT:
        raise NotComputable(f"An analysis by {name[:100]!r}")
    if column.type not in DATES:
        return [Axis(name, grouping(nodes.Name(name), scope).key)]
    if pattern := inquiry.text(f"x.{name}.pattern"):
        return [Axis(name, _formatted(name, pattern, scope))]
    return [_part(name, part, scope) for part in _levels(inquiry, name)]


def _part(field: str, part: str, scope: Scope) -> Axis:
    if scope.expression(field).type not in DATES:
        raise NotComputable(f"The {part} of {field[:100]!r}")
    if part in FORMATS:
        return Axis(field, _formatted(field, FORMATS[part], scope), part)
    return Axis(field, grouping(nodes.Function(part, (nodes.Name(field),)), scope).key, part)


def _formatted(field: str, pattern: str, scope: Scope) -> Expression:
    return grouping(nodes.Function("date_format", (nodes.Name(field), nodes.Text(pattern))), scope).key


def _levels(inquiry: Inquiry, name: str) -> Sequence[str]:
    """From the period to the precision: `month` and `day` are the days of every month of January, and so on."""
    period = inquiry.text(f"x.{name}.periodic") or inquiry.text("periodic", "year")
    precision = inquiry.text(f"x.{name}.precision") or inquiry.text("precision", "day")
    if period not in PERIODS:
        raise Malformed("periodic", f"one of {', '.join(PERIODS)} is expected")
    if precision not in PRECISIONS:
        raise Malformed("precision", f"one of {', '.join(PRECISIONS)} is expected")
    if period == "weekday":
        return (
            ("weekday", *LEVELS[3 : LEVELS.index(precision) + 1]) if precision in ("hour", "minute") else ("weekday",)
        )
    if period == "week" or precision == "week":
        return ("weekyear", "week") if period == "year" else ("week",)
    first, last = LEVELS.index(period), LEVELS.index(precision)
    return LEVELS[first : max(first, last) + 1]


def there(axes: Sequence[Axis]) -> list[Predicate]:
    """Conditions: what has no value on an axis is not on it."""
    return [Not(Missing(axis.key)) for axis in axes]


def shown(axes: Sequence[Axis], values: Sequence[Any]) -> Any:
    """`x` of one point: a value; the parts of a date together; or both, by field, when there are several fields."""
    fields: dict[str, Any] = {}
    for axis, value in zip(axes, values, strict=True):
        if axis.part:
            fields.setdefault(axis.field, {})["year" if axis.part == "weekyear" else axis.part] = axis.shown(value)
        else:
            fields[axis.field] = value
    return next(iter(fields.values())) if len(fields) == 1 else fields
