"""Agreements written, and brought from one state to the next. What was done is recorded, with who did it and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.agreements.rules import MOVES, after, may
from bocage.access.agreements.vocabulary import LegalBasis, State, Step
from bocage.access.audit.services import happening
from bocage.access.audit.vocabulary import Kind
from bocage.access.audit.writing import append
from bocage.access.models.agreements import AgreedDataset, Agreement, AgreementEvent, Signature, today
from bocage.access.noticing import AGREEMENT_CLOSED, AGREEMENT_OPENED, AGREEMENT_PROPOSED
from bocage.access.rules import Guarded, decide_in
from bocage.access.vocabulary import Action
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, TerminalError
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.notices.services import notify
from bocage.organizations.services import RESPONSIBLE

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer

MOST_DATASETS, MOST_CONSUMERS, MOST_COLUMNS = 100, 200, 500


class TooMuchAgreed(TerminalError):
    code = "access.too-much-agreed"
    message = gettext_lazy("An agreement has %(datasets)s datasets and %(consumers)s organisations at most.")
    mend = gettext_lazy("Write another agreement for the rest.")


class NotReady(TerminalError):
    code = "access.agreement-not-ready"
    message = gettext_lazy("Nobody can sign it yet: it has no dataset.")
    mend = gettext_lazy("Say which datasets it opens.")


class NotNow(TerminalError):
    code = "access.agreement-not-now"
    message = gettext_lazy("This cannot be done with the agreement %(number)s now: %(state)s.")
    mend = gettext_lazy("Open the agreement again to see where it is.")


class NoteMissing(TerminalError):
    code = "access.agreement-note-missing"
    message = gettext_lazy("The other side needs to know why.")
    mend = gettext_lazy("Write a sentence.")


class SeveralSides(TerminalError):
    code = "access.agreement-one-side"
    message = gettext_lazy("An organisation makes no agreement with itself.")
    mend = gettext_lazy("Name the organisations that will use the data.")


@dataclass(frozen=True)
class Written:
    """What a draft says, but for its datasets."""

    title: str
    purpose: str
    legal_basis: LegalBasis
    starts_on: date
    consumers: Sequence[Organization]
    ends_on: date | None = None
    obligations: str = ""
    document: str = ""


@transaction.atomic
def draft_agreement(*, viewer: Viewer, producer: Organization, written: Written) -> Agreement:
    """By a coordinator of `producer`. Raises AccessDenied, SeveralSides, TooMuchAgreed, ValidationError."""
    decide_in(viewer, Action.ADMINISTER, producer.pk).require()
    agreement = Agreement(producer=producer, created_by_id=viewer.user_id)
    _write(agreement, written)
    for _attempt in range(20):
        agreement.number = _next_number()
        try:
            with transaction.atomic():
                agreement.save()
            break
        except IntegrityError:  # somebody took this number meanwhile
            continue
    agreement.consumers.set(written.consumers)
    return agreement


@transaction.atomic
def rewrite_agreement(*, viewer: Viewer, agreement: Agreement, written: Written) -> None:
    """Only a draft is written. Raises as `draft_agreement`, and NotNow."""
    agreement = _draft_of(viewer, agreement)
    _write(agreement, written)
    agreement.save()
    agreement.consumers.set(written.consumers)


@transaction.atomic
def open_dataset(
    *, viewer: Viewer, agreement: Agreement, thing: Guarded, columns: Sequence[str] = (), rows: str = ""
) -> AgreedDataset:
    """Put a dataset of the producer in the draft, or change what is opened of it. Raises AccessDenied, NotNow, TooMuchAgreed."""
    agreement = _draft_of(viewer, agreement)
    if thing.organization_id != agreement.producer_id:
        raise AccessDenied(reason=_("an organisation opens its own datasets, and no other."))
    others = agreement.datasets.exclude(dataset=thing.uid)
    if others.count() >= MOST_DATASETS or len(columns) > MOST_COLUMNS:
        raise TooMuchAgreed(datasets=MOST_DATASETS, consumers=MOST_CONSUMERS)
    said = {"columns": list(dict.fromkeys(columns)), "rows": rows.strip()}
    opened, _created = AgreedDataset.objects.update_or_create(agreement=agreement, dataset=thing.uid, defaults=said)
    return opened


@transaction.atomic
def leave_dataset_out(*, viewer: Viewer, agreement: Agreement, uid: str) -> None:
    _draft_of(viewer, agreement).datasets.filter(dataset=uid).delete()


@transaction.atomic
def take_step(
    *, viewer: Viewer, agreement: Agreement, step: Step, organization: Organization, note: str = ""
) -> Agreement:
    """By a coordinator of `organization`, one of the parties. Raises AccessDenied, NotNow, NotReady, NoteMissing."""
    decide_in(viewer, Action.ADMINISTER, organization.pk).require()
    agreement = _held(agreement)
    parties, note = agreement.parties(), note.strip()
    if parties.side_of(organization.pk) is None:
        raise AccessDenied(reason=_("your organisation is not part of this agreement."))
    if not may(step, State(agreement.state), parties, organization.pk):
        raise NotNow(number=agreement.number, state=agreement.standing.label)
    if MOVES[step].told and not note:
        raise NoteMissing
    if step == Step.PROPOSE and not agreement.datasets.exists():
        raise NotReady
    person = User.objects.filter(pk=viewer.user_id or 0).first()
    agreement.state = after(step, parties, organization.pk)
    agreement.save(update_fields=["state"])
    said = {"agreement": agreement, "organization": organization, "person": person, "name": str(person or "")}
    if step == Step.SIGN:
        Signature.objects.create(**said, signed_at=now())
    elif step == Step.CORRECT:  # what was signed is not what will be
        agreement.signatures.all().delete()
    AgreementEvent.objects.create(**said, step=step, state=agreement.state, at=now(), note=note)
    _notify(viewer, agreement, step)
    _tell(viewer, agreement, step, organization, note)
    return agreement


def _notify(viewer: Viewer, agreement: Agreement, step: Step) -> None:
    """Tell those who sign for the parties, but for the one who did it, what changes for them."""
    opened = agreement.state == State.SIGNED and step in (Step.SIGN, Step.RESUME)
    closed = step in (Step.SUSPEND, Step.END) and agreement.signatures.exists()
    kind = AGREEMENT_PROPOSED if step == Step.PROPOSE else AGREEMENT_OPENED if opened else AGREEMENT_CLOSED
    if not (opened or closed or step == Step.PROPOSE):
        return
    responsible = Membership.objects.filter(
        organization__in=agreement.parties().all, role__in=RESPONSIBLE, user__is_active=True
    ).exclude(user=viewer.user_id)
    notify(
        responsible.values_list("user_id", flat=True),
        kind,
        address=reverse("console:agreement", args=[agreement.uid]),
        number=agreement.number,
        title=agreement.title,
    )


def _tell(viewer: Viewer, agreement: Agreement, step: Step, organization: Organization, note: str) -> None:
    """In the journal of every party, but for a draft: it is its producer's alone."""
    drafted = State.DRAFTED in (agreement.state, *MOVES[step].begins)
    consumers = [] if drafted and step != Step.PROPOSE else list(agreement.consumers.all())
    append(
        happening(
            Kind.AGREEMENT_MOVED, viewer=viewer, organization=party, subject=agreement.uid, number=agreement.number,
            step=step.value, state=agreement.state, by=organization.slug, reason=note,
        )
        for party in (agreement.producer, *consumers)
    )  # fmt: skip


