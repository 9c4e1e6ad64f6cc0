"""Coming in."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from bocage.organizations.models import User

PASSWORD = "quatre mots pas devinables"
LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def no_counter(data_folder):
    cache.clear()


@pytest.fixture
def anne(db) -> User:
    return User.objects.create_user("anne@example.fr", PASSWORD)


def test_a_person_comes_in_with_an_address_in_any_case(anne):
    answer = Client().post(LOGIN, {"login": "Anne@Example.fr", "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/console/"


def test_a_wrong_password_and_an_unknown_address_say_the_same(anne):
    said = []
    for login in ("anne@example.fr", "nobody@example.fr"):
        answer = Client().post(LOGIN, {"login": login, "password": "wrong wrong wrong"})
        assert answer.status_code == 200
        said.append(answer.context["form"].errors.as_json())
    assert said[0] == said[1]


def test_attempts_are_counted(anne):
    client = Client()
    for _ in range(5):
        client.post(LOGIN, {"login": "anne@example.fr", "password": "wrong wrong wrong"})
    client.post(LOGIN, {"login": "anne@example.fr", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_too_many_attempts_are_told_in_the_frame_of_the_site(anne, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    client = Client()
    answers = [client.post(LOGIN, {"login": "anne@example.fr", "password": "wrong"}) for _ in range(3)]
    assert answers[-1].status_code == 429
    assert "site-header" in answers[-1].content.decode()


def test_nobody_registers_alone(db):
    Client().post("/accounts/signup/", {"email": "x@example.fr", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "login/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-x/",
        "password/reset/key/done/",
        "signup/",
    ],
)
def test_the_pages_of_a_stranger(db, address):
    answer = Client().get(f"/accounts/{address}")
    assert answer.status_code == 200
    assert "site-header" in answer.content.decode()


@pytest.mark.parametrize("address", ["logout/", "password/change/", "2fa/", "reauthenticate/"])
def test_the_pages_of_an_account(anne, address):
    client = Client()
    client.post(LOGIN, {"login": "anne@example.fr", "password": PASSWORD})
    answer = client.get(f"/accounts/{address}", follow=True)
    assert answer.status_code == 200
    assert "site-header" in answer.content.decode()


def test_a_second_factor_is_offered(anne):
    client = Client()
    client.post(LOGIN, {"login": "anne@example.fr", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get("/accounts/2fa/totp/activate/")
    assert "data:image/svg+xml" in answer.content.decode()


def demonstrate(settings, folder, demo: bool) -> str:
    accounts = [
        {
            "email": f"p{n}@reze.demo",
            "password": "mot-de-passe-x",
            "name": f"P {n}",
            "organization": "Rezé",
            "role": "Référent",
        }
        for n in range(9)
    ]
    (folder / "demo.accounts.json").write_text(json.dumps(accounts))
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"demo": demo})
    return Client().get(LOGIN).content.decode()


def test_a_demonstration_offers_its_accounts(db, settings, data_folder):
    page = demonstrate(settings, data_folder, demo=True)
    assert page.count("mot-de-passe-x") == 18
    assert "p8@reze.demo" in page


def test_elsewhere_no_account_is_shown(db, settings, data_folder):
    assert "mot-de-passe-x" not in demonstrate(settings, data_folder, demo=False)
