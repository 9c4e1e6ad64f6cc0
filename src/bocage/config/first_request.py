"""What the first request of a web process would otherwise wait for: the engine opened, the addresses read."""

from __future__ import annotations

import gc
import threading
import time

import structlog

log = structlog.get_logger("bocage.web")


def prepare_beside() -> threading.Thread:
    """Prepare in a thread of its own: the process answers meanwhile, and a request that needs the engine waits for this one."""
    thread = threading.Thread(target=_prepare_for_long, name="first-request", daemon=True)
    thread.start()
    return thread


def _prepare_for_long() -> None:
    """A quarter of a million objects are there by then, and stay: looking at them again for what nobody holds any more would stop
    every request of the process for a fifth of a second, now and then."""
    prepare()
    gc.collect()
    gc.freeze()


def prepare() -> None:
    """Never raises: what cannot be prepared is told, and will be told again to the request that needs it."""
    from django.urls import get_resolver

    from bocage.store.engine import session

    started = time.monotonic()
    try:
        with session() as opened:
            opened.execute("SELECT 1")
        get_resolver().url_patterns  # noqa: B018  read once, then kept
    except Exception:
        log.exception("web.not_prepared")
    else:
        log.info("web.prepared", seconds=round(time.monotonic() - started, 2))
