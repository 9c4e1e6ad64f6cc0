"""Invitations: for a while, once, taken back, and never a way into somebody else's account."""

from __future__ import annotations

import re
import time

import pytest
import time_machine
from django.core import mail
from django.test import Client
from pydantic import SecretStr

from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.services import add_member, create_organization, remove_member
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.accounts.conftest import PASSWORD, signed_in_as

LINK = re.compile(r"http://testserver(/accounts/password/reset/key/[^<\s]+)")
LUC = "luc@ville.fr"


@pytest.fixture
def other(db) -> Organization:
    return create_organization(slug="autre", name="Autre", kind=OrganizationKind.COMMUNE)


def coordinator(organization: Organization) -> Client:
    user = User.objects.create_user(f"c@{organization.slug}.fr", PASSWORD)
    add_member(organization=organization, user=user, role=Role.COORDINATOR)
    client = Client()
    client.force_login(user)
    client.place = f"/console/organization/{organization.slug}/members/"
    return client


def invite(client: Client, email: str = LUC) -> str:
    """The link shown to whoever invites, if one is."""
    answer = client.post(client.place, {"email": email, "role": "contributor"}, follow=True)
    found = LINK.search(answer.content.decode())
    return found[1] if found else ""


def again(client: Client) -> str:
    membership = Membership.objects.get(user__email=LUC, organization__slug=client.place.split("/")[3])
    answer = client.post(f"{client.place}{membership.pk}/invite/", follow=True)
    found = LINK.search(answer.content.decode())
    return found[1] if found else ""


def choose(link: str, password: str = PASSWORD) -> bool:
    """Does the link open the choice of a password? It is then chosen."""
    visitor = Client()
    form = visitor.get(link, follow=True)
    if form.context.get("token_fail", False):
        return False
    visitor.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})
    visitor.post("/accounts/login/", {"login": LUC, "password": password})
    return signed_in_as(visitor) is not None


def test_once(ville):
    link = invite(coordinator(ville))
    assert choose(link)
    assert not choose(link, "encore quatre mots devinables")


def test_for_three_days(ville):
    link = invite(coordinator(ville))
    with time_machine.travel(time.time() + 3 * 86_400 + 60):
        assert not choose(link)


def test_another_one_ends_the_first(ville):
    client = coordinator(ville)
    first, second = invite(client), again(client)
    assert not choose(first)
    assert choose(second)


def test_taken_back(ville):
    client = coordinator(ville)
    link = invite(client)
    remove_member(membership=Membership.objects.get(user__email=LUC))
    assert not choose(link)


def test_not_for_an_account_in_use(ville):
    client = coordinator(ville)
    assert choose(invite(client))
    assert again(client) == ""
    assert User.objects.get(email=LUC).has_usable_password(), "and its password stays"


@pytest.mark.parametrize("state", ["password", "signed in", "operator", "suspended"])
def test_no_link_to_an_account_of_somebody(ville, state):
    user = User.objects.create_user(LUC, PASSWORD if state == "password" else None, is_superuser=state == "operator")
    if state == "signed in":  # by an identity provider: without a password
        Client().force_login(user)
    User.objects.filter(pk=user.pk).update(is_active=state != "suspended")
    client = coordinator(ville)
    assert invite(client) == again(client) == ""
    assert not mail.outbox


def test_who_invited_first_does_not_get_what_others_give(ville, other):
    """The link shown to the first coordinator would open an account that now has rights in another organisation."""
    first = coordinator(ville)
    link = invite(first)
    assert invite(coordinator(other)) == ""
    assert not choose(link)
    assert again(first) == "", "nor may they ask for another"


def test_whoever_is_below_does_not_invite_above(ville):
    boss = User.objects.create_user(LUC)
    add_member(organization=ville, user=boss, role=Role.ADMINISTRATOR)
    client = coordinator(ville)
    answer = client.post(f"{client.place}{boss.memberships.get().pk}/invite/")
    assert answer.status_code == 403


def test_where_messages_are_sent_the_link_is_shown_to_nobody(ville, other, settings):
    """Whoever chooses the password then reads the messages of that address."""
    settings.BOCAGE = settings.BOCAGE.model_copy(
        update={"smtp_url": SecretStr("smtp://localhost"), "public_url": "http://testserver"}
    )
    assert invite(coordinator(ville)) == ""
    assert mail.outbox[-1].to == [LUC]
    assert invite(coordinator(other)) == ""
    assert len(mail.outbox) == 2
    first, second = (LINK.search(message.body)[1] for message in mail.outbox)
    assert not choose(first)
    assert choose(second)


def test_a_message_that_does_not_leave_is_told(ville, settings, monkeypatch):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"smtp_url": SecretStr("smtp://localhost")})
    monkeypatch.setattr("bocage.console.invitations._send", lambda _invitations: 0)
    client = coordinator(ville)
    answer = client.post(client.place, {"email": LUC, "role": "member"}, follow=True)
    assert "notice--error" in answer.content.decode()
    assert not LINK.search(answer.content.decode())
