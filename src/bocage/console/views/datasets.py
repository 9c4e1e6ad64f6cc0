"""A dataset, seen by those who keep it: its metadata and its fields."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.services import update_metadata
from bocage.console.forms.fields import FIELDS_MOST, described
from bocage.console.forms.metadata import MetadataForm
from bocage.console.guard import inside, managed_dataset, tell
from bocage.pipeline.overview import states_of


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def metadata(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Change what the dataset is, who sees it, who answers for it."""
    dataset = managed_dataset(viewer, slug)
    if request.method == "POST":
        decide(viewer, Action.MANAGE, dataset).require()
    state = states_of([dataset])[0]
    form = MetadataForm(
        request.POST if request.method == "POST" else None, instance=dataset, choices_of_key=dataset.fields
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_metadata(viewer=viewer, dataset=dataset, **form.metadata())
        except ValidationError as error:
            tell(request, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("console:dataset", dataset.slug)
    may_manage = decide(viewer, Action.MANAGE, dataset)
    context = {"dataset": dataset, "form": form, "state": state, "may_manage": may_manage, "tab": "metadata"}
    return render(request, "console/dataset/metadata.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def fields(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """What each field is called and means."""
    dataset = managed_dataset(viewer, slug)
    if request.method == "POST":
        update_metadata(viewer=viewer, dataset=dataset, schema=described(dataset.schema, request.POST))
        messages.success(request, _("Saved."))
        return redirect("console:dataset_fields", dataset.slug)
    context = {
        "dataset": dataset,
        "fields": dataset.fields[:FIELDS_MOST],
        "state": states_of([dataset])[0],
        "may_manage": decide(viewer, Action.MANAGE, dataset),
        "tab": "fields",
    }
    return render(request, "console/dataset/fields.html", context)
