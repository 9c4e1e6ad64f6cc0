"""What every address of the older services has in common: methods, key, quota, faults, headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from bocage.kernel.clock import now
from bocage.publish import quotas
from bocage.publish.ogc.door import EXPOSED, LANGUAGES, without_body
from bocage.publish.ows.call import parameters
from bocage.publish.ows.errors import Fault, OwsError, fault_of, too_many_calls
from bocage.publish.viewers import PARAMETERS, key_used, viewer_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

Report = Callable[[Fault, "Mapping[str, str]"], HttpResponse]
"""How a service writes a fault; the parameters are given, as older versions have their own."""
View = Callable[["Viewer", dict[str, str]], "HttpResponseBase"]
KEYS = (*PARAMETERS, *(name.upper() for name in PARAMETERS))
"""Some clients write every name in capitals."""
READING = ("GET", "HEAD", "OPTIONS")
ACCEPTED = "Accept, Accept-Language, Authorization, Content-Type, If-None-Match"


def answered(request: HttpRequest, view: View, report: Report, methods: Sequence[str] = READING) -> HttpResponseBase:
    if request.method == "OPTIONS":
        response: HttpResponseBase = HttpResponse(status=204)
        response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(methods)
        response["Access-Control-Allow-Headers"] = ACCEPTED
        response["Access-Control-Max-Age"] = "86400"
    else:
        asked = request.GET.get("language", request.GET.get("lang", ""))[:2].lower()
        with translation.override(asked if asked in LANGUAGES else translation.get_language()):
            response = _let_in(request, view, report, methods)
    # Anyone's page may read what anyone may read. Never with credentials: a stranger's page reads as a stranger.
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ("Accept-Language",))
    if key_used(request) is not None:
        response["Cache-Control"] = "private, no-store"
        patch_vary_headers(response, ("Authorization",))
    return without_body(response) if request.method == "HEAD" else response


def _let_in(request: HttpRequest, view: View, report: Report, methods: Sequence[str]) -> HttpResponseBase:
    quota, given = None, {}
    try:
        if request.method not in methods:
            raise OwsError("OperationNotSupported", ", ".join(methods), status=405)
        given = parameters(request.GET)
        viewer = viewer_for(request, request.GET, KEYS)
        quota = quotas.consume(request, viewer)
        response: HttpResponseBase = _exhausted(quota, report, given) if quota.exceeded else view(viewer, given)
    except Exception as error:  # noqa: BLE001  every fault has its body, the unknown ones are recorded
        response = _refusal(fault_of(error, request), report, given, methods)
    if quota is not None:
        quota.announce(response)
    return response


def _refusal(fault: Fault, report: Report, given: Mapping[str, str], methods: Sequence[str]) -> HttpResponse:
    response = report(fault, given)
    response["Cache-Control"] = "no-store"
    if fault.status == 401:
        response["WWW-Authenticate"] = 'Apikey realm="OGC"'
    if fault.status == 405:
        response["Allow"] = ", ".join(methods)
    return response


def _exhausted(quota: quotas.Quota, report: Report, given: Mapping[str, str]) -> HttpResponse:
    response = report(too_many_calls(), given)
    response["Retry-After"] = str(max(1, round((quota.resets_at - now()).total_seconds())))
    return response
