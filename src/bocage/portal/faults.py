"""Errors that carry a reason become pages that say it, in the look of the portal."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils.translation import gettext as _

from bocage.catalog.errors import DataOnRequest, DatasetGone
from bocage.kernel.errors import AccessDenied, BocageError, Gone, NotFound, TransientError


def _answer(error: BocageError) -> tuple[HTTPStatus, str]:
    if isinstance(error, Gone):
        return HTTPStatus.GONE, "410.html"
    if isinstance(error, NotFound):
        return HTTPStatus.NOT_FOUND, "404.html"
    if isinstance(error, DataOnRequest):
        return HTTPStatus.FORBIDDEN, "portal/data_on_request.html"
    if isinstance(error, AccessDenied):
        return HTTPStatus.FORBIDDEN, "403.html"
    if isinstance(error, TransientError):
        return HTTPStatus.SERVICE_UNAVAILABLE, "refused.html"
    return HTTPStatus.BAD_REQUEST, "refused.html"


class ExplainFaults:
    """Middleware: a BocageError raised by a page is answered with its sentence and how to mend it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, BocageError):
            return None
        if isinstance(exception, DatasetGone) and exception.replacement and request.method in ("GET", "HEAD"):
            return _renamed(request, exception.replacement)
        status, template = _answer(exception)
        context = {
            "reason": exception.sentence(),
            "mend": exception.advice(),
            "code": exception.code,
            "error": exception,
        }
        return render(request, template, context, status=status)


def _renamed(request: HttpRequest, slug: str) -> HttpResponse:
    """The same section of the same dataset, under the identifier that it has now."""
    match = request.resolver_match
    if match is None:
        raise Http404
    address = reverse(match.view_name, kwargs=match.kwargs | {"slug": slug})
    return HttpResponsePermanentRedirect(f"{address}?{request.GET.urlencode()}".rstrip("?"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A damaged request. Nothing of it is looked at again: its very host may be what is wrong."""
    return HttpResponseBadRequest(loader.get_template("400.html").render())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without the token of its page: most often a page kept open too long, or cookies refused."""
    context = {
        "reason": _("This page was open for too long, or your browser refuses cookies: nothing was changed."),
        "mend": _("Go back, reload the page and send the form again."),
        "code": "csrf",
    }
    return render(request, "refused.html", context, status=HTTPStatus.FORBIDDEN)
