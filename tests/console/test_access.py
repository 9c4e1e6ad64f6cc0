"""Exceptions on a dataset, working groups, and the page that says why."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from bocage.access.models import Grant, Group
from bocage.access.rules import decide
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action
from bocage.catalog.models import DatasetUse
from bocage.organizations.models import Membership, User
from bocage.organizations.vocabulary import Role

ACCESS = "/console/datasets/parkings/access/"
SECRET = "/explore/dataset/parkings/"


@pytest.fixture
def stranger(person, other_commune):
    return person(Role.CONTRIBUTOR, other_commune)


def given(who: dict[str, str], what: str = "allow read", **more: str) -> dict[str, str]:
    return {"what": what, "reason": "Étude des crues", **who, **more}


def reads(client, dataset) -> bool:
    return bool(decide(viewer_of(User.objects.get(pk=client.user.pk)), Action.READ, dataset))


@pytest.mark.parametrize(
    "who",
    [
        {"audience": "person", "email": "contributor@bouaye.example.fr"},
        {"audience": "organization", "organization": "bouaye"},
        {"audience": "branch", "organization": "Bouaye"},
    ],
)
def test_an_exception_opens_then_ends(person, dataset, stranger, who):
    steward = person(Role.STEWARD)
    assert not reads(stranger, dataset)
    assert steward.post(ACCESS, given(who)).status_code == 302
    assert reads(stranger, dataset)
    page = steward.get(ACCESS).content.decode()
    assert "Étude des crues" in page
    grant = Grant.objects.get()
    assert steward.post(f"{ACCESS}{grant.pk}/end/").status_code == 302
    assert not reads(stranger, dataset)
    assert "Étude des crues" in steward.get(ACCESS).content.decode(), "what was stays told"


def test_a_group_of_several_organisations(person, dataset, commune, other_commune, stranger):
    chief = person(Role.COORDINATOR)
    made = chief.post("/console/groups/", {"organization": commune.slug, "name": "Crues"})
    group = Group.objects.get()
    assert made.url == f"/console/groups/{group.uid}/"
    assert stranger.get(made.url).status_code == 404
    chief.post(made.url, {"email": "CONTRIBUTOR@bouaye.example.fr"})
    assert stranger.get(made.url).status_code == 200
    assert stranger.post(made.url, {"email": "x@example.fr"}).status_code == 403
    chief.post(ACCESS, given({"audience": "group", "group": group.uid}))
    assert reads(stranger, dataset)
    stranger.post(f"{made.url}members/{stranger.user.pk}/remove/")
    assert not reads(stranger, dataset)
    chief.post(made.url, {"email": "contributor@bouaye.example.fr"})
    assert reads(stranger, dataset)
    chief.post(f"{made.url}dissolve/")
    assert not reads(stranger, dataset)
    assert not Grant.objects.exists()


def test_nobody_gives_what_they_do_not_hold(person, dataset, commune):
    steward = person(Role.STEWARD)
    friend = person(Role.MEMBER)
    who = {"audience": "person", "email": friend.user.email}
    assert steward.post(ACCESS, given(who, "allow manage")).status_code == 302
    assert steward.post(ACCESS, given(who, "allow administer")).status_code == 200
    other = person(Role.CONTRIBUTOR)
    assert other.post(ACCESS, given(who)).status_code == 403
    Membership.objects.filter(user=friend.user).delete()
    assert friend.get(ACCESS).status_code == 200, "managing was granted on this dataset"
    assert friend.get("/console/organization/reze/members/").status_code == 403


def test_a_refusal_to_one_person(person, dataset, commune):
    member = person(Role.MEMBER)
    steward = person(Role.STEWARD)
    assert reads(member, dataset)
    steward.post(ACCESS, given({"audience": "person", "email": member.user.email}, "deny read"))
    assert not reads(member, dataset)


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": "person", "email": "nobody@example.fr"},
        {"audience": "person"},
        {"audience": "organization", "organization": "Nowhere"},
        {"audience": "group", "group": "gr_none"},
        {"audience": "everyone"},
        {"audience": "person", "email": "contributor@bouaye.example.fr", "ends_on": "2001-01-01"},
        {"audience": "person", "email": "contributor@bouaye.example.fr", "reason": ""},
    ],
)
def test_a_faulty_exception_is_shown_again(person, dataset, stranger, wrong):
    steward = person(Role.STEWARD)
    assert steward.post(ACCESS, given({}) | wrong).status_code == 200
    assert not Grant.objects.exists()


def test_a_grant_of_another_dataset_is_absent(person, dataset, stranger):
    steward = person(Role.STEWARD)
    grant = Grant.objects.create(audience="person", person=stranger.user, dataset="da_other", reason="x")
    assert steward.post(f"{ACCESS}{grant.pk}/end/").status_code == 404
    grant.refresh_from_db()
    assert grant.ends_at is None


def test_why_is_explained(person, dataset, stranger):
    steward = person(Role.STEWARD)

    def told(email: str) -> str:
        with translation.override("fr"):
            return steward.get(ACCESS, {"email": email}, headers={"accept-language": "fr"}).content.decode()

    assert "Référent" in told(steward.user.email) or "Steward" in told(steward.user.email)
    assert "Rezé" in told(steward.user.email)
    assert "rien ne l" in told(stranger.user.email).lower()
    steward.post(ACCESS, given({"audience": "person", "email": stranger.user.email}))
    assert "Étude des crues" in told(stranger.user.email)
    assert "nobody@example.fr" in told("nobody@example.fr")
    assert steward.get(ACCESS, {"email": "not an address"}).status_code == 200


def test_the_page_says_how_much_the_data_are_used(person, dataset):
    steward = person(Role.STEWARD)
    with translation.override("fr"):
        assert "Rien n’est encore compté" in steward.get(ACCESS).content.decode()
        days = {"since": date(2026, 5, 4), "counted_on": date(2026, 5, 6)}
        DatasetUse.objects.create(dataset=dataset, downloads=12, calls=3456, **days)
        page = steward.get(ACCESS).content.decode()
    assert "<dd>12</dd>" in page
    assert "<dd>3 456</dd>" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "4 mai 2026" in page
    assert "Téléchargements" in page
