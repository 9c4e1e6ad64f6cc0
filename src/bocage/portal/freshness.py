"""Is the promise of update kept? Said in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.vocabulary import Frequency
from bocage.kernel.clock import now

State = Literal["kept", "late", "none", "empty"]


@dataclass(frozen=True)
class Freshness:
    """`sentence` says the whole of it; `label` fits in a badge."""

    state: State
    label: str
    sentence: str


def _ago(instant: datetime) -> str:
    return timesince(instant, now(), depth=1)


def freshness_of(dataset: Dataset) -> Freshness:
    """Compare the last update with the promised frequency."""
    updated = dataset.data_updated_at
    if updated is None and dataset.visibility == Visibility.REQUEST:
        return Freshness("none", _("Data on request"), _("When the data were updated is told to those who have them."))
    if updated is None:
        return Freshness("empty", _("No data yet"), _("No data has been published yet."))
    frequency = Frequency(dataset.update_frequency)
    silence = frequency.longest_silence
    words = {"ago": _ago(updated), "frequency": str(frequency.label).lower()}
    if frequency == Frequency.NEVER:
        return Freshness("none", _("Final"), _("This data is final: no update is planned."))
    if silence is None:
        return Freshness("none", "", _("Updated %(ago)s ago. No update frequency is promised.") % words)
    if now() - updated <= silence:
        sentence = _("Updated %(ago)s ago, as promised: the update frequency is “%(frequency)s”.") % words
        return Freshness("kept", _("Up to date"), sentence)
    sentence = _(
        "The last update was %(ago)s ago, although the promised frequency is “%(frequency)s”: "
        "the producer has been silent for longer than expected."
    )
    return Freshness("late", _("Late"), sentence % words)
