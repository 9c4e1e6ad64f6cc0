"""Who must show a second factor, and did not in this session, is a stranger everywhere, and is led to set one up by the console.

Rights cannot be asked without `request.user`, which is why the answer is given there: no page and no interface can forget.
A session has shown one when a code was given in it, when the factor was set up in it, or when the identity provider said so
in words that the operator accepts. API keys are no session: they are secrets of their own, made behind the factor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.views import authenticate as ask_for_code
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.stages import AuthenticateStage
from django.contrib.auth.models import AnonymousUser
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from bocage.access.accounts.second_factor import FACTORS, asked_of, has_factor
from bocage.organizations.models import User

CONSOLE, ACCOUNTS = "/console/", "/accounts/"
IDENTITY = "identity"
"""The method, among those that allauth records, of a sign-in by an identity provider."""
VOUCHED = "vouched"
"""In the state of a sign-in: the provider said that a second factor was shown."""


class RequireSecondFactor:
    """Middleware, right after the one that knows the user. The pages of accounts see the user as they are: the factor is set up
    there, and each that gives something away asks for it itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(ACCOUNTS):
            return self.get_response(request)
        if request.path_info.startswith(CONSOLE):
            if is_lacking(request):
                return HttpResponseRedirect(
                    f"{reverse('second_factor')}?{urlencode({'next': request.get_full_path()})}"
                )
            return self.get_response(request)
        known = request.user
        # Lazy, as Django's own: an answer that asks nothing about the user must not look at the session.
        request.user = SimpleLazyObject(  # type: ignore[assignment]
            lambda: AnonymousUser() if is_lacking(request, known) else _itself(known)
        )
        return self.get_response(request)


def is_lacking(request: HttpRequest, user: Any = None) -> bool:
    """Is a second factor asked of whoever is signed in, who has not shown one in this session?"""
    user = request.user if user is None else user
    return bool(user.is_authenticated) and not _was_shown(request, user) and asked_of(cast("User", user))


def _was_shown(request: HttpRequest, user: Any) -> bool:
    records = get_authentication_records(request, user)
    return any(record.get("method") == "mfa" or record.get(VOUCHED) is True for record in records)


def _itself(user: Any) -> Any:
    """The account behind Django's lazy object."""
    bool(user.pk)  # asks the database, if nothing did yet
    return getattr(user, "_wrapped", user)


@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why the console does not answer, and what to do."""
    following = request.GET.get("next", "")
    following = following if following.startswith(CONSOLE) else CONSOLE
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': following})}")
    if not is_lacking(request):
        return HttpResponseRedirect(following)
    if has_factor(request.user):  # set up elsewhere since this session began
        return HttpResponseRedirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': following})}")
    return render(request, "mfa/needed.html", status=403)


def authenticate(request: HttpRequest) -> HttpResponseBase:
    """The page that asks for the code. A sign-in that waits for one, and whose factor was taken away meanwhile, begins again:
    otherwise this page and the one before would send to each other for ever."""
    response: HttpResponseBase = ask_for_code(request)
    if response.headers.get("Location") == reverse("account_login"):
        clear_login(request)
    return response


@receiver(authenticator_added, dispatch_uid="bocage.second_factor")
def _set_up(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    """The session in which it was set up has shown it: a code was asked."""
    if authenticator.type in FACTORS:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is not typed
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the only one of somebody of whom it is asked: they would only be led to set up another."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=FACTORS).exclude(
            pk=authenticator.pk
        )
        return others.exists() or not asked_of(authenticator.user)


class AskSecondFactor(AuthenticateStage):  # type: ignore[misc]  # allauth is not typed
    """The code is not asked of somebody who has just shown a second factor to their identity provider."""

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        if self.login.state.get(VOUCHED) is True:
            return None, True
        return cast("tuple[HttpResponseBase | None, bool]", super().handle())
