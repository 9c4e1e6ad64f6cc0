"""A dataset, seen by those who keep it: its metadata and its fields."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.annotations import FacetSort
from bocage.catalog.models import Dataset
from bocage.catalog.services import annotate_fields, update_metadata
from bocage.console.forms.annotations import Precision, field_rows, given_annotations, proposed
from bocage.console.forms.fields import FIELDS_PER_PAGE, described
from bocage.console.forms.metadata import MetadataForm
from bocage.console.guard import inside, managed_dataset, tell, whole_dataset
from bocage.kernel.errors import AccessDenied, BocageError
from bocage.pipeline.overview import states_of
from bocage.query.facts import as_seen


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def metadata(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Change what the dataset is, who sees it, who answers for it."""
    dataset = managed_dataset(viewer, slug)
    if request.method == "POST":
        decide(viewer, Action.MANAGE, dataset).require()
    state = states_of([dataset], viewer)[0]
    form = MetadataForm(
        request.POST if request.method == "POST" else None,
        instance=dataset,
        choices_of_key=as_seen(viewer, dataset).fields,
    )
    if request.method == "POST" and form.is_valid():
        try:
            update_metadata(viewer=viewer, dataset=dataset, **form.metadata())
        except AccessDenied:
            raise
        except (BocageError, ValidationError) as error:
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
    dataset = whole_dataset(viewer, slug)
    page = Paginator(dataset.fields, FIELDS_PER_PAGE).get_page(request.GET.get("page"))
    if request.method == "POST":
        _describe_fields(request, viewer, dataset)
        messages.success(request, _("Saved."))
        return redirect(f"{reverse('console:dataset_fields', args=[dataset.slug])}?page={page.number}")
    rows = field_rows(dataset, list(page.object_list))
    context = {
        "dataset": dataset,
        "rows": rows,
        "page": page,
        "page_address": "?page=",
        "proposed": len(proposed(rows)),
        "sorts": FacetSort.choices,
        "precisions": Precision.choices,
        "state": states_of([dataset], viewer)[0],
        "may_manage": decide(viewer, Action.MANAGE, dataset),
        "tab": "fields",
    }
    return render(request, "console/dataset/fields.html", context)


def _describe_fields(request: HttpRequest, viewer: Viewer, dataset: Dataset) -> None:
    """What was written of each field; or, for `accept`, the filters that were proposed."""
    with transaction.atomic():
        if "accept" in request.POST:
            annotations = proposed(field_rows(dataset, dataset.fields))
        else:
            annotations = given_annotations(dataset.fields, request.POST)
            update_metadata(viewer=viewer, dataset=dataset, schema=described(dataset.schema, request.POST))
        annotate_fields(viewer=viewer, dataset=dataset, annotations=annotations)
