"""Data protection officers: they read the journal of an organisation without running it. Named by those who run it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.groups import account_of
from bocage.access.models import ProtectionOfficer
from bocage.access.rules import decide_in
from bocage.access.vocabulary import Action
from bocage.kernel.errors import TerminalError

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.organizations.models import Organization

MOST_OFFICERS = 20


class TooManyOfficers(TerminalError):
    code = "access.too-many-officers"
    message = _("An organisation has %(most)s data protection officers at most.")
    mend = _("Take one out first.")


@transaction.atomic
def name_officer(*, viewer: Viewer, organization: Organization, email: str) -> ProtectionOfficer:
    """Somebody who has an account, wherever they work. Raises AccessDenied, NoSuchAccount, TooManyOfficers."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    person = account_of(email)
    if organization.protection_officers.count() >= MOST_OFFICERS:
        raise TooManyOfficers(most=MOST_OFFICERS)
    officer, created = ProtectionOfficer.objects.get_or_create(organization=organization, person=person)
    if created:
        record(Kind.OFFICER_NAMED, viewer=viewer, organization=organization, subject=str(person.pk), member=person.pk)
    return officer


@transaction.atomic
def end_officer(*, viewer: Viewer, organization: Organization, pk: int) -> None:
    """Raises AccessDenied."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    officer = ProtectionOfficer.objects.filter(pk=pk, organization=organization).first()
    if officer is not None:
        member = officer.person_id
        officer.delete()
        record(Kind.OFFICER_ENDED, viewer=viewer, organization=organization, subject=str(member), member=member)
