"""Sources that are due become runs."""

from __future__ import annotations

from django.db import transaction

from bocage.kernel.clock import now
from bocage.pipeline.models import Run, Source
from bocage.pipeline.rules import next_due
from bocage.pipeline.vocabulary import LIVE

BATCH = 200


def create_due_runs() -> int:
    """Create a run for each source that is due, and set when it is due next. Several processes may call it at once."""
    instant = now()
    due = Source.objects.filter(paused=False, every__isnull=False, next_due_at__lte=instant).order_by("next_due_at")
    return sum(_create_due_run(source) for source in due[:BATCH])


def _create_due_run(source: Source) -> bool:
    """The process whose UPDATE changes the row is the one that creates the run."""
    if source.every is None or source.next_due_at is None:
        return False
    instant = now()
    with transaction.atomic():
        mine = Source.objects.filter(pk=source.pk, paused=False, next_due_at=source.next_due_at).update(
            next_due_at=next_due(source.next_due_at, source.every, instant)
        )
        return bool(mine) and ensure_live_run(source)[1]


def ensure_live_run(source: Source, **details: object) -> tuple[Run, bool]:
    """The run of this source that waits or runs; created, due now, when there is none. Inside a transaction.

    The lock on the source makes it one at most: PostgreSQL takes it here; SQLite has one writer anyway.
    """
    locked = Source.objects.select_for_update(of=("self",)).get(pk=source.pk)
    live = Run.objects.filter(source=locked, status__in=LIVE).first()
    if live is not None:
        return live, False
    corrections = locked.corrections
    return Run.objects.create(
        dataset_id=locked.dataset_id, source=locked, corrections=corrections, due_at=now(), **details
    ), True
