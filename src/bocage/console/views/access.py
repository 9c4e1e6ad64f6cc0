"""Who sees a dataset, who is an exception, and why somebody can or can't."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.agreements.selectors import agreements_on
from bocage.access.explaining import explanations
from bocage.access.granting import end_grant, give_grant
from bocage.access.groups import account_of, groups_for
from bocage.access.models import Grant
from bocage.access.standing import viewer_of
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.uses.selectors import NEVER_USED, uses_of
from bocage.console.forms.access import GrantForm, WhyForm
from bocage.console.guard import inside, managed_dataset, tell
from bocage.kernel.errors import BocageError, NotFound
from bocage.organizations.models import Membership
from bocage.pipeline.overview import states_of

ENDED_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def access(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """POST gives an exception. `email` in the query explains what that person may do."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    form = GrantForm(request.POST if request.method == "POST" else None, groups=groups_for(viewer))
    if request.method == "POST" and form.is_valid() and _given(request, viewer, dataset, form):
        return redirect("console:dataset_access", dataset.slug)
    grants = Grant.objects.filter(dataset=dataset.uid).select_related("organization", "group", "person", "created_by")
    context = {
        "dataset": dataset,
        "state": states_of([dataset], viewer)[0],
        "tab": "access",
        "form": form,
        "why": WhyForm(request.GET if "email" in request.GET else None),
        "explained": _explained(request, dataset),
        "team": Membership.objects.filter(organization_id=dataset.organization_id).count(),
        "agreements": agreements_on(dataset.uid),
        "use": uses_of([dataset]).get(dataset.pk, NEVER_USED),
        "grants": [grant for grant in grants if not grant.over],
        "ended": [grant for grant in grants if grant.over][:ENDED_SHOWN],
    }
    return render(request, "console/dataset/access.html", context)


@require_POST
@inside
def end(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    """The exception ends now; it stays in the history."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    grant = Grant.objects.filter(dataset=dataset.uid, pk=pk).first()
    if grant is None:
        raise NotFound(kind=_("The exception"), name=str(pk))
    end_grant(viewer=viewer, thing=dataset, grant=grant)
    messages.success(request, _("It ended. It stays below, in what was."))
    return redirect("console:dataset_access", dataset.slug)


def _given(request: HttpRequest, viewer: Viewer, dataset: Dataset, form: GrantForm) -> bool:
    effect, action = form.effect()
    try:
        grant = give_grant(
            viewer=viewer, thing=dataset, holder=form.holder(), action=action, effect=effect,
            reason=form.cleaned_data["reason"], ends_at=form.ends_at(),
        )  # fmt: skip
    except (BocageError, ValidationError) as error:
        tell(request, error)
        return False
    messages.success(request, _("Noted for %(holder)s, from now on.") % {"holder": grant.holder})
    return True


def _explained(request: HttpRequest, dataset: Dataset) -> dict[str, object] | None:
    """What the person of the query may do, and why; None when nobody is asked about."""
    form = WhyForm(request.GET)
    if "email" not in request.GET or not form.is_valid():
        return None
    try:
        person = account_of(form.cleaned_data["email"])
    except BocageError as error:
        return {"error": error, "open": dataset.visibility == "open"}
    return {"person": person, "actions": explanations(viewer_of(person), dataset)}
