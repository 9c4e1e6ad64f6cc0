"""A request → its plan: clauses, refinements and bounds together."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bocage.query.odsql.clauses import read_conditions, read_plan
from bocage.query.odsql.refinements import Refinement, by_field, read_refinements, refined
from bocage.query.odsql.types import DATES
from bocage.query.plan import Call, Not, Operation, Or, Output, Plan, Predicate, all_of

if TYPE_CHECKING:
    from bocage.query.odsql.scope import Scope
    from bocage.query.requests import OdsqlRequest

MOST_ROWS = 100
MOST_GROUPS = 20_000
"""Rows and groups of one page."""


def plan_of(request: OdsqlRequest, scope: Scope, *, page: bool) -> Plan:
    """The whole plan, limits included. On a `page`, limit -1 is the most a page holds; otherwise it is everything."""
    condition = all_of([part for part in (read_conditions(request.where, scope), *refinements(request, scope)) if part])
    plan = read_plan(request.select, condition, request.group_by, request.order_by, scope)
    limit = request.limit if request.limit >= 0 else None
    if page:
        most = MOST_GROUPS if plan.groups else MOST_ROWS
        limit = most if limit is None else min(limit, most)
    return dataclasses.replace(plan, limit=limit, offset=max(0, request.offset))


def without_json(plan: Plan) -> Plan:
    """For formats other than JSON, where json_format() gives the text that it was given."""
    return dataclasses.replace(plan, outputs=tuple(_as_text(output) for output in plan.outputs))


def _as_text(output: Output) -> Output:
    expression = output.expression
    if not isinstance(expression, Call) or expression.operation is not Operation.PARSE_JSON:
        return output
    (text,) = expression.arguments
    return Output(dataclasses.replace(output.field, type=text.type), text)


def refinements(request: OdsqlRequest, scope: Scope) -> list[Predicate]:
    """refine and exclude as conditions, read as the fields are declared."""
    kept = by_field(read_refinements("refine", request.refine, scope))
    conditions: list[Predicate] = []
    for name, values in kept.items():
        either = name in request.disjunctive or scope.fields[name].annotations.disjunctive
        combined = alternatives if either else together
        conditions.append(combined(name, values, scope, declared_separator(name, scope)))
    excluded = read_refinements("exclude", request.exclude, scope)
    return conditions + [Not(refined(one, scope, declared_separator(one.field, scope))) for one in excluded]


def declared_separator(name: str, scope: Scope) -> str | None:
    """What stands between the steps of the values of a field, when they are paths. Dates have their own."""
    field = scope.fields[name]
    return None if field.type in DATES else field.annotations.separator or None


def alternatives(name: str, values: list[str], scope: Scope, separator: str | None = None) -> Predicate:
    found = tuple(refined(Refinement(name, value), scope, separator) for value in values)
    return Or(found) if len(found) > 1 else found[0]


def together(name: str, values: list[str], scope: Scope, separator: str | None = None) -> Predicate:
    found = all_of([refined(Refinement(name, value), scope, separator) for value in values])
    assert found is not None  # noqa: S101  a field is there because it has a value
    return found
