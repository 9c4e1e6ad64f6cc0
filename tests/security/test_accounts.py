"""Attacks on the way in: guessing, asking who exists, taking over a session, turning links and redirects towards another site."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.test import Client

from bocage.kernel.clock import now
from bocage.organizations.models import User
from tests.security.conftest import PASSWORD, signed_in
from tests.security.test_rights_matrix import TOKEN, documented

LOGIN, LOGOUT, RESET = "/accounts/login/", "/accounts/logout/", "/accounts/password/reset/"
ANNE = "anne@example.org"
EVIL = (
    "https://evil.example/", "//evil.example/", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "https:///evil.example", "http:\\\\evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,x", "//evil.example@testserver/", "https://testserver@evil.example/", "https://testserver.evil.example/",
    "\t//evil.example", "/\t/evil.example", " https://evil.example", "http://[evil.example", "/%09/evil.example/..//x\r\nX-Evil: 1",
    "\x00//evil.example", "ftp://testserver/", "https://testserver:evil@evil.example/",
)  # fmt: skip
AFTER = {LOGIN: "/console/", LOGOUT: "/"}


@pytest.fixture(autouse=True)
def no_counter() -> None:
    cache.clear()


@pytest.fixture
def anne(db) -> User:
    return User.objects.create_user(ANNE, PASSWORD)


@pytest.fixture
def mailbox(settings) -> list[mail.EmailMessage]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def came_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def try_password(client: Client, password: str, login: str = ANNE, **extra) -> bool:
    client.post(LOGIN, {"login": login, "password": password}, **extra)
    return came_in(client)


# Guessing --------------------------------------------------------------------------------------------------------------


def test_one_account_is_not_guessed_from_many_addresses(anne):
    """A botnet: each attempt comes from elsewhere. After five, even the right password has to wait."""
    for host in range(5):
        assert not try_password(Client(), "wrong wrong wrong", REMOTE_ADDR=f"198.51.100.{host}")
    assert not try_password(Client(), PASSWORD, REMOTE_ADDR="198.51.100.200")
    with time_machine.travel(now() + timedelta(minutes=6)):
        assert try_password(Client(), PASSWORD, REMOTE_ADDR="198.51.100.200")


def test_the_case_and_the_spaces_of_an_address_are_no_new_account(anne):
    for login in ("anne@example.org", "Anne@example.org", "ANNE@EXAMPLE.ORG", " anne@example.org ", "aNNe@Example.Org"):
        try_password(Client(), "wrong wrong wrong", login)
    assert not try_password(Client(), PASSWORD)


def test_many_accounts_are_not_tried_from_one_address(anne):
    """The same password for everybody (“spraying”)."""
    for number in range(10):
        try_password(Client(), PASSWORD, f"person{number}@example.org", REMOTE_ADDR="203.0.113.9")
    assert not try_password(Client(), PASSWORD, REMOTE_ADDR="203.0.113.9")
    assert try_password(Client(), PASSWORD, REMOTE_ADDR="203.0.113.10"), "others still come in"


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_forged_address_buys_no_attempt(anne, settings, proxies):
    """The client writes what it wants in X-Forwarded-For; only what our own proxy has added at its end counts."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    for number in range(10):
        forged = f"198.51.100.{number}" + (", 203.0.113.9" if proxies else "")
        try_password(
            Client(), "wrong", f"p{number}@example.org", REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": forged}
        )
    forged = "192.0.2.1" + (", 203.0.113.9" if proxies else "")
    assert not try_password(Client(), PASSWORD, REMOTE_ADDR="127.0.0.1", headers={"x-forwarded-for": forged})


def test_other_headers_of_proxies_are_not_believed(anne):
    for number in range(10):
        names = ("x-real-ip", "forwarded", "cf-connecting-ip", "true-client-ip", "x-client-ip")
        try_password(Client(), "wrong", f"p{number}@example.org", headers=dict.fromkeys(names, f"198.51.100.{number}"))
    assert not try_password(Client(), PASSWORD)


def test_requests_for_a_new_password_are_counted(anne, mailbox):
    """Nobody fills the mailbox of somebody else."""
    for host in range(12):
        Client().post(RESET, {"email": ANNE}, REMOTE_ADDR=f"198.51.100.{host}")
    assert len(mailbox) == 5


# Who exists ------------------------------------------------------------------------------------------------------------


def answer_of(path: str, data: dict[str, str], email: str) -> tuple[int, str, str]:
    """Status, where it leads and the page, without what varies by itself, or echoes the address given."""
    answer = Client().post(path, data)
    page = TOKEN.sub("", answer.content.decode()).replace(email, "…")
    return answer.status_code, answer.headers.get("Location", ""), page


