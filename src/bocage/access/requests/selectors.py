"""Reads of requests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bocage.access.models import AccessRequest
from bocage.access.models.agreements import today
from bocage.access.requests.vocabulary import State
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Organization
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bocage.access.rules import Guarded
    from bocage.access.viewer import Viewer
    from bocage.organizations.models import User

MOST_WAITING, MOST_A_DAY = 10, 10
"""Of one person."""
RECALLED_AT_ONCE = 200
ANSWER = (Role.STEWARD, Role.COORDINATOR, Role.ADMINISTRATOR)
"""Roles of those who manage a dataset."""
PEOPLE_TOLD = 50


def requests_of(viewer: Viewer) -> QuerySet[AccessRequest]:
    """Those that the viewer made, the last first."""
    return AccessRequest.objects.filter(asker_id=viewer.user_id or 0).select_related("organization")


def waiting_of(viewer: Viewer, uid: str) -> AccessRequest | None:
    """The request of the viewer on this dataset that nobody answered yet."""
    return requests_of(viewer).filter(dataset=uid, state=State.ASKED).first()


def asked_lately(asker: User) -> tuple[int, int]:
    """How many of their requests wait, and how many they made since yesterday, withdrawn ones included."""
    made = AccessRequest.objects.filter(asker=asker)
    return (
        made.filter(state=State.ASKED).count(),
        made.filter(asked_at__gt=now() - timedelta(days=1)).count(),
    )


def late_requests() -> Sequence[AccessRequest]:
    """Those not answered on the day that was promised, of which nobody was told, the oldest first; some at a time."""
    late = AccessRequest.objects.filter(state=State.ASKED, due_on__lt=today(), reminded_at=None)
    return list(late.select_related("asker").order_by("due_on", "pk")[:RECALLED_AT_ONCE])


def answering(thing: Guarded) -> list[int]:
    """Accounts of those who answer for a thing: who manages what its organisation has; where nobody does, the administrators of
    those above, the nearest first."""
    path = Organization.objects.filter(pk=thing.organization_id).values_list("path", flat=True).first() or ""
    above = [int(part) for part in path.split("/") if part]
    found = Membership.objects.filter(organization_id=thing.organization_id, role__in=ANSWER, user__is_active=True)
    for pk in reversed([part for part in above if part != thing.organization_id]):
        if found.exists():
            break
        found = Membership.objects.filter(organization_id=pk, role=Role.ADMINISTRATOR, user__is_active=True)
    return list(found.order_by("pk").values_list("user_id", flat=True)[:PEOPLE_TOLD])
