"""Journals that are due become runs: the same runs as files and polls, with their claims, leases, retries and history."""

from __future__ import annotations

from django.db import transaction

from bocage.kernel.clock import now
from bocage.pipeline.models import Run
from bocage.pipeline.pushes.journal import AFTER_FAULT
from bocage.pipeline.pushes.models import PushQueue
from bocage.pipeline.vocabulary import LIVE, RunStatus

AT_ONCE = 200


def create_due_push_runs() -> int:
    """Create a run for each dataset whose journal is due. Several processes may call it at once: the one whose UPDATE changes
    the row creates the run."""
    due = PushQueue.objects.filter(pushes__gt=0, due_at__lte=now()).order_by("due_at")
    return sum(_create_run(queue) for queue in due[:AT_ONCE])


def _create_run(queue: PushQueue) -> bool:
    """The publication itself says when the next one is due; if it fails, it is tried again after a while."""
    with transaction.atomic():
        mine = PushQueue.objects.filter(pk=queue.pk, due_at=queue.due_at).update(due_at=now() + AFTER_FAULT)
        busy = Run.objects.filter(dataset=queue.dataset_id, pushed=True, status__in=[*LIVE, RunStatus.REVIEW])
        busy = busy.exclude(counts__has_key="edits")  # over in an instant: this run waits for its turn
        if not mine or busy.exists():
            return False
        Run.objects.create(dataset_id=queue.dataset_id, pushed=True, due_at=now())
    return True
