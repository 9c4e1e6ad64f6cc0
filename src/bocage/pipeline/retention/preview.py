"""What would leave under other limits, before they are decided; and what is about to leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet, Sum

from bocage.access.rules import visible_to
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.organizations.standards.rules import Limits
from bocage.pipeline.retention.models import KeptVersion, LeavingVersion
from bocage.pipeline.retention.rules import superfluous
from bocage.store.models import Head, Version

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.organizations.models import Organization


@dataclass(frozen=True)
class Preview:
    """Figures of the datasets that the viewer sees. `size_bytes`: what their files take."""

    versions: int
    datasets: int
    size_bytes: int


def preview(viewer: Viewer, organization: Organization, limits: Limits) -> Preview:
    """What `limits` would make leave in the organisation and below it; what is stricter below leaves besides. Two statements."""
    seen = Dataset.objects.filter(visible_to(viewer, Action.READ), organization__path__startswith=organization.path)
    gone = superfluous(Q(dataset__in=seen), _alone(limits), now())
    free = Version.objects.filter(pk__in=gone.values("pk"))
    free = free.exclude(pk__in=Head.objects.values("version")).exclude(pk__in=KeptVersion.objects.values("version"))
    told = free.aggregate(versions=Count("pk"), datasets=Count("dataset", distinct=True), size=Sum("size_bytes"))
    return Preview(told["versions"], told["datasets"], told["size"] or 0)


def leaving_in(viewer: Viewer, organization: Organization) -> QuerySet[LeavingVersion]:
    """What is about to leave of the organisation and below it, the soonest first; of the datasets that the viewer sees. To be
    paged by the caller."""
    seen = Dataset.objects.filter(visible_to(viewer, Action.READ), organization__path__startswith=organization.path)
    return (
        LeavingVersion.objects.filter(version__dataset__in=seen)
        .select_related("version__dataset__organization")
        .order_by("leaves_at", "pk")
    )


def _alone(limits: Limits) -> Limits:
    """Retention says nothing of licences and themes."""
    return replace(limits, licences=None, themes=None)
