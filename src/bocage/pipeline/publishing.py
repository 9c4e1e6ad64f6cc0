"""A lock between publishing and cleaning up: a version's file is in place an instant before its row, and must not be
taken for an orphan in between. Held by the kernel for the process, so that nothing remains of it after a `kill -9`."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings


@contextmanager
def publishing() -> Iterator[None]:
    """While a version is put in place. Any number at once; waits for `nobody_publishing`."""
    with _locked(fcntl.LOCK_SH):
        yield


@contextmanager
def nobody_publishing() -> Iterator[None]:
    """Waits for the publications under way to be complete, and keeps the next ones waiting."""
    with _locked(fcntl.LOCK_EX):
        yield


@contextmanager
def copying() -> Iterator[None]:
    """While every version that the database names is saved: none is removed meanwhile."""
    with _locked(fcntl.LOCK_SH, "copying"):
        yield


@contextmanager
def nobody_copying() -> Iterator[bool]:
    """Gives False, at once, when somebody is: come back later."""
    with ExitStack() as held:
        try:
            held.enter_context(_locked(fcntl.LOCK_EX | fcntl.LOCK_NB, "copying"))
            free = True
        except BlockingIOError:
            free = False
        yield free


@contextmanager
def _locked(how: int, name: str = "publishing") -> Iterator[None]:
    path = settings.DATA_DIR / "presence" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        fcntl.flock(file, how)
        yield