def test_no_answer_tells_who_has_an_account(anne, mailbox):
    User.objects.create_user("gone@example.org", PASSWORD, is_active=False)
    User.objects.create_user("invited@example.org", None)
    for path, field, rest in ((LOGIN, "login", {"password": "wrong wrong wrong"}), (RESET, "email", {})):
        answers = {
            answer_of(path, {field: email} | rest, email)
            for email in (ANNE, "gone@example.org", "invited@example.org", "nobody@example.org")
        }
        assert len(answers) == 1, path
    assert {message.to[0] for message in mailbox} <= {ANNE, "invited@example.org"}, (
        "nothing to strangers nor to the gone"
    )


def test_an_unknown_account_costs_the_same_work(anne, settings, monkeypatch):
    """A password is hashed in any case: the time of the answer tells nothing."""
    from django.contrib.auth import hashers

    hashed = []
    encode = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, *given: hashed.append(1) or encode(self, *given)
    )
    counts = []
    for login in (ANNE, "nobody@example.org"):
        hashed.clear()
        try_password(Client(), "wrong wrong wrong", login)
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_an_account_that_is_closed_stays_out(db):
    user = User.objects.create_user(ANNE, PASSWORD, is_active=False)
    assert not try_password(Client(), PASSWORD)
    assert not came_in(signed_in(user)) or signed_in(user).get("/console/").status_code == 302


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/email/", "/accounts/login/code/confirm/"])
def test_ways_in_that_are_closed(anne, mailbox, path):
    client = Client()
    given = {"email": "new@example.org", "login": ANNE, "password1": PASSWORD, "password2": PASSWORD, "action_add": ""}
    for someone in (client, signed_in(anne)):
        someone.post(path, given)
    assert User.objects.count() == 1
    assert not came_in(client)
    assert mailbox == []
    anne.refresh_from_db()
    assert anne.email == ANNE


# Sessions --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made_by_the_server", [False, True])
def test_a_session_chosen_by_somebody_else_is_not_kept(anne, made_by_the_server):
    """Fixation: the attacker gives their own cookie to the victim, who signs in with it."""
    victim, attacker, planted = Client(), Client(), "a" * 32
    if made_by_the_server:
        session = attacker.session
        session["planted"] = True
        session.save()
        planted = session.session_key
    victim.cookies["sessionid"] = planted
    assert try_password(victim, PASSWORD)
    assert victim.cookies["sessionid"].value != planted
    attacker.cookies["sessionid"] = planted
    assert attacker.get("/console/").status_code == 302
    assert "_auth_user_id" not in attacker.session


def test_the_token_of_forms_changes_at_the_door(anne):
    client = Client()
    client.get(LOGIN)
    before = client.cookies["csrftoken"].value
    assert try_password(client, PASSWORD)
    assert client.cookies["csrftoken"].value != before


def test_a_session_left_is_dead_on_the_server(anne):
    client, thief = signed_in(anne), Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/console/").status_code == 200
    assert client.get(LOGOUT).status_code == 200, "a visit, from an image of any page, asks; it does not leave"
    assert client.get("/console/").status_code == 200
    client.post(LOGOUT)
    for one in (client, thief):
        assert one.get("/console/").status_code == 302


def test_a_new_password_closes_every_other_session(anne):
    here, elsewhere = signed_in(anne), signed_in(anne)
    new = "another horse, another staple"
    given = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/accounts/password/change/", given)
    assert here.get("/console/").status_code == 200
    assert elsewhere.get("/console/").status_code == 302
    assert not try_password(Client(), PASSWORD)


def test_a_password_is_not_changed_without_the_present_one(anne):
    given = {"oldpassword": "wrong", "password1": "x" * 20, "password2": "x" * 20}
    signed_in(anne).post("/accounts/password/change/", given)
    signed_in(anne).post("/accounts/password/set/", given)
    assert try_password(Client(), PASSWORD)


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(anne):
    client = Client()
    try_password(client, PASSWORD)
    session = client.cookies["sessionid"]
    assert (session["httponly"], session["samesite"], session["domain"]) == (True, "Lax", "")
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "password", ["short", "123456789012345", "password1234567"[:11], "anne@example.org", "correcthorse1"[:9]]
)
def test_weak_passwords_are_refused(anne, password):
    given = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert signed_in(anne).post("/accounts/password/change/", given).status_code == 200
    assert try_password(Client(), PASSWORD)


# A forgotten password --------------------------------------------------------------------------------------------------


def link_of(message: mail.EmailMessage) -> str:
    found = re.search(r"https?://\S+", message.body)
    assert found is not None
    return found.group()


