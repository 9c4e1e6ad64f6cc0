"""A whole answer as a stream, whose first rows come at once.

The engine hands nothing over before its buffer is full: some twenty thousand rows of a wide table, most of the wait for
the first byte. Where the order is that of the table, the first rows are asked for by themselves.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from bocage.catalog.vocabulary import FieldType
from bocage.query import compile as compiling
from bocage.query import paging
from bocage.query.compile import ROW
from bocage.query.plan import Column, Compare, Constant, Plan, all_of

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.query.compile import Source
    from bocage.store.engine import Session

FIRST_ROWS = 2_048
"""Rows of the table read by the first statement: one vector of the engine."""

ROWS_PER_BATCH = 4096
"""A few hundred kilobytes of text, or a few megabytes for very wide rows: what memory holds of a row is held for all of these."""


def batches(
    session: Session, plan: Plan, source: Source, shown: Callable[[str], str], *, pairs: bool = False
) -> Iterator[pa.RecordBatch]:
    """The rows of a plan; `shown` writes the statement around its compiled query, whose positions are {lon, lat} with
    `pairs`. The first statement is run now, so that every error of the request is raised here."""
    plan = _in_place(plan, source)

    def started(part: Plan) -> Iterator[pa.RecordBatch]:
        compiled = compiling.page(part, source, ordered=not compiling.reads_in_order(part, source), pairs=pairs)
        return session.arrow(shown(compiled.sql), compiled.parameters, ROWS_PER_BATCH)

    if not _splits(plan, source):
        return started(plan)
    first = list(started(_among(plan, "<")))
    return _chained(first, lambda: started(_among(plan, ">=")))


def _chained(first: list[pa.RecordBatch], rest: Callable[[], Iterator[pa.RecordBatch]]) -> Iterator[pa.RecordBatch]:
    yield from first
    yield from rest()


def _in_place(plan: Plan, source: Source) -> Plan:
    """A limit makes the engine gather all rows below it before it gives the first: numbers of rows say the same."""
    placed = paging.in_place(plan, source)
    return placed if placed is plan else dataclasses.replace(placed, limit=None)


def _splits(plan: Plan, source: Source) -> bool:
    """Every row that fulfils the condition, in the order of the table."""
    return plan.limit is None and not plan.offset and compiling.reads_in_order(plan, source)


def _among(plan: Plan, operator: Literal["<", ">="]) -> Plan:
    """The rows before, or from, FIRST_ROWS."""
    side = Compare(operator, Column(ROW, FieldType.INTEGER), Constant(FIRST_ROWS, FieldType.INTEGER))
    return dataclasses.replace(plan, condition=all_of([side, *([plan.condition] if plan.condition else [])]))
