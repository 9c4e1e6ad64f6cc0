"""Conditions of styles as predicates: what the server draws by them is what a map does, in two-valued logic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.catalog.styles.symbols import Between, Compare, Condition, Group, Missing, Not
from bocage.catalog.vocabulary import FieldType
from bocage.query import plan
from bocage.query.errors import QueryError
from bocage.query.odsql.conditions import comparable_with

if TYPE_CHECKING:
    from bocage.catalog.styles.symbols import Value
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate

UNCOMPARED = (FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.OBJECT, FieldType.ARRAY)


def predicate_of(condition: Condition, scope: Scope) -> Predicate:
    """A comparison that means nothing (a field that does not exist for the reader, a text with a number) is met by no row."""
    match condition:
        case Compare(operator=operator, field=name, value=value):
            sides = _sides(name, (value,), scope)
            return plan.Compare(operator, sides[0], sides[1]) if sides else plan.Always(False)
        case Between(field=name, low=low, high=high):
            sides = _sides(name, (low, high), scope)
            return plan.Between(sides[0], sides[1], sides[2]) if sides else plan.Always(False)
        case Missing(field=name):
            column = _column(name, scope)
            return plan.Missing(column) if column else plan.Always(True)
        case Group(kind="all", parts=parts):
            return plan.And(tuple(predicate_of(one, scope) for one in parts))
        case Group(parts=parts):
            return plan.Or(tuple(predicate_of(one, scope) for one in parts))
        case Not(part=part):
            return plan.Not(predicate_of(part, scope))


def _column(name: str, scope: Scope) -> plan.Column | None:
    field = scope.field(name)
    return plan.Column(field.name, field.type) if field is not None and field.type not in UNCOMPARED else None


def _sides(name: str, values: tuple[Value, ...], scope: Scope) -> list[plan.Expression]:
    column = _column(name, scope)
    if column is None:
        return []
    try:
        return [column, *(comparable_with(column, _constant(one), "style", scope) for one in values)]
    except QueryError:
        return []


def _constant(value: Value) -> plan.Constant:
    if isinstance(value, bool):
        return plan.Constant(value, FieldType.BOOLEAN)
    if isinstance(value, str):
        return plan.Constant(value, FieldType.STRING, value)
    return plan.Constant(value, FieldType.NUMBER, f"{value:.15g}")
