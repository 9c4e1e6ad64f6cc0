"""Comparisons of a field with a value as written: words for a text, a period for a date, a number for a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.first_version.language.functions import now
from bocage.publish.first_version.language.tokens import Token, tokens_of
from bocage.publish.first_version.refusals import Malformed
from bocage.query.odsql import nodes
from bocage.query.odsql.dates import Moment, read_moment
from bocage.query.odsql.types import DATES
from bocage.query.plan import ROW_ID

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope

TEXTS = (FieldType.STRING, FieldType.ARRAY)


def of_the_field(name: str, text: str, scope: Scope, *, bare: bool = False) -> nodes.Node:
    """`field:value`. `bare`: not quoted, so that a `*` at its end makes a prefix, and alone asks for any value."""
    field = nodes.Name(name)
    kind = scope.expression(name).type
    if bare and text == "*":
        return nodes.IsNull(field, negated=True)
    if name == ROW_ID:
        return nodes.Comparison("=", field, nodes.Text(text))
    if kind in TEXTS:
        return nodes.Like(field, nodes.Text(text if bare else text.replace("*", " ")))
    if kind in DATES:
        return _during(field, _moment(text, scope))
    return nodes.Comparison("=", field, nodes.Text(text))


def compared(name: str, operator: str, operand: Token, scope: Scope) -> nodes.Node:
    """`field>value`. A date is a period: after 2013 is after its last day, until 2013 has it in."""
    field = nodes.Name(name)
    if operand.kind == "function":
        return nodes.Comparison(operator, field, _called(operand.text, operand.low, scope))
    if scope.expression(name).type not in DATES:
        return nodes.Comparison(operator, field, nodes.Text(operand.text))
    moment = _moment(operand.text, scope)
    return (
        _before(field, moment, operator == "<=") if operator in ("<", "<=") else _after(field, moment, operator == ">=")
    )


def in_interval(name: str, interval: Token, scope: Scope) -> nodes.Node | None:
    """`[a TO b]`, `*` being no bound; both periods are inside, unless their bracket leaves them out."""
    sides = [(">", interval.low, interval.closed[0]), ("<", interval.high, interval.closed[1])]
    found = [
        _side(name, operator + ("=" if closed else ""), text, scope) for operator, text, closed in sides if text != "*"
    ]
    return nodes.And(tuple(found)) if len(found) > 1 else (found[0] if found else nodes.IsNull(nodes.Name(name), True))


def _side(name: str, operator: str, text: str, scope: Scope) -> nodes.Node:
    written = list(tokens_of(text, {})) if text.startswith("#") else []
    if written and written[0].kind == "function":
        return compared(name, operator, written[0], scope)
    return compared(name, operator, _plain(text), scope)


def _plain(text: str) -> Token:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return Token("quoted", text[1:-1] if quoted else text)


def _called(function: str, arguments: str, scope: Scope) -> nodes.Node:
    if function != "now":
        raise Malformed("q", f"#{function[:50]} is not a value")
    return now(arguments, scope)


def _moment(text: str, scope: Scope) -> Moment:
    moment = read_moment(text, scope.zone)
    if moment is None:
        raise Malformed("q", f"{text[:100]!r} is not a date like 2013, 2013/02/11 or 2013-02-11T08:00:00")
    return moment


def _during(field: nodes.Name, moment: Moment) -> nodes.Node:
    return nodes.And((_after(field, moment, True), _before(field, moment, True)))


def _after(field: nodes.Name, moment: Moment, included: bool) -> nodes.Node:
    if included:
        return nodes.Comparison(">=", field, nodes.DateText(moment.start.isoformat()))
    return nodes.Comparison(">=", field, nodes.DateText(moment.end.isoformat())) if moment.end else nodes.Truth(False)


def _before(field: nodes.Name, moment: Moment, included: bool) -> nodes.Node:
    """Beyond the last day of the calendar, any date is before."""
    if not included:
        return nodes.Comparison("<", field, nodes.DateText(moment.start.isoformat()))
    if moment.end is None:
        return nodes.IsNull(field, negated=True)
    return nodes.Comparison("<", field, nodes.DateText(moment.end.isoformat()))
