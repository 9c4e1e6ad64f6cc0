"""Accounts: what a stranger learns, how often they may try, where the links of messages lead, what an address is worth."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from bocage.config.environment import BadEnvironment, read_environment
from bocage.organizations.models import User
from tests.security.conftest import PASSWORD, Territory


def sign_in(client: Client, email: str, password: str = PASSWORD, **headers: str):
    return client.post("/accounts/login/", {"login": email, "password": password}, headers=headers)


def test_an_account_keeps_its_address(territory: Territory) -> None:
    """Nothing proves that a new address is one's own: a member who took that of a mayor to come would be given, at the
    invitation of the mayor, the rights of the mayor."""
    client = territory.viewers["member elsewhere"]
    for data in (
        {"email": "maire@ici.example.org", "action_add": ""},
        {"email": "maire@ici.example.org", "action_primary": ""},
    ):
        assert client.post("/accounts/email/", data).status_code == 404
    assert client.get("/accounts/email/").status_code == 404
    territory.viewers["coordinator here"].post(
        "/console/organization/ici/members/", {"email": "maire@ici.example.org", "role": "coordinator"}
    )
    mayor = User.objects.get(email="maire@ici.example.org")
    assert mayor.pk != territory.people["member elsewhere"].pk
    assert list(territory.people["member elsewhere"].memberships.values_list("organization__slug", flat=True)) == [
        "ailleurs"
    ]


def test_nobody_registers(db) -> None:
    Client().post(
        "/accounts/signup/",
        {"email": "eve@example.org", "password1": "a long enough one", "password2": "a long enough one"},
    )
    assert not User.objects.exists()


def asked_for_a_new_password(email: str, **headers: str):
    return Client().post("/accounts/password/reset/", {"email": email}, headers=headers)


def test_the_link_of_a_message_leads_to_us_whatever_the_request_says(territory: Territory, settings) -> None:
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": "https://donnees.example.fr"})
    user = territory.people["coordinator here"]
    asked_for_a_new_password(user.email, host="evil.example", **{"x-forwarded-host": "evil.example"})
    (message,) = mail.outbox
    assert "https://donnees.example.fr/accounts/password/reset/key/" in message.body
    assert "evil.example" not in message.body + message.subject
    link = re.search(r"https://donnees\.example\.fr(\S+)", message.body)[1]
    assert Client().get(link, follow=True).status_code == 200

    answer = territory.viewers["coordinator here"].post(
        "/console/organization/ici/members/",
        {"email": "new@example.org", "role": "member"},
        headers={"host": "evil.example"},
    )
    assert "https://donnees.example.fr/accounts/password/reset/key/" in answer.content.decode()
    assert "//evil.example/accounts" not in answer.content.decode() + mail.outbox[-1].body


def test_a_platform_that_writes_knows_its_address() -> None:
    """With a mail server and without an address of its own, it would take the one that a stranger claims."""
    with pytest.raises(BadEnvironment) as refused:
        read_environment({"BOCAGE_SMTP_URL": "smtp://anne:s3cret@mail.example.org"})
    assert "BOCAGE_PUBLIC_URL" in str(refused.value)
    assert "s3cret" not in str(refused.value)
    read = read_environment(
        {"BOCAGE_SMTP_URL": "smtp://mail.example.org", "BOCAGE_PUBLIC_URL": "https://donnees.example.fr/"}
    )
    assert read.public_url == "https://donnees.example.fr"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "donnees.example.fr"), ("PUBLIC_URL", "https://x.example/path"), ("PUBLIC_URL", "javascript:alert(1)"),
        ("SMTP_URL", "mail.example.org"), ("SMTP_URL", "http://user:s3cret@mail.example.org"),
    ],
)  # fmt: skip
def test_an_address_that_is_not_one_stops_the_start(name: str, value: str) -> None:
    with pytest.raises(BadEnvironment) as refused:
        read_environment({f"BOCAGE_{name}": value})
    assert f"BOCAGE_{name}" in str(refused.value)
    assert "s3cret" not in str(refused.value)


def test_an_unknown_address_and_a_known_one_get_the_same_answer(territory: Territory) -> None:
    known, unknown = (
        asked_for_a_new_password(email) for email in (territory.people["member here"].email, "nobody@nowhere.example")
    )
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert [message.to for message in mail.outbox] == [[territory.people["member here"].email]]
    wrong = [
        sign_in(Client(), email, "wrong") for email in (territory.people["member here"].email, "nobody@nowhere.example")
    ]
    bodies = [re.sub(r'value="[^"]*"', "", answer.content.decode()) for answer in wrong]
    assert bodies[0] == bodies[1]


def test_a_suspended_account_neither_enters_nor_resets(territory: Territory) -> None:
    user = territory.people["suspended"]
    client = Client()
    answer = sign_in(client, user.email)
    assert "/console/" not in answer.headers.get("Location", "")
    assert client.get("/console/").status_code == 302
    asked_for_a_new_password(user.email)
    assert mail.outbox == []


def test_the_identifier_of_a_session_changes_at_the_door(territory: Territory) -> None:
    """One planted before the sign-in opens nothing after it; and none survives the sign-out or a new password."""
    user, client = territory.people["member here"], Client()
    client.get("/accounts/login/")
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    sign_in(client, user.email)
    assert client.cookies["sessionid"].value != planted.session_key
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/console/").status_code == 200
    user.set_password("another long password")
    user.save()
    assert thief.get("/console/").status_code == 302


def test_attempts_are_counted_per_account_and_per_address(territory: Territory) -> None:
    email = territory.people["member here"].email
    statuses = [sign_in(Client(), email, "wrong").status_code for _ in range(7)]
    assert statuses[:5] == [200] * 5
    assert sign_in(Client(), email).status_code != 302, "the right password does not open after five wrong ones"
    others = [sign_in(Client(), f"a{n}@example.org", "wrong").status_code for n in range(8)]
    assert others[-1] == 429


def test_one_attacker_behind_a_proxy_does_not_use_up_the_attempts_of_all(territory: Territory, settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for n in range(12):
        # what the client writes itself comes first; the proxy adds the true address last
        sign_in(Client(), f"a{n}@example.org", "wrong", **{"x-forwarded-for": f"10.0.0.{n}, 203.0.113.7"})
    stuck = sign_in(Client(), "b@example.org", "wrong", **{"x-forwarded-for": "1.2.3.4, 203.0.113.7"})
    assert stuck.status_code == 429, "an address that the attacker invents does not give new attempts"
    entered = sign_in(Client(), territory.people["member here"].email, **{"x-forwarded-for": "198.51.100.9"})
    assert entered.status_code == 302


def test_https_means_a_proxy_that_tells_who_asks() -> None:
    import subprocess
    import sys

    asked = "s.ALLAUTH_TRUSTED_PROXY_COUNT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE"
    ask = f"from django.conf import settings as s; print({asked})"
    import os

    for https, told in (("true", "1 True True"), ("false", "0 False False")):
        environ = os.environ | {"BOCAGE_HTTPS": https, "DJANGO_SETTINGS_MODULE": "bocage.config.settings"}
        done = subprocess.run([sys.executable, "-c", ask], env=environ, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == told


def test_the_accounts_of_a_demonstration_are_shown_by_a_demonstration_only(client, db, settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "demo.accounts.json").write_text(
        '[{"email": "a@example.org", "password": "s3cret", "name": "A", "organization": "O", "role": "R"}]',
        encoding="utf-8",
    )
    assert "s3cret" not in client.get("/accounts/login/").content.decode()
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"demo": True})
    assert "s3cret" in client.get("/accounts/login/").content.decode()
