"""Begin, come back, link, unlink, leave."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar, cast
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from bocage.access.identity.errors import AttemptLost, SignInCancelled, TokenRefused
from bocage.access.identity.flow import (
    Attempt,
    SignIn,
    authorization_address,
    end_session_address,
    finish,
    new_attempt,
)
from bocage.access.identity.linking import account_of, link_identity, unlink_identity
from bocage.access.identity.providers import Provider, provider_named, providers
from bocage.config.oidc import attempts, departures
from bocage.config.oidc.faults import with_provider
from bocage.config.second_factor import IDENTITY, VOUCHED, is_lacking
from bocage.kernel.clock import now
from bocage.kernel.errors import BocageError
from bocage.kernel.public_address import public_address, public_root
from bocage.organizations.models import User

F = TypeVar("F", bound=Callable[..., HttpResponse])
LONGEST_CODE = 4000
CODE_OF_ERROR = re.compile(r"[a-z_ ]{1,60}")
"""As RFC 6749 4.1.2.1 and OpenID Connect Core 3.1.2.6 name them; anything else is not for our log."""
MOVED = "moved"
"""Marks that the browser was sent to the main address once: behind a proxy that hides the host, it would be for ever."""


def just_proved(page: F) -> F:
    """The password, or a code, was asked a moment ago; otherwise it is, and the form goes on."""
    return cast("F", reauthentication_required(page))


@require_GET
@with_provider
def begin(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Off to the provider. Always from the main address of the platform: it is where the browser will be sent back."""
    following = _safe(request.GET.get("next", ""))
    if urlsplit(public_root(request)).netloc != request.get_host() and MOVED not in request.GET:
        query = request.GET.copy()
        query[MOVED] = "1"
        return HttpResponseRedirect(f"{public_address(request, request.path)}?{query.urlencode()}")
    if request.user.is_authenticated:
        return redirect(following or "console:home")
    if limited := ratelimit.consume_or_429(request, action="identity"):
        return cast("HttpResponse", limited)
    attempt = new_attempt(provider, at=now().timestamp(), following=following)
    address = authorization_address(provider, attempt, _back(request, provider))
    attempts.keep(request, attempt)
    return HttpResponseRedirect(address)


@require_GET
@with_provider
def come_back(request: HttpRequest, provider: Provider) -> HttpResponse:
    """From the provider, with a code. The state is looked at first: nothing else of the request is before it is ours."""
    attempt = attempts.take(request, provider, request.GET.get("state", ""))
    if attempt is None:
        raise AttemptLost
    if request.GET.get("iss", provider.issuer) != provider.issuer:  # RFC 9207: the answer of another provider
        raise TokenRefused(label=provider.label, detail="answer of another issuer")
    code = request.GET.get("code", "")
    if "error" in request.GET or not 0 < len(code) <= LONGEST_CODE:
        error = request.GET.get("error", "no code")
        raise SignInCancelled(label=provider.label, detail=error if CODE_OF_ERROR.fullmatch(error) else "another error")
    signed = finish(provider, attempt, code=code, back=_back(request, provider))
    if attempt.linking:
        return _link(request, provider, attempt, signed)
    return _enter(request, provider, attempt, signed)


@require_safe
@login_required
@never_cache
def identities(request: HttpRequest) -> HttpResponse:
    """My identities: those linked, those that may be."""
    linked = list(cast("User", request.user).identities.all())
    known = {identity.issuer for identity in linked}
    labels = {provider.issuer: provider.label for provider in providers()}
    context = {
        "linked": [(identity, labels.get(identity.issuer, identity.provider)) for identity in linked],
        "offered": [provider for provider in providers() if provider.issuer not in known],
    }
    return render(request, "account/identities.html", context)


@require_POST
@login_required
@just_proved
@with_provider
def link(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Off to the provider, to link. A form, just after a password: a page elsewhere cannot make somebody link an identity."""
    if is_lacking(request):
        return redirect("second_factor")
    user = cast("User", request.user)
    attempt = new_attempt(provider, at=now().timestamp(), linking=user.pk)
    address = authorization_address(provider, attempt, _back(request, provider))
    attempts.keep(request, attempt)
    return departures.page(request, provider, address)


@require_POST
@login_required
@just_proved
def unlink(request: HttpRequest, pk: int) -> HttpResponse:
    """The identity opens this account no more."""
    try:
        unlink_identity(user=cast("User", request.user), pk=pk)
    except BocageError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("This identity opens your account no more."))
    return redirect("identities")


@require_GET
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """After signing out here: end the session at the provider too, which would let anybody at this computer come in again."""
    name, id_token = departures.taken(request)
    provider = provider_named(name)
    if provider is None:
        return redirect("portal:home")
    try:
        address = end_session_address(provider, id_token, public_address(request, "/"))
    except BocageError:  # it does not answer: the session here is ended in any case
        address = ""
    return departures.page(request, provider, address, leaving=True) if address else redirect("portal:home")


def _enter(request: HttpRequest, provider: Provider, attempt: Attempt, signed: SignIn) -> HttpResponse:
    user = account_of(provider, signed.person)
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    vouched = signed.person.second_factor
    record_authentication(request, user, IDENTITY, provider=provider.name, **{VOUCHED: vouched})
    departures.remember(request, user, provider, signed.id_token)
    login = Login(user=user, redirect_url=_safe(attempt.next) or None, state={VOUCHED: vouched})
    return cast("HttpResponse", perform_login(request, login))


def _link(request: HttpRequest, provider: Provider, attempt: Attempt, signed: SignIn) -> HttpResponse:
    if not request.user.is_authenticated or request.user.pk != attempt.linking or is_lacking(request):
        raise AttemptLost
    link_identity(user=request.user, provider=provider, person=signed.person)
    messages.success(request, _("You may now sign in with %(label)s.") % {"label": provider.label})
    return redirect("identities")


def _back(request: HttpRequest, provider: Provider) -> str:
    return public_address(request, reverse("identity_back", args=[provider.name]))


def _safe(following: str) -> str:
    """A page of this site, or nothing."""
    return following if following and get_adapter().is_safe_url(following) else ""
