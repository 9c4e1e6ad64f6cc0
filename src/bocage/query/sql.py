"""Small pieces of SQL trees. Names are always quoted, values always bound: no text of a request is ever pasted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Protocol

import sqlglot
from sqlglot import exp

from bocage.query.plan import Call, Expression
from bocage.query.rendering import literal

DIALECT = "duckdb"
SOURCE = "r"
"""Alias of the rows that are read."""
Sql = exp.Expression


class Parameters:
    """Values bound to a statement, numbered from 1."""

    def __init__(self) -> None:
        self.values: list[Any] = []

    def bind(self, value: Any) -> Sql:
        """A placeholder for `value`. Whole numbers and booleans need none: they cannot carry anything else."""
        if isinstance(value, bool):
            return exp.true() if value else exp.false()
        if isinstance(value, int):
            return number(value)
        self.values.append(value.astimezone(UTC) if isinstance(value, datetime) else value)
        placeholder = exp.Parameter(this=exp.Literal.number(len(self.values)))
        return cast(placeholder, _TYPES[type(value)])

    def bind_whole_numbers(self, values: Sequence[int]) -> Sql:
        """A placeholder for a list, however long: BIGINT[]."""
        return self._bind_list(values, "BIGINT")

    def bind_numbers(self, values: Sequence[float]) -> Sql:
        """The same for DOUBLE[]."""
        return self._bind_list(values, "DOUBLE")

    def bind_geometries(self, values: Sequence[str]) -> Sql:
        """The same for GEOMETRY[], of WKT of ours."""
        return self._bind_list(values, "GEOMETRY", between=";")

    def _bind_list(self, values: Sequence[float] | Sequence[str], kind: str, between: str = ",") -> Sql:
        """As one text: bound as a list, each number costs a tenth of a millisecond."""
        items = (
            call("string_split", self.bind(between.join(map(str, values))), text(between)) if values else exp.Array()
        )
        of = exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[exp.DataType(this=_KINDS[kind])], nested=True)
        return exp.Cast(this=items, to=of)


_TYPES = {str: "VARCHAR", float: "DOUBLE", datetime: "TIMESTAMPTZ", date: "DATE"}


_KINDS = {
    "VARCHAR": exp.DataType.Type.TEXT,
    "DOUBLE": exp.DataType.Type.DOUBLE,
    "GEOMETRY": exp.DataType.Type.GEOMETRY,
    "BIGINT": exp.DataType.Type.BIGINT,
    "HUGEINT": exp.DataType.Type.INT128,
    "INTEGER": exp.DataType.Type.INT,
    "DATE": exp.DataType.Type.DATE,
    "TIMESTAMP": exp.DataType.Type.TIMESTAMP,
    "TIMESTAMPTZ": exp.DataType.Type.TIMESTAMPTZ,
}
"""Made once: sqlglot parses the name of a type each time otherwise."""


class Writer(Protocol):
    """What writes a sub-expression on behalf of `functions` and `predicates`."""

    parameters: Parameters

    def value(self, expression: Expression) -> Sql: ...

    def each(self, values: Sql) -> Sql:
        """Each value of a list in turn, in a row of its own; one row with nothing for an empty list."""

    def cluster(self, node: Call) -> Sql:
        """The cluster that a row is in."""


def number(value: int) -> Sql:
    literal = exp.Literal.number(abs(value))
    return exp.Neg(this=literal) if value < 0 else literal


def text(value: str) -> Sql:
    """A text of ours (a unit, a format), never one of a request."""
    return exp.Literal.string(value)


def null() -> Sql:
    return exp.Null()


def column(name: str, table: str | None = SOURCE) -> Sql:
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def call(name: str, *arguments: Sql) -> Sql:
    """A function of the engine, by its name there: sqlglot must not translate it."""
    return exp.Anonymous(this=name, expressions=list(arguments))


def cast(value: Sql, kind: str) -> Sql:
    return exp.Cast(this=value, to=exp.DataType(this=_KINDS[kind]))


def binary(kind: type[exp.Binary], left: Sql, right: Sql) -> Sql:
    return exp.Paren(this=kind(this=left, expression=right))


def joined(kind: type[exp.Binary], operands: list[Sql]) -> Sql:
    """A balanced tree: a thousand conditions are ten levels, not a thousand."""
    if len(operands) == 1:
        return operands[0]
    middle = len(operands) // 2
    return binary(kind, joined(kind, operands[:middle]), joined(kind, operands[middle:]))


def concatenated(pieces: list[Sql]) -> Sql:
    """Missing when a piece is missing."""
    return joined(exp.DPipe, pieces) if pieces else text("")


def is_null(value: Sql) -> Sql:
    return exp.Paren(this=exp.Is(this=value, expression=exp.Null()))


def is_not_true(value: Sql) -> Sql:
    """Negation in two-valued logic: missing counts as false."""
    return exp.Paren(this=exp.Not(this=exp.Paren(this=exp.Is(this=exp.Paren(this=value), expression=exp.true()))))


def case(branches: list[tuple[Sql, Sql]], otherwise: Sql | None = None) -> Sql:
    found = exp.Case()
    for when, then in branches:
        found = found.when(when, then, copy=False)
    return found.else_(otherwise, copy=False) if otherwise is not None else found


def from_item(source: str) -> Sql:
    """SQL of a FROM item, as a relation gives it, under the alias of the source. It is written as it is: masks and conditions of
    rights are long, and nothing has to be found in them."""
    return exp.Table(this=exp.Var(this=source), alias=exp.TableAlias(this=exp.to_identifier(SOURCE)))


def subquery(sql: str) -> Sql:
    """A statement of ours as a tree."""
    return _parsed(sql).copy()


@lru_cache(maxsize=512)
def _parsed(sql: str) -> Sql:
    return sqlglot.parse_one(sql, dialect=DIALECT)  # type: ignore[return-value]


def standing_alone(tree: Sql, parameters: Parameters) -> str:
    """The tree with its values in it, as quoted texts inside of their casts: for a part of a FROM item, which has no parameters of
    its own."""

    def filled(node: Sql) -> Sql:
        if not isinstance(node, exp.Parameter):
            return node
        value = parameters.values[int(node.name) - 1]
        said = value.isoformat() if isinstance(value, date) else repr(value) if isinstance(value, float) else value
        return exp.Var(this=literal(said))

    return written(tree.transform(filled, copy=False))


def written(tree: Sql) -> str:
    """The tree is given up: the generator may change it."""
    return tree.sql(dialect=DIALECT, copy=False)
