"""Two children, web and worker, kept alive by one parent: what `bocage up` runs on a single machine."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

import structlog

LONGEST_PAUSE = 30.0
HEALTHY_SECONDS = 60.0
"""A child that lived this long was well: when it dies, it is restarted at once."""

QUIT_SECONDS = 40.0
PR_SET_PDEATHSIG = 1

log = structlog.get_logger("bocage.up")


@dataclass
class Child:
    """A program that must run. `falls`: how many times in a row it died young."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    falls: int = 0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, preexec_fn=_die_with_parent)  # noqa: S603, PLW1509

    def watch(self) -> None:
        """Start it if it is due; when it just died, say so and decide when to start it again."""
        if self.process is None:
            if time.monotonic() >= self.restart_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        lived = time.monotonic() - self.started_at
        self.falls = 0 if lived >= HEALTHY_SECONDS else self.falls + 1
        self.restart_at = time.monotonic() + (0 if self.falls <= 1 else min(LONGEST_PAUSE, 2.0 ** (self.falls - 2)))
        self.process = None
        log.warning("child.died", child=self.name, exit_code=code)


@dataclass
class Supervisor:
    children: Sequence[Child]
    _quitting: threading.Event = field(default_factory=threading.Event)

    def run(self, ready: Callable[[], None] = lambda: None) -> int:
        """Until SIGTERM or SIGINT; then the children are asked to leave, and waited for. `ready` is called once started."""
        signal.signal(signal.SIGTERM, self._on_signal)
        signal.signal(signal.SIGINT, self._on_signal)
        for child in self.children:
            child.start()
        ready()
        while not self._quitting.wait(0.5):
            for child in self.children:
                child.watch()
        self._leave()
        return 0

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._quitting.set()

    def _leave(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        limit = time.monotonic() + QUIT_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    """In the child: a parent killed with -9 takes its children along, so that none keeps the port. Linux only."""
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
