"""An identity provider on loopback, strict with its clients, and made to lie by each test: `lies` change what it states."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

CLIENT, SECRET = "bocage", "a secret: with + and /"


def algorithm_of(key: Any) -> str:
    return "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"


def public_jwk(key: Any, kid: str) -> dict[str, Any]:
    algorithm = jwt.get_algorithm_by_name(algorithm_of(key))
    return algorithm.to_jwk(key.public_key(), as_dict=True) | {"kid": kid, "use": "sig", "alg": algorithm_of(key)}


@dataclass
class IdentityProvider:
    """`person`: the claims of whoever signs in. `sign`: how tokens are signed, `(claims, what) → token`."""

    port: int
    keys: dict[str, Any]
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "anne-1", "email": "anne@ville.fr"})
    acr: str | None = None
    amr: list[str] | None = None
    signed_userinfo: bool = False
    document: dict[str, Any] = field(default_factory=dict)
    id_token_lies: dict[str, Any] = field(default_factory=dict)
    userinfo_lies: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[dict[str, Any], str], str] | None = None
    userinfo_media_type: str = ""
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realm"

    def rotate(self) -> None:
        self.keys = {secrets.token_hex(4): ec.generate_private_key(ec.SECP256R1())}

    # The browser's part ------------------------------------------------------------------------------------------------

    def authorize(self, address: str) -> dict[str, str]:
        """The person agrees: what comes back in the query of the client's address."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) > 40
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked | {"used": False}
        return {"code": code, "state": asked["state"]}

    # The server's part -------------------------------------------------------------------------------------------------

    def discovery(self) -> dict[str, Any]:
        root = self.issuer
        return {
            "issuer": root,
            "authorization_endpoint": f"{root}/authorize",
            "token_endpoint": f"{root}/token",
            "userinfo_endpoint": f"{root}/userinfo",
            "jwks_uri": f"{root}/keys",
            "end_session_endpoint": f"{root}/logout",
        } | self.document

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        client = base64.b64encode(
            f"{CLIENT}:{urlencode({'': SECRET}, safe='')[1:].replace('+', '%20')}".encode()
        ).decode()
        asked = self.codes.get(form.get("code", ""))
        if authorization != f"Basic {client}" or asked is None or asked["used"]:
            return 400, {"error": "invalid_grant"}
        asked["used"] = True
        verifier = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(verifier).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        access_token = secrets.token_urlsafe(24)
        self.tokens[access_token] = dict(self.person)
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": time.time(), "exp": time.time() + 60} | {
            "sub": self.person["sub"], "nonce": asked["nonce"], "acr": self.acr, "amr": self.amr,
        }  # fmt: skip
        claims = {name: value for name, value in (claims | self.id_token_lies).items() if value is not None}
        return 200, {"access_token": access_token, "token_type": "Bearer", "id_token": self.signed(claims, "id_token")}

    def userinfo(self, access_token: str) -> tuple[int, str, bytes]:
        if access_token not in self.tokens:
            return 401, "application/json", b"{}"
        claims = self.tokens[access_token] | self.userinfo_lies
        if not self.signed_userinfo:
            return 200, "application/json", json.dumps(claims).encode()
        claims = {"iss": self.issuer, "aud": CLIENT} | claims
        media_type = self.userinfo_media_type or "application/jwt; charset=utf-8"
        return 200, media_type, self.signed({k: v for k, v in claims.items() if v is not None}, "userinfo").encode()

    def signed(self, claims: dict[str, Any], what: str) -> str:
        if self.sign is not None:
            return self.sign(claims, what)
        kid, key = next(iter(self.keys.items()))
        return jwt.encode(claims, key, algorithm_of(key), headers={"kid": kid})


class Handler(BaseHTTPRequestHandler):
    @property
    def provider(self) -> IdentityProvider:
        return self.server.provider  # type: ignore[attr-defined]

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.path).query))

    def log_message(self, *_arguments: Any) -> None: ...

    def answer(self, status: int, media_type: str, body: bytes, location: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    def json(self, status: int, document: Any) -> None:
        self.answer(status, "application/json", json.dumps(document).encode())

    def discovery(self) -> None:
        self.json(200, self.provider.discovery())

    def keys(self) -> None:
        self.json(200, {"keys": [public_jwk(key, kid) for kid, key in self.provider.keys.items()]})

    def userinfo(self) -> None:
        self.answer(*self.provider.userinfo(self.headers.get("Authorization", "").removeprefix("Bearer ")))

    def authorize(self) -> None:
        """A real browser: the person agrees at once."""
        back = urlencode(self.provider.authorize(self.path))
        self.answer(302, "text/plain", b"", f"{self.query['redirect_uri']}?{back}")

    def logout(self) -> None:
        self.answer(302, "text/plain", b"", self.query["post_logout_redirect_uri"])

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        self.provider.asked.append(path)
        pages = {
            "/realm/.well-known/openid-configuration": self.discovery,
            "/realm/keys": self.keys,
            "/realm/userinfo": self.userinfo,
            "/realm/authorize": self.authorize,
            "/realm/logout": self.logout,
        }
        pages.get(path, lambda: self.answer(404, "text/plain", b""))()

    def do_POST(self) -> None:
        self.provider.asked.append(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self.json(*self.provider.exchange(form, self.headers.get("Authorization", "")))


def serve() -> tuple[ThreadingHTTPServer, IdentityProvider]:
    """Started; to be shut down and closed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider = IdentityProvider(server.server_address[1], {"first": ec.generate_private_key(ec.SECP256R1())})
    server.provider = provider  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server, provider
