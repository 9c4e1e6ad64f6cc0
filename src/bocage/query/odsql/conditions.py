"""Conditions of a where: nodes → predicates of the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.odsql import nodes
from bocage.query.odsql.places import PLACES
from bocage.query.odsql.scope import Scope
from bocage.query.odsql.texts import TEXTS, like, quoted_text
from bocage.query.odsql.types import adapted, comparable, day
from bocage.query.odsql.values import value
from bocage.query.plan import (
    Always,
    And,
    Between,
    Column,
    Compare,
    Constant,
    Expression,
    Holds,
    Includes,
    Missing,
    Not,
    OneOf,
    Or,
    Predicate,
)

_MIRRORED = {"=": "=", "!=": "!=", ">": "<", "<": ">", ">=": "<=", "<=": ">="}


def condition(node: nodes.Node, scope: Scope) -> Predicate:
    """Raises UnknownField, WrongType, OdsqlError."""
    reader = _READERS.get(type(node), _bare)
    return reader(node, scope)


def _and(node: nodes.And, scope: Scope) -> Predicate:
    return And(tuple(condition(operand, scope) for operand in node.operands))


def _or(node: nodes.Or, scope: Scope) -> Predicate:
    return Or(tuple(condition(operand, scope) for operand in node.operands))


def _not(node: nodes.Not, scope: Scope) -> Predicate:
    return Not(condition(node.operand, scope))


def _truth(node: nodes.Truth, _scope: Scope) -> Predicate:
    return Always(node.value)


def _function(node: nodes.Function, scope: Scope) -> Predicate:
    reader = TEXTS.get(node.name) or PLACES.get(node.name)
    return reader(node, scope) if reader else _bare(node, scope)


def _bare(node: nodes.Node, scope: Scope) -> Predicate:
    operand = value(node, scope)
    if operand.type != FieldType.BOOLEAN:
        raise scope.wrong("condition", gettext_noop("A condition or a boolean field is expected"))
    return Holds(operand)


def _comparison(node: nodes.Comparison, scope: Scope) -> Predicate:
    if isinstance(node.right, nodes.Null) or isinstance(node.left, nodes.Null):
        return Always(False)  # comparing with null is never true
    left, right = value(node.left, scope), value(node.right, scope)
    operator: Any = node.operator
    if isinstance(left, Constant) and not isinstance(right, Constant):
        left, right, operator = right, left, _MIRRORED[operator]
    if left.type == FieldType.ARRAY and isinstance(right, Constant):
        return _list_comparison(left, operator, right, scope)
    right = comparable_with(left, right, operator, scope)
    if left.type == FieldType.DATE and isinstance(right, Constant) and right.type == FieldType.DATETIME:
        return _within_day(left, operator, right, scope)
    return Compare(operator, left, right)


def comparable_with(left: Expression, right: Expression, operation: str, scope: Scope) -> Expression:
    """`right`, brought to the type of `left` when it is a constant. Raises WrongType."""
    if isinstance(right, Constant):
        found = adapted(right, left.type, scope)
        if found is not None:
            return found
    elif comparable(left.type, right.type):
        return right
    shown = f"{str(right.value)[:100]!r}" if isinstance(right, Constant) else right.type.value
    raise scope.wrong(
        operation,
        gettext_noop("Operator %(operation)s cannot compare %(left)s and %(shown)s"),
        left=_described(left),
        shown=shown,
    )


def _described(expression: Expression) -> str:
    kind = expression.type.value
    return f"field {expression.name} ({kind})" if isinstance(expression, Column) else kind


def _list_comparison(left: Expression, operator: str, right: Constant, scope: Scope) -> Predicate:
    if operator not in ("=", "!="):
        raise scope.wrong(
            operator,
            gettext_noop("Operator %(operator)s is not possible on %(left)s"),
            operator=operator,
            left=_described(left),
        )
    found = Includes(left, (_element(right, scope),))
    return found if operator == "=" else And((Not(Missing(left)), Not(found)))


def _element(constant: Constant, scope: Scope) -> Constant:
    """A value as the element of a list of texts."""
    found = adapted(constant, FieldType.STRING, scope)
    if found is None:
        raise scope.wrong("IN", gettext_noop("A list of texts can only be compared with texts"))
    return found


def _within_day(left: Expression, operator: str, right: Constant, scope: Scope) -> Predicate:
    """A day compared with an instant that is not a midnight: the day begins before it."""
    whole = Constant(day(right, scope), FieldType.DATE)
    if operator == "=":
        return Always(False)
    if operator == "!=":
        return Not(Missing(left))
    return Compare(">" if operator in (">", ">=") else "<=", left, whole)


def _in_range(node: nodes.InRange, scope: Scope) -> Predicate:
    operand = value(node.operand, scope)
    if operand.type in (FieldType.ARRAY, FieldType.BOOLEAN):
        raise scope.wrong("IN", gettext_noop("A range is not possible on %(left)s"), left=_described(operand))
    low, high = (comparable_with(operand, value(bound, scope), "IN", scope) for bound in (node.low, node.high))
    low_closed, high_closed = node.low_closed, node.high_closed
    if operand.type == FieldType.DATE:
        if isinstance(low, Constant) and low.type == FieldType.DATETIME:
            low, low_closed = Constant(day(low, scope), FieldType.DATE), False
        if isinstance(high, Constant) and high.type == FieldType.DATETIME:
            high, high_closed = Constant(day(high, scope), FieldType.DATE), True
    return Between(operand, low, high, low_closed, high_closed)


def _in_list(node: nodes.InList, scope: Scope) -> Predicate:
    operand = value(node.operand, scope)
    values = [value(item, scope) for item in node.values]
    if operand.type == FieldType.ARRAY:
        if not all(isinstance(item, Constant) for item in values):
            raise scope.wrong("IN", gettext_noop("A list of texts can only be compared with texts"))
        return Includes(operand, tuple(_element(item, scope) for item in values if isinstance(item, Constant)))
    adapted_values = tuple(comparable_with(operand, item, "IN", scope) for item in values)
    if operand.type == FieldType.DATE:  # an instant that is not a midnight equals no day
        adapted_values = tuple(
            item for item in adapted_values if item.type == FieldType.DATE or not isinstance(item, Constant)
        )
    return OneOf(operand, adapted_values) if adapted_values else Always(False)


def _in_field(node: nodes.InField, scope: Scope) -> Predicate:
    field, item = scope.expression(node.field.name), value(node.value, scope)
    if field.type == FieldType.ARRAY and isinstance(item, Constant):
        return Includes(field, (_element(item, scope),))
    return Compare("=", field, comparable_with(field, item, "IN", scope))


def _is_null(node: nodes.IsNull, scope: Scope) -> Predicate:
    missing = Missing(value(node.operand, scope))
    return Not(missing) if node.negated else missing


def _is_truth(node: nodes.IsTruth, scope: Scope) -> Predicate:
    operand = value(node.operand, scope)
    if operand.type != FieldType.BOOLEAN:
        raise scope.wrong(
            "IS", gettext_noop("IS TRUE and IS FALSE are not possible on %(left)s"), left=_described(operand)
        )
    found = Compare("=", operand, Constant(node.value, FieldType.BOOLEAN))
    return Not(found) if node.negated else found


_READERS: dict[type[nodes.Node], Callable[[Any, Scope], Predicate]] = {
    nodes.And: _and,
    nodes.Or: _or,
    nodes.Not: _not,
    nodes.Truth: _truth,
    nodes.Text: quoted_text,
    nodes.Function: _function,
    nodes.Comparison: _comparison,
    nodes.InRange: _in_range,
    nodes.InList: _in_list,
    nodes.InField: _in_field,
    nodes.Like: like,
    nodes.IsNull: _is_null,
    nodes.IsTruth: _is_truth,
}