def _held(agreement: Agreement) -> Agreement:
    """As it is now, until the end of the transaction: two who sign at once are told apart."""
    held: Agreement = Agreement.objects.select_for_update().get(pk=agreement.pk)
    return held


def _draft_of(viewer: Viewer, agreement: Agreement) -> Agreement:
    decide_in(viewer, Action.ADMINISTER, agreement.producer_id).require()
    held = _held(agreement)
    if held.state != State.DRAFTED:
        raise NotNow(number=held.number, state=held.standing.label)
    return held


def _write(agreement: Agreement, written: Written) -> None:
    if not written.consumers or agreement.producer in written.consumers:
        raise SeveralSides
    if len(written.consumers) > MOST_CONSUMERS:
        raise TooMuchAgreed(datasets=MOST_DATASETS, consumers=MOST_CONSUMERS)
    agreement.title, agreement.purpose = written.title.strip(), written.purpose.strip()
    agreement.legal_basis, agreement.obligations = written.legal_basis, written.obligations.strip()
    agreement.starts_on, agreement.ends_on = written.starts_on, written.ends_on
    agreement.document = written.document
    agreement.full_clean(exclude=["number", "created_by"])


def _next_number() -> str:
    """`2026-014`: the fourteenth of the year, on the whole platform."""
    year = today().year
    last = (
        Agreement.objects.filter(number__startswith=f"{year}-").order_by("-pk").values_list("number", flat=True).first()
    )
    return f"{year}-{int(last.split('-')[1]) + 1 if last else 1:03d}"
