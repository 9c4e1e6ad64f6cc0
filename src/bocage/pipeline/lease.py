"""The claim of a run while it is carried out: kept alive by a thread of its own, asked at every checkpoint if it stands."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

import structlog
from django.db import DatabaseError, connections

from bocage.pipeline import claims
from bocage.pipeline.errors import Interrupted, LeaseLost, RunCancelled
from bocage.pipeline.models import Run

LOOK_SECONDS = 2.0
"""How often a cancellation is looked for."""

BEAT_SECONDS = claims.LEASE.total_seconds() / 4

log = structlog.get_logger("bocage.pipeline")


class Lease:
    """`with Lease(run, stopping) as lease`: extends the claim until the end of the block. `on_stop` is called, in the
    keeper's thread, when the run must stop: it may interrupt what the run is doing."""

    def __init__(self, run: Run, stopping: threading.Event) -> None:
        self._run = run
        self._stopping = stopping
        self._over = threading.Event()
        self._lost = self._cancelled = False
        self._keeper = threading.Thread(target=self._keep, name=f"lease-{run.uid}", daemon=True)
        self.on_stop: Callable[[], None] = lambda: None

    def __enter__(self) -> Lease:
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._keeper.join()

    @property
    def must_stop(self) -> bool:
        return self._lost or self._cancelled or self._stopping.is_set()

    def checkpoint(self) -> None:
        """Raise LeaseLost, RunCancelled or Interrupted when the run must not go on. Costs nothing: call it often."""
        if self._lost:
            raise LeaseLost
        if self._cancelled:
            raise RunCancelled
        if self._stopping.is_set():
            raise Interrupted

    def _keep(self) -> None:
        beaten = time.monotonic()
        try:
            while not self._over.wait(LOOK_SECONDS):
                try:
                    self._look()
                    if time.monotonic() - beaten >= BEAT_SECONDS:
                        self._lost = not claims.extend(self._run)
                        beaten = time.monotonic()
                except DatabaseError as error:  # busy for now; the lease outlasts several beats
                    log.warning("lease.not_extended", run=self._run.uid, fault=type(error).__name__)
                if self.must_stop:
                    self.on_stop()
        finally:
            connections.close_all()  # those of this thread

    def _look(self) -> None:
        cancelled = claims.held(self._run).values_list("cancel_requested", flat=True).first()
        if cancelled is None:
            self._lost = not self._over.is_set()
        else:
            self._cancelled = cancelled
