"""Time limits and interruption: one watchdog thread per process, and what the engine's errors mean.

DuckDB's `interrupt()` is lost when it comes between two statements, so the watchdog repeats it until the session
ends, and the session itself refuses to start anything once it is stopped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

import duckdb

from bocage.kernel.errors import BocageError
from bocage.store.errors import EngineLost, QueryFailed, QueryStopped, QueryTooLarge, QueryTooLong, WorkingCopyDamaged

REPEAT_SECONDS = 0.02
PROBE_SECONDS = 0.25

ABANDONED: ContextVar[Callable[[], bool] | None] = ContextVar("ABANDONED", default=None)
"""Asked four times a second while a session is open: has the person who asked gone away? Set for the length of a request."""


class Limit:
    """The limit of one session: `seconds` from `Watchdog.watch`, or `stop()` before that."""

    def __init__(self, seconds: float, interrupt: Callable[[], None]) -> None:
        self.seconds = seconds
        self.expires_at = time.monotonic() + seconds
        self.interrupt = interrupt
        self.stopped = False
        self._abandoned = ABANDONED.get()

    @property
    def probed(self) -> bool:
        return self._abandoned is not None

    def probe(self) -> None:
        """Stop when nobody waits for the answer any more."""
        if self._abandoned is not None and not self.stopped and self._abandoned():
            self.stopped = True

    def restart(self) -> None:
        self.expires_at = time.monotonic() + self.seconds

    def extend(self, seconds: float) -> None:
        """For time spent on something else than the query."""
        self.expires_at += seconds

    @property
    def over(self) -> bool:
        return self.stopped or time.monotonic() >= self.expires_at

    def error(self) -> BocageError:
        """Why the session is over."""
        return QueryStopped() if self.stopped else QueryTooLong(seconds=round(self.seconds, 1))


class Watchdog:
    """Interrupts the sessions whose limit is over. Its thread sleeps until the earliest one."""

    def __init__(self) -> None:
        self._watched: set[Limit] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._wakes_at = float("inf")
        self._closed = False

    def watch(self, limit: Limit) -> None:
        with self._changed:
            self._watched.add(limit)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bocage-watchdog", daemon=True)
                self._thread.start()
            elif limit.probed or limit.expires_at < self._wakes_at:
                self._changed.notify()

    def release(self, limit: Limit) -> None:
        """After this returns, the limit interrupts nothing."""
        with self._changed:
            self._watched.discard(limit)

    def stop(self, limit: Limit) -> None:
        limit.stopped = True
        with self._changed:
            self._changed.notify()

    def close(self) -> None:
        """End the thread; nothing is watched any more."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                for limit in self._watched:
                    limit.probe()
                late = [limit for limit in self._watched if limit.over]
                for limit in late:
                    limit.interrupt()
                now = time.monotonic()
                earliest = min((limit.expires_at for limit in self._watched), default=float("inf"))
                if any(limit.probed for limit in self._watched):
                    earliest = min(earliest, now + PROBE_SECONDS)
                self._wakes_at = now + REPEAT_SECONDS if late else earliest
                self._changed.wait(None if self._wakes_at == float("inf") else max(0.0, self._wakes_at - now))


_BY_TYPE: tuple[tuple[type[duckdb.Error], type[BocageError]], ...] = (
    (duckdb.OutOfMemoryException, QueryTooLarge),
    (duckdb.OutOfRangeException, QueryFailed),
    (duckdb.ConversionException, QueryFailed),
    (duckdb.InternalException, EngineLost),
    (duckdb.FatalException, EngineLost),
)
_BY_PREFIX: tuple[tuple[str, type[BocageError]], ...] = (
    ("Out of Memory Error", QueryTooLarge),
    ("Out of Range Error", QueryFailed),
    ("Conversion Error", QueryFailed),
    ("INTERNAL Error", EngineLost),
    ("FATAL Error", EngineLost),
)
_DAMAGE = ("checksum", "corrupt", "could not read enough bytes")


def meaning(error: Exception, limit: Limit) -> BocageError | None:
    """The error for the person behind one of the engine, or None: then it is a fault of ours and must be seen.

    Errors in the middle of an Arrow stream come as OSError with the engine's text.
    """
    text = str(error)
    if isinstance(error, duckdb.InterruptException) or text.startswith("INTERRUPT Error"):
        return limit.error() if limit.over else QueryStopped()
    for kind, ours in _BY_TYPE:
        if isinstance(error, kind):
            return ours()
    for prefix, ours in _BY_PREFIX:
        if text.startswith(prefix):
            return ours()
    if text.startswith("IO Error") and any(sign in text.lower() for sign in _DAMAGE):
        return WorkingCopyDamaged()
    return None
