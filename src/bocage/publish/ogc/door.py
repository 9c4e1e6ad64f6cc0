"""What every address has in common: methods, key, quota, faults, headers.

Plain views rather than django-ninja: the standard wants an answer 400 to unknown parameters, HEAD and OPTIONS everywhere, several
representations of one address, and a description in OpenAPI 3.0 that desktop clients read word for word."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from bocage.publish import quotas
from bocage.publish.ogc.errors import OgcError, error_answer, too_many_calls
from bocage.publish.viewers import key_used, viewer_for

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

METHODS = ("GET", "HEAD", "OPTIONS")
EXPOSED = (
    "Link, ETag, Last-Modified, Content-Crs, Content-Disposition, Content-Range, Accept-Ranges, Repr-Digest, "
    "OGC-NumberMatched, OGC-NumberReturned, X-Bocage-Row-Count, X-Bocage-Version, Retry-After, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset"
)
ACCEPTED = "Accept, Accept-Language, Authorization, If-None-Match, If-Range, Range"
LANGUAGES = ("fr", "en")


def answered(request: HttpRequest, view: Callable[[Viewer], HttpResponseBase]) -> HttpResponseBase:
    if request.method == "OPTIONS":
        response: HttpResponseBase = HttpResponse(status=204)
        response["Allow"] = ", ".join(METHODS)
        response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
        response["Access-Control-Allow-Headers"] = ACCEPTED
        response["Access-Control-Max-Age"] = "86400"
    else:
        asked = request.GET.get("lang", "")
        with translation.override(asked) if asked in LANGUAGES else nullcontext():
            response = _let_in(request, view)
    # Anyone's page may read what anyone may read. Never with credentials: a stranger's page reads as a stranger.
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ("Accept", "Accept-Language"))
    if key_used(request) is not None:
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Authorization",))
    return without_body(response) if request.method == "HEAD" else response


def without_body(response: HttpResponseBase) -> HttpResponseBase:
    """The headers of the answer. Of one that leaves as it is read, nothing more is read."""
    bare = HttpResponse(status=response.status_code)
    bare.headers = response.headers
    if isinstance(response, HttpResponse) and "Content-Length" not in response:  # a file says its own
        bare.headers["Content-Length"] = str(len(response.content))
    response.close()
    return bare


def _let_in(request: HttpRequest, view: Callable[[Viewer], HttpResponseBase]) -> HttpResponseBase:
    quota = None
    try:
        if request.method not in METHODS:
            raise OgcError(405, "MethodNotAllowed", f"{', '.join(METHODS)}")
        viewer = viewer_for(request)
        quota = quotas.consume(request, viewer)
        response = too_many_calls(quota) if quota.exceeded else view(viewer)
    except Exception as error:  # noqa: BLE001  every fault has its body, the unknown ones are recorded
        response = error_answer(error, request)
        if response.status_code == 405:
            response["Allow"] = ", ".join(METHODS)
    if quota is not None:
        quota.announce(response)
    return response
