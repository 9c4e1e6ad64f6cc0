"""How much datasets are used, as it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Max

from bocage.catalog.uses.models import HALF_LIFE_DAYS, DatasetUse

if TYPE_CHECKING:
    from bocage.catalog.models import Dataset


@dataclass(frozen=True)
class Told:
    """Up to last night. `since`: the first day that was counted; None when nothing was."""

    downloads: int = 0
    calls: int = 0
    popularity: float = 0.0
    since: date | None = None


NEVER_USED = Told()


def uses_of(datasets: Iterable[Dataset]) -> Mapping[int, Told]:
    """By key of the dataset, those that were used. Two queries. Whoever asks has looked at the rights."""
    found = DatasetUse.objects.in_bulk([one.pk for one in datasets])
    last = last_counted() if found else None
    return {pk: told(use, last or use.counted_on) for pk, use in found.items()}


def told(use: DatasetUse, last: date) -> Told:
    """`last`: the last day counted of any dataset, so that what is told only changes when something is counted."""
    return Told(use.downloads, use.calls, round(faded(use.score, use.counted_on, last), 1), use.since)


def last_counted() -> date | None:
    found: date | None = DatasetUse.objects.aggregate(last=Max("counted_on"))["last"]
    return found


def faded(score: float, counted_on: date, day: date) -> float:
    """A score of `counted_on` as it is on `day`."""
    elapsed = max(0, (day - counted_on).days)
    return float(score * 0.5 ** (elapsed / HALF_LIFE_DAYS))
