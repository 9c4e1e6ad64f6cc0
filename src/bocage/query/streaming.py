"""A whole answer as a stream: its first rows come at once, the next ones are made while these are used."""

from __future__ import annotations

import contextvars
import dataclasses
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from bocage.query import compile as compiling
from bocage.query import paging

if TYPE_CHECKING:
    import pyarrow as pa

    from bocage.query.compile import Source
    from bocage.query.plan import Plan
    from bocage.store.engine import Session

T = TypeVar("T")

ROWS_PER_BATCH = 4096
"""A few hundred kilobytes of text, or a few megabytes for very wide rows: what memory holds of a row is held for all of these."""


def batches(
    session: Session, plan: Plan, source: Source, shown: Callable[[str], str], *, pairs: bool = False
) -> Iterator[pa.RecordBatch]:
    """The rows of a plan; `shown` writes the statement around its compiled query, whose positions are {lon, lat} with
    `pairs`. The statement is started now, so that every error of the request is raised here."""
    plan = _in_place(plan, source)
    compiled = compiling.page(plan, source, ordered=not compiling.reads_in_order(plan, source), pairs=pairs)
    return session.arrow(shown(compiled.sql), compiled.parameters, ROWS_PER_BATCH, frugal=True)


def _in_place(plan: Plan, source: Source) -> Plan:
    """A limit makes the engine gather all rows below it before it gives the first: numbers of rows say the same."""
    placed = paging.in_place(plan, source)
    return placed if placed is plan else dataclasses.replace(placed, limit=None)


@contextmanager
def made_ahead(items: Iterator[T], interrupt: Callable[[], None]) -> Iterator[Iterator[T]]:
    """The same items, each made in a thread of its own while the one before is used: hashed, kept, sent.

    Nothing is begun before the first is asked for. The thread has ended when the block is left: what it still makes then is
    stopped by `interrupt`."""
    context = contextvars.copy_context()  # the language of the faults

    def one() -> list[T]:
        return list(islice(items, 1))

    with (
        ThreadPoolExecutor(1, "stream") as thread,
        closing(_one_ahead(lambda: thread.submit(context.run, one), interrupt)) as ahead,
    ):
        yield ahead


def _one_ahead(begin: Callable[[], Future[list[T]]], interrupt: Callable[[], None]) -> Generator[T]:
    coming = begin()
    try:
        while found := coming.result():
            coming = begin()
            yield from found
    finally:
        if not coming.done():
            interrupt()
