"""The tree, kept by those who run it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from bocage.catalog.selectors import catalogue_revision
from bocage.organizations.models import Organization, User
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role


@pytest.fixture
def metropole(commune) -> Organization:
    return create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)


@pytest.fixture
def village(metropole) -> Organization:
    return create_organization(
        slug="village", name="Village", kind=OrganizationKind.COMMUNE, parent=metropole, insee_code="44001"
    )


def test_a_coordinator_creates_an_organisation_and_names_its_people(person, metropole):
    client = person(Role.COORDINATOR, metropole)
    answer = client.post("/console/organization/metropole/new/", {"name": "Port-Saint-Père", "kind": "commune"})
    assert answer.url == "/console/organization/port-saint-pere/members/"
    made = Organization.objects.get(slug="port-saint-pere")
    assert made.parent == metropole
    # Delegated: those above decide what it is; who works there is decided there, or by an administrator above.
    assert client.get(answer.url).status_code == 403
    assert person(Role.ADMINISTRATOR, metropole).get(answer.url).status_code == 200


def test_what_an_organisation_is_belongs_to_those_above(person, metropole, village):
    """Codes decide which rows of shared data are seen: nobody gives themselves the code of a neighbour."""
    mayor = person(Role.COORDINATOR, village)
    data = {"identity": "1", "name": "Village", "kind": "commune", "insee_code": "44109", "slug": "village"}
    assert mayor.post("/console/organization/village/", data).status_code == 403
    village.refresh_from_db()
    assert village.insee_code == "44001"
    assert mayor.post("/console/organization/village/", {"description": "Un village."}).status_code == 302
    page = mayor.get("/console/organization/village/").content.decode()
    assert "identity" not in page
    before = catalogue_revision()
    above = person(Role.COORDINATOR, metropole)
    assert above.post("/console/organization/village/", data | {"name": "Ville", "slug": "ville"}).status_code == 302
    village.refresh_from_db()
    assert (village.name, village.slug, village.insee_code) == ("Ville", "ville", "44109")
    assert catalogue_revision() > before
    assert Client().get("/organizations/village/").url == "/organizations/ville/"


def test_an_identifier_taken_is_told(person, metropole, village):
    above = person(Role.COORDINATOR, metropole)
    data = {"identity": "1", "name": "Village", "kind": "commune", "slug": "reze"}
    answer = above.post("/console/organization/village/", data)
    assert answer.status_code == 200
    assert "Rezé" in answer.content.decode()
    answer = above.post("/console/organization/metropole/new/", {"name": "X", "kind": "commune", "slug": "reze"})
    assert answer.status_code == 200


def test_many_are_seen_before_they_are_created(person, metropole):
    client = person(Role.COORDINATOR, metropole)
    address = "/console/organization/metropole/several/"
    table = "nom;insee;coordonnateur\nBasse-Goulaine;44009;mairie@basse.example.fr\nBouguenais;44020;"
    seen = client.post(address, {"table": table})
    assert "Basse-Goulaine" in seen.content.decode()
    assert metropole.children.count() == 0
    assert client.post(address, {"table": table, "create": "1"}).status_code == 302
    assert metropole.children.count() == 2
    (message,) = mail.outbox
    assert message.to == ["mairie@basse.example.fr"]
    assert "/accounts/password/reset/key/" in message.body
    assert User.objects.get(email="mairie@basse.example.fr").memberships.get().role == Role.COORDINATOR
    wrong = client.post(address, {"table": table + "\n;1", "create": "1"})
    assert wrong.status_code == 200
    assert metropole.children.count() == 2


def test_a_merger_is_shown_then_done(person, metropole, village, dataset):
    other = create_organization(slug="autre", name="Autre", kind=OrganizationKind.COMMUNE, parent=metropole)
    dataset.organization = village
    dataset.save()
    client = person(Role.ADMINISTRATOR, metropole)
    address = "/console/organization/village/merger/"
    assert "Autre" in client.get(address).content.decode()
    assert client.get(address, {"into": "autre"}).status_code == 200
    assert Organization.objects.filter(slug="village").exists()
    assert client.post(address, {"into": "autre"}).url == "/console/organization/autre/"
    dataset.refresh_from_db()
    assert dataset.organization == other
    assert Client().get("/organizations/village/").url == "/organizations/autre/"


def test_nothing_joins_what_one_does_not_run(person, metropole, village, commune):
    client = person(Role.ADMINISTRATOR, metropole)
    assert client.post("/console/organization/village/merger/", {"into": commune.slug}).status_code == 403
    assert client.post("/console/organization/village/merger/", {"into": "nowhere"}).status_code == 404


def test_the_directory_names_those_who_answer(person, metropole, commune):
    person(Role.STEWARD, commune)
    person(Role.MEMBER, commune)
    page = person(Role.MEMBER, metropole).get("/console/directory/").content.decode()
    assert "steward@reze" in page
    assert "member@reze" not in page
    assert person(None, email="x@example.fr").get("/console/directory/").status_code == 403


def test_the_list_of_four_thousand_in_a_few_queries(person, metropole, django_assert_max_num_queries):
    Organization.objects.bulk_create(
        Organization(
            slug=f"c{n}",
            name=f"C {n}",
            kind=OrganizationKind.COMMUNE,
            parent=metropole,
            path=f"{metropole.path}{n + 9}/",
        )
        for n in range(4000)
    )
    client = person(Role.ADMINISTRATOR, metropole)
    with django_assert_max_num_queries(13):
        page = client.get("/console/organizations/", {"q": "C 39"}).content.decode()
    assert "C 39" in page
