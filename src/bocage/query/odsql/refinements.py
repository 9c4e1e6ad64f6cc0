"""refine and exclude: `field:value`, quoted or not, several in one parameter; and how a value is compared."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bocage.catalog.vocabulary import FieldType
from bocage.query.errors import InvalidParameter, UnknownField
from bocage.query.odsql.dates import read_moment
from bocage.query.odsql.escapes import unescape
from bocage.query.odsql.scope import Scope
from bocage.query.odsql.types import DATES, adapted
from bocage.query.plan import Always, BeginsWith, Between, Column, Compare, Constant, Includes, Or, Predicate

MOST_REFINEMENTS = 200
_NAME = re.compile(r"\s*(?:`(?P<quoted>(?:[^`\\]|\\.)+)`|(?P<name>[\w.]+))\s*:\s*")
_QUOTED = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*(?:,|$)""", re.DOTALL)


@dataclass(frozen=True)
class Refinement:
    field: str
    value: str


def read_refinements(parameter: str, texts: Sequence[str], scope: Scope) -> tuple[Refinement, ...]:
    """`parameter` is refine or exclude. Raises InvalidParameter, UnknownField.

    A comma inside a bare value belongs to it, unless what follows is `field:` for a field that exists."""
    found: list[Refinement] = []
    for text in texts:
        if text.strip():
            found += _read_one(parameter, text, scope)
    if len(found) > MOST_REFINEMENTS:
        raise InvalidParameter(
            parameter=parameter, value=str(len(found)), expected=f"at most {MOST_REFINEMENTS} values"
        )
    return tuple(found)


def _read_one(parameter: str, text: str, scope: Scope) -> list[Refinement]:
    refinements: list[Refinement] = []
    at = 0
    while at < len(text):
        found = _NAME.match(text, at)
        if found is None:
            raise InvalidParameter(parameter=parameter, value=text[:200], expected="FIELD:VALUE")
        field = scope.field(_field_name(found))
        if field is None:
            raise UnknownField(clause=parameter, field=_field_name(found))
        value, at = _value(text, found.end(), scope)
        refinements.append(Refinement(field.name, value))
    return refinements


def _field_name(found: re.Match[str]) -> str:
    return unescape(found["quoted"]) if found["quoted"] else found["name"]


def _value(text: str, at: int, scope: Scope) -> tuple[str, int]:
    """The value that begins at `at`, and where the next refinement begins."""
    if quoted := _QUOTED.match(text, at):
        return unescape(quoted[1] if quoted[1] is not None else quoted[2]), quoted.end()
    end = at
    while (end := text.find(",", end)) >= 0:
        following = _NAME.match(text, end + 1)
        if following and scope.field(_field_name(following)):
            return text[at:end].strip(), end + 1
        end += 1
    return text[at:].strip(), len(text)


def refined(refinement: Refinement, scope: Scope, separator: str | None = None) -> Predicate:
    """Rows that have this value. With a `separator`, values are paths and the rows below count too.

    On a date, `2024/05` is that month, in the time zone of the request."""
    field = scope.fields[refinement.field]
    column = Column(field.name, field.type)
    if field.type in DATES:
        return _in_period(column, refinement, scope)
    if separator and field.type == FieldType.STRING:
        exact = Compare("=", column, Constant(refinement.value, FieldType.STRING))
        return Or((exact, BeginsWith((column,), refinement.value + separator)))
    if separator and field.type == FieldType.ARRAY:
        inside = Includes(column, (Constant(refinement.value, FieldType.STRING),))
        return Or((inside, BeginsWith((column,), refinement.value + separator)))
    if field.type == FieldType.ARRAY:
        return Includes(column, (Constant(refinement.value, FieldType.STRING),))
    value = adapted(Constant(refinement.value, FieldType.STRING), field.type, scope)
    return Compare("=", column, value) if value is not None else Always(False)


def _in_period(column: Column, refinement: Refinement, scope: Scope) -> Predicate:
    moment = read_moment(refinement.value, scope.zone)
    if moment is None:
        return Always(False)
    low: date | datetime = moment.start
    high: date | datetime | None = moment.end
    if column.type == FieldType.DATE:
        if moment.precision not in ("year", "month", "day"):
            return Always(False)
        low, high = moment.start.date(), moment.end.date() if moment.end else None
    if high is None:
        return Compare(">=", column, Constant(low, column.type))
    return Between(column, Constant(low, column.type), Constant(high, column.type), high_closed=False)


def by_field(refinements: Sequence[Refinement]) -> Mapping[str, list[str]]:
    """Values asked for each field, in order, without doubles."""
    found: dict[str, list[str]] = {}
    for refinement in refinements:
        values = found.setdefault(refinement.field, [])
        if refinement.value not in values:
            values.append(refinement.value)
    return found
