"""How people sign in: accounts are created by coordinators, never by a stranger, and keep their address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.http import Http404, HttpRequest
from django.urls import reverse

from bocage.config.oidc import departures
from bocage.kernel.public_address import public_address


@dataclass(frozen=True)
class Site:
    """What messages call the platform."""

    name: str
    domain: str


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    """No open registration; links in messages lead to the address that the operator gave, whatever a request says."""

    def is_open_for_signup(self, request: Any) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """May people be sent there after they signed in or out? What is not even an address is answered no, not a fault."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    def get_login_stages(self) -> list[str]:
        """The second factor is asked by our own stage, which knows what an identity provider has vouched for."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "bocage.config.second_factor.AskSecondFactor"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Where people go who have signed out: by their identity provider, if they came in by one."""
        if departures.before_signing_out(request):
            return reverse("identity_leave")
        return str(super().get_logout_redirect_url(request))

    def logout(self, request: HttpRequest) -> None:
        kept = departures.before_signing_out(request)
        super().logout(request)
        departures.after_signing_out(request, kept)

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return public_address(self.request, path.replace("UID-KEY", key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        super().send_mail(template_prefix, email, {"current_site": Site(self._host, self._host)} | context)

    def format_email_subject(self, subject: str) -> str:
        return f"[{self._host}] {subject}"

    @property
    def _host(self) -> str:
        return urlsplit(public_address(self.request, "/")).netloc


def closed(_request: HttpRequest) -> NoReturn:
    """The page where allauth lets people change their address. Nothing proves that the new one is theirs: they would be given
    the rights that a coordinator meant for somebody else."""
    raise Http404
