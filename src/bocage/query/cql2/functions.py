"""The functions that filters may call beside those of the standard; `/ogc/functions` lists them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bocage.catalog.vocabulary import FieldType
from bocage.query.cql2 import nodes
from bocage.query.cql2.places import geographic, literal_shape
from bocage.query.cql2.reading import Reading
from bocage.query.cql2.values import dated, textual
from bocage.query.plan import Call, Expression, Operation


@dataclass(frozen=True)
class Known:
    """`arguments` and `returns`: types of the standard's list of functions."""

    arguments: tuple[tuple[str, ...], ...]
    returns: str
    read: Callable[[nodes.Function, Reading], Expression]


def _of_text(operation: Operation, kind: FieldType) -> Callable[[nodes.Function, Reading], Expression]:
    return lambda node, reading: Call(operation, (textual(node.arguments[0], node.name, reading),), kind)


def _of_date(operation: Operation) -> Callable[[nodes.Function, Reading], Expression]:
    def read(node: nodes.Function, reading: Reading) -> Expression:
        operand = dated(node.arguments[0], node.name, reading)
        return Call(operation, (operand,), FieldType.INTEGER, timezone=reading.scope.timezone)

    return read


def _distance(node: nodes.Function, reading: Reading) -> Expression:
    """Metres between the geometry of the row and one of the filter."""
    field = geographic(node.arguments[0], node.name, reading)
    return Call(Operation.DISTANCE, (field,), FieldType.NUMBER, (literal_shape(node.arguments[1], reading),))


TEXT, INSTANT, GEOMETRY = ("string",), ("date", "datetime"), ("geometry",)
FUNCTIONS: dict[str, Known] = {
    "lower": Known((TEXT,), "string", _of_text(Operation.LOWER, FieldType.STRING)),
    "length": Known((TEXT,), "integer", _of_text(Operation.LENGTH, FieldType.INTEGER)),
    "distance": Known((GEOMETRY, GEOMETRY), "number", _distance),
} | {
    one.value: Known((INSTANT,), "integer", _of_date(one))
    for one in (
        Operation.YEAR, Operation.MONTH, Operation.DAY, Operation.HOUR, Operation.MINUTE, Operation.SECOND,
    )
}  # fmt: skip
