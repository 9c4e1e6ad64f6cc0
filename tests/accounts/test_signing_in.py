"""Coming in by an identity provider: what must be true of every answer, each lie refused for its own reason."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
import time_machine
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.core.cache import cache
from django.test import Client
from pydantic import SecretStr

from bocage.access.identity.tokens import BadToken, read_id_token, read_userinfo
from bocage.access.models import Identity
from tests.accounts.conftest import BACK, BEGIN, go, signed_in_as
from tests.accounts.identity_provider import CLIENT, public_jwk

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def linked(anne, house, configure):
    """Anne, whose identity is linked."""
    Identity.objects.create(user=anne, issuer=house.issuer, subject="anne-1", provider="house")
    return anne


def refused(answer, client: Client, code: str) -> bool:
    assert answer.status_code in (403, 503), answer.status_code
    assert code in answer.content.decode()
    return signed_in_as(client) is None


def test_a_linked_person_comes_in(linked, house):
    client = Client()
    answer = go(client, house)
    assert answer.headers["Location"] == "/console/"
    assert signed_in_as(client) == linked.pk
    assert Identity.objects.get().last_used_at is not None


def test_a_session_opened_before_is_not_kept(linked, house):
    """The key of the session changes: somebody who knew the one before does not come in too."""
    client = Client()
    client.get(BEGIN)
    before = client.session.session_key
    go(client, house)
    assert client.session.session_key != before


def test_where_to_go_after_is_on_this_site(linked, house):
    for following, expected in (("/console/keys/", "/console/keys/"), ("https://evil.example/", "/console/")):
        client = Client()
        left = client.get(BEGIN, {"next": following})
        answer = client.get(BACK, house.authorize(left.headers["Location"]))
        assert answer.headers["Location"] == expected


def test_what_is_asked_of_the_provider(linked, house, configure):
    configure('acr_values = "eidas1"\nprompt = "login"\nask_amr = true')
    asked = dict(parse_qsl(urlsplit(Client().get(BEGIN).headers["Location"]).query))
    assert asked["redirect_uri"] == f"http://testserver{BACK}"
    assert (asked["acr_values"], asked["prompt"]) == ("eidas1", "login")
    assert json.loads(asked["claims"]) == {"id_token": {"amr": {"essential": True}}}


def test_people_come_back_to_the_address_of_the_operator(linked, house, settings):
    answer = Client().get(BEGIN, headers={"host": "autre.example"})
    assert answer.headers["Location"].startswith(f"http://testserver{BEGIN}?")
    hidden = Client().get(f"{BEGIN}?moved=1", headers={"host": "autre.example"})
    assert dict(parse_qsl(urlsplit(hidden.headers["Location"]).query))["redirect_uri"] == f"http://testserver{BACK}"


def test_an_unknown_provider_is_absent(db, configure):
    assert Client().get("/accounts/identity/with/nobody/").status_code == 404
    assert Client().get("/accounts/identity/with/nobody/back/").status_code == 404


# The way back -----------------------------------------------------------------------------------------------------------


def test_another_state_is_refused(linked, house):
    client = Client()
    assert refused(go(client, house, state="x" * 64), client, "identity.attempt-lost")
    assert "/realm/token" not in house.asked, "a code of unknown origin is not even tried"


def test_the_state_of_another_browser_is_refused(linked, house):
    """An attacker gives the victim the end of the attacker's own sign-in."""
    attacker, victim = Client(), Client()
    back = house.authorize(attacker.get(BEGIN).headers["Location"])
    assert refused(victim.get(BACK, back), victim, "identity.attempt-lost")


def test_an_attempt_comes_back_once(linked, house):
    client = Client()
    back = house.authorize(client.get(BEGIN).headers["Location"])
    client.get(BACK, back)
    client.post("/accounts/logout/")
    assert refused(client.get(BACK, back), client, "identity.attempt-lost")


def test_an_attempt_is_not_kept_for_ever(linked, house):
    client = Client()
    with time_machine.travel(time.time() - 1000, tick=True):
        back = house.authorize(client.get(BEGIN).headers["Location"])
    assert refused(client.get(BACK, back), client, "identity.attempt-lost")


