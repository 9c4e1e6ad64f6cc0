"""The worker: one process that polls what is due, carries out runs, and tidies up. Several may run, on one machine or more.

The main thread never does long work: it beats, creates the runs that are due, recovers the runs of the dead. Each of the other
threads claims a run, carries it out, and comes back. All that is known is in the database: killing this process loses nothing.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import structlog
from django.db import DatabaseError, close_old_connections, connections

from bocage.catalog.uses.folding import fold
from bocage.check.quality.profiles import profile_next
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError
from bocage.pipeline import afterwards, claims, derived, lookups, presence, schedules, services
from bocage.pipeline.access_requests import recall_late
from bocage.pipeline.edits.awaiting import look_at_edited
from bocage.pipeline.housekeeping import tidy
from bocage.pipeline.models import Heartbeat
from bocage.pipeline.pushes.due import create_due_push_runs
from bocage.pipeline.pushes.retention import thin
from bocage.pipeline.references.settling import settle_next
from bocage.pipeline.warming import warm_published
from bocage.store.models import Version
from bocage.store.services import compute_changes

IDLE_SECONDS = 1.0
BEAT_SECONDS = 10.0
TIDY_SECONDS = HOUR_SECONDS = 3600.0
GRACE_SECONDS = 25.0
"""After SIGTERM, the runs at work have this long to finish; then they go back to the queue."""

LEAVE_SECONDS = 5.0

log = structlog.get_logger("bocage.worker")


class Worker:
    def __init__(self, threads: int) -> None:
        self._quitting = threading.Event()  # take no more runs
        self._stopping = threading.Event()  # give back the ones at work
        self._threads = [
            threading.Thread(target=self._work, name=f"runs-{n}", daemon=True) for n in range(1, threads + 1)
        ]
        self._chores: dict[Callable[[], object], tuple[float, float]] = {}

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        name = presence.here().name
        log.info("worker.started", worker=name, threads=len(self._threads))
        self._every(BEAT_SECONDS, beat)
        self._every(IDLE_SECONDS, claims.recover)
        self._every(IDLE_SECONDS, schedules.create_due_runs)
        self._every(IDLE_SECONDS, create_due_push_runs)
        self._every(TIDY_SECONDS, tidy)
        self._every(HOUR_SECONDS, afterwards.score_when_due)
        self._every(HOUR_SECONDS, afterwards.send_digests)
        self._every(HOUR_SECONDS, recall_late)
        self._every(HOUR_SECONDS, fold)
        for thread in self._threads:
            thread.start()
        while not self._quitting.is_set():
            self._do_chores()
            self._quitting.wait(IDLE_SECONDS)
        self._leave()
        log.info("worker.stopped", worker=name)

    def quit(self) -> None:
        """Take no more runs, let those at work finish, then leave."""
        self._quitting.set()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._quitting.is_set():  # asked twice: do not wait for the runs at work
            self._stopping.set()
        self._quitting.set()

    def _every(self, seconds: float, chore: Callable[[], object]) -> None:
        self._chores[chore] = (seconds, 0.0)

    def _do_chores(self) -> None:
        close_old_connections()
        for chore, (seconds, done_at) in self._chores.items():
            if done_at and time.monotonic() - done_at < seconds:
                continue
            try:
                chore()
            except DatabaseError as error:  # a database that restarts, or is busy: next time
                log.warning("worker.chore_failed", chore=chore.__name__, fault=type(error).__name__)
            except Exception:
                log.exception("worker.chore_failed", chore=chore.__name__)
            self._chores[chore] = (seconds, time.monotonic())

    def _work(self) -> None:
        while not self._quitting.is_set():
            worked = False
            try:
                close_old_connections()
                worked = self._take_one()
            except DatabaseError as error:
                log.warning("worker.database_unavailable", fault=type(error).__name__)
            except Exception:
                log.exception("worker.thread_failed")
            if not worked:
                self._quitting.wait(IDLE_SECONDS)
        connections.close_all()

    def _take_one(self) -> bool:
        run = claims.claim_next()
        if run is not None:
            done = services.carry_out(run, stopping=self._stopping)
            if not self._stopping.is_set():
                warm_published(done)
                derived.tell_published(done)
                afterwards.look_at(done)
                if done.pushed:
                    thin(done.dataset)
            return True
        return (
            look_at_edited()
            or compare_one()
            or profile_next()
            or settle_next()
            or lookups.make_next()
            or derived.make_next(self._quitting.is_set)
        )

    def _leave(self) -> None:
        limit = time.monotonic() + GRACE_SECONDS
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < limit:
            if self._stopping.is_set():
                break
            time.sleep(0.05)
        self._stopping.set()
        for thread in self._threads:
            thread.join(LEAVE_SECONDS)
        Heartbeat.objects.filter(worker=presence.here().name).delete()

    @property
    def is_idle(self) -> bool:
        """No thread is inside a run. Otherwise the process is to be ended at once: its lease, whose owner is then known to be
        dead, is taken again by another worker."""
        return not any(thread.is_alive() for thread in self._threads)


def compare_one() -> bool:
    """Fill in what changed in one version, whoever published it; False when none waits for it."""
    version = Version.objects.filter(changes__isnull=True).select_related("dataset").first()
    if version is None:
        return False
    try:
        compute_changes(version)
    except BocageError as error:
        log.warning("version.not_compared", version=version.uid, code=error.code)
        return False
    return True


def beat() -> None:
    """Say that this worker lives."""
    Heartbeat.objects.update_or_create(worker=presence.here().name, defaults={"beat_at": now()})
