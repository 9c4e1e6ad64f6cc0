"""What the first request of a web process would otherwise wait for: the engine opened, the addresses read."""

from __future__ import annotations

import threading
import time

import structlog

log = structlog.get_logger("bocage.web")


def prepare_beside() -> threading.Thread:
    """Prepare in a thread of its own: the process answers meanwhile, and a request that needs the engine waits for this one."""
    thread = threading.Thread(target=prepare, name="first-request", daemon=True)
    thread.start()
    return thread


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
