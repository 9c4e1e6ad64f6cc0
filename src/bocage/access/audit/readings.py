"""Readings of what is not open to everyone, told below every endpoint: the doors of the data ask for a `Telling`.

Told: whatever a person reads, signed in or with a key, of a dataset that is not open, or that holds something kept from somebody.
Not told: what everyone can read, what a stranger reads (they only see what everyone sees), what the platform reads for itself
(its worker, its commands, its indexes). An answer 304 gives nothing and is not told; HEAD is, as GET is.
The words of the query are never kept: they may hold the name of somebody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from bocage.access.agreements.terms import AGREEMENT
from bocage.access.audit.vocabulary import Kind
from bocage.access.audit.writing import Happening, append
from bocage.access.models.agreements import Agreement
from bocage.access.models.data_rules import DataRule
from bocage.access.narrowing import without_agreements
from bocage.access.restrictions import WHOLE, Restriction
from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.organizations.models import Organization


class Kept(Protocol):
    """A dataset."""

    uid: str
    organization_id: int
    visibility: str

    @property
    def organization(self) -> Organization: ...


class Part(Protocol):
    """A version of a dataset."""

    uid: str

    @property
    def dataset(self) -> Kept: ...


@dataclass
class Telling:
    """One reading to come. `tell` before anything leaves; the second time does nothing. `rows`: how many are given, when it is
    known by then."""

    viewer: Viewer
    parts: Iterable[Part]
    restriction: Restriction = WHOLE
    rows: int | None = None
    told: bool = field(default=False, init=False)

    def tell(self) -> None:
        if not self.told:
            self.told = True
            told = (part for part in self.parts if is_told(self.viewer, part.dataset, self.restriction))
            append(
                (_reading(self.viewer, part.dataset, part.uid, self.restriction, self.rows) for part in told),
                reading=True,
            )


def tell_reading(viewer: Viewer, thing: Kept, *, subject: str, rows: int | None = None) -> None:
    """Of what goes with a dataset and is not one of its versions: a document, rows kept aside. `subject`: which one."""
    if is_told(viewer, thing, WHOLE):
        append([_reading(viewer, thing, "", WHOLE, rows, subject=subject[:200])], reading=True)


def is_told(viewer: Viewer, thing: Kept, restriction: Restriction) -> bool:
    if viewer.user_id is None:
        return False
    if thing.visibility != Visibility.OPEN or restriction:
        return True
    return DataRule.objects.in_force().filter(dataset=thing.uid).exists()


def _reading(
    viewer: Viewer, thing: Kept, version: str, restriction: Restriction, rows: int | None, subject: str = ""
) -> Happening:
    numbers = _agreements(viewer, thing)
    return Happening(
        Kind.READ,
        person=viewer.user_id,
        organization=thing.organization.slug,
        dataset=thing.uid,
        version=version,
        restriction=restriction.key,
        rows=rows,
        agreements=f" {' '.join(numbers)} " if numbers else "",
        party=_party(viewer, numbers) if numbers else "",
        subject=subject,
    )


def _agreements(viewer: Viewer, thing: Kept) -> list[str]:
    """Numbers of the agreements by which the thing is read, when nothing else opens it."""
    numbers = {rule.holder for rule in viewer.granted if rule.why == AGREEMENT and rule.on.holds(thing)}
    return sorted(numbers) if numbers and not decide(without_agreements(viewer), Action.READ, thing) else []


def _party(viewer: Viewer, numbers: Iterable[str]) -> str:
    """Slug of the organisation in whose name they read: of several, always the same one."""
    theirs = Agreement.consumers.through.objects.filter(
        agreement__number__in=list(numbers), organization__memberships__user=viewer.user_id
    )
    return theirs.order_by("organization__slug").values_list("organization__slug", flat=True).first() or ""
