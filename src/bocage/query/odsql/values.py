"""Value expressions: nodes → plan expressions, types checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.errors import NotStatistical
from bocage.query.odsql import literals, nodes
from bocage.query.odsql.date_formats import UnknownPattern, read_pattern
from bocage.query.odsql.dates import in_calendar, shifted
from bocage.query.odsql.literals import shape
from bocage.query.odsql.placement import AGGREGATES, CLAUSES, DATE_PARTS, no_similarity
from bocage.query.odsql.scope import Scope
from bocage.query.odsql.types import DATES, NUMBERS
from bocage.query.plan import Aggregate, Call, Column, Constant, Expression, Operation, Summary


def value(node: nodes.Node, scope: Scope) -> Expression:
    """Raises UnknownField, WrongType, OdsqlError."""
    reader = _READERS.get(type(node))
    if isinstance(node, nodes.Star):
        raise scope.malformed(gettext_noop("* can only be counted: count(*)"))
    if reader is None:
        raise scope.malformed(gettext_noop("A condition was found where a value is expected"))
    return reader(node, scope)


def _name(node: nodes.Name, scope: Scope) -> Expression:
    return scope.expression(node.name)


def _negative(node: nodes.Negative, scope: Scope) -> Expression:
    operand = value(node.operand, scope)
    if isinstance(operand, Constant) and operand.type in NUMBERS:
        return Constant(-operand.value, operand.type, f"-{operand.written}")
    return Call(Operation.NEGATE, (_numeric(operand, "-", scope),), operand.type)


def _arithmetic(node: nodes.Arithmetic, scope: Scope) -> Expression:
    operands = tuple(_numeric(value(side, scope), node.operator, scope) for side in (node.left, node.right))
    whole = node.operator != "/" and all(operand.type == FieldType.INTEGER for operand in operands)
    return Call(Operation(node.operator), operands, FieldType.INTEGER if whole else FieldType.NUMBER)


def _numeric(operand: Expression, operator: str, scope: Scope) -> Expression:
    if operand.type not in NUMBERS:
        raise scope.wrong(
            operator, gettext_noop("Operator %(operator)s only supports numeric expressions"), operator=operator
        )
    return operand


def _function(node: nodes.Function, scope: Scope) -> Expression:
    if scope.clause not in CLAUSES.get(node.name, {scope.clause}):
        raise scope.malformed(gettext_noop("Function %(name)s is not allowed in %(clause)s"), name=node.name)
    if node.name in AGGREGATES:
        return aggregate(node, scope)
    if node.distinct:
        raise scope.malformed(gettext_noop("DISTINCT is not allowed in %(name)s"), name=node.name)
    if node.name in _DATE_PARTS:
        return _date_part(node, scope)
    if function := _FUNCTIONS.get(node.name):
        return function(node, scope)
    raise scope.malformed(gettext_noop("Function %(name)s is not allowed here"), name=node.name)


def arguments(node: nodes.Function, scope: Scope, least: int, most: int | None = None) -> tuple[nodes.Node, ...]:
    """The arguments, once counted."""
    most = least if most is None else most
    if not least <= len(node.arguments) <= most:
        expected = str(least) if least == most else f"{least} to {most}"
        raise scope.malformed(
            gettext_noop("Function %(name)s expects %(expected)s argument(s), %(count)s given"),
            name=node.name,
            expected=expected,
            count=len(node.arguments),
        )
    return node.arguments


def _length(node: nodes.Function, scope: Scope) -> Expression:
    return Call(Operation.LENGTH, (_string(node, scope),), FieldType.INTEGER)


def _lower(node: nodes.Function, scope: Scope) -> Expression:
    return Call(Operation.LOWER, (_string(node, scope),), FieldType.STRING)


def _string(node: nodes.Function, scope: Scope) -> Expression:
    operand = value(arguments(node, scope, 1)[0], scope)
    if operand.type != FieldType.STRING:
        raise scope.wrong(node.name, gettext_noop("Function %(name)s only supports text expressions"), name=node.name)
    return operand


def _date_part(node: nodes.Function, scope: Scope) -> Expression:
    operand = date_value(arguments(node, scope, 1)[0], node.name, scope)
    return Call(_DATE_PARTS[node.name], (operand,), FieldType.INTEGER, timezone=scope.timezone)


def date_value(node: nodes.Node, operation: str, scope: Scope) -> Expression:
    operand = value(node, scope)
    if operand.type not in DATES:
        raise scope.wrong(operation, gettext_noop("Function %(operation)s only supports date expressions"))
    return operand


def _date_format(node: nodes.Function, scope: Scope) -> Expression:
    operand, pattern = arguments(node, scope, 2)
    if not isinstance(pattern, nodes.Text):
        raise scope.malformed(gettext_noop("The format of date_format must be a text"))
    try:
        pieces = read_pattern(pattern.value, scope.lang)
    except UnknownPattern as error:
        raise scope.malformed(gettext_noop("Unknown pattern in date_format: %(error)s"), error=str(error)) from None
    date = date_value(operand, "date_format", scope)
    return Call(Operation.FORMAT_DATE, (date,), FieldType.STRING, pieces, scope.timezone)


def _ifnull(node: nodes.Function, scope: Scope) -> Expression:
    first, second = (value(argument, scope) for argument in arguments(node, scope, 2))
    kind = _common(first, second)
    if kind is None:
        raise scope.wrong(
            "ifnull",
            gettext_noop("Function ifnull mixes %(first)s and %(second)s"),
            first=first.type.value,
            second=second.type.value,
        )
    return Call(Operation.COALESCE, (first, second), kind)


def _common(first: Expression, second: Expression) -> FieldType | None:
    if first.type == second.type:
        return first.type
    if first.type in NUMBERS and second.type in NUMBERS:
        return FieldType.NUMBER
    if first.type in DATES and second.type in DATES:
        return FieldType.DATETIME
    return None


def _now(node: nodes.Function, scope: Scope) -> Expression:
    shifts: dict[str, int] = {}
    for argument in node.arguments:
        if not isinstance(argument, nodes.Named):
            raise scope.malformed(gettext_noop("Arguments of now() are named, like now(days=-1)"))
        amount = value(argument.value, scope)
        if not isinstance(amount, Constant) or amount.type != FieldType.INTEGER:
            raise scope.malformed(gettext_noop("Argument %(name)s of now() must be a whole number"), name=argument.name)
        shifts.pop(argument.name, None)  # the last of two wins, and its place counts
        shifts[argument.name] = amount.value
    try:
        moment = in_calendar(shifted(scope.now.astimezone(scope.zone), shifts))
    except (ValueError, OverflowError) as error:
        raise scope.malformed(gettext_noop("Invalid argument of now(): %(error)s"), error=str(error)) from None
    return Constant(moment, FieldType.DATETIME)


def _json_format(node: nodes.Function, scope: Scope) -> Expression:
    """Without a fallback, a text that is no JSON is shown as it is; `null` as a fallback leaves it out."""
    text, *fallback = arguments(node, scope, 1, 2)
    operand = value(text, scope)
    otherwise = "" if fallback and isinstance(fallback[0], nodes.Null) else None
    if fallback and otherwise is None:
        given = value(fallback[0], scope)
        if not isinstance(given, Constant) or given.type != FieldType.STRING:
            raise scope.malformed(gettext_noop("The fallback of json_format must be a text or null"))
        otherwise = json.dumps(given.value, ensure_ascii=False)
    if operand.type not in (FieldType.STRING, FieldType.OBJECT):
        raise scope.wrong("json_format", gettext_noop("Function json_format only supports text expressions"))
    return Call(Operation.PARSE_JSON, (operand,), FieldType.OBJECT, (otherwise,))


def _distance(node: nodes.Function, scope: Scope) -> Expression:
    field, geometry = arguments(node, scope, 2)
    return Call(
        Operation.DISTANCE, (geographic(field, "distance", scope),), FieldType.NUMBER, (shape(geometry, scope),)
    )


def geographic(node: nodes.Node, operation: str, scope: Scope) -> Column:
    column = scope.column(node, operation)
    if not column.type.is_geographic:
        raise scope.wrong(operation, gettext_noop("Function %(operation)s only supports geographic fields"))
    return column


def _random(node: nodes.Function, scope: Scope) -> Expression:
    seed = value(arguments(node, scope, 1)[0], scope)
    if not isinstance(seed, Constant) or seed.type != FieldType.INTEGER:
        raise scope.malformed(gettext_noop("The seed of random must be a whole number"))
    return Call(Operation.SHUFFLE, (), FieldType.INTEGER, (seed.value,))


def _similarity(node: nodes.Function, scope: Scope) -> Expression:
    raise no_similarity(node, scope)


_STATISTICS = {
    "avg": Summary.AVERAGE, "sum": Summary.SUM, "min": Summary.MINIMUM, "max": Summary.MAXIMUM,
    "median": Summary.PERCENTILE, "percentile": Summary.PERCENTILE,
}  # fmt: skip


def aggregate(node: nodes.Function, scope: Scope) -> Aggregate:
    """Raises OdsqlError for what it cannot aggregate."""
    if node.name == "count":
        return _count(node, scope)
    if node.distinct:
        raise scope.malformed(gettext_noop("DISTINCT is not allowed in %(name)s"), name=node.name)
    if node.name in ("envelope", "bbox"):
        column = geographic(arguments(node, scope, 1)[0], node.name, scope)
        return Aggregate(Summary.HULL if node.name == "envelope" else Summary.BOX, column, FieldType.GEOMETRY)
    return _statistic(node, scope)


def _count(node: nodes.Function, scope: Scope) -> Aggregate:
    argument = arguments(node, scope, 1)[0]
    if isinstance(argument, nodes.Star):  # every row is different from the others: DISTINCT changes nothing
        return Aggregate(Summary.COUNT, None, FieldType.INTEGER)
    operand = _inside(value(argument, scope), scope)
    if node.distinct and operand.type in (FieldType.GEOPOINT, FieldType.GEOMETRY):
        raise scope.wrong("count", gettext_noop("Distinct values of a geographic field cannot be counted"))
    return Aggregate(Summary.COUNT, operand, FieldType.INTEGER, node.distinct)


def _statistic(node: nodes.Function, scope: Scope) -> Aggregate:
    given = arguments(node, scope, 2 if node.name == "percentile" else 1)
    measure = scope.measure(given[0]) if node.name in ("sum", "avg") else None
    operand = measure or _inside(value(given[0], scope), scope)
    if operand.type not in NUMBERS | DATES:
        raise NotStatistical(clause=scope.clause, operation=node.name)
    if node.name in ("sum", "avg") and operand.type in DATES:
        only = gettext_noop("Function %(name)s only supports numeric expressions")
        raise scope.wrong(node.name, only, name=node.name)
    fraction = _fraction(given[1], scope) if node.name == "percentile" else 0.5
    keeps_type = node.name in ("min", "max") or operand.type in DATES
    kind = (
        operand.type if keeps_type or (node.name == "sum" and operand.type == FieldType.INTEGER) else FieldType.NUMBER
    )
    return Aggregate(_STATISTICS[node.name], operand, kind, fraction=fraction)


def _inside(operand: Expression, scope: Scope) -> Expression:
    """What is aggregated may not be an aggregate."""
    if any(isinstance(part, Aggregate) for part in parts(operand)):
        raise scope.malformed(gettext_noop("An aggregation cannot be inside another one"))
    return operand


def _fraction(node: nodes.Node, scope: Scope) -> float:
    rank = value(node, scope)
    if not isinstance(rank, Constant) or rank.type not in NUMBERS or not 0 <= rank.value <= 100:
        raise scope.malformed(gettext_noop("The rank of percentile must be a number between 0 and 100"))
    return float(rank.value) / 100


def parts(expression: Expression) -> list[Expression]:
    """The expression and all that it is made of; an aggregate hides what it aggregates."""
    if isinstance(expression, Call):
        return [expression, *(part for argument in expression.arguments for part in parts(argument))]
    return [expression]


_DATE_PARTS = {name: Operation(name) for name in DATE_PARTS}
_FUNCTIONS: dict[str, Callable[[nodes.Function, Scope], Expression]] = {
    "length": _length,
    "lower": _lower,
    "date_format": _date_format,
    "ifnull": _ifnull,
    "now": _now,
    "json_format": _json_format,
    "distance": _distance,
    "random": _random,
    "vector_similarity": _similarity,
}
_READERS: dict[type[nodes.Node], Callable[[Any, Scope], Expression]] = {
    nodes.Name: _name,
    nodes.Text: literals.text,
    nodes.Number: literals.number,
    nodes.Truth: literals.truth,
    nodes.Null: literals.null,
    nodes.DateText: literals.date,
    nodes.GeometryText: literals.geometry,
    nodes.Negative: _negative,
    nodes.Arithmetic: _arithmetic,
    nodes.Function: _function,
}
