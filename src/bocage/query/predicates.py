"""Predicates of a plan as SQL. Three-valued inside, made two-valued where it shows: at NOT and at the WHERE itself. Languages
whose negation is three-valued, as SQL's own, say Denied."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sqlglot import exp

from bocage.catalog.vocabulary import FieldType
from bocage.query import distances, places, times
from bocage.query.patterns import like_sql
from bocage.query.plan import (
    Always,
    And,
    BeginsWith,
    Between,
    Compare,
    Denied,
    Expression,
    Holds,
    InBox,
    Includes,
    InRows,
    Like,
    Lists,
    Matches,
    Missing,
    Near,
    Not,
    OneOf,
    Or,
    Predicate,
    Related,
    Spatial,
)
from bocage.query.sql import Sql, Writer, binary, call, column, is_not_true, is_null, joined, number

LOOKED_UP = 256
"""Up to this many rows are named in the statement itself."""


class SearchingWriter(Writer, Protocol):
    """A writer that also knows where the words of the rows are kept."""

    timezone: str

    def matches(self, node: Matches) -> Sql: ...


_OPERATORS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ, "!=": exp.NEQ, ">": exp.GT, "<": exp.LT, ">=": exp.GTE, "<=": exp.LTE,
}  # fmt: skip


def predicate_sql(writer: SearchingWriter, node: Predicate) -> Sql:
    return _WRITERS[type(node)](writer, node)


def _sides(writer: SearchingWriter, *expressions: Expression) -> list[Sql]:
    """Values that can be compared: when days meet instants, all are times on the wall."""
    kinds = {expression.type for expression in expressions}
    if kinds == {FieldType.DATE, FieldType.DATETIME}:
        return [times.local(writer, expression, writer.timezone) for expression in expressions]
    return [writer.value(expression) for expression in expressions]


def _compare(writer: SearchingWriter, node: Compare) -> Sql:
    near = distances.as_near(node)
    if near is not None:
        return distances.near(writer, near)
    left, right = _sides(writer, node.left, node.right)
    return binary(_OPERATORS[node.operator], left, right)


def _between(writer: SearchingWriter, node: Between) -> Sql:
    operand, low, high = _sides(writer, node.operand, node.low, node.high)
    return joined(
        exp.And,
        [
            binary(exp.GTE if node.low_closed else exp.GT, operand, low),
            binary(exp.LTE if node.high_closed else exp.LT, operand.copy(), high),
        ],
    )


def _one_of(writer: SearchingWriter, node: OneOf) -> Sql:
    operand, *values = _sides(writer, node.operand, *node.values)
    return exp.Paren(this=exp.In(this=operand, expressions=values))


def _includes(writer: SearchingWriter, node: Includes) -> Sql:
    values = [writer.value(value) for value in node.values]
    return call("list_has_any", writer.value(node.operand), exp.Array(expressions=values))


def _lists(writer: SearchingWriter, node: Lists) -> Sql:
    left, right = writer.value(node.left), writer.value(node.right)
    match node.relation:
        case "contains":
            return call("list_has_all", left, right)
        case "contained":
            return call("list_has_all", right, left)
        case "overlaps":
            return call("list_has_any", left, right)
    return joined(exp.And, [call("list_has_all", left, right), call("list_has_all", right.copy(), left.copy())])


def _like(writer: SearchingWriter, node: Like) -> Sql:
    return like_sql(writer, node)


def _missing(writer: SearchingWriter, node: Missing) -> Sql:
    return is_null(writer.value(node.operand))


def _holds(writer: SearchingWriter, node: Holds) -> Sql:
    return exp.Paren(this=writer.value(node.operand))


def _begins_with(writer: SearchingWriter, node: BeginsWith) -> Sql:
    prefix = writer.parameters.bind(node.prefix)
    found: list[Sql] = []
    for field in node.fields:
        value = writer.value(field)
        if field.type == FieldType.ARRAY:
            item = exp.Lambda(
                this=call("starts_with", exp.column("item"), prefix.copy()), expressions=[exp.to_identifier("item")]
            )
            found.append(
                exp.GT(this=call("length", call("list_filter", value, item)), expression=exp.Literal.number(0))
            )
        else:
            found.append(call("starts_with", value, prefix.copy()))
    return joined(exp.Or, found) if found else exp.false()


def _matches(writer: SearchingWriter, node: Matches) -> Sql:
    return writer.matches(node)


def _near(writer: SearchingWriter, node: Near) -> Sql:
    return distances.near(writer, node)


def _in_box(writer: SearchingWriter, node: InBox) -> Sql:
    return places.in_box(writer, node)


def _spatial(writer: SearchingWriter, node: Spatial) -> Sql:
    return places.spatial(writer, node)


def _related(writer: SearchingWriter, node: Related) -> Sql:
    return places.related(writer, node)


def _in_rows(writer: SearchingWriter, node: InRows) -> Sql:
    """Written out, a page of numbers is looked up in the index of the table."""
    if not node.rows:
        return exp.false()
    if len(node.rows) <= LOOKED_UP:
        return exp.Paren(this=exp.In(this=column("_row"), expressions=[number(row) for row in node.rows]))
    rows = exp.Select(expressions=[call("unnest", writer.parameters.bind_whole_numbers(node.rows))])
    return exp.Paren(this=exp.In(this=column("_row"), query=exp.Subquery(this=rows)))


def _always(_writer: SearchingWriter, node: Always) -> Sql:
    return exp.true() if node.value else exp.false()


def _not(writer: SearchingWriter, node: Not) -> Sql:
    return is_not_true(predicate_sql(writer, node.operand))


def _denied(writer: SearchingWriter, node: Denied) -> Sql:
    return exp.Paren(this=exp.Not(this=exp.Paren(this=predicate_sql(writer, node.operand))))


def _and(writer: SearchingWriter, node: And) -> Sql:
    return joined(exp.And, [predicate_sql(writer, operand) for operand in node.operands])


def _or(writer: SearchingWriter, node: Or) -> Sql:
    return joined(exp.Or, [predicate_sql(writer, operand) for operand in node.operands])


_WRITERS: dict[type[Any], Callable[[SearchingWriter, Any], Sql]] = {
    Compare: _compare,
    Between: _between,
    OneOf: _one_of,
    Includes: _includes,
    Lists: _lists,
    Like: _like,
    Missing: _missing,
    Holds: _holds,
    Matches: _matches,
    BeginsWith: _begins_with,
    Near: _near,
    InBox: _in_box,
    Spatial: _spatial,
    Related: _related,
    InRows: _in_rows,
    Always: _always,
    Not: _not,
    Denied: _denied,
    And: _and,
    Or: _or,
}
