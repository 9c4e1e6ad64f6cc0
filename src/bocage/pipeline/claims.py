"""Who carries out which run: claims by optimistic update, leases that expire. The same on SQLite and PostgreSQL.

A claim is one UPDATE whose WHERE repeats what the claimer saw; of several processes, one changes a row and the others none.
Every later write of the run asks again, in its WHERE, that the claim still stands (`held`), so that a process
which was frozen and comes back after its lease was given away changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.pipeline import presence
from bocage.pipeline.errors import WorkerDied
from bocage.pipeline.faults import as_record
from bocage.pipeline.models import Run
from bocage.pipeline.rules import DEATHS
from bocage.pipeline.vocabulary import RunStatus

LEASE = timedelta(seconds=60)


def claim_next() -> Run | None:
    """Claim the run that has been due for the longest time; None when nothing is to be done."""
    for _race in range(10):
        candidate = claimable(now()).order_by("due_at", "pk").first()
        if candidate is None or claim(candidate):
            return candidate
    return None


def claim(run: Run) -> bool:
    """Claim this run for the calling thread; False when another took it first, or when its turn has not come."""
    owner, instant = presence.here().new_owner(), now()
    with transaction.atomic():
        # PostgreSQL: two claims on runs of the same dataset wait for one another here. SQLite has one writer anyway.
        Dataset.objects.select_for_update(no_key=True).filter(pk=run.dataset_id).first()
        claimed = (
            claimable(instant)
            .filter(pk=run.pk, attempt=run.attempt)
            .update(
                status=RunStatus.RUNNING,
                lease_owner=owner,
                lease_until=instant + LEASE,
                attempt=F("attempt") + 1,
                started_at=Coalesce(F("started_at"), Value(instant)),
            )
        )
    if claimed:
        run.refresh_from_db()
    return bool(claimed)


def claimable(instant: datetime) -> QuerySet[Run]:
    """Runs that are due, or whose worker died, and that come next for their dataset: files dropped one after the other
    are published in that order, and a dataset has one run at work at a time."""
    expired = Q(status=RunStatus.RUNNING, lease_until__lt=instant, attempt__lt=DEATHS)
    due = Q(status=RunStatus.WAITING, due_at__lte=instant)
    others = Run.objects.filter(dataset=OuterRef("dataset")).exclude(pk=OuterRef("pk"))
    at_work = others.filter(status=RunStatus.RUNNING)
    dropped_before = others.filter(status=RunStatus.WAITING, pk__lt=OuterRef("pk")).exclude(file="")
    return Run.objects.filter(due | expired).exclude(Exists(at_work)).exclude(~Q(file="") & Exists(dropped_before))


def held(run: Run) -> QuerySet[Run]:
    """This run, as long as the claim that `run` carries stands. Every write of a running run goes through it."""
    return Run.objects.filter(pk=run.pk, status=RunStatus.RUNNING, lease_owner=run.lease_owner)


def extend(run: Run) -> bool:
    """Say that the run is still being carried out; False when the claim no longer stands."""
    return bool(held(run).update(lease_until=now() + LEASE))


def release(run: Run) -> bool:
    """Give the run back to the queue, as if it had not been tried."""
    return bool(
        held(run).update(
            status=RunStatus.WAITING, lease_owner="", lease_until=None, attempt=F("attempt") - 1, due_at=now(), step=""
        )
    )


def recover() -> None:
    """Expire the leases of the dead at once, and give up the runs that killed their worker every time."""
    instant = now()
    running = Run.objects.filter(status=RunStatus.RUNNING)
    for pk, owner in running.filter(lease_until__gte=instant).values_list("pk", "lease_owner"):
        if presence.is_dead(owner):
            running.filter(pk=pk, lease_owner=owner).update(lease_until=instant - timedelta(seconds=1))
    running.filter(lease_until__lt=instant, attempt__gte=DEATHS).update(
        status=RunStatus.FAILED, ended_at=instant, lease_until=None, error=as_record(WorkerDied(attempts=DEATHS))
    )
