"""Agreements of my organisations: written, proposed, signed, suspended, ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.agreements.consumption import Consumed, consumed, weeks
from bocage.access.agreements.rules import MOVES, possible
from bocage.access.agreements.selectors import agreement_for, agreements_for, signs_for
from bocage.access.agreements.services import (
    draft_agreement,
    leave_dataset_out,
    open_dataset,
    rewrite_agreement,
    take_step,
)
from bocage.access.agreements.vocabulary import Side, Standing, State, Step
from bocage.access.models import AgreedDataset, Agreement, AgreementDocument
from bocage.access.rules import decide, decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.console.belonging import organizations_run_by, organizations_where
from bocage.console.forms.agreements import AgreementForm, NoteForm, OpenedForm
from bocage.console.guard import inside, tell
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.organizations.models import Organization


@dataclass(frozen=True)
class Choice:
    """A step that the viewer may take, in the name of `organization`."""

    step: Step
    organization: Organization
    told: bool


@dataclass(frozen=True)
class Opened:
    """`dataset`: None when it is gone."""

    said: AgreedDataset
    dataset: Dataset | None
    readable: bool


@dataclass(frozen=True)
class Line:
    """What an organisation read of a dataset, with their names."""

    said: Consumed
    organization: str
    dataset: str


@require_safe
@inside
def agreements(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those of my organisations, newest first."""
    page = page_of(request, agreements_for(viewer))
    awaiting = {one.pk for one in page.object_list if _awaits(viewer, one)}
    writes = organizations_where(viewer, Action.ADMINISTER).exists()
    context = {"page": page, "page_address": address_of_page(request), "awaiting": awaiting, "writes": writes}
    return render(request, "console/agreements/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    producers = organizations_run_by(viewer)
    form = AgreementForm(request.POST if request.method == "POST" else None, producers=producers)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_agreement(viewer=viewer, producer=form.cleaned_data["producer"], written=form.written())
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            return redirect("console:agreement", made.uid)
    return render(request, "console/agreements/draft.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def draft(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    found = agreement_for(viewer, uid)
    decide_in(viewer, Action.ADMINISTER, found.producer_id).require()
    if found.state != State.DRAFTED:
        return redirect("console:agreement", found.uid)
    data = request.POST if request.method == "POST" else None
    form = AgreementForm(data, producers=Organization.objects.none(), agreement=found)
    if request.method == "POST" and form.is_valid():
        try:
            rewrite_agreement(viewer=viewer, agreement=found, written=form.written())
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            return redirect("console:agreement", found.uid)
    return render(request, "console/agreements/draft.html", {"form": form, "agreement": found})


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def agreement(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """What it says, where it is, what was done; POST puts a dataset in the draft."""
    found = agreement_for(viewer, uid)
    writes = decide_in(viewer, Action.ADMINISTER, found.producer_id)
    if request.method == "POST":
        writes.require()
    of_producer = Dataset.objects.filter(organization_id=found.producer_id).order_by("title")
    form = OpenedForm(request.POST if request.method == "POST" else None, datasets=of_producer)
    if request.method == "POST" and form.is_valid() and _opened(request, viewer, found, form):
        return redirect("console:agreement", found.uid)
    context = {
        "agreement": found,
        "form": form if writes and found.state == State.DRAFTED else None,
        "datasets": _datasets(viewer, found),
        "choices": _choices(viewer, found),
        "parties": _parties(found),
        "events": found.events.select_related("organization"),
        "paper": AgreementDocument.objects.filter(agreement=found).defer("content").first(),
        "writes": bool(writes),
        "consumed": _consumed(viewer, found),
        "weeks": weeks(),
    }
    return render(request, "console/agreements/agreement.html", context)


@require_POST
@inside
def leave_out(request: HttpRequest, viewer: Viewer, uid: str, dataset: str) -> HttpResponse:
    found = agreement_for(viewer, uid)
    try:
        leave_dataset_out(viewer=viewer, agreement=found, uid=dataset)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    return redirect("console:agreement", found.uid)


@require_POST
@inside
def step(request: HttpRequest, viewer: Viewer, uid: str, action: str) -> HttpResponse:
    """`organization` says in whose name, `note` why."""
    found = agreement_for(viewer, uid)
    if action not in Step.values:
        raise NotFound(kind=_("The step"), name=action)
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write it in fewer words."))
        return redirect("console:agreement", uid)
    party = Organization.objects.filter(slug=form.cleaned_data["organization"]).first()
    if party is None:
        raise AccessDenied(reason=_("your organisation is not part of this agreement."))
    note = form.cleaned_data["note"]
    try:
        found = take_step(viewer=viewer, agreement=found, step=Step(action), organization=party, note=note)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    else:
        messages.success(request, _told(found))
    if not agreements_for(viewer).filter(pk=found.pk).exists():  # sent back: a draft is its producer's alone
        return redirect("console:agreements")
    return redirect("console:agreement", uid)


def _told(agreement: Agreement) -> str:
    """What follows for those who use the data."""
    match agreement.standing:
        case Standing.IN_FORCE:
            return _("The agreement is in force: the data are open to the members of its organisations.")
        case Standing.TO_COME:
            return _("The agreement is signed by all. The data will open on the day when it begins.")
        case Standing.SUSPENDED:
            return _("The agreement is suspended: what it opened is closed.")
        case Standing.ENDED:
            return _("The agreement has ended: what it opened is closed.")
        case Standing.PROPOSED:
            return _("Noted. The data will open when every organisation has signed.")
        case _other:
            return _("Noted.")


def _opened(request: HttpRequest, viewer: Viewer, found: Agreement, form: OpenedForm) -> bool:
    said = form.cleaned_data
    try:
        open_dataset(viewer=viewer, agreement=found, thing=said["dataset"], columns=said["columns"], rows=said["rows"])
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
        return False
    return True


def _datasets(viewer: Viewer, found: Agreement) -> list[Opened]:
    """Their titles are part of what is signed: both sides read them, whatever they may see of the data."""
    said: Iterable[AgreedDataset] = found.datasets.all()
    there = {one.uid: one for one in Dataset.objects.filter(uid__in=[one.dataset for one in said])}
    return [
        Opened(one, it := there.get(one.dataset), it is not None and bool(decide(viewer, Action.READ, it)))
        for one in said
    ]


def _consumed(viewer: Viewer, found: Agreement) -> list[Line]:
    """With the names of today."""
    lines = consumed(viewer, found)
    organizations = {one.slug: one.name for one in found.consumers.all()}
    titles = dict(Dataset.objects.filter(uid__in={one.dataset for one in lines}).values_list("uid", "title"))
    return [
        Line(one, organizations.get(one.party, one.party), titles.get(one.dataset, _("A dataset that is gone")))
        for one in lines
    ]


def _choices(viewer: Viewer, found: Agreement) -> list[Choice]:
    named = {one.pk: one for one in (found.producer, *found.consumers.all())}
    steps = possible(State(found.state), found.parties(), signs_for(viewer, found))
    return [Choice(step, named[pk], MOVES[step].told) for step, pk in steps]


def _awaits(viewer: Viewer, found: Agreement) -> bool:
    """The signature of the viewer, in the name of one of the parties."""
    steps = possible(State(found.state), found.parties(), signs_for(viewer, found))
    return any(step == Step.SIGN for step, _pk in steps)


def _parties(found: Agreement) -> list[dict[str, Any]]:
    signed = {one.organization_id: one for one in found.signatures.all()}
    sides = [(found.producer, Side.PRODUCER), *((one, Side.CONSUMER) for one in found.consumers.all())]
    return [{"organization": one, "side": side, "signature": signed.get(one.pk)} for one, side in sides]
