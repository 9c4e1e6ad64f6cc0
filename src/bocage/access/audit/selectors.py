"""What somebody may read of the journal: that of organisations that they run or protect, and what they did themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from bocage.access.audit.chain import written
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import JournalEntry
from bocage.access.rules import administered_by
from bocage.access.vocabulary import Action
from bocage.kernel.clock import start_of
from bocage.organizations.models import FormerOrganization, Organization

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

CHUNK = 2_000


@dataclass(frozen=True)
class Wanted:
    """Which entries. `kind`: a code of Kind, or the beginning of several (`grant`). Days where the platform is, both included."""

    dataset: str = ""
    person: int | None = None
    kind: str = ""
    since: date | None = None
    until: date | None = None


def journals_of(viewer: Viewer) -> QuerySet[Organization]:
    """The organisations of which the viewer reads the journal."""
    if viewer.operator:
        return Organization.objects.all()
    named = Q(pk__in=Organization.objects.filter(protection_officers__person=viewer.user_id or 0).values("pk"))
    return Organization.objects.filter(administered_by(viewer, Action.ADMINISTER) | named)


def entries_for(viewer: Viewer, organization: Organization | None, wanted: Wanted) -> QuerySet[JournalEntry]:
    """Newest first. `organization`: one of `journals_of`; None: all of them, and for the operator what is of none."""
    found = _kept(JournalEntry.objects.all(), wanted)
    if organization is not None:
        there = journals_of(viewer).filter(pk=organization.pk)
    elif viewer.operator:
        return found
    else:
        there = journals_of(viewer)
    former = FormerOrganization.objects.filter(organization__in=there)
    return found.filter(Q(organization__in=_slugs(there, organization)) | Q(organization__in=former.values("slug")))


def own_entries(viewer: Viewer, wanted: Wanted) -> QuerySet[JournalEntry]:
    """What was done and read by the viewer, or with their keys. Newest first."""
    return _kept(JournalEntry.objects.filter(person=viewer.user_id if viewer.user_id is not None else -1), wanted)


def _slugs(there: QuerySet[Organization], one: Organization | None) -> Any:
    """One organisation is named, so that its index is used."""
    return there.values("slug") if one is None else list(there.values_list("slug", flat=True))


def _kept(found: QuerySet[JournalEntry], wanted: Wanted) -> QuerySet[JournalEntry]:
    if wanted.dataset:
        found = found.filter(dataset=wanted.dataset)
    if wanted.person is not None:
        found = found.filter(person=wanted.person)
    if wanted.kind:
        found = found.filter(kind__in=[one for one in Kind if one == wanted.kind or one.startswith(f"{wanted.kind}.")])
    if wanted.since is not None:
        found = found.filter(at__gte=written(start_of(wanted.since)))
    if wanted.until is not None:
        found = found.filter(at__lt=written(start_of(wanted.until) + timedelta(days=1)))
    return found


def page_before(
    entries: QuerySet[JournalEntry], number: int | None, most: int
) -> tuple[list[JournalEntry], int | None]:
    """`most` entries older than `number`, and the number from which the next page goes on; None at the end. As quick at the
    end of the journal as at its beginning."""
    found = list((entries.filter(number__lt=number) if number is not None else entries)[: most + 1])
    return found[:most], found[most - 1].number if len(found) > most else None


def in_chunks(entries: QuerySet[JournalEntry], most: int) -> Iterator[list[JournalEntry]]:
    """`most` at most, newest first, a few thousand in memory at a time."""
    number: int | None = None
    while most > 0:
        found, number = page_before(entries, number, min(CHUNK, most))
        if found:
            yield found
        most -= len(found)
        if number is None:
            return
