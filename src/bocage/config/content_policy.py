"""The policy that every answer says of its content: written once, not with each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

OF_ITS_OWN = frozenset(
    f"_csp_{said}{kind}" for said in ("exempt", "config", "update", "replace") for kind in ("", "_ro")
)
"""What the decorators of the library leave on an answer whose policy is another one."""


class ContentPolicy(CSPMiddleware):
    """The library's, for whatever says something of its own; the policy of the settings for the rest, which is nearly all of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        policy = settings.CONTENT_SECURITY_POLICY
        told_besides = (
            getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None) or "EXCLUDE_URL_PREFIXES" in policy
        )
        self._policy = "" if told_besides or settings.DEBUG else build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        nonce = getattr(request, "_csp_nonce", None)
        if not self._policy or nonce is not None or HEADER in response or not OF_ITS_OWN.isdisjoint(vars(response)):
            return super().process_response(request, response)
        response.headers[HEADER] = self._policy
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response
