"""One writer of a dataset at a time: an edit holds it as a run does, whoever publishes it otherwise, in this process or another.

The claim is that of a run (`pipeline.claims`): killed at any instant, the run of an edit has published its version, or has left
nothing. It is not kept in the history unless it did."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.db import transaction

from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.pipeline import claims, presence
from bocage.pipeline.edits.errors import DatasetBusy
from bocage.pipeline.models import PushQueue, Run
from bocage.pipeline.services import carry_out
from bocage.pipeline.vocabulary import LIVE, RunStatus

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

LONGEST_WAIT_SECONDS = 15.0
TURN_SECONDS = 0.02
EDITS = "edits"
"""In the counts of a run: how many edits it publishes. Such a run has nothing to be taken over."""


@contextmanager
def turn(dataset: Dataset, viewer: Viewer, edits: int) -> Iterator[Run]:
    """The dataset is ours until the end of the block. A run that is not ended there never was. Raises DatasetBusy."""
    run = _taken(dataset, viewer, edits)
    try:
        yield run
    finally:
        claims.held(run).delete()


def let_pushes_in(dataset: Dataset) -> None:
    """What was acknowledged before is published before: it must not come back over what is written now."""
    if not PushQueue.objects.filter(dataset=dataset, pushes__gt=0).exists():
        return
    if Run.objects.filter(dataset=dataset, pushed=True, status__in=LIVE).exists():
        return  # it is under way
    run = Run.objects.create(dataset=dataset, pushed=True, due_at=now())
    if claims.claim(run):
        carry_out(run)


def _taken(dataset: Dataset, viewer: Viewer, edits: int) -> Run:
    over = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        if _free(dataset) and (run := _take(dataset, viewer, edits)) is not None:
            return run
        if time.monotonic() > over:
            raise DatasetBusy
        time.sleep(TURN_SECONDS)


def _free(dataset: Dataset) -> bool:
    """Runs of edits whose process is dead go: there is nothing to carry on."""
    instant = now()
    running = Run.objects.filter(dataset=dataset, status=RunStatus.RUNNING)
    for pk, owner, until, counts in running.values_list("pk", "lease_owner", "lease_until", "counts"):
        dead = EDITS in counts and ((until is not None and until < instant) or presence.is_dead(owner))
        if not (dead and running.filter(pk=pk, lease_owner=owner).delete()[0]):
            return False
    return True


@transaction.atomic
def _take(dataset: Dataset, viewer: Viewer, edits: int) -> Run | None:
    Dataset.objects.select_for_update(no_key=True).filter(pk=dataset.pk).first()  # as `claims.claim`
    if Run.objects.filter(dataset=dataset, status=RunStatus.RUNNING).exists():
        return None
    instant = now()
    return Run.objects.create(
        dataset=dataset, pushed=True, status=RunStatus.RUNNING, requested_by_id=viewer.user_id, counts={EDITS: edits},
        due_at=instant, started_at=instant, attempt=1, lease_owner=presence.here().new_owner(),
        lease_until=instant + claims.LEASE,
    )  # fmt: skip
