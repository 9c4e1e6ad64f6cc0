"""Leaving for a provider from a form, and leaving a provider for good.

The content policy refuses that a form ends elsewhere (`form-action`), whatever stands in between: the form is answered by a page,
which leaves by itself, at once, and has a link for browsers that do not.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bocage.access.identity.providers import Provider
from bocage.organizations.models import User

SIGNED_IN, SIGNED_OUT = "identity_session", "identity_leave"


def remember(request: HttpRequest, user: User, provider: Provider, id_token: str) -> None:
    """Which session of the provider opened this one."""
    request.session[SIGNED_IN] = {"user": user.pk, "provider": provider.name, "id_token": id_token}


def before_signing_out(request: HttpRequest) -> dict[str, str] | None:
    """What `remember` kept, when it is of whoever signs out."""
    kept = request.session.get(SIGNED_IN)
    return kept if kept and kept["user"] == request.user.pk else None


def after_signing_out(request: HttpRequest, kept: dict[str, str] | None) -> None:
    """In the new session, empty of anything else."""
    if kept:
        request.session[SIGNED_OUT] = {"provider": kept["provider"], "id_token": kept["id_token"]}


def taken(request: HttpRequest) -> tuple[str, str]:
    """Name of the provider and ID token of the session that ended here, once; empty when there is none."""
    kept = request.session.pop(SIGNED_OUT, None) or {"provider": "", "id_token": ""}
    return kept["provider"], kept["id_token"]


def page(request: HttpRequest, provider: Provider, address: str, *, leaving: bool = False) -> HttpResponse:
    context = {"provider": provider, "address": address, "leaving": leaving}
    response = render(request, "account/identity_departure.html", context)
    response.headers["Refresh"] = f"0; url={address}"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
