"""Where the rows of a page are, and how many there are in all, with as few looks at the table as can be."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.query import compile as compiling
from bocage.query.compile import ROW
from bocage.query.plan import Between, Column, Constant

if TYPE_CHECKING:
    from bocage.query.compile import Source
    from bocage.query.plan import Plan
    from bocage.store.engine import Session


def in_place(plan: Plan, source: Source) -> Plan:
    """The same page; of all rows in their own order, it is the rows of these numbers: nothing is sorted or skipped."""
    whole = plan.condition is None and source.row_count is not None
    if plan.limit is None or not whole or not compiling.reads_in_order(plan, source):
        return plan
    first, beyond = (Constant(row, FieldType.INTEGER) for row in (plan.offset, plan.offset + plan.limit))
    numbers = Between(Column(ROW, FieldType.INTEGER), first, beyond, high_closed=False)
    return dataclasses.replace(plan, condition=numbers, offset=0)


def total(session: Session, plan: Plan, source: Source, found: int) -> int:
    """How many rows or groups there are in all, `found` of them on the page of the plan: the last page tells by itself.
    Of a summary of everything: how many rows it is made of."""
    listed = plan.groups or not plan.summarised
    if listed and plan.limit is not None and found < plan.limit and (found or not plan.offset):
        return plan.offset + found
    return count(session, plan, source)


def count(session: Session, plan: Plan, source: Source) -> int:
    """How many groups, or rows that fulfil the condition, were there no limit."""
    if not plan.groups and plan.condition is None and source.row_count is not None:
        return source.row_count
    statement = compiling.count_groups(plan, source) if plan.groups else compiling.count(plan, source)
    found: int = session.execute(statement.sql, statement.parameters)[0][0]
    return found
