"""Reviews: what waits for a second person, what it would change, and the decision."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.check.models import Report
from bocage.check.quality.showing import HEIGHT, WIDTH, profile_as_shown
from bocage.check.quality.words import anomaly_sentences
from bocage.console.guard import administered, inside, managed_dataset, tell
from bocage.console.notices import sentences
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.pipeline.reviews import requirements
from bocage.pipeline.reviews.deciding import accept, send_back, withdraw
from bocage.pipeline.reviews.models import Review
from bocage.pipeline.reviews.selectors import may_decide, may_withdraw, opened, review_for, reviews_for, waiting_for
from bocage.pipeline.reviews.vocabulary import ReviewState


@require_safe
@inside
def reviews(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """The queue of those who manage datasets; `?side=all`: everything that was proposed and decided where the viewer publishes."""
    everything = request.GET.get("side") == "all"
    context = {
        "everything": everything,
        "page": page_of(request, reviews_for(viewer) if everything else waiting_for(viewer)),
        "page_address": address_of_page(request),
    }
    return render(request, "console/reviews/list.html", context)


@require_safe
@inside
def review(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """What is proposed, against what is published. Its values are for those from whom nothing is hidden, and its authors."""
    one = opened(viewer, uid)
    profile = profile_as_shown(one.profile, one.anomalies) if one.profile else None
    report = Report.objects.filter(run=one.run.uid, version=None).first() if one.run is not None else None
    context = {
        "review": one,
        "dataset": one.dataset,
        "author": one.run.requested_by if one.run is not None else None,
        "profile": profile,
        "cards": profile.columns if profile else [],
        "width": WIDTH,
        "height": HEIGHT,
        "anomalies": anomaly_sentences(one.anomalies),
        "warnings": sentences(one.warnings),
        "report": report,
        "may_decide": one.state == ReviewState.WAITING and may_decide(viewer, one),
        "own": one.state == ReviewState.WAITING and viewer.user_id in one.authors,
        "may_withdraw": one.state == ReviewState.WAITING and may_withdraw(viewer, one),
        "next": _next(viewer, one),
    }
    return render(request, "console/reviews/review.html", context)


@require_POST
@inside
def decision(request: HttpRequest, viewer: Viewer, uid: str, action: str) -> HttpResponse:
    """`accept`, `return` (with `reason`), `withdraw`."""
    one = review_for(viewer, uid)
    steps: dict[str, Callable[[], Review]] = {
        "accept": lambda: accept(viewer=viewer, review=one),
        "return": lambda: send_back(viewer=viewer, review=one, reason=request.POST.get("reason", "")),
        "withdraw": lambda: withdraw(viewer=viewer, review=one),
    }
    if action in steps:
        try:
            _say(request, steps[action]())
        except AccessDenied:
            raise
        except BocageError as error:
            tell(request, error)
    return redirect("console:review", one.uid)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def dataset_requirement(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Must the versions of this dataset be reviewed? `required=1` asks for it, anything else lifts it."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    if request.method == "POST":
        change = requirements.require_on if request.POST.get("required") == "1" else requirements.lift_on
        _change(request, lambda: change(viewer=viewer, dataset=dataset))
        return redirect("console:dataset_review", dataset.slug)
    found = list(requirements.requirements_on(dataset))
    above = next((one.organization for one in found if one.organization is not None), None)
    context = {"thing": dataset, "dataset": dataset, "own": any(one.dataset_id for one in found), "above": above}
    return render(request, "console/reviews/requirement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def organization_requirement(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """The same, for every dataset of an organisation and of those below it."""
    organization = administered(viewer, slug)
    if request.method == "POST":
        change = requirements.require_in if request.POST.get("required") == "1" else requirements.lift_in
        _change(request, lambda: change(viewer=viewer, organization=organization))
        return redirect("console:organization_review", organization.slug)
    found = list(requirements.requirements_of(organization))
    above = next((one.organization for one in found if one.organization_id != organization.pk), None)
    own = any(one.organization_id == organization.pk for one in found)
    context = {"thing": organization, "dataset": None, "own": own, "above": above}
    return render(request, "console/reviews/requirement.html", context)


def _change(request: HttpRequest, change: Callable[[], None]) -> None:
    try:
        change()
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    else:
        messages.success(request, _("Your choice is kept."))


def _next(viewer: Viewer, one: Review) -> Review | None:
    """The proposal that took the place of this one."""
    if one.state != ReviewState.SUPERSEDED or not decide(viewer, Action.PUBLISH, one.dataset):
        return None
    rows = reviews_for(viewer, dataset=one.dataset).filter(kind=one.kind, state=ReviewState.WAITING)
    return rows.first()


def _say(request: HttpRequest, one: Review) -> None:
    said = {
        ReviewState.ACCEPTED: _("You accepted it: it is being published."),
        ReviewState.PUBLISHED: _("You accepted it: it is published."),
        ReviewState.RETURNED: _("It was sent back; whoever proposed it reads why."),
        ReviewState.WITHDRAWN: _(
            "The proposal is withdrawn. Its file is kept for seven days: it may be proposed again."
        ),
        ReviewState.SUPERSEDED: _("Another version was published meanwhile: it is compared again before you decide."),
    }
    messages.success(request, said[ReviewState(one.state)])
