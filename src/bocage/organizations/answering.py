"""Who answers for an organisation: to be told, to be asked."""

from __future__ import annotations

from collections.abc import Sequence

from bocage.organizations.models import Membership, Organization
from bocage.organizations.vocabulary import Role

MOST = 50
"""People told of one thing: a large team has a queue page for the rest."""


def above(path: str) -> list[int]:
    """Ids of the organisations of `/1/4/12/`, the nearest first."""
    return [int(part) for part in reversed(path.split("/")) if part]


def answering_in(organization: int, least: Role) -> list[int]:
    """Ids of the active accounts that hold this role in this very organisation, or more."""
    roles = [role.value for role in Role if role.rank >= least.rank]
    rows = Membership.objects.filter(organization=organization, role__in=roles, user__is_active=True)
    return list(rows.order_by("user").values_list("user", flat=True)[:MOST])


def stewards_of(organization: Organization, *, but: Sequence[int] = ()) -> list[int]:
    """The stewards of an organisation and above; without any but `but`, the administrators of the nearest one above that has
    some: they are stewards of all that is below."""
    own = [pk for pk in answering_in(organization.pk, Role.STEWARD) if pk not in but]
    return own or administrators_above(organization, but=but)


def administrators_above(organization: Organization, *, but: Sequence[int] = ()) -> list[int]:
    """Those of the nearest organisation above that has some other than `but`; empty when none has. One statement."""
    places = [pk for pk in above(organization.path) if pk != organization.pk]
    rows = Membership.objects.filter(organization__in=places, role=Role.ADMINISTRATOR, user__is_active=True)
    found: dict[int, list[int]] = {}
    for place, user in rows.exclude(user__in=but).order_by("user").values_list("organization", "user"):
        found.setdefault(place, []).append(user)
    return next((found[place][:MOST] for place in places if place in found), [])
