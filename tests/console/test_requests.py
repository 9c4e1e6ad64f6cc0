"""Pages of access requests: asked, followed, answered; nobody else reads them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation

from bocage.access.models import AccessRequest, DataRule, Grant
from bocage.access.models.agreements import today
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.console.paging import PER_PAGE
from bocage.kernel.clock import now
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

pytestmark = pytest.mark.django_db

LISTS = "/console/access-requests/"
ASK = f"{LISTS}ask/velos/"
GOOD = {"organization": "ailleurs", "purpose": "Une étude des flux de vélos.", "months": "6"}


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


def signed_in(email: str, organization: Organization | None, role: Role = Role.MEMBER) -> Client:
    user = User.objects.create_user(email)
    if organization is not None:
        add_member(organization=organization, user=user, role=role)
    client = Client(headers={"accept-language": "fr"})
    client.force_login(user)
    return client


@pytest.fixture
def here() -> Organization:
    return create_organization(slug="ici", name="Ici", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def thing(here) -> Dataset:
    return Dataset.objects.create(organization=here, slug="velos", title="Vélos volés", visibility=Visibility.REQUEST)


@pytest.fixture
def steward(here, thing) -> Client:
    return signed_in("steward@example.org", here, Role.STEWARD)


@pytest.fixture
def asker() -> Client:
    return signed_in(
        "asker@example.org", create_organization(slug="ailleurs", name="Ailleurs", kind=OrganizationKind.COMMUNE)
    )


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def asked_by(asker: Client) -> AccessRequest:
    answer = asker.post(ASK, GOOD)
    found = AccessRequest.objects.get(state="asked")
    assert answer["Location"] == f"{LISTS}{found.uid}/"
    return found


def test_asked_followed_and_given(thing, steward, asker):
    page = text_of(asker.get(ASK))
    assert "15 jours" in page
    found = asked_by(asker)
    assert (found.organization.slug, found.months, found.purpose) == ("ailleurs", 6, GOOD["purpose"])
    assert "Réponse promise pour le" in text_of(asker.get(f"{LISTS}{found.uid}/"))
    assert "Donner l’accès" not in text_of(asker.get(f"{LISTS}{found.uid}/"))
    assert found.title in text_of(steward.get(LISTS))
    seen = text_of(steward.get(f"{LISTS}{found.uid}/"))
    assert "asker@example.org" in seen
    until = today() + timedelta(days=10)
    given = {"do": "give", "holder": "organization", "ends_on": until.isoformat(), "answer": "Bon travail."}
    assert steward.post(f"{LISTS}{found.uid}/", given).status_code == 302
    assert Grant.objects.get().organization.slug == "ailleurs"
    told = text_of(asker.get(f"{LISTS}{found.uid}/"))
    assert "Bon travail." in told
    assert asker.get("/explore/dataset/velos/")["Content-Type"].startswith("text/html")
    assert "Demander les données" not in text_of(asker.get("/explore/dataset/velos/"))
    assert asker.get(ASK).status_code == 302


def test_refused_with_a_reason_that_is_read(thing, steward, asker):
    found = asked_by(asker)
    address = f"{LISTS}{found.uid}/"
    assert steward.post(address, {"do": "refuse", "reason": ""}).status_code == 200
    assert AccessRequest.objects.get().waits
    assert steward.post(address, {"do": "refuse", "reason": "Données <b>personnelles</b>."}).status_code == 302
    told = text_of(asker.get(address))
    assert "Données &lt;b&gt;personnelles&lt;/b&gt;." in told
    assert text_of(asker.get(f"{LISTS}mine/")).count("Refusée") == 1
    assert "Vélos volés" in text_of(steward.get(f"{LISTS}?answered="))
    assert "Vélos volés" not in text_of(steward.get(LISTS))
    assert not Grant.objects.exists()


def test_what_an_answer_must_say(thing, steward, asker):
    address = f"{LISTS}{asked_by(asker).uid}/"
    good = {"do": "give", "holder": "organization", "ends_on": today().isoformat()}
    for wrong in (
        {"ends_on": (today() - timedelta(days=1)).isoformat()}, {"ends_on": "9999-12-31"}, {"ends_on": ""},
        {"holder": "everyone"}, {"do": "open"}, {"do": ""}, {"answer": "x" * 3_001},
    ):  # fmt: skip
        assert steward.post(address, good | wrong).status_code == 200, wrong
    assert not Grant.objects.exists()
    assert steward.post(address, good).status_code == 302


def test_what_a_request_must_say(thing, asker, here):
    for wrong in (
        {"purpose": ""}, {"purpose": "court"}, {"purpose": "x" * 3_001}, {"months": "0"}, {"months": "600"}, {"months": ""},
        {"organization": "ici"}, {"organization": ""},
    ):  # fmt: skip
        assert asker.post(ASK, GOOD | wrong).status_code == 200, wrong
    assert not AccessRequest.objects.exists()
    asker.post(ASK, GOOD | {"organization": "*"})
    assert AccessRequest.objects.get().organization is None


def test_asked_twice_leads_to_the_first(thing, asker):
    found = asked_by(asker)
    for answer in (asker.get(ASK), asker.post(ASK, GOOD)):
        assert answer["Location"] == f"{LISTS}{found.uid}/"
    assert asker.post(f"{LISTS}{found.uid}/", {"do": "withdraw"}).status_code == 302
    assert asker.get(ASK).status_code == 200


def test_a_stranger_is_led_to_sign_in_and_given_an_address(thing):
    Dataset.objects.update(contact_email="velos@example.org")
    page = text_of(Client(headers={"accept-language": "fr"}).get("/explore/dataset/velos/"))
    assert "mailto:velos@example.org" in page
    assert "next=/console/access-requests/ask/velos/" in page
    assert Client().get(ASK)["Location"] == f"/accounts/login/?next={ASK}"


def test_nobody_else_reads_a_request(thing, steward, asker, here):
    found = asked_by(asker)
    others = (
        signed_in("colleague@example.org", found.organization, Role.ADMINISTRATOR),
        signed_in("contributor@example.org", here, Role.CONTRIBUTOR),
        signed_in("nobody@example.org", None),
    )
    absent = {}
    for client in others:
        for uid in (found.uid, "ar_absent", "x" * 500):
            for answer in (client.get(f"{LISTS}{uid}/"), client.post(f"{LISTS}{uid}/", {"do": "withdraw"})):
                assert answer.status_code == 404
                absent.setdefault(client, set()).add(
                    re.sub(r'value="[^"]+"|nonce="[^"]+"|/ar_\w+/|/x+/', "", text_of(answer))
                )
        assert found.title not in text_of(client.get(LISTS))
        assert found.title not in text_of(client.get(f"{LISTS}mine/"))
    assert all(len(words) == 1 for words in absent.values())


def test_a_dataset_that_is_not_told_is_not_found_by_asking(thing, asker):
    absent = asker.get(f"{LISTS}ask/absent/")
    Dataset.objects.update(visibility=Visibility.PRIVATE)
    hidden = asker.get(ASK)
    assert absent.status_code == hidden.status_code == asker.post(ASK, GOOD).status_code == 404
    clean = [text_of(one).replace("absent", "velos") for one in (absent, hidden)]
    assert re.sub(r'value="[^"]+"|nonce="[^"]+"', "", clean[0]) == re.sub(r'value="[^"]+"|nonce="[^"]+"', "", clean[1])


def test_who_asked_learns_nothing_of_what_is_hidden_since(thing, steward, asker):
    found = asked_by(asker)
    Dataset.objects.update(visibility=Visibility.PRIVATE, title="Vélos volés par des mineurs", slug="autre")
    page = text_of(asker.get(f"{LISTS}{found.uid}/"))
    assert "Vélos volés" in page
    assert "mineurs" not in page
    assert "/autre/" not in page
    assert asker.post(f"{LISTS}{found.uid}/", {"do": "refuse", "reason": "x"}).status_code == 404
    assert steward.post(f"{LISTS}{found.uid}/", {"do": "refuse", "reason": "Retiré."}).status_code == 302


def test_who_asks_does_not_answer(thing, asker):
    found = asked_by(asker)
    for data in ({"do": "refuse", "reason": "x"}, {"do": "give", "holder": "person", "ends_on": today().isoformat()}):
        assert asker.post(f"{LISTS}{found.uid}/", data).status_code == 403
    assert not Grant.objects.exists()


def test_the_queue_is_paged_the_oldest_promise_first(thing, steward, django_assert_max_num_queries):
    people = User.objects.bulk_create(User(email=f"p{n}@example.org") for n in range(PER_PAGE + 5))
    AccessRequest.objects.bulk_create(
        AccessRequest(
            dataset=thing.uid, title=f"Demande {n}.", asker=user, purpose="x", asked_at=now(),
            due_on=today() + timedelta(days=n - 3),
        )
        for n, user in enumerate(people)
    )  # fmt: skip
    steward.get(LISTS)
    with django_assert_max_num_queries(16):
        first = text_of(steward.get(LISTS))
    assert first.index("Demande 0.") < first.index("Demande 1.")
    assert first.count("En retard") == 3
    assert f"Demande {PER_PAGE}." not in first
    assert f"Demande {PER_PAGE}." in text_of(steward.get(f"{LISTS}?page=2"))


def test_a_column_hidden_from_everyone_has_no_name(thing):
    field = {"type": "string", "description": "", "original": {}}
    schema = [{"name": "rue", "label": "Rue", **field}, {"name": "victime", "label": "Victime", **field}]
    Dataset.objects.update(schema=schema, version_number=3, row_count=12_345, bbox=[1, 2, 3, 4])
    DataRule.objects.create(
        dataset=thing.uid, audience="everyone", columns={"victime": {"mask": "hide"}}, reason="RGPD"
    )
    for address in ("/explore/dataset/velos/schema/", "/api/explore/v2.1/catalog/datasets/velos"):
        page = text_of(Client().get(address)).lower()
        assert "rue" in page
        assert "victime" not in page
        assert "12345" not in page
        assert "12 345" not in page
