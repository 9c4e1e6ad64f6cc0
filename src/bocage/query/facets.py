"""Counts of values: one grouped statement per facet and level, over the same conditions as the rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlglot import exp

from bocage.catalog.vocabulary import FieldType
from bocage.query import times
from bocage.query.compile import ROW, Compiler, Source, Statement, alias
from bocage.query.errors import InvalidParameter, UnknownField
from bocage.query.odsql.refinements import Refinement, by_field, read_refinements, refined
from bocage.query.odsql.types import DATES
from bocage.query.plan import Column, Not, Predicate, all_of
from bocage.query.planning import alternatives, declared_separator, together
from bocage.query.requests import FacetRequest, FacetValue
from bocage.query.sql import Sql, call, case, cast, column, number, text, written

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope
    from bocage.query.requests import OdsqlRequest
    from bocage.store.engine import Session

MOST_FACETS = 50
DEEPEST = 10
_DATE_LEVELS = ("%Y", "%Y/%m", "%Y/%m/%d")
MOST_FREQUENT = "-count"
SORTS = ("count", "-count", "alphanum", "-alphanum", "num", "-num")


def requested_facets(
    session: Session,
    source: Source,
    scope: Scope,
    where: Predicate | None,
    request: OdsqlRequest,
    wanted: Sequence[FacetRequest],
) -> dict[str, list[FacetValue]]:
    """Facets under the refinements of a request. Raises UnknownField, InvalidParameter."""
    kept = by_field(read_refinements("refine", request.refine, scope))
    left_out = by_field(read_refinements("exclude", request.exclude, scope))
    return count_facets(session, source, scope, where, wanted, kept, left_out, request.disjunctive)


def count_facets(
    session: Session,
    source: Source,
    scope: Scope,
    where: Predicate | None,
    wanted: Sequence[FacetRequest],
    kept: Mapping[str, list[str]],
    left_out: Mapping[str, list[str]] = MappingProxyType({}),
    disjunctive: Sequence[str] = (),
) -> dict[str, list[FacetValue]]:
    """`kept`, `left_out`: refined and excluded values by field. Raises UnknownField, InvalidParameter."""
    _check(wanted, scope)
    wanted = [_as_declared(facet, scope) for facet in wanted]
    declared = {field.name for field in scope.fields.values() if field.annotations.disjunctive}
    alternative = {facet.name for facet in wanted if facet.disjunctive} | declared | set(disjunctive)
    facets = {facet.name: facet for facet in wanted}
    counter = _Counter(session, source, scope, where, kept, left_out, facets, frozenset(alternative))
    return {facet.name: counter.values(facet) for facet in wanted}


def _check(wanted: Sequence[FacetRequest], scope: Scope) -> None:
    if len(wanted) > MOST_FACETS:
        raise InvalidParameter(parameter="facet", value=str(len(wanted)), expected=f"at most {MOST_FACETS} facets")
    for facet in wanted:
        field = scope.field(facet.name)
        if field is None:
            raise UnknownField(clause="facet", field=facet.name)
        if field.type.is_geographic or field.type == FieldType.OBJECT:
            raise InvalidParameter(parameter="facet", value=facet.name, expected="a field of texts, numbers or dates")
        if facet.sort and facet.sort not in SORTS:
            raise InvalidParameter(parameter="sort", value=facet.sort, expected=", ".join(SORTS))


def _as_declared(facet: FacetRequest, scope: Scope) -> FacetRequest:
    """The facet asked, with what the dataset says of its field where the request says nothing."""
    field = scope.field(facet.name)
    assert field is not None  # noqa: S101  checked before
    said = field.annotations
    path = not facet.hierarchical and said.hierarchical
    return dataclasses.replace(
        facet,
        sort=facet.sort or said.facet_sort or MOST_FREQUENT,
        hierarchical=facet.hierarchical or said.hierarchical,
        separator=said.separator if path else facet.separator,
    )


@dataclass(frozen=True)
class _Counter:
    """Everything that the counts of one request share. `kept`, `left_out`: refined and excluded values by field."""

    session: Session
    source: Source
    scope: Scope
    where: Predicate | None
    kept: Mapping[str, list[str]]
    left_out: Mapping[str, list[str]]
    facets: Mapping[str, FacetRequest]
    disjunctive: frozenset[str]

    def values(self, facet: FacetRequest) -> list[FacetValue]:
        column = self.scope.expression(facet.name)
        assert isinstance(column, Column)  # noqa: S101  checked before
        level = _Level(self, facet, column, self._condition(column.name))
        return level.values(1, None)

    def _condition(self, counted: str) -> Predicate | None:
        """What the counts of a field obey: everything, but its own refinements when they are alternatives."""
        conditions = [] if self.where is None else [self.where]
        for name, values in self.kept.items():
            separator = self.separator(name)
            if name not in self.disjunctive:
                conditions.append(together(name, values, self.scope, separator))
            elif name != counted:
                conditions.append(alternatives(name, values, self.scope, separator))
        for name, values in self.left_out.items():
            conditions += [Not(refined(Refinement(name, value), self.scope, self.separator(name))) for value in values]
        return all_of(conditions)

    def separator(self, name: str) -> str | None:
        facet = self.facets.get(name)
        if facet is None:
            return declared_separator(name, self.scope)
        return facet.separator if facet.hierarchical and self.scope.fields[name].type not in DATES else None


@dataclass(frozen=True)
class _Level:
    """The values of one facet, level by level where it has several: years, months, days; or the steps of a path."""

    counter: _Counter
    facet: FacetRequest
    column: Column
    condition: Predicate | None

    @property
    def _separator(self) -> str | None:
        return "/" if self.column.type in DATES else self.counter.separator(self.column.name)

    def values(self, depth: int, parent: str | None) -> list[FacetValue]:
        """The values at `depth` (from 1) below `parent`; the refined ones are opened."""
        refined_here = [self._cut(value, depth) for value in self.counter.kept.get(self.column.name, [])]
        left_out = [value for value in self.counter.left_out.get(self.column.name, []) if self._depth(value) == depth]
        statement = self._statement(depth, parent, [value for value in refined_here if value is not None])
        counts = dict(self.counter.session.execute(statement.sql, statement.parameters))
        counts |= {
            value: 0
            for value in refined_here
            if value is not None and self._under(value, parent) and value not in counts
        }
        found = [self._value(value, count, depth, value in refined_here) for value, count in counts.items()]
        found += [
            FacetValue(self._name(value), value, 0, "excluded") for value in left_out if self._under(value, parent)
        ]
        return _sorted(found, self.facet.sort)

    def _value(self, value: str, count: int, depth: int, is_refined: bool) -> FacetValue:
        below = self.values(depth + 1, value) if is_refined and self._separator and depth < self._deepest else []
        return FacetValue(self._name(value), value, count, "refined" if is_refined else "displayed", tuple(below))

    @property
    def _deepest(self) -> int:
        return len(_DATE_LEVELS) if self.column.type in DATES else DEEPEST

    def _depth(self, value: str) -> int:
        return value.count(self._separator) + 1 if self._separator else 1

    def _cut(self, value: str, depth: int) -> str | None:
        """The ancestor of a refined value at this depth; None when it is not so deep."""
        if not self._separator:
            return value if depth == 1 else None
        if self.column.type in DATES:
            value = value.replace("-", "/")
        steps = value.split(self._separator)
        return self._separator.join(steps[:depth]) if len(steps) >= depth else None

    def _under(self, value: str, parent: str | None) -> bool:
        return parent is None or value.startswith(parent + (self._separator or ""))

    def _name(self, value: str) -> str:
        return value.rsplit(self._separator, 1)[-1] if self._separator else value

    def _statement(self, depth: int, parent: str | None, first: list[str]) -> Statement:
        """Refined values come before the limit: they are always shown."""
        compiler = Compiler(self.counter.source)
        inner = self._rows(compiler, depth)
        value = exp.column("v", table="f")
        statement = exp.select(value, exp.Count(this=exp.Star())).from_(
            exp.Subquery(this=inner, alias=exp.to_identifier("f"))
        )
        statement = statement.where(exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null())), copy=False)
        if parent is not None:
            prefix = compiler.parameters.bind(parent + (self._separator or ""))
            statement = statement.where(call("starts_with", value.copy(), prefix), copy=False)
        statement.set("group", exp.Group(expressions=[number(1)]))
        statement.set("order", exp.Order(expressions=self._order(value, first, compiler)))
        statement.set("limit", exp.Limit(expression=number(max(0, self.facet.limit) + len(first))))
        return Statement(written(statement), compiler.parameters.values)

    def _order(self, value: Sql, first: list[str], compiler: Compiler) -> list[Sql]:
        keys: list[Sql] = []
        if first:
            refined_first = exp.In(this=value.copy(), expressions=[compiler.parameters.bind(item) for item in first])
            keys.append(exp.Ordered(this=exp.Paren(this=refined_first), desc=True, nulls_first=False))
        descending = self.facet.sort.startswith("-")
        if self.facet.sort.endswith("count"):
            keys.append(exp.Ordered(this=exp.Count(this=exp.Star()), desc=descending, nulls_first=False))
            descending = False
        elif self.facet.sort.endswith("num") and not self.facet.sort.endswith("alphanum"):
            numeric = exp.TryCast(this=value.copy(), to=exp.DataType.build("DOUBLE"))
            keys.append(exp.Ordered(this=numeric, desc=descending, nulls_first=False))
        keys.append(exp.Ordered(this=value.copy(), desc=descending, nulls_first=False))
        return keys

    def _text(self, compiler: Compiler, depth: int) -> Sql:
        """The value as a facet writes it, cut at this depth; missing when it is not so deep."""
        if self.column.type in DATES:
            moment = times.local(compiler, self.column, self.counter.scope.timezone)
            return call("strftime", moment, text(_DATE_LEVELS[depth - 1]))
        value = compiler.value(self.column)
        if self.column.type == FieldType.ARRAY:
            return call("unnest", call("list_distinct", value))
        return cast(value, "VARCHAR")

    def _rows(self, compiler: Compiler, depth: int) -> exp.Select:
        """One row `v` per row and value; a path is cut at this depth, and counts once for each row that has it."""
        values = compiler.select([alias(column(ROW), "row"), alias(self._text(compiler, depth), "v")], self.condition)
        if not self._separator or self.column.type in DATES:
            return values
        steps = call("string_split", exp.column("v", table="p"), compiler.parameters.bind(self._separator))
        cut = call(
            "array_to_string",
            call("list_slice", steps, number(1), number(depth)),
            compiler.parameters.bind(self._separator),
        )
        deep = exp.GTE(this=call("length", steps.copy()), expression=number(depth))
        paths = exp.Select(expressions=[exp.column("row", table="p"), alias(case([(deep, cut)]), "v")])
        return paths.from_(exp.Subquery(this=values, alias=exp.to_identifier("p")), copy=False).distinct(copy=False)


def _sorted(values: list[FacetValue], sort: str) -> list[FacetValue]:
    """The order asked for; equal counts by value."""
    values = sorted(values, key=lambda value: value.value)
    backwards = sort.startswith("-")
    if sort.endswith("count"):
        return sorted(values, key=lambda value: -value.count if backwards else value.count)
    if sort.endswith("alphanum"):
        return values[::-1] if backwards else values
    return sorted(values, key=_numeric, reverse=backwards)


def _numeric(value: FacetValue) -> float:
    try:
        return float(value.value)
    except ValueError:
        return float("inf")
