"""The pages of requests for help."""

from __future__ import annotations

import pytest
from django.test import Client

from bocage.governance.help.models import HelpRequest
from bocage.organizations.services import create_organization, move_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def metropole(commune):
    made = create_organization(slug="nm", name="Nantes Métropole", kind=OrganizationKind.EPCI)
    move_organization(organization=commune, parent=made)
    commune.refresh_from_db()
    return made


def ask(client, **answers):
    said = {"helper": "nm", "subject": "Fichier refusé", "text": "Pourquoi ? https://a.example/x"} | answers
    return client.post("/console/help/new/?dataset=parkings", said)


def test_a_question_and_its_answer(person, commune, metropole, dataset):
    author, helper = person(Role.CONTRIBUTOR), person(Role.ADMINISTRATOR, metropole)
    page = author.get("/console/help/new/?dataset=parkings").content.decode()
    assert "Nantes Métropole" in page
    uid = ask(author).headers["Location"].split("/")[-2]
    assert "Fichier refusé" in helper.get("/console/help/").content.decode()
    page = helper.get(f"/console/help/{uid}/").content.decode()
    assert '<a href="https://a.example/x" rel="nofollow noreferrer ugc">' in page
    helper.post(f"/console/help/{uid}/", {"text": "La ligne 12 <b>est</b> vide."})
    page = author.get(f"/console/help/{uid}/").content.decode()
    assert "12 &lt;b&gt;est&lt;/b&gt; vide" in page
    author.post(f"/console/help/{uid}/close/")
    assert HelpRequest.objects.get().state == "closed"
    author.post(f"/console/help/{uid}/reopen/")
    assert HelpRequest.objects.get().state == "answered"
    helper.post(f"/console/help/{uid}/assign/", {"person": "²"})
    assert HelpRequest.objects.get().assigned_to is None
    assert "Fichier refusé" in author.get("/console/help/?side=asked").content.decode()


def test_strangers_know_of_nothing(person, commune, metropole, other_commune, dataset):
    person(Role.ADMINISTRATOR, metropole)
    uid = ask(person(Role.CONTRIBUTOR)).headers["Location"].split("/")[-2]
    for client in (person(Role.MEMBER), person(Role.ADMINISTRATOR, other_commune)):
        assert client.get(f"/console/help/{uid}/").status_code == 404
        assert client.post(f"/console/help/{uid}/", {"text": "x"}).status_code == 404
        for action in ("close", "assign", "reopen"):
            assert client.post(f"/console/help/{uid}/{action}/").status_code == 404
        assert "Fichier refusé" not in client.get("/console/help/?side=asked").content.decode()
    assert person(Role.MEMBER, email="m2@x.example").get("/console/help/new/").status_code == 403
    assert Client().get("/console/help/").status_code == 302


def test_what_is_wrong_is_said_and_kept(person, commune, metropole, dataset):
    author, _helper = person(Role.CONTRIBUTOR), person(Role.ADMINISTRATOR, metropole)
    answer = ask(author, text="", subject="Voilà mon sujet")
    assert answer.status_code == 200
    assert "Voilà mon sujet" in answer.content.decode()
    assert ask(author, helper="bouaye").status_code == 200
    assert not HelpRequest.objects.exists()


def test_nobody_above(person, commune, dataset):
    page = person(Role.CONTRIBUTOR).get("/console/help/new/")
    assert page.status_code == 200
    assert 'name="subject"' not in page.content.decode()


def test_an_administrator_of_many_chooses_first(person, metropole, other_commune):
    admin = person(Role.ADMINISTRATOR, metropole)
    page = admin.get("/console/help/new/").content.decode()
    assert "?organization=reze" in page
    assert admin.get("/console/help/new/?organization=reze").status_code == 200
    assert admin.get("/console/help/new/?organization=bouaye").status_code == 403
    assert admin.get("/console/help/new/?organization=nowhere").status_code == 404
