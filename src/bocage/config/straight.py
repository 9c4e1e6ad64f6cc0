"""The short way of programs: who asks a machine interface without a cookie has no session, no form and no message.

A tile takes a millisecond to make, and what concerns people took a fifth of one before it. The answer is the same by both ways:
tests/config/test_straight.py asks every interface by each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

BELOW = ("/tiles/", "/ogc/collections/", "/api/explore/", "/api/records/")
PAGES = "html"
"""Asked by a browser that shows pages, they have forms."""


class StraightToTheDoor:
    """Middleware, outside those that know sessions, accounts and forms, and inside all those that every answer needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_of_a_program(request):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if not getattr(
            match.func, "csrf_exempt", False
        ):  # pages have forms, and faults that are explained in their look
            return self.get_response(request)
        request.resolver_match, request.user = match, AnonymousUser()
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        patch_vary_headers(response, ("Cookie",))  # somebody with a session may be given something else
        return response


def is_of_a_program(request: HttpRequest) -> bool:
    """Whether nothing of it concerns a session, a form or a page."""
    said = request.META
    reads = request.method in ("GET", "HEAD") and request.path.startswith(BELOW) and not said.get("HTTP_COOKIE")
    return reads and PAGES not in said.get("HTTP_ACCEPT", "") and PAGES not in said.get("QUERY_STRING", "")
