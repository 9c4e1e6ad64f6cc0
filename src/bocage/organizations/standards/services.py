"""Saying what holds in a branch. Who may is decided by the caller: accounts and roles are above this package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bocage.organizations.models import Organization
from bocage.organizations.standards.errors import KeepsAndRemoves, LooserThanAbove
from bocage.organizations.standards.models import Standards
from bocage.organizations.standards.rules import LEAST_PURGER, NO_LIMITS, Limits, contradictory, looser, strictest
from bocage.organizations.standards.selectors import standards_of

if TYPE_CHECKING:
    from bocage.organizations.models import User


@transaction.atomic
def say_standards(
    *, organization: Organization, limits: Limits, reason: str = "", user: User | None
) -> Standards | None:
    """From now on, for the organisation and for all below. Nothing at all: the row goes.

    Raises LooserThanAbove, KeepsAndRemoves, ValidationError."""
    # The tree above is locked: of two decisions at once, the one below is compared with the one above.
    list(Organization.objects.select_for_update().filter(pk__in=_above(organization)).order_by("pk"))
    refuse_looser(organization, limits)
    if limits == NO_LIMITS:
        Standards.objects.filter(organization=organization).delete()
        return None
    row = Standards.objects.filter(organization=organization).first() or Standards(organization=organization)
    row.licences, row.themes = sorted(limits.licences or ()), sorted(limits.themes or ())
    row.least_days, row.least_versions = limits.least_days, limits.least_versions
    row.most_days, row.most_versions = limits.most_days, limits.most_versions
    row.purged_by = "" if limits.purged_by == LEAST_PURGER else limits.purged_by.value
    row.reason, row.decided_by = reason.strip(), user
    row.full_clean(exclude=["organization", "decided_by"])
    row.save()
    return row


def refuse_looser(organization: Organization, limits: Limits) -> None:
    """Raise for the first field at fault, named in the error (`field`)."""
    known = standards_of(organization)
    above = known.said[:-1] if known.own is not None else known.said
    for name in looser(known.above, limits):
        authors = ", ".join(one.name for one in above if getattr(one.limits, name) != getattr(NO_LIMITS, name))
        raise LooserThanAbove(field=name, authors=authors)
    for name in contradictory(strictest(known.above, limits)):
        raise KeepsAndRemoves(field=name)


def _above(organization: Organization) -> list[int]:
    return [int(part) for part in organization.path.split("/") if part]