def choose(path: str, password: str) -> Client:
    """Follow the link, as a browser does, and give this password."""
    client = Client()
    answer = client.get(path, follow=True)
    last = answer.redirect_chain[-1][0] if answer.redirect_chain else path
    client.post(last, {"password1": password, "password2": password})
    return client


def asked_for_reset(mailbox: list[mail.EmailMessage]) -> str:
    Client().post(RESET, {"email": ANNE})
    return re.sub(r"^https?://[^/]+", "", link_of(mailbox[-1]))


def test_a_link_serves_once_and_signs_nobody_in(anne, mailbox):
    before = signed_in(anne)
    path = asked_for_reset(mailbox)
    assert not came_in(choose(path, "a new long password"))
    assert before.get("/console/").status_code == 302, "sessions opened before are closed"
    choose(path, "a second long password")
    assert try_password(Client(), "a new long password")


def test_a_link_dies_with_time_and_with_use(anne, mailbox, settings):
    path = asked_for_reset(mailbox)
    with time_machine.travel(now() + timedelta(days=1, seconds=settings.PASSWORD_RESET_TIMEOUT)):
        choose(path, "too late for this one")
    assert try_password(Client(), PASSWORD)  # and this sign-in kills the link
    choose(path, "too late for this one")
    assert not try_password(Client(), "too late for this one")


def test_a_link_is_of_one_account(anne, mailbox):
    """The key of one, under the number of another."""
    other = User.objects.create_user("boss@example.org", PASSWORD, is_superuser=True)
    from allauth.account.utils import user_pk_to_url_str

    path = asked_for_reset(mailbox)
    mine, theirs = f"key/{user_pk_to_url_str(anne)}-", f"key/{user_pk_to_url_str(other)}-"
    choose(path.replace(mine, theirs), "this would be a takeover")
    assert not try_password(Client(), "this would be a takeover", "boss@example.org")


def test_a_link_does_not_leave_with_the_page(anne, mailbox):
    """The key goes from the address to the session before any page is shown: no Referer, history or log has it."""
    path = asked_for_reset(mailbox)
    client = Client()
    first = client.get(path)
    assert first.status_code == 302
    key = path.rstrip("/").partition("-")[2]
    assert key not in first.headers["Location"]
    page = client.get(first.headers["Location"])
    assert key not in page.content.decode()
    for answer in (first, page):
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "testserver.evil.example"])
def test_the_host_of_a_request_chooses_no_link(anne, mailbox, settings, host):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": "https://donnees.example.fr"})
    headers = {
        "x-forwarded-host": host,
        "forwarded": f"host={host}",
        "x-forwarded-server": host,
        "x-original-url": f"https://{host}",
    }
    Client().post(RESET, {"email": ANNE}, headers=headers, HTTP_HOST=host)
    [message] = mailbox
    assert link_of(message).startswith("https://donnees.example.fr/accounts/password/reset/key/")
    assert "evil" not in message.body + message.subject
    assert message.to == [ANNE]


def test_an_invitation_leads_to_our_own_address(territory, mailbox, settings):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": "https://donnees.example.fr"})
    client = territory.viewers["coordinator here"]
    given = {"email": "new@example.org", "name": "Evil\r\nBcc: all@example.org", "role": "member"}
    answer = client.post("/console/organization/ici/members/", given, HTTP_HOST="evil.example")
    [message] = mailbox
    assert "evil.example" not in message.body + answer.content.decode()
    assert link_of(message).startswith("https://donnees.example.fr/")
    assert message.recipients() == ["new@example.org"]
    assert "\n" not in message.subject


@pytest.mark.parametrize(
    "address", ["a@b.fr\r\nBcc: all@example.org", "a@b.fr,c@d.fr", "a@b.fr; c@d.fr", "<script>@b.fr", "@", "é" * 300]
)
def test_an_address_is_one_address(territory, mailbox, address):
    for path, field in (("/console/organization/ici/members/", "email"), (RESET, "email")):
        client = territory.viewers["coordinator here"]
        assert client.post(path, {field: address, "role": "member"}).status_code == 200
    assert mailbox == []


@pytest.mark.parametrize(
    "host",
    ["evil.example", "a_b.example", "x" * 300, "evil.example/..", "evil.example\r\nX-Evil: 1", "[::1", "", "a b"],
)
def test_a_host_that_is_not_ours_gets_nothing(db, settings, host):
    settings.ALLOWED_HOSTS = ["donnees.example.fr"]
    for path in ("/", LOGIN, "/api/explore/v2.1/catalog/datasets", "/explore/feed.rss", "/sitemap.xml", "/absent"):
        answer = Client(raise_request_exception=False).get(path, HTTP_HOST=host)
        assert answer.status_code in (400, 404), (path, answer.status_code)
        assert "evil" not in str(answer.headers)
        assert "evil" not in answer.content.decode()


