"""Reads of reviews: those who manage a dataset decide, those who publish on it follow what they proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bocage.access.audit.readings import tell_reading
from bocage.access.restrictions import require_whole, restriction_for
from bocage.access.rules import decide, visible_to
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.kernel.errors import NotFound
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.vocabulary import ReviewState

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

HEAVY = ("profile", "sample", "schema", "anomalies", "warnings")
"""What a list does not show."""


def reviews_for(viewer: Viewer, *, dataset: Dataset | None = None) -> QuerySet[Review]:
    """Of the datasets on which the viewer may publish, newest first; to be paged by the caller."""
    seen = Dataset.objects.filter(visible_to(viewer, Action.PUBLISH))
    rows = Review.objects.filter(dataset__in=seen).select_related("dataset__organization", "run__requested_by")
    rows = rows.select_related("decided_by").defer(*HEAVY)
    return rows if dataset is None else rows.filter(dataset=dataset)


def waiting_for(viewer: Viewer) -> QuerySet[Review]:
    """What waits on the datasets that the viewer manages, the oldest first: their queue."""
    managed = Dataset.objects.filter(visible_to(viewer, Action.MANAGE))
    rows = Review.objects.filter(dataset__in=managed, state=ReviewState.WAITING)
    return rows.select_related("dataset__organization", "run__requested_by").defer(*HEAVY).order_by("created_at", "pk")


def review_for(viewer: Viewer, uid: str) -> Review:
    """One review, all of it. Raises NotFound, the same for absent and for hidden."""
    found = reviews_for(viewer).defer(None).select_related("base", "version", "run__source").filter(uid=uid).first()
    if found is None:
        raise NotFound(kind=_("The review"), name=uid)
    return found


def opened(viewer: Viewer, uid: str) -> Review:
    """The same, to be shown with the values that it holds: told to the journal, as any reading of what is not open to all.

    Some of these values are those of the published version: an author from whom a part of the dataset is kept sees that they
    proposed it, and nothing of the comparison. Raises AccessDenied too, for anybody else from whom a part is kept."""
    found = review_for(viewer, uid)
    if viewer.user_id not in found.authors:
        require_whole(viewer, found.dataset)
    elif restriction_for(viewer, found.dataset):
        found.changes, found.sample, found.profile, found.anomalies = {}, {}, {}, []
        return found
    tell_reading(viewer, found.dataset, subject=found.uid, rows=len(found.sample.get("rows", ())))
    return found


def may_decide(viewer: Viewer, review: Review) -> bool:
    """Manages the dataset, sees the whole of it, and proposed nothing of it."""
    if viewer.user_id is None or viewer.user_id in review.authors:
        return False
    return decide(viewer, Action.MANAGE, review.dataset).allowed and not restriction_for(viewer, review.dataset)


def may_withdraw(viewer: Viewer, review: Review) -> bool:
    """Whoever may publish may withdraw; records pushed and acknowledged are not."""
    return review.last_push is None and decide(viewer, Action.PUBLISH, review.dataset).allowed
