"""Texts written once and proposed to the portals below; what a portal answers to those of the portals above."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.viewer import Viewer
from bocage.console.forms.portals import ProposalForm
from bocage.console.guard import inside, tell
from bocage.console.portal_desk import about, done, kept_portal
from bocage.kernel.errors import BocageError, NotFound
from bocage.organizations.models import Portal, Proposal
from bocage.organizations.portals.parameters import PARAMETERS
from bocage.organizations.portals.proposals import (
    Offered,
    accept,
    decline,
    keep_former,
    offered_one,
    portals_below,
    proposals_of,
    propose,
    put_back,
    rewrite,
    withdraw,
)

ANSWERS: dict[str, Callable[..., None]] = {"accept": accept, "decline": decline, "keep": keep_former}


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def texts(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """Those of this portal; POST proposes one more."""
    portal = kept_portal(viewer, uid)
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            propose(portal=portal, **form.cleaned_data)
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("Proposed. Each portal below takes it, or not."))
            return redirect("console:portal_texts", uid)
    context = about(
        request,
        portal,
        "texts",
        form=form,
        proposals=proposals_of(portal),
        below=portals_below(portal).count(),
        parameters=_parameters(),
    )
    return render(request, "console/portals/texts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def text(request: HttpRequest, viewer: Viewer, uid: str, text: str) -> HttpResponse:
    """Its words. Those who took the former ones are told."""
    portal = kept_portal(viewer, uid)
    proposal = _proposal(portal, text)
    form = ProposalForm(
        request.POST if request.method == "POST" else None, instance=Proposal.objects.get(pk=proposal.pk)
    )
    if request.method == "POST" and form.is_valid():
        try:
            rewrite(proposal=proposal, **form.cleaned_data)
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("Changed. Those who took the former words are asked whether they take these."))
            return redirect("console:portal_texts", uid)
    context = about(request, portal, "texts", form=form, proposal=proposal, parameters=_parameters())
    return render(request, "console/portals/text.html", context)


@require_POST
@inside
def drop(request: HttpRequest, viewer: Viewer, uid: str, text: str) -> HttpResponse:
    """It is proposed no more; `back` among the answers proposes it again."""
    proposal = _proposal(kept_portal(viewer, uid), text)
    if "back" in request.POST:
        put_back(proposal=proposal)
        messages.success(request, _("“%(title)s” is proposed again.") % {"title": proposal.title})
        return redirect("console:portal_texts", uid)
    withdraw(proposal=proposal)
    messages.success(
        request, _("“%(title)s” is proposed no more. Those who took it keep it.") % {"title": proposal.title}
    )
    return redirect("console:portal_text", uid, text)


@require_POST
@inside
def answer(request: HttpRequest, viewer: Viewer, uid: str, text: str) -> HttpResponse:
    """`answer`: accept, decline, keep (the former words)."""
    portal = kept_portal(viewer, uid)
    offered: Offered = offered_one(portal, text)
    given = ANSWERS.get(request.POST.get("answer", ""))
    if given is not None:
        try:
            given(portal=portal, offered=offered)
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(request, done())
    return redirect("console:portal_home", uid)


def _proposal(portal: Portal, uid: str) -> Proposal:
    """Raises NotFound."""
    found = portal.proposals.filter(uid=uid).first()
    if found is None:
        raise NotFound(kind=_("The proposed text"), name=uid)
    return found


def _parameters() -> list[tuple[str, object]]:
    return [(f"{{{name}}}", what) for name, what in PARAMETERS.items()]
