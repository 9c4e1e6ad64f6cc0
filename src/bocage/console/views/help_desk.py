"""Requests for help: ask the team of the organisation above; answer those of the organisations below."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.rules import decide, decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.console.belonging import organizations_where
from bocage.console.forms.writing import HelpForm, MessageForm
from bocage.console.guard import inside, tell
from bocage.console.paging import address_of_page, page_of
from bocage.governance.help.models import HelpRequest
from bocage.governance.help.selectors import (
    asked_by,
    helpers_for,
    helps,
    known_dataset,
    messages_of,
    queue_of,
    request_for,
    team_of,
)
from bocage.governance.help.services import ask, assign, close, write
from bocage.governance.help.vocabulary import HelpState
from bocage.governance.texts import pieces
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.organizations.models import Organization
from bocage.organizations.selectors import organization_named

MOST_CHOICES = 30
"""Organisations proposed to somebody who publishes in several; more are reached from the page of each."""


@require_safe
@inside
def desk(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`side=asked`: what the viewer's organisations asked; otherwise what their teams are asked. `state`, `mine=1` filter."""
    asked = request.GET.get("side") == "asked" or ("side" not in request.GET and not queue_of(viewer).exists())
    state, mine = request.GET.get("state", ""), request.GET.get("mine") == "1"
    rows = asked_by(viewer) if asked else queue_of(viewer, state=state, mine=mine)
    context = {
        "asked": asked,
        "page": page_of(request, rows),
        "page_address": address_of_page(request),
        "state": state,
        "states": HelpState,
        "mine": mine,
        "may_ask": organizations_where(viewer, Action.PUBLISH).exists(),
    }
    return render(request, "console/help/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def new(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """`?dataset=<slug>`: about this one; `?organization=<slug>`: for this one."""
    dataset = _dataset(request, viewer)
    organization = _organization(request, viewer, dataset)
    if organization is None:
        choices = organizations_where(viewer, Action.PUBLISH).order_by("name")[:MOST_CHOICES]
        if not choices:
            raise AccessDenied(reason=_("it needs the role “Contributor” in an organisation of the platform."))
        return render(request, "console/help/choose.html", {"choices": choices})
    helpers = helpers_for(organization)
    form = HelpForm(request.POST if request.method == "POST" else None, helpers=helpers)
    if request.method == "POST" and form.is_valid():
        try:
            made = ask(viewer=viewer, organization=organization, dataset=dataset, **form.cleaned_data)
        except AccessDenied:
            raise
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(request, _("%(helper)s has been told.") % {"helper": made.helper.name})
            return redirect("console:help_request", made.uid)
    context = {"form": form, "dataset": dataset, "organization": organization, "helpers": helpers}
    return render(request, "console/help/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def help_request(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """One request and its messages; POST writes one more."""
    asked = request_for(viewer, uid)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            write(viewer=viewer, request=asked, text=form.cleaned_data["text"])
        except AccessDenied:
            raise
        except BocageError as error:
            tell(request, error)
        else:
            return redirect("console:help_request", asked.uid)
    return render(request, "console/help/request.html", _context(viewer, asked, form))


@require_POST
@inside
def step(request: HttpRequest, viewer: Viewer, uid: str, action: str) -> HttpResponse:
    """`close`, `reopen`, `assign` (with `person`, empty for nobody)."""
    asked = request_for(viewer, uid)
    person = request.POST.get("person", "")
    try:
        if action == "assign":
            number = int(person) if person.isascii() and person.isdigit() and len(person) < 18 else None
            assign(viewer=viewer, request=asked, person=number)
        elif action in ("close", "reopen"):
            close(viewer=viewer, request=asked, closed=action == "close")
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    return redirect("console:help_request", asked.uid)


def _context(viewer: Viewer, asked: HelpRequest, form: MessageForm) -> dict[str, object]:
    dataset, helping = known_dataset(viewer, asked), helps(viewer, asked)
    return {
        "asked": asked,
        "messages_written": [(one, tuple(pieces(one.text))) for one in messages_of(asked)],
        "form": form,
        "helping": helping,
        "team": team_of(asked) if helping else [],
        "dataset": dataset,
        "hidden_dataset": asked.dataset_id is not None and dataset is None,
        "may_publish": dataset is not None and bool(decide(viewer, Action.PUBLISH, dataset)),
        "may_read": dataset is not None and bool(decide(viewer, Action.READ, dataset)),
    }


def _dataset(request: HttpRequest, viewer: Viewer) -> Dataset | None:
    slug = request.GET.get("dataset", "")
    return dataset_for(viewer, slug, Action.SEE) if slug else None


def _organization(request: HttpRequest, viewer: Viewer, dataset: Dataset | None) -> Organization | None:
    """Whoever asks does it for the organisation of the dataset, the one named, or the only one where they publish."""
    slug = request.GET.get("organization", "")
    if slug:
        found = organization_named(slug)
        decide_in(viewer, Action.PUBLISH, found.pk).require()
        return found
    if dataset is not None and decide_in(viewer, Action.PUBLISH, dataset.organization_id):
        return dataset.organization
    some = list(organizations_where(viewer, Action.PUBLISH)[:2])
    return some[0] if len(some) == 1 else None
