"""A plan → one SELECT. Below the user's query, the source of the relation already has the rights of the viewer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query import places
from bocage.query.clusters import cell as cell_of
from bocage.query.clusters import cells_across, merged
from bocage.query.functions import aggregate_sql, call_sql
from bocage.query.plan import (
    ROW_ID,
    Aggregate,
    Call,
    Column,
    Constant,
    Expression,
    Matches,
    Output,
    Plan,
    Predicate,
    SortKey,
    Truth,
)
from bocage.query.predicates import predicate_sql
from bocage.query.search import TextIndex, rows_with
from bocage.query.sql import SOURCE, Parameters, Sql, call, case, column, from_item, joined, number, subquery, written

ROW = "_row"
COUNTED = "_groups"
"""Column of the count of groups, beside those of a summary."""


@dataclass(frozen=True)
class Statement:
    sql: str
    parameters: Sequence[Any] = ()


@dataclass(frozen=True)
class Source:
    """`rows`: FROM item. `index` and `ids` are built only when a plan needs them. `row_count`: of rows numbered from 0
    without a gap; None when this is not known. `in_order`: reading them gives them by `_row`; a join may not. `identifier`: column
    of the identifiers, where rows have theirs beside them."""

    rows: str
    index: Callable[[], TextIndex]
    ids: Callable[[], str]
    timezone: str = "UTC"
    row_count: int | None = None
    in_order: bool = True
    identifier: str = ""


class Compiler:
    """Writes the parts of one statement. `known`: expressions that are already columns of an inner query."""

    def __init__(self, source: Source, known: Mapping[Expression, Sql] | None = None) -> None:
        self.source = source
        self.timezone = source.timezone
        self.parameters = Parameters()
        self.known: Mapping[Expression, Sql] = known or {}
        self.names_ids = False
        self._lists: list[Sql] = []
        self._clusters: dict[Call, str] = {}

    def value(self, expression: Expression) -> Sql:
        if expression in self.known:
            return self.known[expression].copy()
        if isinstance(expression, Column):
            return self._column(expression)
        if isinstance(expression, Constant):
            return self.parameters.bind(expression.value)
        if isinstance(expression, Call):
            return call_sql(self, expression)
        if isinstance(expression, Truth):
            return exp.Paren(this=self.predicate(expression.condition))
        return aggregate_sql(self, expression)

    def predicate(self, predicate: Predicate) -> Sql:
        return predicate_sql(self, predicate)

    def matches(self, node: Matches) -> Sql:
        index = self.source.index()
        return joined(exp.And, [rows_with(word, node.fields, index, self.parameters) for word in node.words])

    def each(self, values: Sql) -> Sql:
        self._lists.append(values)
        return column("value", f"e{len(self._lists) - 1}")

    def cluster(self, node: Call) -> Sql:
        name = self._clusters.setdefault(node, f"m{len(self._clusters)}")
        return call("coalesce", column("cluster", name), self._cells(node)[1])

    def select(self, outputs: Sequence[Sql], condition: Predicate | None) -> exp.Select:
        """SELECT outputs FROM the source WHERE condition."""
        where = None if condition is None else self.predicate(condition)
        statement = exp.Select(expressions=list(outputs)).from_(from_item(self.source.rows), copy=False)
        if self.names_ids:
            ids = subquery(f"SELECT 1 FROM {self.source.ids()} AS i").find(exp.From)
            assert ids is not None  # noqa: S101  the statement above has one
            match = exp.EQ(this=column("row", "i"), expression=column(ROW))
            statement = statement.join(ids.this, on=match, copy=False)
        for position, values in enumerate(self._lists):
            statement = statement.join(_each_of(values, f"e{position}"), copy=False)
        for node, name in self._clusters.items():
            statement = self._clustered(statement, node, name, condition)
        return statement.where(where, copy=False) if where is not None else statement

    def _clustered(self, statement: exp.Select, node: Call, name: str, condition: Predicate | None) -> exp.Select:
        """Joined to the clusters of the same rows."""
        cells, cell = self._cells(node)
        rows = Compiler(self.source)
        rows.parameters = self.parameters
        lon, lat = places.middle(_operand(node))
        inner = rows.select([alias(cell, "cell"), alias(lon, "lon"), alias(lat, "lat")], condition)
        clusters = exp.Subquery(this=merged(inner, cells), alias=exp.to_identifier(name))
        match = exp.EQ(this=column("cell", name), expression=self._cells(node)[1])
        return statement.join(clusters, on=match, join_type="left", copy=False)

    def _cells(self, node: Call) -> tuple[float, Sql]:
        across = cells_across(*node.options)
        return across, cell_of(*places.middle(_operand(node)), self.parameters.bind(across))

    def _column(self, expression: Column) -> Sql:
        if expression.name == ROW_ID:
            if self.source.identifier:
                return column(self.source.identifier)
            self.names_ids = True
            return column("id", "i")
        return column(expression.name)


def _operand(node: Call) -> Column:
    operand = node.arguments[0]
    assert isinstance(operand, Column)  # noqa: S101  plans are made so
    return operand


def _each_of(values: Sql, name: str) -> Sql:
    """One row for each different value of a list, or one with nothing."""
    nothing = exp.Array(expressions=[exp.Null()])
    filled = case(
        [(exp.GT(this=call("len", values), expression=number(0)), call("list_distinct", values.copy()))], nothing
    )
    rows = exp.Select(expressions=[alias(call("unnest", filled), "value")])
    return exp.Lateral(this=exp.Subquery(this=rows), alias=exp.TableAlias(this=exp.to_identifier(name)))


def alias(value: Sql, name: str) -> Sql:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


def page(plan: Plan, source: Source, *, ordered: bool = True, pairs: bool = False) -> Statement:
    """The rows of a plan, columns named as its outputs, in the physical types of `store.staged.StagedFile`.

    A summary has one more column, COUNTED. `ordered` False leaves out the default order, for whole reads of tables that
    are already in it. With `pairs`, a position is {lon, lat} in the place of its geometry."""
    compiler = Compiler(source)
    if plan.summarised:
        statement = _summary(plan, compiler, pairs)
    else:
        outputs = [_output(compiler, output, pairs) for output in plan.outputs]
        order = [_ordered(compiler.value(key.expression), key.descending) for key in plan.sort]
        if ordered or plan.sort:
            order.append(_ordered(column(ROW), descending=False))
        statement = compiler.select(outputs, plan.condition)
        if order:
            statement.set("order", exp.Order(expressions=order))
    return Statement(written(_limited(statement, plan)), compiler.parameters.values)


def first(plan: Plan, source: Source, *, pairs: bool = False) -> Statement:
    """The same as `page` for a few rows of a plan that is not sorted: where reading gives the rows in order they are found without
    looking further, and only those of the page are then joined to what is beside the table."""
    if not _is_found_in_order(plan, source):
        return page(plan, source, pairs=pairs)
    found = Compiler(source)
    rows = written(_limited(found.select([_every_column()], plan.condition), plan))
    compiler = Compiler(dataclasses.replace(source, rows=f"({rows})"))
    compiler.parameters = found.parameters
    statement = compiler.select([_output(compiler, output, pairs) for output in plan.outputs], None)
    statement.set("order", exp.Order(expressions=[_ordered(column(ROW), descending=False)]))
    return Statement(written(statement), compiler.parameters.values)


def _is_found_in_order(plan: Plan, source: Source) -> bool:
    rows_only = dataclasses.replace(plan, outputs=())
    return names_ids(plan) and not names_ids(rows_only) and reads_in_order(rows_only, source)


def _every_column() -> Sql:
    return exp.Column(this=exp.Star(), table=exp.to_identifier(SOURCE))


def count(plan: Plan, source: Source) -> Statement:
    """How many rows fulfil the condition."""
    compiler = Compiler(source)
    statement = compiler.select([exp.Count(this=exp.Star())], plan.condition)
    return Statement(written(statement), compiler.parameters.values)


def count_groups(plan: Plan, source: Source) -> Statement:
    whole = page(dataclasses.replace(plan, limit=None, offset=0, sort=()), source)
    return Statement(f"SELECT count(*) FROM ({whole.sql}) AS g", whole.parameters)


def reads_in_order(plan: Plan, source: Source) -> bool:
    """A plain scan keeps the order of the table; a join, for a search, for identifiers or for rights, may not."""
    plain = source.in_order and not plan.sort and not plan.summarised
    return plain and not any(_is_search(part) or _is_id(part) for part in _parts(plan))


def searches(*asked: Any) -> bool:
    """Plans or predicates that read the index of words."""
    return any(_is_search(part) for one in asked for part in _parts(one))


def names_ids(*asked: Any) -> bool:
    """Plans that read the table of identifiers."""
    return any(_is_id(part) for one in asked for part in _parts(one))


def columns_of(asked: Any) -> list[Column]:
    """Those that a plan or a predicate names."""
    return [part for part in _parts(asked) if isinstance(part, Column)]


def _parts(asked: Any) -> list[Any]:
    """A plan or a predicate, and all that it is made of."""
    waiting, found = [asked], []
    while waiting:
        part = waiting.pop()
        found.append(part)
        if isinstance(part, tuple):
            waiting += part
        elif not isinstance(part, Field):  # described by words, in which nothing is asked
            waiting += getattr(part, "__dataclass_fields__", ()) and vars(part).values()
    return found


def _is_search(part: Any) -> bool:
    return isinstance(part, Matches)


def _is_id(part: Any) -> bool:
    return isinstance(part, Column) and part.name == ROW_ID


def _output(compiler: Compiler, output: Output, pairs: bool) -> Sql:
    """Shown as a pair, a position of the table is read from its bounds: eight times cheaper than from its geometry."""
    expression, name = output.expression, output.field.name
    if not pairs or output.field.type != FieldType.GEOPOINT:
        return alias(compiler.value(expression), name)
    if isinstance(expression, Column) and expression not in compiler.known:
        lon, lat = (column(f"_{expression.name}_{side}") for side in ("xmin", "ymin"))
    else:
        lon, lat = (call(axis, compiler.value(expression)) for axis in ("ST_X", "ST_Y"))
    sides = [exp.PropertyEQ(this=exp.to_identifier(key), expression=side) for key, side in (("lon", lon), ("lat", lat))]
    return alias(call("struct_pack", *sides), name)


def _summary(plan: Plan, compiler: Compiler, pairs: bool = False) -> exp.Select:
    """Inside: groups and aggregates, each once. Outside: what is computed from them, their order and their count."""
    keys = {key: f"k{position}" for position, key in enumerate(dict.fromkeys(plan.groups))}
    asked = [output.expression for output in plan.outputs] + [key.expression for key in plan.sort]
    aggregates = {node: f"a{position}" for position, node in enumerate(_aggregates(asked, set(keys)))}
    names = keys | aggregates
    inner = compiler.select(
        [alias(compiler.value(node), name) for node, name in names.items()] or [number(1)], plan.condition
    )
    if keys:
        inner.set("group", exp.Group(expressions=[number(position + 1) for position in range(len(keys))]))
    compiler.known = {node: column(name, "g") for node, name in names.items()}
    outputs = [_output(compiler, output, pairs) for output in plan.outputs]
    counted = alias(exp.Window(this=exp.Count(this=exp.Star())), COUNTED)
    statement = exp.Select(expressions=[*outputs, counted]).from_(
        exp.Subquery(this=inner, alias=exp.to_identifier("g")), copy=False
    )
    sorts = [*plan.sort, *(SortKey(key) for key in plan.groups)]
    if sorts:
        order = [_ordered(compiler.value(key.expression), key.descending) for key in sorts]
        statement.set("order", exp.Order(expressions=order))
    return statement


def _aggregates(expressions: Sequence[Expression], keys: set[Expression]) -> list[Expression]:
    found: dict[Expression, None] = {}
    for expression in expressions:
        if expression in keys:
            continue
        if isinstance(expression, Aggregate):
            found[expression] = None
        elif isinstance(expression, Call):
            found |= dict.fromkeys(_aggregates(expression.arguments, keys))
    return list(found)


def _ordered(value: Sql, descending: bool) -> Sql:
    """Missing values last both ways, which is the engine's own order."""
    return exp.Ordered(this=value, desc=descending, nulls_first=False)


def _limited(statement: exp.Select, plan: Plan) -> exp.Select:
    if plan.limit is not None:
        statement.set("limit", exp.Limit(expression=number(plan.limit)))
    if plan.offset:
        statement.set("offset", exp.Offset(expression=number(plan.offset)))
    return statement
