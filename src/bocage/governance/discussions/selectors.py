"""Reads of discussions, given the viewer: whoever may know of the dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from bocage.access.rules import decide, visible_to
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.governance.discussions.models import Discussion, Remark
from bocage.governance.names import public_name
from bocage.governance.texts import Piece, pieces
from bocage.kernel.errors import NotFound
from bocage.organizations.models import Membership
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from datetime import datetime

    from bocage.access.viewer import Viewer

MOST_REMARKS = 300


@dataclass(frozen=True)
class Shown:
    """A remark as a page shows it. `answers`: its author answers for the dataset. `pieces` empty: hidden, and `reason` says
    why; `text` is what it was, for the stewards alone."""

    pk: int
    name: str
    at: datetime
    answers: bool
    mine: bool
    hidden: bool
    reason: str
    pieces: tuple[Piece, ...]
    text: str


def discussions_of(viewer: Viewer, dataset: Dataset) -> QuerySet[Discussion]:
    """With `visible`, the number of remarks in sight; those without any are the stewards' alone. Raises AccessDenied."""
    decide(viewer, Action.SEE, dataset).require()
    rows = Discussion.objects.filter(dataset=dataset).select_related("opened_by").order_by("-last_at", "-pk")
    rows = rows.annotate(visible=Count("remarks", filter=Q(remarks__hidden_at=None)))
    return rows if decide(viewer, Action.MANAGE, dataset) else rows.filter(visible__gt=0)


def discussion_for(viewer: Viewer, uid: str) -> Discussion:
    """Raises NotFound, for hidden as for absent."""
    known = Dataset.objects.filter(visible_to(viewer, Action.SEE))
    rows = Discussion.objects.select_related("dataset__organization", "opened_by", "closed_by")
    found = rows.filter(uid=uid, dataset__in=known).first()
    if found is None or not discussions_of(viewer, found.dataset).filter(pk=found.pk).exists():
        raise NotFound(kind=_("The discussion"), name=uid)
    return found


def remarks_of(viewer: Viewer, discussion: Discussion) -> list[Shown]:
    """In order. A handful of statements, whatever their number."""
    rows = list(discussion.remarks.select_related("author")[:MOST_REMARKS])
    moderates = bool(decide(viewer, Action.MANAGE, discussion.dataset))
    answering = _answering(discussion.dataset, [row.author_id for row in rows if row.author_id])
    return [_shown(row, viewer, moderates=moderates, answering=answering) for row in rows]


def may_moderate(viewer: Viewer, discussion: Discussion) -> bool:
    """Its stewards, and those above; nobody else, not even who opened it."""
    return viewer.user_id is not None and bool(decide(viewer, Action.MANAGE, discussion.dataset))


def _shown(row: Remark, viewer: Viewer, *, moderates: bool, answering: frozenset[int]) -> Shown:
    hidden = row.hidden_at is not None
    return Shown(
        pk=row.pk,
        name=public_name(row.author),
        at=row.at,
        answers=row.author_id in answering,
        mine=viewer.user_id is not None and row.author_id == viewer.user_id,
        hidden=hidden,
        reason=row.hidden_reason,
        pieces=() if hidden else tuple(pieces(row.text, links=row.linked)),
        text=row.text if hidden and moderates else "",
    )


def _answering(dataset: Dataset, people: Sequence[int]) -> frozenset[int]:
    roles = [role.value for role in Role if role.rank >= Role.STEWARD.rank]
    held = Membership.objects.filter(organization=dataset.organization_id, user__in=set(people), role__in=roles)
    return frozenset(held.values_list("user", flat=True))
