"""Reads of organisations."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bocage.kernel.errors import NotFound
from bocage.organizations.models import Membership, Organization, Portal


def organization_named(slug: str) -> Organization:
    """An organisation; organisations are public. Raises NotFound."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None:
        raise NotFound(kind=_("The organisation"), name=slug)
    return organization


def organizations_of(pks: Iterable[int]) -> list[Organization]:
    """The organisations of these ids, by name: those in which a viewer holds a role."""
    return list(Organization.objects.filter(pk__in=list(pks)))


def members_of(organization: Organization) -> list[Membership]:
    """Memberships with their user, by name then address. Names are personal data: the caller checks the right."""
    return list(
        organization.memberships.select_related("user").order_by("user__last_name", "user__first_name", "user__email")
    )


def portal_of(uid: str) -> Portal:
    """A portal with its organisation. Raises NotFound."""
    portal = Portal.objects.select_related("organization").filter(uid=uid).first()
    if portal is None:
        raise NotFound(kind=_("The portal"), name=uid)
    return portal
