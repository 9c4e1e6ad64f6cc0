"""The page of push addresses: a key shown once, what came, what was refused."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bocage.organizations.vocabulary import Role
from bocage.pipeline.models import PushAddress, PushKey


@pytest.fixture
def page(dataset):
    return reverse("console:dataset_pushes", args=[dataset.slug])


def told(answer) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_a_key_is_shown_once_with_a_call_that_names_the_fields(person, dataset, page):
    client = person(Role.STEWARD)
    with translation.override("fr"):
        assert "Aucune pour l’instant" in told(client.get(page))
        made = client.post(page, {"name": "realtime", "key_names": "Capteur", "silence": "1h"})
    secret = made.context["secret"]
    assert secret in told(made)
    assert '"capteur"' in made.context["example"]
    assert secret not in told(client.get(page))
    dataset.refresh_from_db()
    assert dataset.primary_key == ["capteur"]


def test_what_a_device_was_told_is_told_to_the_steward(person, dataset, page):
    client = person(Role.STEWARD)
    secret = client.post(page, {"name": "realtime", "key_names": "", "silence": ""}).context["secret"]
    address = f"/api/push/1.0/{dataset.slug}/realtime/push/?pushkey={secret}"
    assert Client().post(address, json.dumps({"n": 1}), content_type="application/json").status_code == 200
    assert Client().post(address, "{", content_type="application/json").status_code == 400
    with translation.override("fr"):
        body = told(client.get(page))
    assert "Dernier envoi refusé" in body
    assert "n’est pas du JSON" in body
    assert "1 enregistrement attend d’être publié." in body


def test_a_revoked_key_is_gone_and_a_pause_can_be_lifted(person, dataset, page):
    client = person(Role.STEWARD)
    client.post(page, {"name": "realtime", "key_names": "", "silence": ""})
    address, key = PushAddress.objects.get(), PushKey.objects.get()
    client.post(reverse("console:dataset_push_revoke", args=[dataset.slug, address.uid, key.pk]))
    with translation.override("fr"):
        assert "Sans clé, personne ne peut rien envoyer ici." in told(client.get(page))
    for paused in ("1", "0"):
        client.post(reverse("console:dataset_push_pause", args=[dataset.slug, address.uid]), {"paused": paused})
        address.refresh_from_db()
        assert address.paused == (paused == "1")


def test_a_name_is_taken_once_and_written_plainly(person, page):
    client = person(Role.STEWARD)
    for name, made in (("realtime", 1), ("realtime", 1), ("É à", 1), ("../x", 1), ("capteurs-2", 2)):
        client.post(page, {"name": name, "key_names": "", "silence": ""})
        assert PushAddress.objects.count() == made
