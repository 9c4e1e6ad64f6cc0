"""Which old versions the standards of an organisation let go, as one query. What is held back otherwise is `holds`' to say."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import Lag, RowNumber

from bocage.organizations.standards.rules import Limits
from bocage.store.models import Version


def superfluous(within: Q, limits: Limits, instant: datetime) -> QuerySet[Version]:
    """Versions of the datasets `within` (a condition on versions) that are one too many or too old, and that nothing of `limits`
    says to keep. The newest version of a dataset never is.

    The rank counts from the newest, which is 1. The age counts from the day when the next version came: what was published for
    years, and replaced yesterday, is one day old."""
    versions = with_ranks(Version.objects.filter(within))
    if not limits.removes:
        return versions.none()
    gone = Q(pk__in=[])
    if limits.most_versions is not None:
        gone |= Q(rank__gt=limits.most_versions)
    if limits.most_days is not None:
        gone |= Q(replaced_at__lt=instant - timedelta(days=limits.most_days))
    return versions.filter(gone, out_of_reach(limits, instant))


def out_of_reach(limits: Limits, instant: datetime) -> Q:
    """Of versions with `rank` and `replaced_at`: those that the minima do not keep."""
    free = Q(rank__gt=max(1, limits.least_versions or 1))
    if limits.least_days is not None:
        free &= Q(replaced_at__lt=instant - timedelta(days=limits.least_days))
    return free


def with_ranks(versions: QuerySet[Version]) -> QuerySet[Version]:
    """With `rank` and `replaced_at` (None for the newest); whole datasets."""
    newest_first = Window(RowNumber(), partition_by=F("dataset"), order_by=F("number").desc())
    replaced = Window(Lag("created_at"), partition_by=F("dataset"), order_by=F("number").desc())
    return versions.annotate(rank=newest_first, replaced_at=replaced).order_by("pk")
