"""What packages above make of published versions, and keep in a cache of their own: the worker makes it, retention forgets it.

Loaded when the first is needed: most commands publish nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import structlog

from bocage.kernel.clock import now
from bocage.kernel.registry import Registry
from bocage.pipeline.claims import claimable
from bocage.pipeline.vocabulary import RunStatus

if TYPE_CHECKING:
    from bocage.pipeline.models import Run
    from bocage.store.models import Version

SECONDS = 1.0

log = structlog.get_logger("bocage.pipeline")


class Derived(Protocol):
    """One kind of derived thing. All of it may be called in several processes at once."""

    name: str

    def published(self, version: Version) -> None:
        """A run has published this version."""

    def make_next(self, interrupted: Callable[[], bool]) -> bool:
        """Make one thing that waits; False when nothing does. Gives up, and leaves it waiting, once `interrupted()`."""

    def forget(self, version: str) -> None:
        """The version of this uid is gone for good."""

    def tidy(self) -> int:
        """Remove what nobody will ask for again; how many things."""


KINDS: Registry[Derived] = Registry("bocage.derived")
"""Packages above say, with `fill_when_asked`, what registers theirs."""


def _kinds() -> list[Derived]:
    return [KINDS.get(name) for name in KINDS]


def tell_published(run: Run) -> None:
    """After a publication."""
    if run.status == RunStatus.DONE and run.version is not None:
        tell_version(run.version)


def tell_version(version: Version) -> None:
    """A failure is logged and changes nothing: a reader asks for what is missing."""
    for kind in _kinds():
        try:
            kind.published(version)
        except Exception:
            log.exception("derived.not_asked", kind=kind.name, version=version.uid)


def make_next(quitting: Callable[[], bool]) -> bool:
    """For a worker that has nothing else to do: it stops as soon as there is something."""
    interrupted = _now_and_then(lambda: quitting() or claimable(now()).exists())
    return any(kind.make_next(interrupted) for kind in _kinds())


def forget(version: str) -> None:
    for kind in _kinds():
        kind.forget(version)


def tidy() -> int:
    return sum(kind.tidy() for kind in _kinds())


def _now_and_then(asked: Callable[[], bool]) -> Callable[[], bool]:
    """The same answer, asked once a second at most: it costs a query."""
    last = time.monotonic()
    answer = False

    def ask() -> bool:
        nonlocal last, answer
        if not answer and time.monotonic() - last >= SECONDS:
            last, answer = time.monotonic(), asked()
        return answer

    return ask
