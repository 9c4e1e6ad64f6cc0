"""Sign-ins under way, in the session of the browser that began them: each comes back once, soon, to that browser."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest

from bocage.access.identity.flow import Attempt
from bocage.access.identity.providers import Provider
from bocage.kernel.clock import now

KEY = "identity_attempts"
MOST = 5
"""Tabs in which somebody may begin at the same time; the oldest is forgotten."""
LIFETIME_SECONDS = 900


def keep(request: HttpRequest, attempt: Attempt) -> None:
    request.session[KEY] = [*_living(request), asdict(attempt)][-MOST:]


def take(request: HttpRequest, provider: Provider, state: str) -> Attempt | None:
    """The attempt of this state at this provider, which is none any more."""
    living = _living(request)
    for found in living:
        if hmac.compare_digest(found["state"].encode(), state.encode()) and found["provider"] == provider.name:
            request.session[KEY] = [other for other in living if other is not found]
            return Attempt(**found)
    return None


def _living(request: HttpRequest) -> list[dict[str, Any]]:
    oldest = now().timestamp() - LIFETIME_SECONDS
    return [found for found in request.session.get(KEY, []) if found["at"] >= oldest]
