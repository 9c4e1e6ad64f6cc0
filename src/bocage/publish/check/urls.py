"""Addresses of the check interface, readable from anybody's page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt

from bocage.publish.check.api import api

METHODS = "GET, POST, HEAD, OPTIONS"


def readable_everywhere(view: Callable[..., Any], *, takes_forms: bool) -> Callable[..., HttpResponseBase]:
    """CORS, never with credentials: a stranger's page asks as a stranger. Forms need no token: nothing depends on who asks."""

    allowed = ["GET", "HEAD", "POST"] if takes_forms else ["GET", "HEAD"]

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS":
            response: HttpResponseBase = HttpResponse(status=204)
            response["Access-Control-Allow-Methods"] = METHODS
            response["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type"
            response["Access-Control-Max-Age"] = "86400"
        elif request.method not in allowed:
            response = HttpResponseNotAllowed([*allowed, "OPTIONS"])
        else:
            if request.method == "HEAD":
                request.method = "GET"  # the server leaves the body out
            response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "Content-Disposition, Retry-After"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return csrf_exempt(answered) if takes_forms else answered


patterns, app_name, namespace = api.urls
for pattern in patterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = readable_everywhere(pattern.callback, takes_forms=str(pattern.pattern) == "validate")
urlpatterns = (patterns, app_name, namespace)
