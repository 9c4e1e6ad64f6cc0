"""What one person edits without a pause is one sitting, whatever the number of requests: clients send fifty features drawn as fifty
edits, and each is a version, published before it is acknowledged.

While it lasts, its last versions stay, to go back one step or several. Once it is over, the last one alone does, and says what the
whole sitting changed. Going back to the version before undoes what was done at a sitting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bocage.store.models import Version

if TYPE_CHECKING:
    from collections.abc import Collection

    from bocage.catalog.models import Dataset

PAUSE = timedelta(minutes=10)
"""Between two edits of a sitting, at most."""

MADE_BY = "edited"
"""What the provenance of a version says when features edited one by one made it."""


@dataclass(frozen=True)
class Made:
    """A version, as far as sittings are concerned. `by`: the person who edited, None for whoever else made it, and however."""

    pk: int
    number: int
    at: datetime
    by: int | None


def sittings(made: Iterable[Made]) -> Iterator[list[Made]]:
    """Versions, latest first, gathered: those of a sitting together, the others alone."""
    sitting: list[Made] = []
    for one in made:
        if sitting and not _goes_on(one, sitting[-1]):
            yield sitting
            sitting = []
        sitting.append(one)
    if sitting:
        yield sitting


def gathered(versions: Sequence[Version]) -> Iterator[tuple[Version, list[Version]]]:
    """Versions of a dataset, latest first: the last one of each sitting, and the others of the same."""
    by_pk = {version.pk: version for version in versions}
    made = (Made(one.pk, one.number, one.created_at, _editor(one)) for one in versions)
    for sitting in sittings(made):
        last, *others = (by_pk[one.pk] for one in sitting)
        yield last, others


def _editor(version: Version) -> int | None:
    return version.created_by_id if MADE_BY in version.provenance else None


def _sittings_of(dataset: Dataset) -> list[list[Made]]:
    """Latest first."""
    rows = Version.objects.filter(dataset=dataset).order_by("-number")
    found = rows.values_list("pk", "number", "created_at", "created_by", f"provenance__{MADE_BY}__at")
    return list(sittings(Made(pk, number, at, by if edited else None) for pk, number, at, by, edited in found))


@dataclass(frozen=True)
class Steps:
    """Identities of versions that are not the last of their sitting: all of them; those whose last one stands for them already."""

    every: frozenset[int]
    passed: frozenset[int]


def steps_of(dataset: Dataset, instant: datetime, *, last_kept: int) -> Steps:
    """Of a sitting that lasts, the `last_kept` last versions are not passed."""
    every: set[int] = set()
    passed: set[int] = set()
    for sitting in _sittings_of(dataset):
        lasts = instant - sitting[0].at <= PAUSE
        every |= {one.pk for one in sitting[1:]}
        passed |= {one.pk for one in sitting[last_kept if lasts else 1 :]}
    return Steps(frozenset(every), frozenset(passed))


def compare_again(dataset: Dataset, removed: Collection[int]) -> None:
    """`removed`: numbers of versions that are gone. The one that comes after them, when edits made it, tells what changed since the
    one that is now before it: the worker compares them."""
    if not removed:
        return
    rows = Version.objects.filter(dataset=dataset, provenance__has_key=MADE_BY, changes__previous__in=list(removed))
    rows.update(changes=None)


def _goes_on(one: Made, after: Made) -> bool:
    """Is `after` the edit that the same person made next?"""
    return one.by is not None and one.by == after.by and after.at - one.at <= PAUSE