def test_a_code_used_already_is_refused(linked, house):
    """The provider says no: somebody was faster."""
    client = Client()
    back = house.authorize(client.get(BEGIN).headers["Location"])
    house.codes[back["code"]]["used"] = True
    assert refused(client.get(BACK, back), client, "identity.provider-fault")


def test_the_code_of_another_attempt_is_refused(linked, house):
    """Injected by an attacker who has stolen a code: PKCE ties it to the browser that asked."""
    thief, victim = Client(), Client()
    stolen = house.authorize(victim.get(BEGIN).headers["Location"])["code"]
    assert refused(go(thief, house, code=stolen), thief, "identity.provider-fault")


def test_the_answer_of_another_issuer_is_refused(linked, house):
    client = Client()
    assert refused(go(client, house, iss="https://other.example"), client, "identity.token-refused")


def test_a_person_who_gives_up_is_told_so(linked, house):
    client = Client()
    assert refused(go(client, house, error="access_denied"), client, "identity.cancelled")


@pytest.mark.parametrize("back", [{}, {"state": ""}, {"state": "é\x00" * 9}, {"code": "x", "state": "y" * 100_000}])
def test_anything_may_come_back(linked, back):
    assert Client().get(BACK, back).status_code == 403


# The ID token -----------------------------------------------------------------------------------------------------------

LIES = {
    "nonce of another": {"nonce": "n" * 64},
    "without a nonce": {"nonce": None},
    "other audience": {"aud": "another-client"},
    "several audiences, other party": {"aud": [CLIENT, "another"], "azp": "another"},
    "several audiences, no party": {"aud": [CLIENT, "another"]},
    "other issuer": {"iss": "https://other.example"},
    "expired": {"exp": 1_000_000_000},
    "without an end": {"exp": None},
    "of tomorrow": {"iat": time.time() + 86_400},
    "without a subject": {"sub": None},
    "a subject that is a number": {"sub": 12},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "not before tomorrow": {"nbf": time.time() + 86_400},
}


@pytest.mark.parametrize("lie", LIES)
def test_an_id_token_that_lies_is_refused(linked, house, lie):
    house.id_token_lies = LIES[lie]
    client = Client()
    assert refused(go(client, house), client, "identity.token-refused")


