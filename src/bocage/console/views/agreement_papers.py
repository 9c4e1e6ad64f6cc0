"""What goes with an agreement: its signed document, and the same agreement for machines (ODRL). Both for its parties alone."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bocage.access.agreements.documents import (
    LARGEST_MB,
    DocumentRefused,
    attach_document,
    document_of,
    remove_document,
)
from bocage.access.agreements.odrl import Names, policy_of
from bocage.access.agreements.selectors import agreement_for
from bocage.access.models import Agreement
from bocage.access.rules import decide_in
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.console.guard import inside, tell
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.kernel.public_address import public_root
from bocage.pipeline.receiving import is_too_large, receive_files

SYNTAXES = {
    "jsonld": ("json-ld", "application/ld+json; charset=utf-8"),
    "ttl": ("turtle", "text/turtle; charset=utf-8"),
    "rdf": ("xml", "application/rdf+xml; charset=utf-8"),
}


@csrf_exempt  # `_attached` checks the token, once the limit and the place of the file are set: reading it reads the body
@require_http_methods(["GET", "HEAD", "POST"])
@inside
def document(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    """The document, to be saved; a POST joins one."""
    found = agreement_for(viewer, uid)
    if request.method != "POST":
        return _saved(found)
    decide_in(viewer, Action.ADMINISTER, found.producer_id).require()
    if is_too_large(request, LARGEST_MB):
        tell(request, DocumentRefused(most=LARGEST_MB))
        return redirect("console:agreement", uid)
    receive_files(request)
    return _attached(request, viewer, found)


@csrf_protect
def _attached(request: HttpRequest, viewer: Viewer, found: Agreement) -> HttpResponse:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        messages.error(request, _("Choose a file first."))
        return redirect("console:agreement", found.uid)
    try:
        content = file.read(LARGEST_MB * 1024 * 1024 + 1)
        attach_document(viewer=viewer, agreement=found, filename=file.name or "", content=content)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    else:
        messages.success(request, _("The document is joined to the agreement."))
    return redirect("console:agreement", found.uid)


@require_POST
@inside
def remove(request: HttpRequest, viewer: Viewer, uid: str) -> HttpResponse:
    found = agreement_for(viewer, uid)
    try:
        remove_document(viewer=viewer, agreement=found)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    return redirect("console:agreement", uid)


@require_safe
@inside
def policy(request: HttpRequest, viewer: Viewer, uid: str, suffix: str) -> HttpResponse:
    """`jsonld`, `ttl` or `rdf`."""
    found = agreement_for(viewer, uid)
    if suffix not in SYNTAXES:
        raise NotFound(kind=_("The format"), name=suffix[:20])
    serializer, content_type = SYNTAXES[suffix]
    root = public_root(request)
    slugs = dict(
        Dataset.objects.filter(uid__in=found.datasets.values("dataset")).values_list("uid", "slug")
    )  # what is signed names them, whatever one may see of their data

    def address(dataset: str) -> str | None:
        return f"{root}/explore/dataset/{slugs[dataset]}/" if dataset in slugs else None

    body = policy_of(found, Names(root, address)).serialize(format=serializer, encoding="utf-8")
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{found.number}.{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _saved(found: Agreement) -> HttpResponse:
    """Never shown by the browser under our address: it is what somebody sent."""
    paper = document_of(found)
    response = HttpResponse(bytes(paper.content), content_type=paper.media_type)
    response["Content-Disposition"] = content_disposition_header(True, paper.filename) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
