"""How a run ends: done, unchanged, cancelled, failed, or later. Each write asks that the claim still stands."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from bocage.capture.connectors.delivery import Delivery
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError, TransientError
from bocage.pipeline import claims, journal
from bocage.pipeline.errors import LeaseLost, RunCancelled
from bocage.pipeline.faults import as_record
from bocage.pipeline.models import Run, Source
from bocage.pipeline.rules import ATTEMPTS, back_off
from bocage.pipeline.vocabulary import RunStatus


def remember(run: Run, delivery: Delivery) -> None:
    """Inside the transaction that ends the run: what is not to be fetched again."""
    if run.source_id and delivery.seen:
        Source.objects.filter(pk=run.source_id).update(seen=delivery.seen)


def unchanged(
    run: Run, message: str, delivery: Delivery | None = None, settle: Callable[[], None] | None = None
) -> None:
    """No version is made. `settle`: what to write in the same transaction."""
    with transaction.atomic():
        mark_over(run, RunStatus.UNCHANGED, message)
        if delivery is not None:
            remember(run, delivery)
        if settle is not None:
            settle()


def mark_over(run: Run, status: RunStatus, message: str) -> None:
    """Raises RunCancelled or LeaseLost, which undo the transaction around, when the run may not end this way."""
    if not _write_end(claims.held(run).filter(cancel_requested=False), run, status, message, {}):
        raise RunCancelled if claims.held(run).exists() else LeaseLost


def end(run: Run, status: RunStatus, message: str, error: dict[str, Any]) -> None:
    _write_end(claims.held(run), run, status, message, error)


def _write_end(rows: Any, run: Run, status: RunStatus, message: str, error: dict[str, Any]) -> bool:
    return bool(
        rows.update(
            status=status,
            step="",
            log=journal.with_line(run, message),
            counts=run.counts,
            warnings=run.warnings,
            conformity=run.conformity,
            filename=run.filename,
            error=error,
            ended_at=now(),
            lease_until=None,
        )
    )


def fail(run: Run, error: BocageError) -> None:
    """Put the run back for later when trying again may help; otherwise it has failed, and says why."""
    if not isinstance(error, TransientError) or run.attempt >= ATTEMPTS:
        end(run, RunStatus.FAILED, gettext_noop("Failed."), error=as_record(error))
        return
    delay = back_off(run.attempt, random.random())  # noqa: S311  spreads load, hides nothing
    message = gettext_noop("Did not succeed; tried again in %(seconds)s seconds.")
    claims.held(run).update(
        status=RunStatus.WAITING,
        due_at=now() + delay,
        lease_owner="",
        lease_until=None,
        step="",
        error=as_record(error),
        log=journal.with_line(run, message, seconds=round(delay.total_seconds())),
    )
