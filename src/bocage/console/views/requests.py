"""Access requests: mine, and those that I answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bocage.access.models import AccessRequest
from bocage.access.models.agreements import today
from bocage.access.requests.errors import RequestNotFound
from bocage.access.requests.selectors import requests_of, waiting_of
from bocage.access.requests.services import ask_access, grant_access, refuse_access, withdraw_request
from bocage.access.requests.vocabulary import State
from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import dataset_for
from bocage.catalog.services import touch_catalogue
from bocage.console.forms.requests import AskForm, GiveForm, RefuseForm
from bocage.console.guard import inside, tell, user_of
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.organizations.models import Membership

EARLIER_SHOWN = 10
TEAMS_SHOWN = 20


@dataclass(frozen=True)
class Matter:
    """A request as the viewer may see it. `dataset`: None when they may not know of it (any more). `answers`: they manage the
    dataset; `mine`: they asked."""

    asked: AccessRequest
    dataset: Dataset | None
    answers: bool
    mine: bool

    @property
    def late(self) -> bool:
        return self.asked.waits and self.asked.due_on < today()

    @property
    def open_still(self) -> bool:
        """Whether what was given is not over."""
        grant = self.asked.grant
        return grant is not None and (grant.ends_at is None or grant.ends_at > now())


def to_answer(viewer: Viewer) -> QuerySet[AccessRequest]:
    """The requests on the datasets that the viewer manages."""
    managed = Dataset.objects.visible_to(viewer, Action.MANAGE).order_by().values("uid")
    return AccessRequest.objects.filter(dataset__in=managed).select_related("asker", "organization")


def waiting_for(viewer: Viewer) -> QuerySet[AccessRequest]:
    """Those that nobody answered yet, the oldest promise first."""
    return to_answer(viewer).filter(state=State.ASKED).order_by("due_on", "pk")


@require_safe
@inside
def requests(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those that wait for my answer, the oldest promise first; `answered`: the others, the last answered first."""
    answered = "answered" in request.GET
    rows = (
        to_answer(viewer).exclude(state=State.ASKED).order_by("-answered_at", "-pk")
        if answered
        else waiting_for(viewer)
    )
    return _listed(request, rows, "answered" if answered else "waiting")


@require_safe
@inside
def mine(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    return _listed(request, requests_of(viewer), "mine")


def _listed(request: HttpRequest, rows: QuerySet[AccessRequest], which: str) -> HttpResponse:
    page = page_of(request, rows)
    context = {"page": page, "page_address": address_of_page(request), "which": which, "today": today()}
    return render(request, "console/requests/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def ask(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Whoever has the data, or waits for an answer, is brought there."""
    dataset = dataset_for(viewer, slug, Action.SEE)
    if decide(viewer, Action.READ, dataset):
        messages.info(request, _("You already have access to these data."))
        return redirect("portal:dataset", dataset.slug)
    waiting = waiting_of(viewer, dataset.uid)
    if waiting is not None:
        return redirect("console:access_request", waiting.uid)
    form = AskForm(request.POST if request.method == "POST" else None, asker=user_of(request))
    if request.method == "POST" and form.is_valid():
        try:
            asked = ask_access(viewer=viewer, asker=user_of(request), thing=dataset, **form.asked())
        except (BocageError, ValidationError) as error:
            tell(request, error)
        else:
            messages.success(request, _("Your request is with those who answer for these data."))
            return redirect("console:access_request", asked.uid)
    context = {"dataset": dataset, "form": form, "days": settings.BOCAGE.access_request_days}
    return render(request, "console/requests/ask.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def access_request(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """What is asked, and the answer. POST `do`: give or refuse, by those who manage the dataset; withdraw, by whoever asked."""
    matter = _matter(viewer, uid)
    shared = _shared(matter.asked)
    posted = request.POST if request.method == "POST" else None
    does = posted.get("do", "") if posted is not None else ""
    fields = matter.dataset.fields if matter.answers and matter.dataset is not None else ()
    give = GiveForm(posted if does == "give" else None, asked=matter.asked, shared=shared, fields=fields)
    refuse = RefuseForm(posted if does == "refuse" else None)
    if posted is not None and _done(request, viewer, matter, give, refuse, does):
        return redirect("console:access_request", uid)
    context = {
        "matter": matter,
        "asked": matter.asked,
        "dataset": matter.dataset,
        "give": give,
        "refuse": refuse,
        "earlier": _earlier(matter) if matter.answers else (),
        "teams": _teams(matter.asked) if matter.answers else (),
    }
    return render(request, "console/requests/request.html", context)


def _matter(viewer: Viewer, uid: str) -> Matter:
    """Raises RequestNotFound, for somebody else's as for an absent one."""
    related = ("asker", "organization", "grant", "answered_by")
    asked = AccessRequest.objects.select_related(*related).filter(uid=uid[:32]).first()
    if asked is None:
        raise RequestNotFound
    dataset = Dataset.objects.select_related("organization").filter(uid=asked.dataset).first()
    answers = dataset is not None and bool(decide(viewer, Action.MANAGE, dataset))
    mine = viewer.user_id is not None and viewer.user_id == asked.asker_id
    if not answers and not mine:
        raise RequestNotFound
    known = dataset if dataset is not None and decide(viewer, Action.SEE, dataset) else None
    return Matter(asked, known, answers, mine)


def _done(request: HttpRequest, viewer: Viewer, matter: Matter, give: GiveForm, refuse: RefuseForm, does: str) -> bool:
    """Whether the request moved. AccessDenied for who asked and would answer."""
    dataset, asked = matter.dataset, matter.asked
    try:
        if does == "withdraw":
            withdraw_request(viewer=viewer, asked=asked)
            messages.success(request, _("Your request is withdrawn."))
            return True
        if dataset is None:
            raise RequestNotFound
        decide(viewer, Action.MANAGE, dataset).require()
        if does == "give" and give.is_valid():
            with transaction.atomic():
                grant_access(viewer=viewer, thing=dataset, asked=asked, **give.given())
                touch_catalogue()  # what is told to every reader holds no column that one of them does not see
            messages.success(request, _("The data are open to them, and they are told."))
            return True
        if does == "refuse" and refuse.is_valid():
            refuse_access(viewer=viewer, thing=dataset, asked=asked, reason=refuse.cleaned_data["reason"])
            messages.success(request, _("They are told, with your reason."))
            return True
    except (AccessDenied, NotFound):
        raise
    except (BocageError, ValidationError) as error:
        tell(request, error)
    return False


def _shared(asked: AccessRequest) -> bool:
    """It was for an organisation, in which whoever asked still works."""
    if asked.organization_id is None:
        return False
    return Membership.objects.filter(user_id=asked.asker_id, organization_id=asked.organization_id).exists()


def _earlier(matter: Matter) -> list[AccessRequest]:
    """What the same person asked before, of the same dataset."""
    asked = matter.asked
    before = AccessRequest.objects.filter(asker_id=asked.asker_id, dataset=asked.dataset).exclude(pk=asked.pk)
    return list(before[:EARLIER_SHOWN])


def _teams(asked: AccessRequest) -> list[Membership]:
    held = Membership.objects.filter(user_id=asked.asker_id).select_related("organization")
    return list(held.order_by("organization__name")[:TEAMS_SHOWN])
