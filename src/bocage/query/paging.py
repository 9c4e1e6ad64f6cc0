"""Where the rows of a page are, and how many there are in all, with as few looks at the table as can be."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query import compile as compiling
from bocage.query.compile import ROW
from bocage.query.counts import COUNTS
from bocage.query.plan import Always, And, Between, Column, Constant, InRows, Output, Plan
from bocage.query.predicates import LOOKED_UP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.query.compile import Source
    from bocage.query.plan import Predicate
    from bocage.store.engine import Session

NUMBER = Column(ROW, FieldType.INTEGER)
MANY_ROWS = 20_000
"""Of a table: from here on, two statements that read little are quicker than one that reads every column of every row."""


def in_place(plan: Plan, source: Source) -> Plan:
    """The same page; of all rows in their own order, it is the rows of these numbers: nothing is sorted or skipped."""
    whole = plan.condition is None and source.row_count is not None
    if plan.limit is None or not whole or not compiling.reads_in_order(plan, source):
        return plan
    first, beyond = (Constant(row, FieldType.INTEGER) for row in (plan.offset, plan.offset + plan.limit))
    numbers = Between(NUMBER, first, beyond, high_closed=False)
    return dataclasses.replace(plan, condition=numbers, offset=0)


def placed(session: Session, plan: Plan, source: Source, rows: int) -> Plan:
    """The same page, of rows that are known: by their place, or found by what sorts and filters them alone. `rows`: of the whole
    table.

    Sorting a million rows with all that they carry takes half a gigabyte, and most of the time of the page."""
    numbered = in_place(plan, source)
    if numbered is not plan or rows < MANY_ROWS or not plan.limit or plan.summarised:
        return numbered
    output = Output(Field(ROW, FieldType.INTEGER), NUMBER)
    numbers = compiling.page(dataclasses.replace(plan, outputs=(output,)), source)
    found = [row for batch in session.arrow(numbers.sql, numbers.parameters) for row in batch.column(0).to_pylist()]
    return dataclasses.replace(plan, condition=these(found), limit=None, offset=0)


def these(rows: Sequence[int]) -> Predicate:
    """The rows of these numbers."""
    if not rows:
        return Always(False)
    first, last = min(rows), max(rows)
    between = Between(NUMBER, Constant(first, FieldType.INTEGER), Constant(last, FieldType.INTEGER))
    if last - first + 1 == len(rows):
        return between
    return InRows(tuple(rows)) if len(rows) <= LOOKED_UP else And((between, InRows(tuple(rows))))


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
    return COUNTS.of(statement, lambda asked: int(session.execute(asked.sql, asked.parameters)[0][0]))
