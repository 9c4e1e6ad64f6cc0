"""Predicates of a plan → tests on ranks, for those that the indexes of a lookup can tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bocage.catalog.vocabulary import FieldType
from bocage.query.compile import ROW
from bocage.query.lookups.conditions import Absent, Decided, Negated, Numbered, Span, Test, every, some
from bocage.query.lookups.limits import KINDS, limit_of
from bocage.query.lookups.lookup import ID
from bocage.query.lookups.masked import Veil, coarse
from bocage.query.lookups.nearness import Close
from bocage.query.lookups.shapes import Related
from bocage.query.places import around
from bocage.query.plan import (
    ROW_ID,
    Always,
    And,
    BeginsWith,
    Between,
    Column,
    Compare,
    Constant,
    Expression,
    Holds,
    InBox,
    Missing,
    Near,
    Not,
    OneOf,
    Or,
    Predicate,
    Spatial,
)

if TYPE_CHECKING:
    from bocage.query.lookups.lookup import Index, Lookup


@dataclass(frozen=True)
class Told:
    """`test` holds for all the rows that fulfil the predicate, and when `exact` for no other. Otherwise `sure`, where there is one,
    holds for rows that do fulfil it, and `slow` for those that do and no other, when few rows are asked."""

    test: Test
    exact: bool = True
    sure: Test | None = None
    slow: Test | None = None

    @property
    def certain(self) -> Test | None:
        return self.test if self.exact else self.sure

    @property
    def whole(self) -> Test | None:
        return self.test if self.exact else self.slow


class Reader:
    """`open_columns`: names of the columns that the reader sees as they are; `veils`: of those that they see otherwise, in the same
    order. Of others nothing may be told."""

    def __init__(self, lookup: Lookup, open_columns: Collection[str], veils: Mapping[str, Veil] | None = None) -> None:
        self.lookup = lookup
        self._open = open_columns
        self._veils = veils or {}

    def told(self, node: Predicate) -> Told | None:
        """None for a predicate of which the indexes tell nothing."""
        read = _READERS.get(type(node))
        return read(self, node) if read else None

    def index(self, expression: Expression) -> Index | None:
        """Of a column that may be looked at."""
        if not isinstance(expression, Column):
            return None
        if expression.name == ROW_ID:
            return self.lookup.index(ID) if ROW_ID in self._open else None
        if expression.name in self._veils:
            veil = self._veils[expression.name]
            return coarse(self.lookup, veil) if expression.type == veil.type else None
        known = expression.name in self._open and expression.type in KINDS
        index = self.lookup.index(expression.name) if known else None
        kind = self.lookup.kind(expression.name) if index else None
        return index if kind and KINDS[expression.type](kind) else None

    def compare(self, operator: str, operand: Expression, constant: Expression) -> Test | None:
        if operand == Column(ROW, FieldType.INTEGER):
            return self._numbered(operator, constant)
        index, limit = self.index(operand), limit_of(operand, constant)
        if index is None or limit is None:
            return None
        count = len(index.order)
        below, with_equal = (index.before(limit.value, closed=closed, seen=limit.seen) for closed in (False, True))
        match operator:
            case "=":
                return Span(index, below, with_equal)
            case "!=":
                return some([Span(index, 0, below), Span(index, with_equal, count)])
            case "<" | "<=":
                return Span(index, 0, below if operator == "<" else with_equal)
        return Span(index, with_equal if operator == ">" else below, count)

    def _numbered(self, operator: str, constant: Expression) -> Test | None:
        if not isinstance(constant, Constant) or type(constant.value) is not int:
            return None
        value, count = constant.value, self.lookup.row_count
        spans = {
            "=": (value, value + 1),
            ">": (value + 1, count),
            ">=": (value, count),
            "<": (0, value),
            "<=": (0, value + 1),
        }
        return Numbered(*spans[operator], count) if operator in spans else None

    def always(self, value: bool) -> Test:
        return Decided(value, self.lookup.row_count)

    def meets(self, operand: Column, west: float, south: float, east: float, north: float) -> Test | None:
        """The bounds of the value meet the box."""
        if operand.name not in self._open:
            return None
        sides = (("xmin", "<=", east), ("xmax", ">=", west), ("ymin", "<=", north), ("ymax", ">=", south))
        if operand.type == FieldType.GEOPOINT:
            return self._point_in(operand, west, south, east, north)
        tests = [self._bound(operand, side, operator, value) for side, operator, value in sides]
        return every([one for one in tests if one]) if all(tests) else None

    def inside(self, operand: Column, west: float, south: float, east: float, north: float) -> Test | None:
        """The bounds of the value are in the box."""
        if operand.name not in self._open:
            return None
        sides = (("xmax", "<=", east), ("xmin", ">=", west), ("ymax", "<=", north), ("ymin", ">=", south))
        tests = [self._bound(operand, side, operator, value) for side, operator, value in sides]
        return every([one for one in tests if one]) if all(tests) else None

    def _point_in(self, operand: Column, west: float, south: float, east: float, north: float) -> Test | None:
        spans = []
        for side, low, high in (("xmin", west, east), ("ymin", south, north)):
            index = self.lookup.index(f"_{operand.name}_{side}")
            if index is None or math.isnan(low) or math.isnan(high):
                return None
            spans.append(Span(index, index.before(float(low), closed=False), index.before(float(high), closed=True)))
        return every(spans)

    def _bound(self, operand: Column, side: str, operator: str, value: float) -> Test | None:
        index = self.lookup.index(f"_{operand.name}_{side}")
        if index is None or math.isnan(value):
            return None
        if operator == "<=":
            return Span(index, 0, index.before(float(value), closed=True))
        return Span(index, index.before(float(value), closed=False), len(index.order))


_MIRRORED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _compare(reader: Reader, node: Compare) -> Told | None:
    test = reader.compare(node.operator, node.left, node.right) or reader.compare(
        _MIRRORED[node.operator], node.right, node.left
    )
    return Told(test) if test else None


def _between(reader: Reader, node: Between) -> Told | None:
    low = reader.compare(">=" if node.low_closed else ">", node.operand, node.low)
    high = reader.compare("<=" if node.high_closed else "<", node.operand, node.high)
    return Told(every([low, high])) if low and high else None


def _one_of(reader: Reader, node: OneOf) -> Told | None:
    """Of whole numbers among values of several types nothing is said: the engine makes all of them, and the column, of one."""
    if node.operand.type == FieldType.INTEGER and len({value.type for value in node.values}) > 1:
        return None
    tests = [reader.compare("=", node.operand, value) for value in node.values]
    found = [one for one in tests if one]
    if not found or len(found) < len(tests) or len(found) > MOST_VALUES:
        return None
    return Told(some(found))


MOST_VALUES = 50
"""Of a list: each is a look at every row."""


def _begins_with(reader: Reader, node: BeginsWith) -> Told | None:
    tests = [_beginning(reader, field, node.prefix) for field in node.fields]
    found = [one for one in tests if one]
    return Told(some(found)) if found and len(found) == len(tests) else None


def _beginning(reader: Reader, field: Column, prefix: str) -> Test | None:
    index = reader.index(field)
    if index is None or field.type != FieldType.STRING:
        return None
    first = index.before(prefix, closed=False)
    return Span(index, first, index.before(prefix, closed=True, seen=lambda value: value[: len(prefix)]))


def _missing(reader: Reader, node: Missing) -> Told | None:
    index = reader.index(node.operand)
    return Told(Absent(index)) if index else None


def _holds(reader: Reader, node: Holds) -> Told | None:
    test = reader.compare("=", node.operand, Constant(True, FieldType.BOOLEAN))
    return Told(test) if test else None


def _in_box(reader: Reader, node: InBox) -> Told | None:
    """Of a box across the antimeridian nothing is said. Of shapes, bounds that meet it tell where to look, those in it all."""
    if node.west > node.east:
        return None
    box = (node.west, node.south, node.east, node.north)
    test = reader.meets(node.operand, *box)
    if test is None or node.operand.type == FieldType.GEOPOINT:
        return Told(test) if test else None
    shapes = Related(reader.lookup, node.operand.name, "intersects", RECTANGLE.format(*map(float, box)))
    return Told(test, exact=False, sure=reader.inside(node.operand, *box), slow=shapes)


def _spatial(reader: Reader, node: Spatial) -> Told | None:
    test = reader.meets(node.operand, *node.shape.bounds) if node.relation != "disjoint" else None
    if test is None or len(node.shape.wkt) > LONGEST_SHAPE:
        return Told(test, exact=False) if test else None
    shapes = Related(reader.lookup, node.operand.name, node.relation, node.shape.wkt)
    return Told(test, exact=False, slow=shapes)


LONGEST_SHAPE = 2_000
"""Characters of a shape to which others are compared outside of the engine, which alone can be stopped."""
RECTANGLE = "POLYGON(({0} {1}, {2} {1}, {2} {3}, {0} {3}, {0} {1}))"


def _near(reader: Reader, node: Near) -> Told | None:
    box = around(node.shape, node.metres)
    test = reader.meets(node.operand, *box) if box else None
    if test is None or node.operand.type != FieldType.GEOPOINT or node.shape.point is None:
        return Told(test, exact=False) if test else None
    return Told(test, exact=False, slow=Close(reader.lookup, node.operand.name, *node.shape.point, node.metres))


def _always(reader: Reader, node: Always) -> Told:
    return Told(reader.always(node.value))


def _not(reader: Reader, node: Not) -> Told | None:
    told = reader.told(node.operand)
    return Told(Negated(told.test)) if told and told.exact else None


def _and(reader: Reader, node: And) -> Told | None:
    """What is not told may be anything: those that are told say where to look."""
    found = [told for told in map(reader.told, node.operands) if told]
    if not found:
        return Told(reader.always(True)) if not node.operands else None
    return both(found, whole=len(found) == len(node.operands))


def both(found: Sequence[Told], *, whole: bool = True) -> Told:
    """What must all hold. `whole`: nothing else must."""
    certain = [told.certain for told in found]
    sure = every([one for one in certain if one]) if whole and all(certain) else None
    slow = every([told.whole for told in found if told.whole]) if whole and all(told.whole for told in found) else None
    return Told(every([told.test for told in found]), whole and all(told.exact for told in found), sure, slow)


def _or(reader: Reader, node: Or) -> Told | None:
    found = [told for told in map(reader.told, node.operands) if told]
    if not found or len(found) < len(node.operands):
        return None
    whole = [told.whole for told in found if told.whole]
    slow = some(whole) if len(whole) == len(found) else None
    return Told(some([told.test for told in found]), all(told.exact for told in found), slow=slow)


_READERS: dict[type[Any], Callable[[Reader, Any], Told | None]] = {
    Compare: _compare,
    Between: _between,
    OneOf: _one_of,
    BeginsWith: _begins_with,
    Missing: _missing,
    Holds: _holds,
    InBox: _in_box,
    Spatial: _spatial,
    Near: _near,
    Always: _always,
    Not: _not,
    And: _and,
    Or: _or,
}
