"""What a page shows to somebody is kept by nobody: neither a cache on the way, nor the browser of a shared computer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase


class KeepPrivateAnswers:
    """Middleware: an answer made for a signed-in person, and that says nothing of caches, is not stored.

    Only answers that looked at the session are concerned: the others are the same for everyone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.session.accessed and request.user.is_authenticated and "Cache-Control" not in response:
            response.headers["Cache-Control"] = "private, no-store"
        return response
