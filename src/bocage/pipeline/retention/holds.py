"""Versions that stay, whatever the rules say: somebody reads them, has published them, has signed about them, or keeps them.

A package above this one holds versions by `register_hold`: a review of what a version says, for example.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.db.models import Max, OuterRef, QuerySet, Subquery

from bocage.access.models import AgreedDataset, Agreement, Signature
from bocage.pipeline.models import Run
from bocage.pipeline.retention.models import KeptVersion
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.vocabulary import ReviewState
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.models import Head, Version

Hold = Callable[[Collection[int]], Iterable[int]]
"""Ids of versions → those among them that stay. A fixed number of queries."""

_lasting: list[Hold] = []
_momentary: list[Hold] = []


def register_hold(hold: Hold, *, momentary: bool = False) -> Hold:
    """`momentary`: only while something is being done; what is on its way out goes a little later, without another delay."""
    holds = _momentary if momentary else _lasting
    if hold not in holds:
        holds.append(hold)
    return hold


def held(versions: Collection[int]) -> set[int]:
    """Of these versions, those that are not to leave."""
    return {pk for hold in _lasting for pk in hold(versions)}


def busy(versions: Collection[int]) -> set[int]:
    """Of these versions, those that cannot leave just now."""
    return {pk for hold in _momentary for pk in hold(versions)}


def published(versions: Collection[int]) -> Iterable[int]:
    return Head.objects.filter(version__in=versions).values_list("version", flat=True)


def kept_by_somebody(versions: Collection[int]) -> Iterable[int]:
    return KeptVersion.objects.filter(version__in=versions).values_list("version", flat=True)


def signed_about(versions: Collection[int]) -> Iterable[int]:
    """Of each agreement that is not over, the version that its parties had before their eyes: the last one made before it was
    written, and before the last of them signed."""
    concerned = Version.objects.filter(pk__in=versions).values("dataset__uid")
    agreed = AgreedDataset.objects.filter(agreement__in=Agreement.objects.to_come(), dataset__in=concerned)
    signatures = Signature.objects.filter(agreement=OuterRef("agreement")).order_by().values("agreement")
    agreed = agreed.annotate(signed=Subquery(signatures.annotate(last=Max("signed_at")).values("last")))
    found = {
        pk
        for day in ("agreement__created_at", "signed")
        for pk in agreed.values_list(Subquery(_seen_on(day)), flat=True)
    }
    return found & set(versions)


def under_review(versions: Collection[int]) -> Iterable[int]:
    """What a proposal would publish again, and what it was compared with."""
    waiting = Review.objects.filter(state__in=(ReviewState.WAITING, ReviewState.ACCEPTED))
    proposed = waiting.filter(version__in=versions).values_list("version", flat=True)
    return {*proposed, *waiting.filter(base__in=versions).values_list("base", flat=True)}


def of_datasets_at_work(versions: Collection[int]) -> Iterable[int]:
    """A run reads the versions of its dataset: it compares with the one before, it adds mended rows to it."""
    running = Run.objects.filter(status=RunStatus.RUNNING).values("dataset")
    return Version.objects.filter(pk__in=versions, dataset__in=running).values_list("pk", flat=True)


def _seen_on(day: str) -> QuerySet[Version, int]:
    """The version of an agreed dataset that was the last one on that day."""
    before = Version.objects.filter(dataset__uid=OuterRef("dataset"), created_at__lte=OuterRef(day))
    return before.order_by("-number").values_list("pk", flat=True)[:1]


for lasting in (published, kept_by_somebody, signed_about, under_review):
    register_hold(lasting)
register_hold(of_datasets_at_work, momentary=True)
