"""“My keys”: made once, shown once, revoked, taken back."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation

from bocage.access.models import ApiKey
from bocage.access.services import recognise_key
from bocage.catalog.models import Dataset
from bocage.organizations.models import User
from bocage.organizations.vocabulary import Role

pytestmark = pytest.mark.django_db
PAGE = "/console/keys/"
KEY = re.compile(r"bocage_[\w-]{43}")


def told(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_key_is_shown_once(person):
    client = person(Role.MEMBER)
    made = client.post(
        PAGE, {"name": "Carnet <b>", "may": "read", "lifetime": "365"}, headers={"accept-language": "fr"}
    )
    secret = KEY.search(made.content.decode())[0]
    assert made.status_code == 200
    assert "no-store" in made["Cache-Control"]
    key = recognise_key(secret)
    assert (key.name, key.read_only, key.datasets, key.organization) == ("Carnet <b>", True, [], None)
    assert 364 <= (key.expires_at - key.created_at).days <= 365
    again = told(client.get(PAGE, headers={"accept-language": "fr"}))
    assert secret not in again
    assert key.start in again
    assert "Carnet &lt;b&gt;" in again
    assert "Mes clés" in again


def test_limits_are_kept_and_told(person, commune, other_commune, dataset):
    client = person(Role.COORDINATOR)
    answer = client.post(PAGE, {"name": "Compteurs", "may": "write", "lifetime": "", "datasets": f" {dataset.slug},\n"})
    assert answer.status_code == 200
    key = ApiKey.objects.get()
    assert (key.read_only, key.datasets, key.expires_at) == (False, [dataset.uid], None)
    assert dataset.title in told(answer)
    assert b'name="organization"' not in answer.content  # there is one only


def test_what_one_may_not_see_is_absent(person, other_commune, dataset):
    client = person(Role.COORDINATOR, other_commune)
    Dataset.objects.update(visibility="private")
    with translation.override("fr"):
        refused = [
            client.post(PAGE, {"name": "x", "may": "read", "datasets": slug}, headers={"accept-language": "fr"})
            for slug in (dataset.slug, "nowhere")
        ]
    assert [answer.status_code for answer in refused] == [422, 422]
    hidden, absent = (told(answer) for answer in refused)
    assert f"« {dataset.slug} » n’existe pas, ou vous n’avez pas le droit de le voir." in hidden
    assert "« nowhere » n’existe pas, ou vous n’avez pas le droit de le voir." in absent
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "given",
    [{}, {"name": "x"}, {"name": "x", "may": "all"}, {"name": "x", "may": "read", "lifetime": "9999"},
     {"name": "x" * 101, "may": "read"}, {"name": "x", "may": "read", "datasets": ",".join(map(str, range(51)))},
     {"name": " ", "may": "read"}, {"name": "a\0b", "may": "read"}],
)  # fmt: skip
def test_a_key_without_sense_is_not_made(person, given):
    assert person(Role.MEMBER).post(PAGE, given).status_code == 422
    assert not ApiKey.objects.exists()


def test_revoked_then_taken_back(person):
    client = person(Role.MEMBER)
    secret = KEY.search(client.post(PAGE, {"name": "Carnet", "may": "read"}).content.decode())[0]
    pk = ApiKey.objects.get().pk
    assert client.post(f"{PAGE}{pk}/revoke/").status_code == 302
    assert "Révoquée" in told(client.get(PAGE, headers={"accept-language": "fr"}))
    assert ApiKey.objects.get().revoked_at is not None
    assert client.post(f"{PAGE}{pk}/restore/").status_code == 302
    assert recognise_key(secret).pk == pk
    other = Client()
    other.force_login(User.objects.create_user("q@example.fr"))
    for action in ("revoke", "restore"):
        assert other.post(f"{PAGE}{pk}/{action}/").status_code == 404
        assert Client().post(f"{PAGE}{pk}/{action}/").status_code == 302
        assert client.get(f"{PAGE}{pk}/{action}/").status_code == 405
    assert ApiKey.objects.get().revoked_at is None
    assert client.post(f"{PAGE}99999999999999999999/revoke/").status_code == 404
