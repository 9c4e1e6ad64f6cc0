"""Where a provider answers, and its public keys: read from its own discovery document (OpenID Connect Discovery 1.0).

The document is what a server says, so that nothing of it is followed blindly: it must be the one of the issuer that the operator
declared, its addresses must be HTTPS, and calls to them pass the guard of `kernel`, which opens the network of the house
to none but the declared host.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.cache import cache

from bocage.access.identity.errors import ProviderFault
from bocage.access.identity.providers import Provider
from bocage.kernel.exchange import Answer, ask

KEPT_SECONDS = 600
FRESH_SECONDS = 10
"""Keys fetched so short a time ago are not fetched again for a token that none of them signed."""


@dataclass(frozen=True)
class Endpoints:
    """`end_session` is empty where signing out is not offered."""

    authorization: str
    token: str
    userinfo: str
    keys: str
    end_session: str
    token_auth: tuple[str, ...]
    names_issuer: bool


def endpoints_of(provider: Provider) -> Endpoints:
    """Raises ProviderFault and the errors of `kernel.http`."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    document = _kept(provider, "discovery", address)
    if document.get("issuer") != provider.issuer:
        raise ProviderFault(label=provider.label, detail="the document is of another issuer")
    methods = document.get("token_endpoint_auth_methods_supported")
    return Endpoints(
        authorization=_address(provider, document, "authorization_endpoint"),
        token=_address(provider, document, "token_endpoint"),
        userinfo=_address(provider, document, "userinfo_endpoint"),
        keys=_address(provider, document, "jwks_uri"),
        end_session=_address(provider, document, "end_session_endpoint") if "end_session_endpoint" in document else "",
        token_auth=tuple(map(str, methods)) if isinstance(methods, list) else ("client_secret_basic",),
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def keys_of(provider: Provider, *, fresh: bool = False) -> list[dict[str, Any]]:
    """The public keys; `fresh`: fetched again, unless they were a moment ago."""
    document = _kept(provider, "keys", endpoints_of(provider).keys, fresh=fresh)
    keys = document.get("keys")
    if not isinstance(keys, list):
        raise ProviderFault(label=provider.label, detail="no keys")
    return [key for key in keys if isinstance(key, dict)]


def document_of(provider: Provider, answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer. Raises ProviderFault."""
    try:
        document = json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise ProviderFault(label=provider.label, detail=f"answer {answer.status}, {answer.media_type}")
    return document


def _kept(provider: Provider, kind: str, address: str, *, fresh: bool = False) -> dict[str, Any]:
    mark = hashlib.sha256(f"{provider.issuer} {address}".encode()).hexdigest()
    key, just = f"oidc:{kind}:{mark}", f"oidc:{kind}:just:{mark}"
    known = cache.get(key)
    if isinstance(known, dict) and not (fresh and cache.get(just) is None):
        return known
    document = document_of(provider, ask(address, private=provider.private_hosts))
    cache.set(key, document, KEPT_SECONDS)
    cache.set(just, True, FRESH_SECONDS)
    return document


def _address(provider: Provider, document: dict[str, Any], name: str) -> str:
    """An address of the document: HTTPS, as the issuer; without user or fragment."""
    given = document.get(name)
    try:
        parts = urlsplit(given if isinstance(given, str) else "")
        fault = not parts.hostname or parts.username is not None or bool(parts.fragment)
    except ValueError:
        raise ProviderFault(label=provider.label, detail=f"{name}: malformed") from None
    if fault or parts.scheme not in ("https", urlsplit(provider.issuer).scheme):
        raise ProviderFault(label=provider.label, detail=f"{name}: not an address that may be used")
    return str(given)
