"""Conditions of a filter → predicates of the plan, in three-valued logic: of what is missing, nothing is true nor false."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.cql2 import nodes
from bocage.query.cql2.places import spatial
from bocage.query.cql2.reading import Reading
from bocage.query.cql2.times import temporal
from bocage.query.cql2.values import pattern, textual, value
from bocage.query.cql2.vocabulary import ARRAYS, COMPARISONS, PREDICATES, SPATIAL, TEMPORAL
from bocage.query.odsql.conditions import comparable_with
from bocage.query.odsql.types import adapted
from bocage.query.plan import (
    Always,
    And,
    Between,
    Call,
    Column,
    Compare,
    Constant,
    Denied,
    Expression,
    Holds,
    Includes,
    Like,
    Lists,
    Missing,
    OneOf,
    Operation,
    Or,
    Predicate,
    Truth,
)

_MIRRORED = {"=": "=", "<>": "<>", ">": "<", "<": ">", ">=": "<=", "<=": ">="}
_RELATIONS: dict[str, Literal["equals", "contains", "contained", "overlaps"]] = {
    "a_equals": "equals", "a_contains": "contains", "a_containedby": "contained", "a_overlaps": "overlaps",
}  # fmt: skip


def condition(node: nodes.Node, reading: Reading) -> Predicate:
    """Raises UnknownField, WrongType, OdsqlError."""
    if isinstance(node, nodes.Truth):
        return Always(node.value)
    if isinstance(node, nodes.Operation) and node.name in PREDICATES:
        return _READERS[node.name](node, reading)
    found = value(node, reading)
    if found.type != FieldType.BOOLEAN:
        raise reading.scope.wrong("condition", gettext_noop("A condition or a boolean field is expected"))
    return Holds(found)


def decided(node: nodes.Operation, reading: Reading) -> Expression:
    """A condition where a value is expected."""
    return Truth(condition(node, reading))


def _and(node: nodes.Operation, reading: Reading) -> Predicate:
    return And(tuple(condition(one, reading) for one in node.arguments))


def _or(node: nodes.Operation, reading: Reading) -> Predicate:
    return Or(tuple(condition(one, reading) for one in node.arguments))


def _not(node: nodes.Operation, reading: Reading) -> Predicate:
    return Denied(condition(node.arguments[0], reading))


def _comparison(node: nodes.Operation, reading: Reading) -> Predicate:
    left, right = (value(one, reading) for one in node.arguments)
    operator: Any = node.name
    if isinstance(left, Constant) and not isinstance(right, Constant):
        left, right, operator = right, left, _MIRRORED[operator]
    if left.type == FieldType.ARRAY and isinstance(right, Constant) and operator in ("=", "<>"):
        found = Includes(left, (_element(right, reading),))
        return found if operator == "=" else Denied(found)
    right = comparable_with(left, right, operator, reading.scope)
    return Compare("!=" if operator == "<>" else operator, left, right)


def _element(constant: Constant, reading: Reading) -> Constant:
    """A value as the element of a list of texts."""
    found = adapted(constant, FieldType.STRING, reading.scope)
    if found is None:
        raise reading.scope.wrong("in", gettext_noop("A list of texts can only be compared with texts"))
    return found


def _like(node: nodes.Operation, reading: Reading) -> Predicate:
    return Like(textual(node.arguments[0], "LIKE", reading), pattern(node.arguments[1], reading))


def _between(node: nodes.Operation, reading: Reading) -> Predicate:
    operand, low, high = (value(one, reading) for one in node.arguments)
    low, high = (comparable_with(operand, bound, "between", reading.scope) for bound in (low, high))
    if operand.type == FieldType.BOOLEAN:
        raise reading.scope.wrong("between", gettext_noop("A range is not possible on a boolean"))
    return Between(operand, low, high)


def _in(node: nodes.Operation, reading: Reading) -> Predicate:
    operand, items = node.arguments
    assert isinstance(items, nodes.Array)  # noqa: S101  no other tree is made
    found, values = value(operand, reading), [value(item, reading) for item in items.items]
    if found.type == FieldType.ARRAY:
        return Includes(found, tuple(_element(one, reading) for one in values if isinstance(one, Constant)))
    return OneOf(found, tuple(comparable_with(found, one, "in", reading.scope) for one in values))


def _is_null(node: nodes.Operation, reading: Reading) -> Predicate:
    return Missing(value(node.arguments[0], reading))


def _lists(node: nodes.Operation, reading: Reading) -> Predicate:
    return Lists(_RELATIONS[node.name], *(_list(one, node.name, reading) for one in node.arguments))


def _list(node: nodes.Node, name: str, reading: Reading) -> Expression:
    if isinstance(node, nodes.Array):
        items = (value(item, reading) for item in node.items)
        texts = tuple(_element(one, reading) if isinstance(one, Constant) else one for one in items)
        if all(one.type == FieldType.STRING for one in texts):
            return Call(Operation.LIST, texts, FieldType.ARRAY)
    elif isinstance(found := value(node, reading), Column) and found.type == FieldType.ARRAY:
        return found
    raise reading.scope.wrong(name, gettext_noop("%(operation)s compares lists of texts"))


_READERS: dict[str, Callable[[nodes.Operation, Reading], Predicate]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "like": _like,
    "between": _between,
    "in": _in,
    "isNull": _is_null,
    **dict.fromkeys(COMPARISONS, _comparison),
    **dict.fromkeys(SPATIAL, spatial),
    **dict.fromkeys(TEMPORAL, temporal),
    **dict.fromkeys(ARRAYS, _lists),
}
