"""The engine of this process: made when first needed, shared by the sessions of its threads, never across a fork."""

from __future__ import annotations

import os
import threading
from functools import cached_property

from bocage.store import hardening
from bocage.store.attachments import Attachments
from bocage.store.layout import hot_directory, versions_directory
from bocage.store.limits import Watchdog
from bocage.store.residents import Residents
from bocage.store.spilling import SpillFolder
from bocage.store.statements import reaching_functions

LATE_ROWS = 2000
"""Up to this many rows, a sorted page reads only the key of the sort, then the other columns of the rows kept."""
FILTERED_ROWS = 200
"""Up to this many rows kept, blocks that hold none of them are not unpacked at all: with the engine's 50, a page of 100 rows
reads every column of the table."""


class Engine:
    """One in-memory DuckDB; the working copies attached to it; its small tables; its watchdog."""

    def __init__(self) -> None:
        for directory in (hot_directory(), versions_directory()):
            directory.mkdir(parents=True, exist_ok=True)
        self.spill = SpillFolder()
        self.connection = hardening.connect(
            allowed=[hot_directory(), versions_directory()],
            spill=self.spill.path,
            tuning={
                "late_materialization_max_rows": LATE_ROWS,
                "dynamic_or_filter_threshold": FILTERED_ROWS,
                "allocator_background_threads": "true",  # what a long answer has freed is given back beside the next ones
            },
            # Each cursor begins with the engine's own. A session runs SELECTs only: no statement of a request changes it.
            adjustable=[hardening.STREAM_BUFFER],
        )
        self.attachments = Attachments(self.connection)
        self.residents = Residents(self.connection)
        self.watchdog = Watchdog()
        self.closed = False

    def close(self) -> None:
        self.closed = True
        self.watchdog.close()
        self.connection.close()
        self.attachments.abandon()
        self.spill.remove()

    def abandon(self) -> None:
        """In a forked child: what is held is the parent's."""
        self.attachments.abandon()
        self.spill.let_go()

    @cached_property
    def refused(self) -> frozenset[str]:
        return reaching_functions(self.connection)


class _Process:
    """`engine` of this process, if any; `inherited` is kept, unused, for the threads behind it did not survive the fork."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.engine: Engine | None = None
        self.inherited: list[Engine] = []


_process = _Process()


def current() -> Engine:
    """The engine of this process."""
    with _process.lock:
        if _process.engine is None:
            _process.engine = Engine()
        return _process.engine


def close() -> None:
    """Close the engine; the next session makes a new one. One still open, as that of an answer nobody read, only ends."""
    with _process.lock:
        if _process.engine:
            _process.engine.close()
            _process.engine = None


def replace(lost: Engine) -> bool:
    """After a fault of the engine itself, which then refuses every statement: the next session makes a new one. Those still open on
    this one are told that it is lost. Whether it was still the engine of the process."""
    with _process.lock:
        if _process.engine is not lost:
            return False
        _process.engine = None
    lost.close()
    return True


def _after_fork() -> None:
    _process.lock = threading.Lock()
    if _process.engine:
        _process.engine.abandon()
        _process.inherited.append(_process.engine)
        _process.engine = None


os.register_at_fork(after_in_child=_after_fork)
