"""Whether a dataset is edited feature by feature, from a GIS: allowed, and taken back, by its keepers."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.console.forms.edits import EditsForm
from bocage.console.guard import inside, managed_dataset, tell
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.pipeline.edits.models import EditPolicy
from bocage.pipeline.edits.policies import allow_edits, forbid_edits, policy_of
from bocage.pipeline.overview import states_of
from bocage.query.facts import as_seen


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def edits(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """POST allows edits; with `do=forbid`, it takes that back."""
    writing = request.method == "POST"
    dataset = managed_dataset(viewer, slug, Action.MANAGE if writing else Action.PUBLISH)
    if writing and request.POST.get("do") == "forbid":
        forbid_edits(viewer=viewer, dataset=dataset)
        messages.success(request, _("This dataset is not edited feature by feature any more. What was edited stays."))
        return redirect("console:dataset_edits", dataset.slug)
    policy = policy_of(dataset)
    form = _form(viewer, dataset, policy, request)
    if writing and form.is_valid():
        try:
            allow_edits(viewer=viewer, dataset=dataset, **form.cleaned_data)
        except AccessDenied:
            raise
        except BocageError as error:
            tell(request, error)
        else:
            messages.success(request, _("Those who may publish here can now edit this dataset from their GIS."))
            return redirect("console:dataset_edits", dataset.slug)
    return render(request, "console/dataset/edits.html", _context(request, viewer, dataset, policy, form))


def _form(viewer: Viewer, dataset: Dataset, policy: EditPolicy | None, request: HttpRequest) -> EditsForm:
    initial = {"key": list(dataset.primary_key), "conditional": policy is not None and policy.conditional}
    data = request.POST if request.method == "POST" else None
    return EditsForm(data, initial=initial, fields=as_seen(viewer, dataset).fields)


def _context(
    request: HttpRequest, viewer: Viewer, dataset: Dataset, policy: EditPolicy | None, form: EditsForm
) -> dict[str, object]:
    root = (settings.BOCAGE.public_url or request.build_absolute_uri("/")).rstrip("/")
    seen = as_seen(viewer, dataset)
    return {
        "dataset": dataset,
        "policy": policy,
        "form": form,
        "may_manage": bool(decide(viewer, Action.MANAGE, dataset)),
        "ogc": f"{root}/ogc/",
        "arcgis": f"{root}/arcgis/rest/services/{dataset.slug}/FeatureServer",
        "key": [one.label or one.name for one in seen.fields if one.name in seen.primary_key] or seen.primary_key,
        "state": states_of([dataset], viewer)[0],
        "tab": "source",
    }
