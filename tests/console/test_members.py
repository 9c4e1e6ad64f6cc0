"""Members and the look of a portal."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from bocage.organizations.models import Membership, Portal, User
from bocage.organizations.services import add_member
from bocage.organizations.vocabulary import Role

MEMBERS = "/console/organization/reze/members/"


def test_an_invited_person_chooses_a_password_and_comes_in(person):
    answer = person(Role.COORDINATOR).post(
        MEMBERS, {"email": "Luc@example.fr", "name": "Luc Roy", "role": "contributor"}
    )
    link = re.search(r"http://testserver(/accounts/password/reset/key/[^<\s]+)", answer.content.decode())[1]
    assert link in mail.outbox[0].body
    newcomer = Client()
    form = newcomer.get(link, follow=True)
    chosen = "quatre mots pas devinables"
    done = newcomer.post(form.redirect_chain[-1][0], {"password1": chosen, "password2": chosen}, follow=True)
    assert done.status_code == 200
    newcomer.post("/accounts/login/", {"login": "luc@example.fr", "password": chosen})
    assert newcomer.get("/console/publish/").status_code == 200
    assert Client().get(link, follow=True).context["token_fail"], "the link works once"


def test_no_link_for_an_account_that_exists(person):
    client = person(Role.COORDINATOR)
    User.objects.create_user("luc@example.fr", "a long enough password")
    answer = client.post(MEMBERS, {"email": "luc@example.fr", "role": "member"}, follow=True)
    assert "password/reset" not in answer.content.decode()
    assert not mail.outbox


@pytest.mark.parametrize("given", [{"email": "x", "role": "member"}, {"email": "a@example.fr", "role": "king"}, {}])
def test_a_faulty_invitation_is_shown_again(person, given):
    assert person(Role.COORDINATOR).post(MEMBERS, given).status_code == 200
    assert Membership.objects.count() == 1


def test_nobody_gives_or_takes_a_role_above_their_own(person, commune):
    client = person(Role.COORDINATOR)
    assert client.post(MEMBERS, {"email": "a@example.fr", "role": "administrator"}).status_code == 403
    assert not User.objects.filter(email="a@example.fr").exists()
    chief = User.objects.create_user("chief@example.fr")
    above = add_member(organization=commune, user=chief, role=Role.ADMINISTRATOR)
    mine = Membership.objects.get(user=client.user)
    for address, data in (
        (reverse("console:member_role", args=["reze", above.pk]), {"role": "member"}),
        (reverse("console:member_remove", args=["reze", above.pk]), {}),
        (reverse("console:member_role", args=["reze", mine.pk]), {"role": "administrator"}),
        (MEMBERS, {"email": "chief@example.fr", "role": "member"}),
    ):
        assert client.post(address, data).status_code == 403, address
    above.refresh_from_db()
    mine.refresh_from_db()
    assert (above.role, mine.role) == (Role.ADMINISTRATOR, Role.COORDINATOR)


def test_a_member_of_another_organisation_is_absent(person, other_commune):
    elsewhere = add_member(organization=other_commune, user=User.objects.create_user("x@example.fr"), role=Role.MEMBER)
    client = person(Role.COORDINATOR)
    assert client.post(reverse("console:member_remove", args=["reze", elsewhere.pk])).status_code == 404
    assert Membership.objects.filter(pk=elsewhere.pk).exists()


def test_the_last_coordinator_stays(person):
    client = person(Role.COORDINATOR)
    mine = Membership.objects.get()
    for name, data in (("member_remove", {}), ("member_role", {"role": "member"})):
        answer = client.post(reverse(f"console:{name}", args=["reze", mine.pk]), data, follow=True)
        assert "notice--error" in answer.content.decode()
    mine.refresh_from_db()
    assert mine.role == Role.COORDINATOR


def test_the_list_costs_the_same_for_many(person, commune, django_assert_max_num_queries):
    client = person(Role.COORDINATOR)
    users = User.objects.bulk_create(User(email=f"u{n}@example.fr", password="!") for n in range(200))
    Membership.objects.bulk_create(Membership(organization=commune, user=user) for user in users)
    client.get(MEMBERS)
    with django_assert_max_num_queries(18):
        page = client.get(f"{MEMBERS}?page=2").content.decode()
    assert page.count('class="row__title"') == 30


@pytest.fixture
def portal(commune) -> Portal:
    return Portal.objects.create(organization=commune, domain="donnees.example.fr", name="Rezé", theme={})


def colors(**changed):
    from bocage.organizations.rules import DEFAULT_THEME

    return {"name": "Rezé", "tagline": ""} | DEFAULT_THEME | {k.replace("_", "-"): v for k, v in changed.items()}


def test_only_the_colours_that_differ_are_kept(person, portal):
    address = reverse("console:portal_theme", args=[portal.uid])
    person(Role.COORDINATOR).post(address, colors(color_accent="#0B4F9E", name="Rezé ouvert"))
    portal.refresh_from_db()
    assert (portal.theme, portal.name) == ({"color-accent": "#0b4f9e"}, "Rezé ouvert")


@pytest.mark.parametrize("color", ["#dddddd", "red", "#fff", "", "#000000;}*{display:none"])
def test_an_illegible_or_false_colour_is_refused(person, portal, color):
    answer = person(Role.COORDINATOR).post(reverse("console:portal_theme", args=[portal.uid]), colors(color_link=color))
    assert answer.status_code == 200
    assert "notice--error" in answer.content.decode() or 'class="error"' in answer.content.decode()
    portal.refresh_from_db()
    assert portal.theme == {}


def test_trying_saves_nothing(person, portal):
    address = reverse("console:portal_theme", args=[portal.uid])
    answer = person(Role.COORDINATOR).post(address, colors(color_link="#123456") | {"try": "1"})
    assert "color-link=%23123456" in answer.content.decode()
    portal.refresh_from_db()
    assert portal.theme == {}


def test_the_sample_is_made_of_colours_only(person, portal):
    address = reverse("console:portal_sample", args=[portal.uid])
    answer = person(Role.COORDINATOR).get(address, {"color-link": "#123456", "color-ink": "red}*{display:none"})
    assert "--color-link:#123456" in answer.content.decode()
    assert "display" not in answer.content.decode()
    assert answer.headers["Content-Type"] == "text/css"
