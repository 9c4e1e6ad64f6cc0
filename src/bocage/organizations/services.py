"""Writes on organisations. One transaction each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from bocage.kernel.errors import TerminalError
from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.organizations.naming import refuse_taken
from bocage.organizations.rules import refuse_illegible_theme
from bocage.organizations.vocabulary import OrganizationKind, Role

RESPONSIBLE = (Role.COORDINATOR, Role.ADMINISTRATOR)
"""The roles of which every organisation that has one must keep one."""


class CycleInTree(TerminalError):
    code = "organizations.cycle"
    message = _("“%(organization)s” cannot be placed under “%(parent)s”, which is already below it.")
    mend = _("Choose another parent organisation.")


class LastCoordinator(TerminalError):
    code = "organizations.last-coordinator"
    message = _("%(person)s is the last coordinator of “%(organization)s”.")
    mend = _("Name another coordinator first.")


class CameAlready(TerminalError):
    code = "organizations.came-already"
    message = _("%(person)s has an account in use: there is nothing left to invite.")


@dataclass(frozen=True)
class Invitation:
    """`new_account`: the person never signed in and works nowhere else: whoever invites may be shown the link by which a
    password is chosen. For any other account that link would give away rights that are not the inviter's."""

    membership: Membership
    new_account: bool


@transaction.atomic
def create_organization(
    *, slug: str, name: str, kind: OrganizationKind, parent: Organization | None = None, **details: Any
) -> Organization:
    """Create an organisation under `parent` and give it its place in the tree. Raises NameTaken, ValidationError."""
    refuse_taken(slug)
    organization = Organization(slug=slug, name=name, kind=kind, parent=parent, **details)
    organization.full_clean()
    organization.save()
    organization.path = f"{parent.path if parent else '/'}{organization.pk}/"
    organization.save(update_fields=["path"])
    return organization


@transaction.atomic
def move_organization(*, organization: Organization, parent: Organization | None) -> Organization:
    """Place an organisation, with all that is below it, under another parent. Raises CycleInTree."""
    if parent is not None and parent.path.startswith(organization.path):
        raise CycleInTree(organization=organization.name, parent=parent.name)
    before = organization.path
    after = f"{parent.path if parent else '/'}{organization.pk}/"
    Organization.objects.filter(path__startswith=before).update(
        path=Concat(Value(after), Substr("path", len(before) + 1), output_field=CharField())
    )
    organization.parent, organization.path = parent, after
    organization.save(update_fields=["parent", "path"])
    return organization


@transaction.atomic
def add_member(*, organization: Organization, user: User, role: Role) -> Membership:
    """Give `user` this role in `organization`, in place of the one held before. Raises LastCoordinator."""
    if role not in RESPONSIBLE:
        _keep_a_coordinator(organization, user)
    membership, _created = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    return membership


@transaction.atomic
def invite_member(*, organization: Organization, email: str, role: Role, name: str = "") -> Invitation:
    """Give a role to the account of this address, created without a password when there is none."""
    address = email.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        first, _space, last = name.strip().partition(" ")
        user = User.objects.create_user(address, None, first_name=first, last_name=last)
    elif never_came(user):
        end_links(user)  # whoever invited before was perhaps shown one: it would now give away the rights given here
    membership = add_member(organization=organization, user=user, role=role)
    return Invitation(membership, new_account=_is_ours_alone(membership))


@transaction.atomic
def renew_invitation(*, membership: Membership) -> Invitation:
    """The links handed over before are dead, another may be made. Raises CameAlready."""
    if not never_came(membership.user):
        raise CameAlready(person=str(membership.user))
    end_links(membership.user)
    return Invitation(membership, new_account=_is_ours_alone(membership))


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Take the role away; the account stays. The invitation of somebody who never came is dead. Raises LastCoordinator."""
    _keep_a_coordinator(membership.organization, membership.user)
    membership.delete()
    if never_came(membership.user):
        end_links(membership.user)


def never_came(user: User) -> bool:
    """An account in which nobody was ever: invited, and no more. Not one that is suspended, which is nobody's to open."""
    return user.is_active and user.last_login is None and not (user.has_usable_password() or user.is_superuser)


def end_links(user: User) -> None:
    """The links by which a password is chosen are made of the present one, and an absent password is absent in another way
    each time."""
    user.set_unusable_password()
    user.save(update_fields=["password"])


def _is_ours_alone(membership: Membership) -> bool:
    elsewhere = membership.user.memberships.exclude(pk=membership.pk).exists()
    return never_came(membership.user) and not elsewhere


@transaction.atomic
def save_portal(*, portal: Portal) -> Portal:
    """Save a portal, unless its theme would be illegible (contrast under 4.5:1)."""
    refuse_illegible_theme(portal.theme)
    portal.full_clean()
    # Of one that exists, the words and colours only: somebody else may be arranging its home page.
    portal.save(update_fields=["name", "tagline", "theme"] if portal.pk else None)
    return portal


def _keep_a_coordinator(organization: Organization, leaving: User) -> None:
    """Refuse that `leaving` be the last who may manage the members. The rows are locked: two coordinators who leave at the
    same instant would each see the other (a no-op on SQLite, which has one writer)."""
    responsible = list(
        Membership.objects.select_for_update()
        .filter(organization=organization, role__in=RESPONSIBLE)
        .values_list("user_id", flat=True)
    )
    if responsible == [leaving.pk]:
        raise LastCoordinator(person=str(leaving), organization=organization.name)
