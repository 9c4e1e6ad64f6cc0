"""Scalar expressions: nodes → expressions of the plan, types checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.cql2 import nodes
from bocage.query.cql2.instants import date, timestamp
from bocage.query.cql2.names import named
from bocage.query.cql2.reading import Reading
from bocage.query.cql2.vocabulary import ARITHMETIC, FOLDS
from bocage.query.errors import TooComplex
from bocage.query.odsql.types import DATES, NUMBERS
from bocage.query.plan import Call, Constant, Expression, Operation

LARGEST_INTEGER = 2**63 - 1
LONGEST_PATTERN = 1_000
_FOLDS = {"casei": Operation.FOLD_CASE, "accenti": Operation.FOLD_ACCENTS}
_OPERATORS = {
    "+": Operation.ADD, "-": Operation.SUBTRACT, "*": Operation.MULTIPLY, "/": Operation.DIVIDE, "^": Operation.POWER,
    "%": Operation.MODULO, "div": Operation.WHOLE_DIVIDE,
}  # fmt: skip


def value(node: nodes.Node, reading: Reading) -> Expression:
    """Raises UnknownField, WrongType, OdsqlError."""
    reader = _READERS.get(type(node))
    if reader is None:
        raise reading.scope.malformed(
            gettext_noop("A geometry, an interval or a list was found where a value is expected")
        )
    return reader(node, reading)


def text(node: nodes.Text, _reading: Reading) -> Expression:
    return Constant(node.value, FieldType.STRING)


def number(node: nodes.Number, _reading: Reading) -> Expression:
    written = repr(node.value)
    if isinstance(node.value, int) and abs(node.value) <= LARGEST_INTEGER:
        return Constant(node.value, FieldType.INTEGER, written)
    return Constant(float(node.value), FieldType.NUMBER, written)


def truth(node: nodes.Truth, _reading: Reading) -> Expression:
    return Constant(node.value, FieldType.BOOLEAN)


def _property(node: nodes.Property, reading: Reading) -> Expression:
    return named(node.name, reading.scope)


def _operation(node: nodes.Operation, reading: Reading) -> Expression:
    if node.name in ARITHMETIC:
        operands = tuple(_numeric(value(one, reading), node.name, reading) for one in node.arguments)
        whole = node.name not in ("/", "^") and all(one.type == FieldType.INTEGER for one in operands)
        return Call(_OPERATORS[node.name], operands, FieldType.INTEGER if whole else FieldType.NUMBER)
    if node.name in FOLDS:
        return Call(_FOLDS[node.name], (textual(node.arguments[0], node.name, reading),), FieldType.STRING)
    from bocage.query.cql2.conditions import decided

    return decided(node, reading)


def _numeric(operand: Expression, operator: str, reading: Reading) -> Expression:
    if operand.type not in NUMBERS:
        raise reading.scope.wrong(
            operator, gettext_noop("Operator %(operator)s only supports numeric expressions"), operator=operator
        )
    return operand


def textual(node: nodes.Node, name: str, reading: Reading) -> Expression:
    operand = value(node, reading)
    if operand.type != FieldType.STRING:
        raise reading.scope.wrong(name, gettext_noop("Function %(name)s only supports text expressions"), name=name)
    return operand


def pattern(node: nodes.Node, reading: Reading) -> Expression:
    """A text, folded or not."""
    if isinstance(node, nodes.Text):
        if len(node.value) > LONGEST_PATTERN:
            raise TooComplex(clause="filter", what="characters", found=len(node.value), most=LONGEST_PATTERN)
        return Constant(node.value, FieldType.STRING)
    if isinstance(node, nodes.Operation) and node.name in FOLDS:
        return Call(_FOLDS[node.name], (pattern(node.arguments[0], reading),), FieldType.STRING)
    raise reading.scope.malformed(gettext_noop("The pattern of LIKE must be a text"))


def _function(node: nodes.Function, reading: Reading) -> Expression:
    from bocage.query.cql2.functions import FUNCTIONS

    function = FUNCTIONS.get(node.name.lower())
    if function is None:
        raise reading.scope.malformed(
            gettext_noop("There is no function “%(name)s”; these are: %(known)s"),
            name=node.name[:50],
            known=", ".join(sorted(FUNCTIONS)),
        )
    if len(node.arguments) != len(function.arguments):
        raise reading.scope.malformed(
            gettext_noop("Function %(name)s expects %(expected)s argument(s), %(count)s given"),
            name=node.name,
            expected=len(function.arguments),
            count=len(node.arguments),
        )
    return function.read(node, reading)


def dated(node: nodes.Node, name: str, reading: Reading) -> Expression:
    operand = value(node, reading)
    if operand.type not in DATES:
        raise reading.scope.wrong(name, gettext_noop("Function %(operation)s only supports date expressions"))
    return operand


_READERS: dict[type[nodes.Node], Callable[[Any, Reading], Expression]] = {
    nodes.Text: text,
    nodes.Number: number,
    nodes.Truth: truth,
    nodes.Date: date,
    nodes.Timestamp: timestamp,
    nodes.Property: _property,
    nodes.Operation: _operation,
    nodes.Function: _function,
}
