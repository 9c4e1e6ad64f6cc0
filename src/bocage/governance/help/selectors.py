"""Reads of requests for help: those who publish in the organisation that asks, and the stewards of the one that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bocage.access.rules import administered_by, decide, decide_in
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.governance.help.models import HelpMessage, HelpRequest
from bocage.governance.help.vocabulary import HelpState
from bocage.kernel.errors import NotFound
from bocage.organizations.answering import above
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

MOST_MESSAGES = 300
MOST_HELPERS = 100


def helpers_for(organization: Organization) -> list[Organization]:
    """The organisations above that have an administrator, the nearest first: those that may be asked. One statement."""
    places = [pk for pk in above(organization.path) if pk != organization.pk]
    held = Membership.objects.filter(
        role=Role.ADMINISTRATOR, user__is_active=True, organization__in=places
    ).select_related("organization")
    known = {row.organization_id: row.organization for row in held}
    return [known[pk] for pk in places if pk in known]


def requests_for(viewer: Viewer) -> QuerySet[HelpRequest]:
    """Asked by the viewer's organisations, or of them; newest first."""
    asking, helping = _of(viewer, Action.PUBLISH), _of(viewer, Action.MANAGE)
    mine = Q(organization__in=asking) | Q(helper__in=helping)
    rows = HelpRequest.objects.select_related("organization", "helper", "dataset", "asked_by", "assigned_to")
    return rows if viewer.operator else rows.filter(mine)


def queue_of(viewer: Viewer, *, state: str = "", mine: bool = False) -> QuerySet[HelpRequest]:
    """What the viewer's teams are asked; without a state, what is not closed."""
    rows = requests_for(viewer).filter(helper__in=_of(viewer, Action.MANAGE))
    rows = rows.filter(state=state) if state in HelpState.values else rows.exclude(state=HelpState.CLOSED)
    return rows.filter(assigned_to=viewer.user_id) if mine else rows


def asked_by(viewer: Viewer) -> QuerySet[HelpRequest]:
    """What the viewer's organisations asked, closed or not."""
    return requests_for(viewer).filter(organization__in=_of(viewer, Action.PUBLISH))


def request_for(viewer: Viewer, uid: str) -> HelpRequest:
    """Raises NotFound, for hidden as for absent."""
    found = requests_for(viewer).filter(uid=uid).first()
    if found is None:
        raise NotFound(kind=_("The request for help"), name=uid)
    return found


def messages_of(request: HelpRequest) -> list[HelpMessage]:
    """In order, of a request that `request_for` gave."""
    return list(request.messages.select_related("author")[:MOST_MESSAGES])


def helps(viewer: Viewer, request: HelpRequest) -> bool:
    """Is the viewer of the team that was asked? Somebody of both teams helps, unless they asked."""
    return request.asked_by_id != viewer.user_id and bool(decide_in(viewer, Action.MANAGE, request.helper_id))


def asks(viewer: Viewer, request: HelpRequest) -> bool:
    return bool(decide_in(viewer, Action.PUBLISH, request.organization_id))


def team_of(request: HelpRequest) -> list[User]:
    """Those who may be put in charge: stewards and above of the helping organisation itself."""
    roles = [role.value for role in Role if role.rank >= Role.STEWARD.rank]
    rows = User.objects.filter(is_active=True, memberships__organization=request.helper_id, memberships__role__in=roles)
    return list(rows.order_by("last_name", "first_name", "email").distinct()[:MOST_HELPERS])


def known_dataset(viewer: Viewer, request: HelpRequest) -> Dataset | None:
    """What it is about, for who may know of it: naming a dataset in a request opens it to nobody."""
    dataset = request.dataset
    return dataset if dataset is not None and decide(viewer, Action.SEE, dataset) else None


def _of(viewer: Viewer, action: Action) -> QuerySet[Organization]:
    return Organization.objects.filter(administered_by(viewer, action)).order_by()
