"""What every address of the standard has in common, version 1 as 2: methods, body, key, quota, headers.

Plain Django views rather than django-ninja, here: the standard fixes the error bodies down to their wording, tolerates
unknown parameters, repeats known ones, accepts any number of slashes without a redirect, and answers HEAD and OPTIONS.
A validating framework would have to be undone on each of these points; its gift, the OpenAPI document, comes from the
table of operations instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from bocage.publish import quotas
from bocage.publish.explore.errors import ExploreError, error_answer, too_many_calls
from bocage.publish.explore.reading import sent_parameters
from bocage.publish.viewers import key_used, viewer_for

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
EXPOSED = (
    "ODS-Explore-API-Deprecation, Link, ETag, Last-Modified, Content-Disposition, Content-Range, Accept-Ranges, "
    "Repr-Digest, X-Bocage-Row-Count, X-Bocage-Version, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, "
    "X-RateLimit-Reset"
)
ACCEPTED = (
    "*, Accept, Authorization, Content-Type, If-None-Match, If-Range, Range, X-Requested-With, ODS-API-Analytics-App, "
    "ODS-API-Analytics-Embed-Type, ODS-API-Analytics-Embed-Referrer"
)
"""Of pages elsewhere: any header, Authorization by its name (`*` does not cover it); those of portals' pages for older browsers,
to which `*` says nothing. None of them is read but the standard ones."""

View = Callable[["Viewer", "QueryDict"], "HttpResponseBase"]


def answered(request: HttpRequest, view: View) -> HttpResponseBase:
    """The answer of `view(viewer, parameters)`, or the refusal of the door, with the headers of the standard.

    A POST asks the same as a GET, with parameters longer than an address holds: it changes nothing, so it needs no token
    against forgery (the views are exempt), and a stranger's page learns nothing by sending one."""
    response = _preflight() if request.method == "OPTIONS" else _let_in(request, view)
    # Anyone's page may read what anyone may read. Never with credentials: a stranger's page reads as a stranger.
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["X-Content-Type-Options"] = "nosniff"
    if key_used(request) is not None:
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Authorization",))
    if request.method == "HEAD" and isinstance(response, HttpResponse) and response.content:
        response["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response["Access-Control-Allow-Headers"] = ACCEPTED
    response["Access-Control-Max-Age"] = "86400"
    response["Allow"] = ", ".join(METHODS)
    return response


def _let_in(request: HttpRequest, view: View) -> HttpResponseBase:
    quota = None
    try:
        if request.method not in METHODS:
            raise ExploreError(405, "MethodNotAllowed", f"Only {', '.join(METHODS)} are answered here.")
        given = sent_parameters(request)
        viewer = viewer_for(request, given)
        quota = quotas.consume(request, viewer)
        response = too_many_calls(quota) if quota.exceeded else view(viewer, given)
    except Exception as error:  # noqa: BLE001  every fault has its envelope, the unknown ones are recorded
        response = error_answer(error, request, "")
        if response.status_code == 405:
            response["Allow"] = ", ".join(METHODS)
    if quota is not None:
        quota.announce(response)
    return response
