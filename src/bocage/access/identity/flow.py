"""The authorization code flow (OpenID Connect Core 3.1), with state, nonce and PKCE, always.

An `Attempt` is kept in the session of the browser that begins; what comes back is only looked at when that browser, and no other,
brings the state of an attempt, once.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from bocage.access.identity.discovery import document_of, endpoints_of, keys_of
from bocage.access.identity.errors import ProviderFault, TokenRefused
from bocage.access.identity.people import Person, person_of
from bocage.access.identity.providers import Provider
from bocage.access.identity.tokens import (
    BadToken,
    Claims,
    Key,
    UnknownKey,
    read_id_token,
    read_userinfo,
    require_access_token,
)
from bocage.kernel.exchange import ask

JWT_MEDIA_TYPE = "application/jwt"


@dataclass(frozen=True)
class Attempt:
    """A sign-in under way. `linking`: the id of the account that its owner links, 0 for a sign-in; `next`: where to go after;
    `at`: seconds since 1970."""

    provider: str
    state: str
    nonce: str
    verifier: str
    at: float
    linking: int = 0
    next: str = ""


@dataclass(frozen=True)
class SignIn:
    """`id_token`: as received, by which the provider will know which of its sessions ends."""

    person: Person
    id_token: str


def new_attempt(provider: Provider, *, at: float, linking: int = 0, following: str = "") -> Attempt:
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    return Attempt(provider.name, state, nonce, verifier, at, linking, following)


def authorization_address(provider: Provider, attempt: Attempt, back: str) -> str:
    """Where the browser goes; `back`: the address to which the provider sends it afterwards."""
    challenge = hashlib.sha256(attempt.verifier.encode()).digest()
    parameters = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": provider.scopes,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "acr_values": provider.acr_values,
        "prompt": provider.prompt,
        "claims": json.dumps({"id_token": {"amr": {"essential": True}}}) if provider.ask_amr else "",
    }
    return _with(endpoints_of(provider).authorization, {name: value for name, value in parameters.items() if value})


def end_session_address(provider: Provider, id_token: str, back: str) -> str:
    """Where the browser ends its session at the provider (RP-Initiated Logout 1.0); empty when that is not offered."""
    address = endpoints_of(provider).end_session
    parameters = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "state": secrets.token_urlsafe(24)}
    return _with(address, {**parameters, "client_id": provider.client_id}) if address else ""


def finish(provider: Provider, attempt: Attempt, *, code: str, back: str) -> SignIn:
    """Who came back with this code. Raises ProviderFault, TokenRefused and the errors of `kernel.http`."""
    tokens = _tokens(provider, attempt, code, back)
    id_token, access_token = tokens["id_token"], tokens["access_token"]

    def read(keys: Sequence[Key]) -> Claims:
        client_id, nonce = provider.client_id, attempt.nonce
        claims = read_id_token(id_token, keys, issuer=provider.issuer, client_id=client_id, nonce=nonce)
        require_access_token(claims, id_token, access_token)
        return claims

    claims = _read_with_keys(provider, read)
    userinfo = _userinfo(provider, access_token)
    if userinfo.get("sub") != claims["sub"]:  # Core 5.3.2: it must not be used
        raise TokenRefused(label=provider.label, detail="userinfo of somebody else")
    return SignIn(person_of(provider, claims, userinfo), id_token)


def _tokens(provider: Provider, attempt: Attempt, code: str, back: str) -> dict[str, str]:
    endpoints = endpoints_of(provider)
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": attempt.verifier}
    secret = provider.client_secret.get_secret_value()
    offered = "post" if "client_secret_post" in endpoints.token_auth else "basic"
    headers = {"Accept": "application/json"}
    if (provider.token_auth or offered) == "post":
        form |= {"client_id": provider.client_id, "client_secret": secret}
    else:  # RFC 6749 2.3.1: each is form-encoded first
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    answer = ask(endpoints.token, form=form, headers=headers, private=provider.private_hosts)
    document = document_of(provider, answer)
    tokens = {name: document.get(name) for name in ("id_token", "access_token")}
    if not all(isinstance(token, str) and token.isascii() and token.isprintable() for token in tokens.values()):
        raise ProviderFault(label=provider.label, detail="no tokens")
    return {name: str(token) for name, token in tokens.items()}


def _userinfo(provider: Provider, access_token: str) -> Claims:
    headers = {"Authorization": f"Bearer {access_token}", "Accept": f"application/json, {JWT_MEDIA_TYPE}"}
    answer = ask(endpoints_of(provider).userinfo, headers=headers, private=provider.private_hosts)
    if answer.status == 200 and answer.media_type == JWT_MEDIA_TYPE:
        token = answer.body.decode("ascii", "replace").strip()
        client_id = provider.client_id
        return _read_with_keys(
            provider, lambda keys: read_userinfo(token, keys, issuer=provider.issuer, client_id=client_id)
        )
    if provider.signed_userinfo:
        raise TokenRefused(label=provider.label, detail=f"userinfo not signed: {answer.status} {answer.media_type}")
    return document_of(provider, answer)


def _read_with_keys(provider: Provider, read: Callable[[Sequence[Key]], Claims]) -> Claims:
    """With the keys that are known, then, when none of them signed, with those of now: providers change them."""
    try:
        try:
            return read(keys_of(provider))
        except UnknownKey:
            return read(keys_of(provider, fresh=True))
    except BadToken as error:
        raise TokenRefused(label=provider.label, detail=str(error)) from None


def _with(address: str, parameters: dict[str, Any]) -> str:
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(parameters)) if part)
    return urlunsplit(parts._replace(query=query))
