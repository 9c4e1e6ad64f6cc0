"""The journal of accepted records: written before a push is acknowledged, emptied by the transaction that publishes them.

Acknowledged means committed, and on the disk: see `durably`. The row of the queue is the lock of its dataset: pushes that
come one after the other are in the journal in that order, whichever processes received them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Sum

from bocage.kernel.clock import now
from bocage.pipeline.models import Run
from bocage.pipeline.pushes.errors import FirstVersionUnderWay, JournalFull
from bocage.pipeline.pushes.models import Push, PushAddress, PushQueue
from bocage.pipeline.vocabulary import RunStatus

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset

MOST_PUSHES = 20_000
MOST_BYTES = 64 * 1024 * 1024
LARGE_RECORDS = 20_000
LARGE_BYTES = 4 * 1024 * 1024
"""From so much on, what waits is published at once."""

BATCH_BYTES = 32 * 1024 * 1024
"""Published as one version; the rest waits for the next one, which follows at once."""

SHARE = 4
"""A publication that takes ten seconds is not begun again before forty: what is pushed must not keep the worker busy."""

AFTER_FAULT = timedelta(minutes=10)


@dataclass(frozen=True)
class Batch:
    pushes: Sequence[Push]

    @property
    def records(self) -> int:
        return sum(push.records for push in self.pushes)


def write(address: PushAddress, lines: Sequence[str], *, fitted: str, founded: bool) -> None:
    """Keep the lines of one payload. `founded`: the dataset has a version, which they fit (`fitted`).

    Raises JournalFull, FirstVersionUnderWay; nothing is kept then."""
    data = "\n".join(lines).encode()
    with durably(), transaction.atomic():
        queue = _locked(address.dataset_id)
        if queue.pushes >= MOST_PUSHES or queue.bytes + len(data) > MOST_BYTES:
            raise JournalFull(pushes=queue.pushes, mb=max(1, queue.bytes >> 20))
        if not founded and _founding(address.dataset_id):
            raise FirstVersionUnderWay
        instant = now()
        Push.objects.create(
            dataset_id=address.dataset_id,
            address=address,
            at=instant,
            lines=data,
            records=len(lines),
            size=len(data),
            fitted=fitted,
        )
        _count(queue, len(lines), len(data), instant)
        PushAddress.objects.filter(pk=address.pk).update(last_push_at=instant, records=F("records") + len(lines))


def next_batch(dataset: Dataset, *, last: int | None = None) -> Batch:
    """What to publish now: the first pushes that wait, whole, in the order in which they were acknowledged. `last`: nothing
    behind this line."""
    with transaction.atomic():
        _locked(dataset.pk)  # a push that is being written is either in this batch or behind it
        waiting = Push.objects.filter(dataset=dataset, aside__isnull=True)
        waiting = waiting if last is None else waiting.filter(pk__lte=last)
        rows = waiting.order_by("pk").values_list("pk", "size")
        chosen: list[int] = []
        weight = 0
        for pk, size in rows.iterator():
            if chosen and weight + size > BATCH_BYTES:
                break
            chosen.append(pk)
            weight += size
    pushes = Push.objects.filter(dataset=dataset, aside__isnull=True).order_by("pk")
    return Batch(list(pushes.filter(pk__lte=chosen[-1], pk__gte=chosen[0])) if chosen else [])


def leave(dataset: Dataset, batch: Batch, *, seconds: float) -> None:
    """Inside the transaction that publishes the batch: its lines leave the journal, all of them or none."""
    queue = _locked(dataset.pk)
    wanted = [push.pk for push in batch.pushes]
    gone = 0
    for start in range(0, len(wanted), 500):
        gone += Push.objects.filter(pk__in=wanted[start : start + 500], aside__isnull=True).delete()[0]
    if gone != len(wanted):
        raise RuntimeError("a line of the journal was published twice")
    queue.published_at, queue.seconds = now(), seconds
    recount(queue)


def recount(queue: PushQueue) -> None:
    """Count what is left, and say when it is due. Inside the transaction that holds the lock."""
    left = Push.objects.filter(dataset=queue.dataset_id, aside__isnull=True)
    told = left.aggregate(pushes=Count("pk"), records=Sum("records"), bytes=Sum("size"))
    queue.pushes, queue.records, queue.bytes = (int(told[name] or 0) for name in ("pushes", "records", "bytes"))
    queue.due_at = _due(queue, now()) if queue.pushes else None
    queue.save()


def put_off(dataset: Dataset) -> None:
    """The publication failed for good: try again later, the reason may be gone."""
    PushQueue.objects.filter(dataset=dataset, due_at__isnull=False).update(due_at=now() + AFTER_FAULT)


@contextmanager
def durably() -> Iterator[None]:
    """What is committed inside is on the disk, not only in the memory of the system: SQLite's usual setting survives the death
    of a process, and not a power cut. PostgreSQL waits for the disk by itself."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=FULL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=NORMAL")


def locked_queue(dataset: Dataset) -> PushQueue:
    """The row of the queue, locked until the end of the transaction."""
    return _locked(dataset.pk)


def _locked(dataset_id: int) -> PushQueue:
    queue = PushQueue.objects.select_for_update().filter(dataset=dataset_id).first()
    if queue is None:
        PushQueue.objects.get_or_create(dataset_id=dataset_id)
        queue = PushQueue.objects.select_for_update().get(dataset=dataset_id)
    return queue


def _founding(dataset_id: int) -> bool:
    return Run.objects.filter(dataset=dataset_id, pushed=True, status=RunStatus.RUNNING).exists()


def _count(queue: PushQueue, records: int, size: int, instant: datetime) -> None:
    queue.pushes += 1
    queue.records += records
    queue.bytes += size
    due = _due(queue, instant)
    queue.due_at = due if queue.due_at is None else min(queue.due_at, due) if _is_large(queue) else queue.due_at
    queue.save(update_fields=["pushes", "records", "bytes", "due_at"])


def _is_large(queue: PushQueue) -> bool:
    return queue.records >= LARGE_RECORDS or queue.bytes >= LARGE_BYTES


def _due(queue: PushQueue, instant: datetime) -> datetime:
    """After the cadence, sooner when much waits, and never so soon that publishing would be all that the worker does."""
    wait = timedelta(0) if _is_large(queue) else timedelta(seconds=float(settings.BOCAGE.push_seconds))
    if queue.published_at is None:
        return instant + wait
    return max(instant + wait, queue.published_at + timedelta(seconds=queue.seconds * SHARE))
