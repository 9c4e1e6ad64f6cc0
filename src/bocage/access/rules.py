"""One rule, two entry points: `decide` for one thing, `visible_to` for a list filtered in SQL. A property test ties them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.kernel.errors import AccessDenied
from bocage.organizations.vocabulary import Role

LEAST_ROLE: dict[Action, Role] = {
    Action.READ: Role.MEMBER,
    Action.PUBLISH: Role.CONTRIBUTOR,
    Action.MANAGE: Role.STEWARD,
    Action.ADMINISTER: Role.COORDINATOR,
}
"""The role from which an action is allowed inside one's organisation."""


class Guarded(Protocol):
    """What a thing must have to be decided upon."""

    uid: str
    organization_id: int
    visibility: str


@dataclass(frozen=True)
class Decision:
    """`reason` is a sentence for the viewer, in the active language."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise AccessDenied with the reason, unless allowed."""
        if not self.allowed:
            raise AccessDenied(reason=self.reason)


def has_role(viewer: Viewer, organization_id: int, least: Role) -> bool:
    role = viewer.roles.get(organization_id)
    return viewer.operator or (role is not None and role.rank >= least.rank)


def decide_in(viewer: Viewer, action: Action, organization_id: int) -> Decision:
    """May the viewer do `action` in this organisation (publish a new dataset, manage members)?"""
    least = LEAST_ROLE[action]
    if viewer.operator:
        return Decision(True, _("You run the platform."))
    if has_role(viewer, organization_id, least):
        return Decision(True, _("Your role in this organisation allows it."))
    return Decision(False, _("it needs the role “%(role)s” in this organisation.") % {"role": least.label})


def decide(viewer: Viewer, action: Action, thing: Guarded) -> Decision:
    """May the viewer do `action` on `thing`, and why."""
    if action == Action.READ:
        if thing.visibility == Visibility.OPEN:
            return Decision(True, _("It is open to everyone."))
        if thing.visibility == Visibility.SHARED and viewer.in_group:
            return Decision(True, _("It is shared with every organisation of the platform."))
    own = viewer.datasets.get(thing.uid)
    if own is not None and own.rank >= LEAST_ROLE[action].rank:
        return Decision(True, _("Your role on this dataset allows it."))
    return decide_in(viewer, action, thing.organization_id)


def visible_to(viewer: Viewer, action: Action) -> Q:
    """The same rule as `decide`, as a filter on things that have `uid`, `organization_id` and `visibility`."""
    if viewer.operator:
        return Q()
    least = LEAST_ROLE[action]
    allowed = Q(organization_id__in=[pk for pk, role in viewer.roles.items() if role.rank >= least.rank])
    if viewer.datasets:
        allowed |= Q(uid__in=[uid for uid, role in viewer.datasets.items() if role.rank >= least.rank])
    if action == Action.READ:
        allowed |= Q(visibility=Visibility.OPEN)
        if viewer.in_group:
            allowed |= Q(visibility=Visibility.SHARED)
    return allowed
