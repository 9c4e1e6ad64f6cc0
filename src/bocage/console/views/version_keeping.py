"""What becomes of one old version: it stays whatever the rules say, or no more; it leaves, or not after all."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bocage.access.viewer import Viewer
from bocage.console.guard import inside, tell, whole_dataset
from bocage.kernel.errors import AccessDenied, BocageError, NotFound
from bocage.pipeline.retention.keeping import cancel_removal, keep_version, let_go, remove_later
from bocage.store.models import Version


@require_POST
@inside
def keep(request: HttpRequest, viewer: Viewer, slug: str, number: int) -> HttpResponse:
    """With a reason; one that was about to leave does not."""
    version = _version(viewer, slug, number)
    try:
        keep_version(viewer=viewer, version=version, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        tell(request, error)
    else:
        messages.success(request, _("Version %(number)s stays, whatever the rules say.") % {"number": number})
    return redirect("console:dataset_versions", slug)


@require_POST
@inside
def release(request: HttpRequest, viewer: Viewer, slug: str, number: int) -> HttpResponse:
    """The rules decide again."""
    let_go(viewer=viewer, version=_version(viewer, slug, number))
    messages.success(request, _("Version %(number)s stays as long as the rules say.") % {"number": number})
    return redirect("console:dataset_versions", slug)


@require_POST
@inside
def remove(request: HttpRequest, viewer: Viewer, slug: str, number: int) -> HttpResponse:
    """Not at once: it may be taken back."""
    version = _version(viewer, slug, number)
    try:
        leaving = remove_later(viewer=viewer, version=version)
    except AccessDenied:
        raise
    except BocageError as error:
        tell(request, error)
    else:
        words = {"number": number, "day": date_format(localtime(leaving.leaves_at).date())}
        messages.success(request, _("Version %(number)s is removed on %(day)s. Until then you may keep it.") % words)
    return redirect("console:dataset_versions", slug)


@require_POST
@inside
def cancel(request: HttpRequest, viewer: Viewer, slug: str, number: int) -> HttpResponse:
    """What was asked by hand is taken back."""
    cancel_removal(viewer=viewer, version=_version(viewer, slug, number))
    messages.success(request, _("Version %(number)s is not removed.") % {"number": number})
    return redirect("console:dataset_versions", slug)


def _version(viewer: Viewer, slug: str, number: int) -> Version:
    dataset = whole_dataset(viewer, slug)
    version = dataset.versions.filter(number=number).first()
    if version is None:
        raise NotFound(kind=_("The version"), name=str(number))
    version.dataset = dataset
    return version
