"""What a stranger may ask: how large, how long, how many at once, how often."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from allauth.core.internal import ratelimit
from django.conf import settings

from bocage.pipeline.checking.errors import RequestTooLarge, TooBusy, TooLong, TooOften
from bocage.store.engine import EngineError
from bocage.store.workshop import interrupt_workshops

if TYPE_CHECKING:
    from django.http import HttpRequest

LIMIT_MB = 100
SECONDS = 60.0
AT_ONCE = 2
"""Checks at the same time in one process: the other threads answer pages."""

PATIENCE_SECONDS = 10.0
RATES = {"check": "10/m/ip,100/h/ip", "look": "120/m/ip"}
"""As the limits of sign-in (settings.ACCOUNT_RATE_LIMITS): by address, counted in the cache that processes share."""

_slots = threading.BoundedSemaphore(AT_ONCE)


def limit_mb() -> int:
    return min(LIMIT_MB, int(settings.BOCAGE.upload_limit_mb))


def require_size(size: int) -> None:
    if size > limit_mb() * 1024 * 1024:
        raise RequestTooLarge(limit_mb=limit_mb())


def require_patience(request: HttpRequest, action: str = "check") -> None:
    """Raise TooOften when this address has asked enough."""
    if not ratelimit.consume(request, app="bocage", action=action, config=RATES, limit_get=True):
        raise TooOften


@contextmanager
def slot() -> Iterator[None]:
    """One of the checks under way; raises TooBusy when none ends soon enough."""
    if not _slots.acquire(timeout=PATIENCE_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        _slots.release()


@contextmanager
def time_limit(folder: Path, seconds: float | None = None) -> Iterator[None]:
    """Stop the engines that work below `folder` after `seconds`, again and again until they give up; raises TooLong."""
    seconds = SECONDS if seconds is None else seconds
    over, late = threading.Event(), threading.Event()

    def watch() -> None:
        if over.wait(seconds):
            return
        late.set()
        while not over.wait(0.2):
            interrupt_workshops(folder)

    watcher = threading.Thread(target=watch, daemon=True, name="check-limit")
    watcher.start()
    try:
        yield
    except Exception as error:
        if late.is_set() and _is_interruption(error):
            raise TooLong(seconds=round(seconds)) from None
        raise
    finally:
        over.set()
        watcher.join()
    if late.is_set():
        raise TooLong(seconds=round(seconds))


def _is_interruption(error: BaseException) -> bool:
    """An engine stopped by us, whatever the error in which a reader wrapped it."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, EngineError) or "interrupt" in str(seen).lower():
            return True
        seen = seen.__cause__ or seen.__context__
    return False