def unsigned(claims, _what) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def keyed(secret: bytes):
    """HS256 with something public as the secret; the library refuses to sign with a PEM, an attacker's would not."""

    def sign(claims, _what) -> str:
        parts = ({"alg": "HS256", "typ": "JWT", "kid": "first"}, claims)
        encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
        mac = hmac.new(secret, b".".join(encoded), hashlib.sha256).digest()
        return b".".join([*encoded, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()

    return sign


def forged(claims, _what) -> str:
    return jwt.encode(claims, ec.generate_private_key(ec.SECP256R1()), "ES256", headers={"kid": "first"})


def self_signed(claims, _what) -> str:
    """The key travels in the header (RFC 7515 4.1.3), and nobody has published it."""
    key = ec.generate_private_key(ec.SECP256R1())
    return jwt.encode(claims, key, "ES256", headers={"jwk": public_jwk(key, "mine"), "kid": "mine"})


def critical(claims, _what) -> str:
    return jwt.encode(claims, RSA, "RS256", headers={"kid": "first", "crit": ["exp"]})


SIGNATURES = {"none": unsigned, "forged": forged, "own key": self_signed, "critical": critical,
              "cut": lambda claims, what: "a.b", "empty": lambda claims, what: ""}  # fmt: skip


@pytest.mark.parametrize("what", ["id_token", "userinfo"])
@pytest.mark.parametrize("way", SIGNATURES)
def test_a_signature_that_is_none_is_refused(linked, house, way, what):
    house.signed_userinfo = True
    key = house.keys["first"]

    def sign(claims, which):
        if which != what:
            return jwt.encode(claims, key, "ES256", headers={"kid": "first"})
        return SIGNATURES[way](claims, which)

    house.sign = sign
    client = Client()
    answer = go(client, house)
    assert answer.status_code in (403, 503)
    assert signed_in_as(client) is None


@pytest.mark.parametrize("encoding", [serialization.Encoding.PEM, serialization.Encoding.DER])
def test_the_public_key_is_no_shared_secret(linked, house, encoding):
    house.keys = {"first": RSA}
    public = RSA.public_key().public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    house.sign = keyed(public)
    client = Client()
    assert refused(go(client, house), client, "identity.token-refused")


def test_neither_is_the_secret_of_the_client(linked, house):
    house.sign = keyed(b"a secret: with + and /")
    client = Client()
    assert refused(go(client, house), client, "identity.token-refused")


def test_a_key_for_encryption_signs_nothing():
    key = ec.generate_private_key(ec.SECP256R1())
    now = int(time.time())
    token = jwt.encode({"iss": "i", "sub": "s", "aud": "c", "iat": now, "exp": now + 60, "nonce": "n"}, key, "ES256")
    good = public_jwk(key, "k")
    assert read_id_token(token, [good], issuer="i", client_id="c", nonce="n")["sub"] == "s"
    for bad in ({"use": "enc"}, {"alg": "ES384"}, {"kty": "oct", "k": "AAAA"}):
        with pytest.raises(BadToken):
            read_id_token(token, [good | bad], issuer="i", client_id="c", nonce="n")
    with pytest.raises(BadToken):  # which of the two is not ours to guess
        read_id_token(token, [good, good | {"kid": "other"}], issuer="i", client_id="c", nonce="n")


def test_a_short_key_is_refused():
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    now = int(time.time())
    claims = {"iss": "i", "sub": "s", "aud": "c", "iat": now, "exp": now + 60, "nonce": "n"}
    with pytest.warns(jwt.InsecureKeyLengthWarning):
        token = jwt.encode(claims, weak, "RS256")
    with pytest.raises(BadToken, match=r"KeyLength|bits"):
        read_id_token(token, [public_jwk(weak, "k")], issuer="i", client_id="c", nonce="n")


def test_keys_change(linked, house):
    """A key that was unknown a moment ago is looked for again; the one that left opens nothing any more."""
    go(Client(), house)
    old = house.keys["first"]
    house.rotate()
    _forget_the_moment(house)
    client = Client()
    go(client, house)
    assert signed_in_as(client) == linked.pk
    house.sign = lambda claims, _what: jwt.encode(claims, old, "ES256", headers={"kid": "first"})
    _forget_the_moment(house)
    late = Client()
    assert refused(go(late, house), late, "identity.token-refused")


def test_keys_are_not_fetched_for_every_bad_token(linked, house):
    house.sign = lambda claims, _what: jwt.encode(
        claims, ec.generate_private_key(ec.SECP256R1()), "ES256", headers={"kid": str(time.time())}
    )
    for _ in range(5):
        go(Client(), house)
    assert house.asked.count("/realm/keys") <= 2


def _forget_the_moment(house) -> None:
    mark = hashlib.sha256(f"{house.issuer} {house.issuer}/keys".encode()).hexdigest()
    cache.delete(f"oidc:keys:just:{mark}")


# The userinfo -----------------------------------------------------------------------------------------------------------


def test_signed_userinfo(linked, house, configure):
    configure("signed_userinfo = true")
    house.signed_userinfo = True
    client = Client()
    go(client, house)
    assert signed_in_as(client) == linked.pk


def test_userinfo_that_should_be_signed(linked, house, configure):
    configure("signed_userinfo = true")
    client = Client()
    assert refused(go(client, house), client, "identity.token-refused")


def test_a_token_under_another_name_is_not_signed_userinfo(linked, house, configure):
    configure("signed_userinfo = true")
    house.signed_userinfo, house.userinfo_media_type = True, "application/json"
    client = Client()
    assert refused(go(client, house), client, "identity.token-refused")


@pytest.mark.parametrize("signed", [True, False])
def test_userinfo_of_somebody_else(linked, house, signed):
    house.signed_userinfo = signed
    house.userinfo_lies = {"sub": "bob-2"}
    client = Client()
    assert refused(go(client, house), client, "identity.token-refused")


@pytest.mark.parametrize(
    "lie", [{"iss": "https://other.example"}, {"aud": "another"}, {"aud": None}, {"iss": None}, {"exp": 1}]
)
def test_signed_userinfo_that_lies(linked, house, lie):
    house.signed_userinfo = True
    house.userinfo_lies = lie
    client = Client()
    assert refused(go(client, house), client, "identity.token-refused")


def test_an_id_token_is_no_userinfo():
    key = ec.generate_private_key(ec.SECP256R1())
    token = jwt.encode({"iss": "i", "sub": "s", "aud": "c", "nonce": "n"}, key, "ES256")
    with pytest.raises(BadToken):
        read_userinfo(token, [public_jwk(key, "k")], issuer="i", client_id="c")


# Where it leads ---------------------------------------------------------------------------------------------------------

INSIDE = "http://127.0.0.1:9/"


@pytest.mark.parametrize("name", ["token_endpoint", "userinfo_endpoint", "jwks_uri"])
@pytest.mark.parametrize(
    "address",
    [INSIDE, "http://169.254.169.254/latest/", "http://[::1]:9/", "http://localhost:9/", "file:///etc/passwd", "gopher://x/",
     "http://user@127.0.0.1/", "http://[bad", "", 12, None],
)  # fmt: skip
def test_a_document_leads_nowhere_inside(linked, house, name, address):
    """The provider itself is in the house; nothing else of the house is reached because it says so."""
    house.document = {name: address}
    client = Client()
    left = client.get(BEGIN)
    if left.status_code == 302:
        back = house.authorize(left.headers["Location"])
        left = client.get(BACK, back)
    assert refused(left, client, "identity.provider-fault")
    assert "169.254" not in left.content.decode()


def test_hosts_listed_for_sources_are_not_for_providers(linked, house, settings):
    house.document = {"token_endpoint": INSIDE}
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": "127.0.0.1"})
    client = Client()
    answer = go(client, house)
    assert refused(answer, client, "identity.provider-fault")


def test_a_provider_outside_leads_nowhere_inside(linked, house, configure, settings):
    """Not declared private: its very document is not fetched."""
    configure()
    text = settings.BOCAGE.oidc_providers.get_secret_value()
    safe = text.replace("http://", "https://").replace("private = true\n", "")
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"oidc_providers": SecretStr(safe)})
    answer = Client().get(BEGIN)
    assert refused(answer, Client(), "identity.provider-fault")
    assert house.asked == []


