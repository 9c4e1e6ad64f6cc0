"""Working groups: made and kept by the coordinators of the organisation that leads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import Group
from bocage.access.rules import administered_by, decide_in
from bocage.access.vocabulary import Action
from bocage.kernel.errors import NotFound, TerminalError
from bocage.organizations.models import Organization, User

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

MOST_MEMBERS = 1_000


class NoSuchAccount(TerminalError):
    code = "access.no-account"
    message = gettext_lazy("Nobody on the platform has the address “%(email)s”.")
    mend = gettext_lazy("Ask the coordinator of their organisation to invite them first.")


class GroupFull(TerminalError):
    code = "access.group-full"
    message = gettext_lazy("A group has %(most)s members at most.")
    mend = gettext_lazy("Make another group, or give the right to an organisation.")


def account_of(email: str) -> User:
    """Whoever works on the platform under this address. Raises NoSuchAccount."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise NoSuchAccount(email=email.strip())
    return user


def groups_for(viewer: Viewer) -> QuerySet[Group]:
    """Those that the viewer belongs to, and those led by organisations that they administer."""
    led = Group.objects.filter(organization__in=Organization.objects.filter(administered_by(viewer, Action.ADMINISTER)))
    mine = Group.objects.filter(members=viewer.user_id or 0)
    found = Group.objects.all() if viewer.operator else Group.objects.filter(Q(pk__in=led) | Q(pk__in=mine))
    return found.select_related("organization")


def group_for(viewer: Viewer, uid: str) -> Group:
    """Raises NotFound, for hidden as for absent."""
    group = groups_for(viewer).filter(uid=uid).first()
    if group is None:
        raise NotFound(kind=_("The group"), name=uid)
    return group


@transaction.atomic
def create_group(*, viewer: Viewer, organization: Organization, name: str, purpose: str = "") -> Group:
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    group = Group(organization=organization, name=name.strip(), purpose=purpose.strip())
    group.full_clean()
    group.save()
    record(Kind.GROUP_MADE, viewer=viewer, organization=organization, subject=group.uid, name=group.name)
    return group


@transaction.atomic
def add_to_group(*, viewer: Viewer, group: Group, email: str) -> User:
    """Raises AccessDenied, NoSuchAccount, GroupFull."""
    decide_in(viewer, Action.ADMINISTER, group.organization_id).require()
    user = account_of(email)
    if group.members.count() >= MOST_MEMBERS:
        raise GroupFull(most=MOST_MEMBERS)
    group.members.add(user)
    _tell(Kind.GROUP_JOINED, viewer, group, user.pk)
    return user


@transaction.atomic
def remove_from_group(*, viewer: Viewer, group: Group, user_id: int) -> None:
    """By those who keep the group, or by the person who leaves."""
    if user_id != viewer.user_id:
        decide_in(viewer, Action.ADMINISTER, group.organization_id).require()
    group.members.remove(user_id)
    _tell(Kind.GROUP_LEFT, viewer, group, user_id)


@transaction.atomic
def dissolve_group(*, viewer: Viewer, group: Group) -> None:
    """What was granted to it ends with it."""
    decide_in(viewer, Action.ADMINISTER, group.organization_id).require()
    record(Kind.GROUP_DISSOLVED, viewer=viewer, organization=group.organization_id, subject=group.uid, name=group.name)
    group.delete()


def _tell(kind: Kind, viewer: Viewer, group: Group, user_id: int) -> None:
    record(kind, viewer=viewer, organization=group.organization_id, subject=group.uid, name=group.name, member=user_id)
