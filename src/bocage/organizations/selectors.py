"""Reads of organisations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bocage.kernel.errors import NotFound
from bocage.organizations.models import FormerOrganization, Membership, Organization, Portal
from bocage.organizations.vocabulary import Role


def organization_named(slug: str) -> Organization:
    """An organisation; organisations are public. Raises NotFound."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        raise NotFound(kind=_("The organisation"), name=slug)
    return organization


def successor_of(slug: str) -> Organization | None:
    """The organisation that bears the name, or the things, of one that was called `slug`."""
    former = FormerOrganization.objects.select_related("organization").filter(slug=slug).first()
    return former.organization if former else None


def organizations_of(pks: Iterable[int]) -> list[Organization]:
    """The organisations of these ids, by name: those in which a viewer holds a role. What they say of themselves is left out."""
    return list(Organization.objects.filter(pk__in=list(pks)).only("slug", "name", "path"))


def members_of(organization: Organization) -> QuerySet[Membership]:
    """Memberships with their user, by name then address. Names are personal data: the caller checks the right."""
    members = organization.memberships.select_related("user")
    return members.order_by("user__last_name", "user__first_name", "user__email", "pk")


def referents(text: str = "") -> QuerySet[Membership]:
    """Who answers for the data of each organisation, by organisation: stewards and above. `text`: part of the name of an
    organisation or its code. Names are personal data: the caller checks the right."""
    answering = [role for role in Role if role.rank >= Role.STEWARD.rank]
    found = Membership.objects.select_related("user", "organization").filter(role__in=answering, user__is_active=True)
    if text:
        found = found.filter(Q(organization__name__icontains=text) | Q(organization__insee_code=text.upper()))
    return found.order_by("organization__name", "user__last_name", "user__first_name", "user__email")


def portal_of(uid: str) -> Portal:
    """A portal with its organisation. Raises NotFound."""
    portal = Portal.objects.select_related("organization").filter(uid=uid).first()
    if portal is None:
        raise NotFound(kind=_("The portal"), name=uid)
    return portal
