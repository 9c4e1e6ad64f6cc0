"""What holds where. Organisations are public, and so is what they ask of each other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from bocage.organizations.standards.models import Standards
from bocage.organizations.standards.rules import LEAST_PURGER, InForce, Limits, Said, in_force
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from bocage.organizations.models import Organization


def standards_in(organizations: Iterable[Organization]) -> dict[int, InForce]:
    """Id of each → what holds there. One query, whatever their number."""
    concerned = {one.pk: lineage(one) for one in organizations}
    ids = {pk for line in concerned.values() for pk in line}
    said = {row.organization_id: said_by(row) for row in _rows(ids)}
    return {
        pk: in_force((said[above] for above in line if above in said), organization_id=pk)
        for pk, line in concerned.items()
    }


def standards_of(organization: Organization) -> InForce:
    return standards_in([organization])[organization.pk]


def stricter_below(organization: Organization) -> QuerySet[Standards]:
    """What organisations below say, by name; to be cut by the caller."""
    below = Standards.objects.filter(organization__path__startswith=organization.path).exclude(
        organization=organization
    )
    return below.select_related("organization").order_by("organization__name", "pk")


def lineage(organization: Organization) -> list[int]:
    """The ids of those above it, from the root, then its own."""
    above = [int(part) for part in organization.path.split("/") if part]
    return above if organization.pk in above else [*above, organization.pk]


def said_by(row: Standards) -> Said:
    """The row as the rules read it. Reads `row.organization`."""
    one = row.organization
    return Said(one.pk, one.name, one.slug, one.path, limits_of(row), row.reason)


def limits_of(row: Standards) -> Limits:
    return Limits(
        licences=frozenset(row.licences) or None,
        themes=frozenset(row.themes) or None,
        least_days=row.least_days,
        least_versions=row.least_versions,
        most_days=row.most_days,
        most_versions=row.most_versions,
        purged_by=Role(row.purged_by) if row.purged_by else LEAST_PURGER,
    )


def _rows(ids: set[int]) -> QuerySet[Standards]:
    return Standards.objects.filter(organization__in=ids).select_related("organization")
