"""Where a page begins: after a row, in an order of several keys whose missing values are last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bocage.catalog.vocabulary import FieldType
from bocage.query.compile import ROW
from bocage.query.plan import (
    Always,
    And,
    Column,
    Compare,
    Constant,
    Expression,
    Missing,
    Or,
    Predicate,
    SortKey,
    all_of,
)


def past(sort: Sequence[SortKey], values: Sequence[Any], row: int) -> Predicate:
    """The rows after the one whose keys have `values`; `row` decides among equals."""
    alternatives: list[Predicate] = []
    equal: list[Predicate] = []
    for key, value in zip(sort, values, strict=True):
        alternatives.append(_all([*equal, _beyond(key, value)]))
        equal.append(_same(key.expression, value))
    number = Compare(">", Column(ROW, FieldType.INTEGER), Constant(row, FieldType.INTEGER))
    alternatives.append(_all([*equal, number]))
    return Or(tuple(alternatives)) if len(alternatives) > 1 else alternatives[0]


def _all(conditions: list[Predicate]) -> Predicate:
    return all_of(conditions) or And(())


def _beyond(key: SortKey, value: Any) -> Predicate:
    if value is None:
        return Always(False)
    after = Compare("<" if key.descending else ">", key.expression, Constant(value, key.expression.type))
    return Or((after, Missing(key.expression)))


def _same(expression: Expression, value: Any) -> Predicate:
    return Missing(expression) if value is None else Compare("=", expression, Constant(value, expression.type))
