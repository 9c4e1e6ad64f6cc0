"""The documents joined to a dataset: manuals, pictures, licences."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from bocage.access.rules import decide
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.console.guard import inside, managed_dataset, tell, user_of
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.overview import states_of
from bocage.pipeline.receiving import is_too_large, path_of, receive_files
from bocage.store import documents as store
from bocage.store.errors import DocumentTooLarge


@csrf_exempt  # `_documents` checks the token, once the limit and the place of the file are set: reading it reads the body
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def documents(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    """The list; a POST joins one more. `?removed=<identifier>`: the one just removed, which a button brings back."""
    dataset = managed_dataset(viewer, slug)
    if request.method == "POST":
        decide(viewer, Action.MANAGE, dataset).require()
        if is_too_large(request, store.largest_mb()):
            error = DocumentTooLarge(limit_mb=store.largest_mb())
            return _page(request, viewer, dataset, error=error, status=413)
        receive_files(request)
    return _documents(request, viewer, dataset)


@csrf_protect
def _documents(request: HttpRequest, viewer: Viewer, dataset: Dataset) -> HttpResponse:
    if request.method != "POST":
        return _page(request, viewer, dataset)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _page(request, viewer, dataset, error=_("Choose a file first."), status=400)
    try:
        store.attach(
            viewer=viewer,
            dataset=dataset,
            title=request.POST.get("title", ""),
            file=path_of(file),
            filename=file.name or "",
            media_type=file.content_type or "",
            user=user_of(request),
        )
    except (AccessDenied, NotFound):
        raise
    except BocageError as error:
        return _page(request, viewer, dataset, error=error, status=400)
    messages.success(request, _("The document is joined to the dataset."))
    return _back(dataset)


def _page(
    request: HttpRequest, viewer: Viewer, dataset: Dataset, error: object = None, status: int = 200
) -> HttpResponse:
    context = {
        "dataset": dataset,
        "documents": store.attachments_of(viewer, dataset),
        "removed": request.GET.get("removed", "")[:200],
        "limit_mb": store.largest_mb(),
        "most": store.MOST_DOCUMENTS,
        "error": error,
        "state": states_of([dataset], viewer)[0],
        "may_manage": decide(viewer, Action.MANAGE, dataset),
        "tab": "documents",
    }
    return render(request, "console/dataset/documents.html", context, status=status)


@require_POST
@inside
def rename(request: HttpRequest, viewer: Viewer, slug: str, identifier: str) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    one = store.attachment_for(viewer, dataset, identifier)
    store.rename_attachment(viewer=viewer, attachment=one, title=request.POST.get("title", ""))
    messages.success(request, _("Saved."))
    return _back(dataset)


@require_POST
@inside
def remove(request: HttpRequest, viewer: Viewer, slug: str, identifier: str) -> HttpResponse:
    """It leaves the pages and the API at once; the page that follows offers to undo."""
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    store.remove_attachment(viewer=viewer, attachment=store.attachment_for(viewer, dataset, identifier))
    return _back(dataset, removed=identifier)


@require_POST
@inside
def put_back(request: HttpRequest, viewer: Viewer, slug: str, identifier: str) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    try:
        store.put_back_attachment(viewer=viewer, dataset=dataset, identifier=identifier)
    except NotFound as error:
        tell(request, error)
    else:
        messages.success(request, _("The document is back."))
    return _back(dataset)


def _back(dataset: Dataset, **query: str) -> HttpResponseRedirect:
    address = reverse("console:dataset_documents", args=[dataset.slug])
    return redirect(f"{address}?{urlencode(query)}" if query else address)
