"""Reference layers: those of the platform; of one dataset, what it points to, what points to it, what a change breaks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bocage.access.restrictions import Restriction, restriction_for, restrictions_for
from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset, ReferenceLink
from bocage.catalog.references.models import ReferenceLayer
from bocage.catalog.references.selectors import layer_of, reference_for, references_for
from bocage.catalog.references.services import may_mark, remove_link, require_may_mark, unmark_reference
from bocage.catalog.references.vocabulary import ReferenceKind
from bocage.console.forms.references import LinkForm, MarkForm
from bocage.console.guard import inside, managed_dataset, tell
from bocage.console.paging import address_of_page, page_of
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.overview import states_of
from bocage.pipeline.references import services
from bocage.pipeline.references.selectors import changes_of, foreseen_for, links_to, shown_to, states_from


@require_safe
@inside
def references(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """Those whose data the viewer may read. `?kind=`, `?q=`."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:100]
    chosen = ReferenceKind(kind) if kind in ReferenceKind.values else None
    page = page_of(request, references_for(viewer, kind=chosen, text=text))
    limits = restrictions_for(viewer, [one.dataset for one in page.object_list])
    context = {
        "page": page,
        "listed": [_listed(one, limits[one.dataset.uid]) for one in page.object_list],
        "page_address": address_of_page(request),
        "kinds": ReferenceKind.choices,
        "kind": chosen.value if chosen else "",
        "q": text,
    }
    return render(request, "console/references/list.html", context)


def _listed(layer: ReferenceLayer, limits: Restriction) -> tuple[ReferenceLayer, str, int | None]:
    """With its key and its number of rows, as far as they exist for the reader."""
    key = "" if limits.hides(layer.key) else layer.key
    return layer, key, None if limits.keeps_rows else layer.dataset.row_count


@require_safe
@inside
def dataset_references(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """What it points to; what it is as a reference, to whom, and what its changes did and would do."""
    dataset = managed_dataset(viewer, slug)
    return _page(request, viewer, dataset)


@require_POST
@inside
def mark(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    require_may_mark(viewer, dataset)
    form = MarkForm(request.POST, dataset=dataset)
    if not form.is_valid():
        return _page(request, viewer, dataset, mark_form=form, status=400)
    answers = form.cleaned_data
    try:
        services.mark_reference(
            viewer=viewer,
            dataset=dataset,
            kind=ReferenceKind(answers["kind"]),
            key=answers["key"],
            label=answers["label"],
        )
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
        return redirect("console:dataset_references", dataset.slug)
    messages.success(request, _("It is a reference: other datasets may point to it."))
    return redirect("console:dataset_references", dataset.slug)


@require_POST
@inside
def unmark(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """Once asked again: the links to it are gone too."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    unmark_reference(viewer=viewer, dataset=dataset)
    messages.success(request, _("It is a dataset like any other again. Nothing points to it any more."))
    return redirect("console:dataset_references", dataset.slug)


@require_POST
@inside
def link(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    form = LinkForm(request.POST, dataset=dataset, viewer=viewer)
    if not form.is_valid():
        return _page(request, viewer, dataset, link_form=form, status=400)
    answers = form.cleaned_data
    reference = reference_for(viewer, answers["reference"])
    try:
        services.declare_link(viewer=viewer, dataset=dataset, field=answers["field"], reference=reference)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    else:
        messages.success(request, _("The link is noted, and its rows are counted."))
    return redirect("console:dataset_references", dataset.slug)


@require_POST
@inside
def unlink(request: HttpRequest, viewer: Viewer, slug: str, pk: int) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    found = ReferenceLink.objects.filter(dataset=dataset, pk=pk).first()
    if found is None:
        raise NotFound(kind=_("The link"), name=str(pk))
    found.dataset = dataset
    remove_link(viewer=viewer, link=found)
    messages.success(request, _("The link is removed. The data did not change."))
    return redirect("console:dataset_references", dataset.slug)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    dataset: Dataset,
    *,
    mark_form: MarkForm | None = None,
    link_form: LinkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    layer = layer_of(dataset)
    said = {"kind": layer.kind, "key": layer.key, "label": layer.label} if layer else None
    manages = decide(viewer, Action.MANAGE, dataset).allowed
    context: dict[str, Any] = {
        "dataset": dataset,
        "state": states_of([dataset], viewer)[0],
        "tab": "fields",
        "layer": layer,
        "links": states_from(viewer, dataset),
        "may_manage": manages,
        "may_mark": False,
        "mark_form": None,
        "link_form": None,
    }
    if manages:  # who manages sees every field: the forms name them all
        context |= {
            "may_mark": may_mark(viewer, dataset),
            "mark_form": mark_form or MarkForm(dataset=dataset, initial=said),
            "link_form": link_form or LinkForm(dataset=dataset, viewer=viewer),
        }
    if layer is not None:
        context |= _as_reference(request, viewer, layer)
    return render(request, "console/dataset/references.html", context, status=status)


def _as_reference(request: HttpRequest, viewer: Viewer, layer: ReferenceLayer) -> dict[str, Any]:
    """Keys and names of its rows are told to those who read the whole of it."""
    page = page_of(request, links_to(viewer, layer))
    limits = restriction_for(viewer, layer.dataset)
    whole = not limits
    return {
        "key": "" if limits.hides(layer.key) else layer.key,
        "page": page,
        "page_address": address_of_page(request),
        "dependants": shown_to(viewer, layer, page.object_list),
        "changes": changes_of(viewer, layer) if whole else (),
        "foreseen": foreseen_for(viewer, layer) if whole else (),
    }
