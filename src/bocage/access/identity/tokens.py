"""Signed tokens (RFC 7519) of a provider: the signature, for whom, by whom, until when. Pure functions.

What a token says of itself is never believed: the algorithm must be one of the asymmetric ones, whatever its header says (“none”,
or a shared secret made of the public key), and the key must be one that the provider publishes for it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import jwt

LEEWAY_SECONDS = 60
FAMILIES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
"""First letters of an algorithm → type of its keys (RFC 7518 6.1, RFC 8037)."""
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)  # fmt: skip
LONGEST_TOKEN = 100_000

Claims = dict[str, Any]
Key = Mapping[str, Any]


class BadToken(Exception):
    """Why, in a few words for the log."""


class UnknownKey(BadToken):
    """Signed by a key that is not among these: the provider may have changed its keys since."""


def read_id_token(token: str, keys: Sequence[Key], *, issuer: str, client_id: str, nonce: str) -> Claims:
    """What an ID token says, once all of OpenID Connect Core 3.1.3.7 is verified. Raises BadToken."""
    claims = _verified(token, keys, issuer=issuer, client_id=client_id, needed=("iss", "sub", "aud", "exp", "iat"))
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise BadToken("nonce of another attempt")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise BadToken("authorised party is somebody else")
    return claims


def read_userinfo(token: str, keys: Sequence[Key], *, issuer: str, client_id: str) -> Claims:
    """What a signed userinfo says (OpenID Connect Core 5.3.2): signed by, and meant for, the same as the ID token."""
    claims = _verified(token, keys, issuer=issuer, client_id=client_id, needed=("iss", "sub", "aud"))
    if "nonce" in claims or "at_hash" in claims:
        raise BadToken("an ID token in the place of the userinfo")
    return claims


def require_access_token(claims: Claims, id_token: str, access_token: str) -> None:
    """When the ID token says with which access token it came, it is this one (Core 3.1.3.8). Raises BadToken."""
    if "at_hash" not in claims:
        return
    algorithm = _header(id_token)["alg"]
    name = "sha512" if algorithm == "EdDSA" else f"sha{algorithm[2:]}"
    digest = hashlib.new(name, access_token.encode("ascii", "replace")).digest()
    expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not hmac.compare_digest(expected, str(claims["at_hash"]).encode()):
        raise BadToken("access token of another sign-in")


def _verified(token: str, keys: Sequence[Key], *, issuer: str, client_id: str, needed: Sequence[str]) -> Claims:
    header = _header(token)
    algorithm = header["alg"]
    try:
        key = jwt.PyJWK(dict(_key(header, keys)), algorithm=algorithm)
        claims: Claims = jwt.decode(
            token,
            key=key.key,
            algorithms=[algorithm],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY_SECONDS,
            options={"require": list(needed), "enforce_minimum_key_length": True},
        )
    except jwt.PyJWTError as error:
        raise BadToken(f"{type(error).__name__}: {error}") from None
    except (ValueError, TypeError, KeyError) as error:  # a key or a claim of a shape that the library does not foresee
        raise BadToken(f"malformed: {type(error).__name__}") from None
    if not isinstance(claims["sub"], str) or not claims["sub"] or len(claims["sub"]) > 255:
        raise BadToken("no subject")
    return claims


def _header(token: str) -> dict[str, Any]:
    if len(token) > LONGEST_TOKEN:
        raise BadToken("too long")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise BadToken(f"not a signed token: {type(error).__name__}") from None
    if header.get("alg") not in ALGORITHMS:
        raise BadToken(f"algorithm {header.get('alg')!r}")
    if "crit" in header:  # RFC 7515 4.1.11: what must be understood, and is not
        raise BadToken("critical extensions")
    return header


def _key(header: Mapping[str, Any], keys: Sequence[Key]) -> Key:
    """The published key of this header; without a `kid`, the only one that fits."""
    fitting = [key for key in keys if _fits(key, header["alg"])]
    if "kid" in header:
        fitting = [key for key in fitting if key.get("kid") == header["kid"]]
    if not fitting:
        raise UnknownKey("signed by an unknown key")
    if len(fitting) > 1:
        raise BadToken("several keys fit")
    return fitting[0]


def _fits(key: Key, algorithm: str) -> bool:
    return (
        key.get("kty") == FAMILIES[algorithm[:2]]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )
