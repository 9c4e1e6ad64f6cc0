"""Scores of the day, kept: all datasets, in batches of set operations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.utils import timezone

from bocage.catalog.models import Dataset
from bocage.check.models import Score
from bocage.check.quality.facts import Facts
from bocage.check.quality.gathering import facts_of
from bocage.check.quality.score import score
from bocage.kernel.clock import now

BATCH = 500
HISTORY = timedelta(days=730)


def score_everything() -> int:
    """Compute and keep the score of today of every dataset; how many. Run again, it replaces those of today."""
    instant = now()
    today = timezone.localtime(instant).date()
    count = 0
    for datasets in _batches():
        facts = facts_of(datasets, instant)
        _keep([_row(dataset.pk, today, facts[dataset.pk]) for dataset in datasets])
        count += len(datasets)
    Score.objects.filter(day__lt=today - HISTORY).delete()
    return count


def score_one(dataset: Dataset) -> Score:
    """The same, at once, for a dataset that has just changed."""
    instant = now()
    row = _row(dataset.pk, timezone.localtime(instant).date(), facts_of([dataset], instant)[dataset.pk])
    _keep([row])
    return row


def scored_today() -> bool:
    """Has the day been done already? An empty platform has nothing to score."""
    today = timezone.localtime(now()).date()
    return Score.objects.filter(day=today).count() >= Dataset.objects.count()


def _keep(rows: Sequence[Score]) -> None:
    Score.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["dataset", "day"], update_fields=["total", "dimensions"]
    )


def _row(dataset: int, day: date, facts: Facts) -> Score:
    scored = score(facts)
    return Score(dataset_id=dataset, day=day, total=round(scored.total, 4), dimensions=scored.as_dict())


def _batches() -> Iterator[list[Dataset]]:
    last = 0
    while batch := list(Dataset.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield batch
        last = batch[-1].pk