# Redirects -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_sent_to_another_site(anne, target):
    """`next`, wherever it is read, in the address and in the form."""
    for path, data in (
        (LOGIN, {"login": ANNE, "password": PASSWORD}), (LOGOUT, {}), ("/accounts/reauthenticate/", {"password": PASSWORD}),
        ("/language/", {"language": "en"}), ("/accounts/password/change/", {}),
    ):  # fmt: skip
        for given in ({"next": target}, {"next": target, "redirect_to": target, "url": target, "return": target}):
            cache.clear()
            client = Client() if path == LOGIN else signed_in(anne)
            for answer in (
                client.get(path, given),
                client.post(path, data | given),
                client.post(path, data, query_params=given, headers={"referer": "https://evil.example/"}),
            ):
                location = answer.headers.get("Location", "/")
                assert re.fullmatch(r"/(?![/\\\s])[^\r\n\\]*", location), (path, location)
                assert urlsplit(urljoin("http://testserver/", location)).netloc == "testserver"
                assert "X-Evil" not in answer.headers


def test_inside_the_site_people_go_where_they_wanted(anne):
    client = Client()
    answer = client.get("/console/runs/?status=failed")
    assert answer.headers["Location"] == "/accounts/login/?next=/console/runs/%3Fstatus%3Dfailed"
    answer = client.post(answer.headers["Location"], {"login": ANNE, "password": PASSWORD})
    assert answer.headers["Location"] == "/console/runs/?status=failed"


def test_a_form_shown_does_not_carry_the_bad_address_on(anne):
    page = Client().get(LOGIN, {"next": '"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page
    page = Client().get(LOGIN, {"next": "javascript:alert(1)"}).content.decode()
    assert not re.search(r"(href|action|src)=\"javascript:", page)


# Second factor ---------------------------------------------------------------------------------------------------------

FACTOR = "/accounts/2fa/authenticate/"


@pytest.fixture
def secret(anne) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(anne, secret)
    return secret


def current(secret: str) -> str:
    """What the telephone shows now."""
    counters = sorted(totp.yield_hotp_counters_from_time())
    return totp.format_hotp_value(totp.hotp_value(secret, counters[len(counters) // 2]))


def test_the_password_alone_opens_nothing(anne, secret):
    client = Client()
    assert not try_password(client, PASSWORD)
    for path in (
        "/console/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/reauthenticate/",
        "/accounts/2fa/totp/deactivate/",
    ):
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].partition("?")[0] != "/console/"
    assert not came_in(client)
    client.post(FACTOR, {"code": current(secret)})
    assert came_in(client)


def test_the_second_factor_is_not_guessed(anne, secret):
    """Six digits are a million: attempts are counted whatever the session they come from."""
    for host in range(6):
        client = Client(REMOTE_ADDR=f"198.51.100.{host}")
        try_password(client, PASSWORD)
        client.post(FACTOR, {"code": "000000"})
        client.post(FACTOR, {"code": "111111"})
    client = Client(REMOTE_ADDR="198.51.100.99")
    try_password(client, PASSWORD)
    client.post(FACTOR, {"code": current(secret)})
    assert not came_in(client)


def test_a_code_serves_once(anne, secret):
    """Seen over a shoulder, it opens nothing more."""
    seen = current(secret)
    first, second = Client(), Client()
    for client in (first, second):
        try_password(client, PASSWORD)
        client.post(FACTOR, {"code": seen})
    assert came_in(first)
    assert not came_in(second)


def test_a_new_password_does_not_go_around_the_second_factor(anne, secret, mailbox):
    client = choose(asked_for_reset(mailbox), "a new long password")
    assert not came_in(client)
    assert not try_password(Client(), "a new long password")


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/2fa/totp/deactivate/",
        "/accounts/2fa/recovery-codes/generate/",
        "/accounts/2fa/recovery-codes/download/",
        "/accounts/2fa/totp/activate/",
    ],
)
def test_a_session_left_open_does_not_touch_the_second_factor(anne, path):
    """A shared computer: the password is asked again."""
    client = signed_in(anne)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": now().timestamp() - 3600}]
    session.save()
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code in (302, 404), path
        if answer.status_code == 302:
            assert "/reauthenticate/" in answer.headers["Location"]


def test_every_page_of_accounts_keeps_its_secrets(anne, secret):
    """Whatever the page, signed in or not: not stored by anybody, not framed."""
    for route in documented():
        if not route.startswith("/accounts/") or "<" in route:
            continue
        for client in (Client(), signed_in(anne)):
            answer = client.get(route)
            assert answer.headers.get("X-Frame-Options") == "DENY", route
            assert "no-store" in answer.headers.get("Cache-Control", ""), route
