"""Writes on organisations. One transaction each."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.organizations.rules import refuse_illegible_theme
from bocage.organizations.vocabulary import OrganizationKind, Role


@transaction.atomic
def create_organization(
    *, slug: str, name: str, kind: OrganizationKind, parent: Organization | None = None, **details: Any
) -> Organization:
    """Create an organisation under `parent` and give it its place in the tree."""
    organization = Organization(slug=slug, name=name, kind=kind, parent=parent, **details)
    organization.full_clean()
    organization.save()
    organization.path = f"{parent.path if parent else '/'}{organization.pk}/"
    organization.save(update_fields=["path"])
    return organization


@transaction.atomic
def add_member(*, organization: Organization, user: User, role: Role) -> Membership:
    """Give `user` this role in `organization`, in place of the one held before."""
    membership, _created = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    return membership


@transaction.atomic
def save_portal(*, portal: Portal) -> Portal:
    """Save a portal, unless its theme would be illegible (contrast under 4.5:1)."""
    refuse_illegible_theme(portal.theme)
    portal.full_clean()
    portal.save()
    return portal
