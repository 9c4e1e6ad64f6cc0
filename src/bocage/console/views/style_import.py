"""A style made elsewhere, from its file: SLD of QGIS or GeoServer, or MapLibre."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.catalog.styles.errors import StyleTooLarge
from bocage.catalog.styles.models import TITLE_LENGTH
from bocage.catalog.styles.services import LARGEST, Saved, encoding_of, save_style
from bocage.console.guard import inside, managed_dataset, tell
from bocage.console.style_desk import Desk
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.receiving import is_too_large, receive_files

MOST_NAMED = 20


@csrf_exempt  # `_imported` checks the token, once it is said that a file may come: reading it reads the body
@require_POST
@inside
def style_import(request: HttpRequest, viewer: Viewer, slug: str) -> HttpResponse:
    dataset = managed_dataset(viewer, slug, Action.MANAGE)
    if is_too_large(request, 1):
        tell(request, StyleTooLarge(found=int(request.META["CONTENT_LENGTH"]), most=LARGEST))
        return redirect("console:dataset_styles", slug)
    receive_files(request)
    return _imported(request, Desk(viewer, dataset))


@csrf_protect
def _imported(request: HttpRequest, desk: Desk) -> HttpResponse:
    if not desk.is_drawn:
        raise NotFound(kind="map", name=desk.dataset.slug)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        messages.error(request, _("Choose a file first."))
        return redirect("console:dataset_styles", desk.dataset.slug)
    try:
        _tell_saved(request, _saved(desk, file, is_default=request.POST.get("is_default") == "on"))
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    return redirect("console:dataset_styles", desk.dataset.slug)


def _saved(desk: Desk, file: UploadedFile[Any], *, is_default: bool) -> Saved:
    content = file.read(LARGEST + 1).removeprefix(b"\xef\xbb\xbf")
    title = (file.name or "").rpartition(".")[0].replace("\0", "")[:TITLE_LENGTH] or _("Imported style")
    return save_style(
        viewer=desk.viewer,
        dataset=desk.dataset,
        identifier=desk.free_identifier(title),
        encoding=encoding_of(content),
        content=content,
        title=title,
        is_default=is_default,
    )


def _tell_saved(request: HttpRequest, saved: Saved) -> None:
    """A style that draws less than its file said must not pass for the whole of it."""
    if not saved.ignored:
        messages.success(request, _("The style is here."))
        return
    names = ", ".join(saved.ignored[:MOST_NAMED])
    messages.warning(request, _("The style is here. What it had beside was left out: %(names)s.") % {"names": names})
