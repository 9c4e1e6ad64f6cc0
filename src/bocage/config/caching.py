"""What a page shows to somebody is kept by nobody: neither a cache on the way, nor the browser of a shared computer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

ACCOUNTS = "/accounts/"
"""Below it, links by which a password is chosen, and pages about somebody who is not signed in yet."""


class KeepPrivateAnswers:
    """Middleware: an answer made for a signed-in person, and that says nothing of caches, is not stored. Nor is a page of accounts.

    Only answers that looked at the session are concerned: the others are the same for everyone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if "Cache-Control" not in response and (request.path.startswith(ACCOUNTS) or _is_of_somebody(request)):
            response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_of_somebody(request: HttpRequest) -> bool:
    return request.session.accessed and request.user.is_authenticated
