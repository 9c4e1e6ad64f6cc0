"""Is it alive (`/healthz`), and can it serve (`/readyz`)? Uncached and unlogged, in JSON, without a word on the content."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from bocage import __version__
from bocage.config.locality import is_local
from bocage.kernel.clock import now

WORKER_SILENCE = timedelta(seconds=60)

UNCACHED = {"Cache-Control": "no-store"}


def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers. No database: a database in trouble is no reason to restart the web server."""
    return JsonResponse({"status": "alive", "version": __version__}, headers=UNCACHED)


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything needed to serve is there; otherwise 503. Why a check fails is told on this machine only."""
    faults = readiness()
    told = is_local(request)
    body = {
        "status": "not ready" if any(faults.values()) else "ready",
        "checks": {
            name: {"ok": not reason, **({"reason": reason} if reason and told else {})}
            for name, reason in faults.items()
        },
    }
    return JsonResponse(body, status=503 if any(faults.values()) else 200, headers=UNCACHED)


def readiness() -> dict[str, str]:
    """Each check, and why it fails; an empty reason when it does not."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database,
        "migrations": _migrations,
        "store": _store,
        "worker": _worker,
    }
    if settings.BOCAGE.demo:
        checks["demonstration"] = _demonstration
    return {name: _outcome(check) for name, check in checks.items()}


def demonstration_marker() -> Path:
    """Written once the demonstration is loaded."""
    marker: Path = settings.DATA_DIR / "demo.loaded"
    return marker


def _outcome(check: Callable[[], str]) -> str:
    try:
        return check()
    except DatabaseError:
        return "the database does not answer"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations to apply: run `bocage upgrade`" if waiting else ""


def _store() -> str:
    try:
        with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix=".writable-") as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        return f"the data folder cannot be written: {error.strerror}"
    return ""


def _worker() -> str:
    from bocage.pipeline.models import Heartbeat

    if Heartbeat.objects.filter(beat_at__gte=now() - WORKER_SILENCE).exists():
        return ""
    return "no sign of life from a worker for a minute"


def _demonstration() -> str:
    return "" if demonstration_marker().is_file() else "the demonstration is still being loaded"