@pytest.mark.parametrize(
    "document", [{"issuer": "https://other.example"}, {"authorization_endpoint": "javascript:alert(1)"}]
)
def test_a_document_of_somebody_else(linked, house, document):
    house.document = document
    answer = Client().get(BEGIN)
    assert refused(answer, Client(), "identity.provider-fault")


def test_a_provider_that_is_down_is_told_plainly(linked, house, configure, settings):
    text = settings.BOCAGE.oidc_providers.get_secret_value().replace(str(house.port), "9")
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"oidc_providers": SecretStr(text)})
    client = Client()
    answer = client.get(BEGIN)
    assert answer.status_code == 503
    assert "127.0.0.1" not in answer.content.decode()
    assert client.get("/accounts/login/").status_code == 200, "passwords still open"


# Leaving ----------------------------------------------------------------------------------------------------------------


def test_signing_out_ends_the_session_of_the_provider(linked, house):
    client = Client()
    go(client, house)
    left = client.post("/accounts/logout/", follow=True)
    assert signed_in_as(client) is None
    leaving = left.headers["Refresh"].removeprefix("0; url=")
    asked = dict(parse_qsl(urlsplit(leaving).query))
    assert leaving.startswith(f"{house.issuer}/logout?")
    assert asked["post_logout_redirect_uri"] == "http://testserver/"
    assert jwt.decode(asked["id_token_hint"], options={"verify_signature": False})["sub"] == "anne-1"
    assert client.get("/accounts/identity/leave/").status_code == 302, "once"


def test_a_provider_without_an_end_of_session(linked, house):
    house.document = {"end_session_endpoint": ""}
    client = Client()
    answer = client.get(BEGIN)
    assert answer.status_code == 503, "an empty address is a fault of the document"


def test_who_came_in_by_a_password_leaves_as_before(linked, house):
    client = Client()
    client.force_login(linked)
    assert client.post("/accounts/logout/").headers["Location"] == "/"


def test_no_token_is_kept_longer_than_the_session(linked, house):
    client = Client()
    go(client, house)
    assert set(client.session["identity_session"]) == {"user", "provider", "id_token"}
    client.post("/accounts/logout/", {"next": "/"})
    assert "identity_session" not in client.session
