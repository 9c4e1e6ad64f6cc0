"""Versions made by pushes and by edits, which may come every few seconds: few of them are kept, the more spaced out the older they
are. What one person edits without a pause is one sitting: once it is over, its last version alone stays (`edits.sittings`).

Only versions that pushes or edits made ever go: those of files, of mended rows, and the published one, stay. See `KEPT`. This is
how fine the memory of a device is; how far back it reaches is, as for any dataset, what the organisation decides
(`pipeline.retention`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.db.models import Q

from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.pipeline.edits.sittings import compare_again, steps_of
from bocage.pipeline.models import Run
from bocage.pipeline.publishing import nobody_copying
from bocage.pipeline.retention.removal import remove
from bocage.pipeline.vocabulary import LIVE, RunStatus
from bocage.store.models import Head, Version

if TYPE_CHECKING:
    from django.db.models import QuerySet

LAST_KEPT = 10
"""The last versions stay whatever their age: going back is always possible."""

KEPT: tuple[tuple[timedelta, Callable[[datetime], Any]], ...] = (
    (timedelta(days=2), lambda at: (at.date(), at.hour)),
    (timedelta(days=60), lambda at: at.date()),
    (timedelta.max, lambda at: (at.year, at.month)),
)
"""Up to an age, the last version of each hour; up to the next one, of each day; then of each month."""

MADE_BY = ["pushed", "edited"]
"""What the provenance of a version says when records pushed, or features edited one by one, made it."""

RUNS_KEPT = 50
"""Of each dataset, the last publications of pushes in the follow-up; failures stay ninety days (see `housekeeping`)."""

log = structlog.get_logger("bocage.pipeline")


def thin(dataset: Dataset) -> int:
    """Remove the versions and the runs that pushes made and that nobody will ask for. Safe at any time; what cannot be removed now
    is the next time."""
    _thin_runs(dataset)
    with nobody_copying() as free:
        if not free:
            return 0  # a backup under way has promised to save what the database names
        removed = [version.number for version in _superfluous(dataset) if remove(version)]
    compare_again(dataset, removed)
    return len(removed)


def thin_everything() -> int:
    """Every dataset that has been pushed to, or edited."""
    found = Dataset.objects.filter(Q(push_queue__isnull=False) | Q(edit_policy__isnull=False))
    return sum(thin(dataset) for dataset in found.order_by("pk").iterator(500))


def superfluous(made: Iterable[tuple[int, datetime]], instant: datetime) -> list[int]:
    """Of versions (identity, when), latest first: those that the rule does not keep."""
    seen: set[Any] = set()
    gone = []
    for rank, (identity, at) in enumerate(made):
        span, slot = next((limit, of) for limit, of in KEPT if instant - at <= limit)
        place = (span, slot(at))
        if place in seen and rank >= LAST_KEPT:
            gone.append(identity)
        seen.add(place)
    return gone


def _superfluous(dataset: Dataset) -> QuerySet[Version]:
    instant = now()
    head = Head.objects.filter(dataset=dataset).values_list("version", flat=True)
    steps = steps_of(dataset, instant, last_kept=LAST_KEPT)
    made = Version.objects.filter(dataset=dataset, provenance__has_any_keys=MADE_BY).order_by("-number")
    lasting = [one for one in made.values_list("pk", "created_at") if one[0] not in steps.every]
    gone = [*steps.passed, *superfluous(lasting, instant)]
    return Version.objects.filter(pk__in=gone).exclude(pk__in=head).select_related("dataset").order_by("number")


def _thin_runs(dataset: Dataset) -> None:
    over = Run.objects.filter(dataset=dataset, pushed=True).exclude(
        status__in=[*LIVE, RunStatus.REVIEW, RunStatus.FAILED]
    )
    last = over.order_by("-pk").values_list("pk", flat=True)[RUNS_KEPT - 1 : RUNS_KEPT].first()
    if last is not None:
        over.filter(pk__lt=last).delete()
