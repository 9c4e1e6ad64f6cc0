"""The identity providers that the operator declared: one table of TOML each, in BOCAGE_OIDC_PROVIDERS."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from django.conf import settings
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}")

PROCONNECT: dict[str, Any] = {
    "label": "ProConnect",
    "scopes": "openid given_name usual_name email siret uid idp_id",
    "acr_values": "eidas1",
    "ask_amr": True,
    "signed_userinfo": True,
    "vouches_for_addresses": True,
    # eidas1 is a password. The two others are the levels that ProConnect gives to its own accounts with a second factor.
    "mfa_acr": (
        "eidas2",
        "eidas3",
        "https://proconnect.gouv.fr/assurance/self-asserted-2fa",
        "https://proconnect.gouv.fr/assurance/consistency-checked-2fa",
    ),
    "mfa_amr": ("mfa",),
}
"""What need not be written for `kind = "proconnect"`; each may be written all the same."""


def _domain(given: str) -> str:
    domain = given.strip().lower()
    if not DOMAIN.fullmatch(domain):
        raise ValueError(f"“{given}” is not a domain, as in example.fr")
    return domain


def _siren(given: str) -> str:
    if not re.fullmatch(r"\d{9}", given):
        raise ValueError(f"“{given}” is not a SIREN: nine digits")
    return given


Domain = Annotated[str, AfterValidator(_domain)]
Siren = Annotated[str, AfterValidator(_siren)]
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Provider(BaseModel):
    """`domains`: those whose e-mail addresses this provider alone gives out: an account with such an address is the person's.
    `vouches_for_addresses`: it verifies them, although it does not say `email_verified`. `members_of`, `members_by_domain`: whose
    people are given an account, as members of the organisation of that SIREN; by default, nobody's. `mfa_acr`, `mfa_amr`: what it
    says when a second factor was shown. `private`: it is in the network of the house, perhaps without HTTPS."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: Literal["oidc", "proconnect"] = "oidc"
    label: Text
    issuer: Text
    client_id: Text
    client_secret: SecretStr
    scopes: str = "openid profile email"
    acr_values: str = ""
    prompt: Literal["", "login", "consent", "select_account"] = ""
    ask_amr: bool = False
    token_auth: Literal["", "basic", "post"] = ""
    signed_userinfo: bool = False
    vouches_for_addresses: bool = False
    private: bool = False
    domains: tuple[Domain, ...] = ()
    members_of: tuple[Siren, ...] = ()
    members_by_domain: dict[Domain, Siren] = Field(default_factory=dict)
    mfa_acr: tuple[str, ...] = ()
    mfa_amr: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        if not NAME.fullmatch(self.name):
            raise ValueError("the name of the table is part of addresses: lower-case letters, digits and hyphens")
        parts = urlsplit(self.issuer)
        if parts.scheme not in (("https", "http") if self.private else ("https",)) or not parts.hostname:
            raise ValueError("issuer: an address that begins with https:// is expected")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("issuer: an address without user, query or fragment is expected")
        if "openid" not in self.scopes.split():
            raise ValueError("scopes: “openid” must be one of them")
        if not self.client_secret.get_secret_value():
            raise ValueError("client_secret, or client_secret_file, is expected")
        return self

    @property
    def private_hosts(self) -> str:
        """The only private host that calls to this provider may reach: its own."""
        if not self.private:
            return ""
        parts = urlsplit(self.issuer)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        return f"{host}:{port}"


def read_providers(text: str) -> tuple[Provider, ...]:
    """In the order of the text. Raises ValueError, in one sentence by fault; no value of a secret in it."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"this is not TOML: {error}") from None
    found = tuple(_provider(name, table) for name, table in tables.items())
    issuers = [provider.issuer for provider in found]
    if len(set(issuers)) != len(issuers):
        raise ValueError("two providers have the same issuer")
    return found


def providers() -> tuple[Provider, ...]:
    """Those of the present settings."""
    return _read(settings.BOCAGE.oidc_providers.get_secret_value())


def provider_named(name: str) -> Provider | None:
    return next((provider for provider in providers() if provider.name == name), None)


_read = lru_cache(maxsize=4)(read_providers)


def _provider(name: str, table: Any) -> Provider:
    if not isinstance(table, dict):
        raise ValueError(f"“{name}” stands outside of a table: write [proconnect], then its lines below")
    given = dict(table)
    if path := given.pop("client_secret_file", ""):
        try:
            given["client_secret"] = Path(str(path)).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(f"[{name}] client_secret_file: {error.strerror}") from None
    preset = PROCONNECT if given.get("kind") == "proconnect" else {}
    try:
        return Provider.model_validate({**preset, **given, "name": name})
    except ValidationError as error:
        raise ValueError("; ".join(f"[{name}] {_fault(one)}" for one in error.errors())) from None


def _fault(error: Any) -> str:
    place = ".".join(str(part) for part in error["loc"])
    return f"{place}: {error['msg']}" if place else str(error["msg"])
