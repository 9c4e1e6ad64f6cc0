"""Keys of group_by: any value expression, plus range() and geo_cluster(), whose value shown is a label."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.errors import GeographicGroup
from bocage.query.odsql import nodes
from bocage.query.odsql.scope import Scope
from bocage.query.odsql.types import DATES, NUMBERS, adapted
from bocage.query.odsql.values import arguments, geographic, value
from bocage.query.plan import (
    Aggregate,
    And,
    Call,
    Column,
    Compare,
    Constant,
    Expression,
    Missing,
    Operation,
    Or,
    Predicate,
    Summary,
)

UNITS = {
    "ms": "millisecond", "s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "M": "month",
    "q": "quarter", "y": "year",
}  # fmt: skip
SINGLE_UNITS = {"week", "month", "quarter", "year"}
"""Units of the calendar: only one of them at a time."""
MOST_BOUNDS = 100
LARGEST_ZOOM = 25


@dataclass(frozen=True)
class Grouping:
    """`key`: what rows are grouped and sorted by. `shown`: the value of the answer. `kept`: rows that have a group."""

    key: Expression
    shown: Expression
    kept: Predicate | None = None


def grouping(node: nodes.Node, scope: Scope) -> Grouping:
    if isinstance(node, nodes.Function) and node.name == "range":
        return _range(node, scope)
    if isinstance(node, nodes.Function) and node.name == "geo_cluster":
        return _cluster(node, scope)
    key = value(node, scope)
    if key.type.is_geographic:
        raise GeographicGroup(field=getattr(key, "name", "?"))
    if key.type == FieldType.ARRAY:
        key = each(key)
    return Grouping(key, key)


def each(values: Expression) -> Call:
    """A row of several values is in the group of each of them."""
    return Call(Operation.EACH, (values,), FieldType.STRING)


def centroid(column: Column) -> Call:
    """The middle of a group of geographic values. Its text is made of two aggregates, once groups are: of a million of
    them, texts cost more than groups."""
    axes = (Summary.LONGITUDE, Summary.LATITUDE)
    return Call(Operation.CENTROID, tuple(Aggregate(axis, column, FieldType.NUMBER) for axis in axes), FieldType.OBJECT)


def _range(node: nodes.Function, scope: Scope) -> Grouping:
    field, *bounds = arguments(node, scope, 2, MOST_BOUNDS)
    operand = value(field, scope)
    if operand.type not in NUMBERS | DATES:
        raise scope.wrong("range", gettext_noop("Function range only supports numeric or date expressions"))
    if len(bounds) == 1:
        return _date_steps(operand, bounds[0], scope) if operand.type in DATES else _steps(operand, bounds[0], scope)
    return _bins(operand, bounds, scope)


def _steps(operand: Expression, node: nodes.Node, scope: Scope) -> Grouping:
    step = None if isinstance(node, nodes.Star | nodes.Quantity) else value(node, scope)
    if not isinstance(step, Constant) or step.type not in NUMBERS or not step.value > 0:
        raise scope.malformed(gettext_noop("The step of range must be a number above 0"))
    whole = operand.type == FieldType.INTEGER and step.type == FieldType.INTEGER
    key = Call(Operation.STEP, (operand,), FieldType.INTEGER if whole else FieldType.NUMBER, (step.value,))
    return Grouping(key, Call(Operation.STEP_LABEL, (key,), FieldType.STRING, (step.value,)))


def _date_steps(operand: Expression, node: nodes.Node, scope: Scope) -> Grouping:
    if not isinstance(node, nodes.Quantity):
        raise scope.malformed(gettext_noop("The step of a range of dates needs a unit, like 1 day"))
    unit = UNITS.get(node.unit) or node.unit.lower().removesuffix("s")
    count = int(node.number) if node.number.isdigit() and len(node.number) <= 6 else 0
    if unit not in UNITS.values() or not count:
        raise scope.malformed(gettext_noop("Invalid interval: %(number)s %(unit)s"), number=node.number, unit=node.unit)
    if unit in SINGLE_UNITS and count != 1:
        raise scope.malformed(
            gettext_noop("Intervals of several units are not supported: %(number)s %(unit)s"),
            number=node.number,
            unit=unit,
        )
    options = (count, unit)
    key = Call(Operation.DATE_STEP, (operand,), FieldType.DATETIME, options, scope.timezone)
    return Grouping(key, Call(Operation.DATE_STEP_LABEL, (key,), FieldType.STRING, options, scope.timezone))


def _bins(operand: Expression, bounds: list[nodes.Node], scope: Scope) -> Grouping:
    """`[*,] v1, v2 … [, *]`: a value outside of them is in no group; a missing one is in the group of the missing."""
    open_low, open_high = isinstance(bounds[0], nodes.Star), isinstance(bounds[-1], nodes.Star)
    inner = [_bound(operand, node, scope) for node in bounds[open_low : len(bounds) - open_high]]
    if not inner or len(inner) + open_low + open_high < 2:
        raise scope.malformed(gettext_noop("range expects at least two bounds"))
    if any(not low < high for low, high in pairwise(inner)):
        raise scope.malformed(gettext_noop("The bounds of range must be in ascending order"))
    options = (*([None] if open_low else []), *inner, *([None] if open_high else []))
    key = Call(Operation.BINS, (operand,), FieldType.INTEGER, options, scope.timezone)
    whole = operand.type == FieldType.INTEGER and all(isinstance(bound, int) for bound in inner)
    shown = Call(Operation.BINS_LABEL, (key,), FieldType.STRING, (whole, *options), scope.timezone)
    return Grouping(key, shown, _inside(operand, inner, open_low, open_high))


def _inside(operand: Expression, inner: list[Any], open_low: bool, open_high: bool) -> Predicate | None:
    kind = FieldType.DATETIME if operand.type in DATES else FieldType.NUMBER
    limits: list[Predicate] = []
    if not open_low:
        limits.append(Compare(">=", operand, Constant(inner[0], kind)))
    if not open_high:
        limits.append(Compare("<", operand, Constant(inner[-1], kind)))
    return Or((Missing(operand), And(tuple(limits)))) if limits else None


def _bound(operand: Expression, node: nodes.Node, scope: Scope) -> Any:
    given = None if isinstance(node, nodes.Star | nodes.Quantity) else value(node, scope)
    wanted = FieldType.DATETIME if operand.type in DATES else operand.type
    found = adapted(given, wanted, scope) if isinstance(given, Constant) else None
    if found is None:
        raise scope.malformed(gettext_noop("The bounds of range must be values of the type of the field"))
    return found.value


def _cluster(node: nodes.Function, scope: Scope) -> Grouping:
    field, *settings = arguments(node, scope, 2, 3)
    column = geographic(field, "geo_cluster", scope)
    zoom, radius = (
        _whole(setting, scope) for setting in (settings if len(settings) == 2 else [*settings, nodes.Number("40")])
    )
    if not 0 <= zoom <= LARGEST_ZOOM or not 0 < radius <= 4096:
        raise scope.malformed(
            gettext_noop("geo_cluster expects a zoom from 0 to %(most)s and a radius in pixels"),
            most=LARGEST_ZOOM,
        )
    key = Call(Operation.CLUSTER, (column,), FieldType.INTEGER, (zoom, radius))
    return Grouping(key, centroid(column))


def _whole(node: nodes.Node, scope: Scope) -> int:
    number = None if isinstance(node, nodes.Star | nodes.Quantity) else value(node, scope)
    if not isinstance(number, Constant) or number.type != FieldType.INTEGER:
        raise scope.malformed(gettext_noop("geo_cluster expects whole numbers"))
    return int(number.value)
