"""A second factor, asked by the platform and by organisations: nobody of whom it is asked does anything without."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from bocage.access.accounts.answering import answered_for
from bocage.access.accounts.second_factor import ask_in, asked_of, policies_in
from bocage.access.models import Identity, JournalEntry, SecondFactorPolicy
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Notice, Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.accounts.conftest import PASSWORD, go, signed_in_as

NEEDED = "/accounts/2fa/needed/"


def of(organization: Organization, role: Role, name: str = "", **extra) -> User:
    user = User.objects.create_user(f"{name or role}@{organization.slug}.fr", PASSWORD, **extra)
    add_member(organization=organization, user=user, role=role)
    return user


def come_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def code_of(user: User, shift: int = 0) -> str:
    secret = Authenticator.objects.get(user=user, type="totp").data["secret"]
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + shift))


def give_factor(user: User) -> Authenticator:
    return totp.TOTP.activate(user, totp.generate_totp_secret()).instance


@pytest.fixture
def metropole(db) -> Organization:
    return create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)


@pytest.fixture
def commune(metropole) -> Organization:
    return create_organization(slug="commune", name="Commune", kind=OrganizationKind.COMMUNE, parent=metropole)


@pytest.fixture
def ask(commune):
    """From coordinators up, in the commune."""
    ask_in(viewer=OPERATOR, organization=commune, least=Role.COORDINATOR)


# Whom ------------------------------------------------------------------------------------------------------------------------


def test_nobody_by_default(commune):
    assert not asked_of(of(commune, Role.ADMINISTRATOR))


@pytest.mark.parametrize("role", Role)
def test_the_platform_asks_everywhere(commune, settings, role):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"second_factor_from": "steward"})
    assert asked_of(of(commune, role)) == (role.rank >= Role.STEWARD.rank)


def test_the_platform_asks_operators_too(db, settings):
    operator = User.objects.create_superuser("root@example.fr", PASSWORD)
    assert not asked_of(operator)
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"second_factor_from": "administrator"})
    assert asked_of(operator)


def test_below_it_is_only_stricter(metropole, commune):
    ask_in(viewer=OPERATOR, organization=metropole, least=Role.STEWARD)
    ask_in(viewer=OPERATOR, organization=commune, least=Role.ADMINISTRATOR)  # less: changes nothing
    steward = of(commune, Role.STEWARD)
    assert asked_of(steward)
    assert policies_in(commune).inherited == Role.STEWARD
    assert policies_in(commune).stricter == [Role.MEMBER, Role.CONTRIBUTOR]
    ask_in(viewer=OPERATOR, organization=commune, least=Role.MEMBER)
    assert asked_of(of(commune, Role.MEMBER))
    assert not asked_of(of(metropole, Role.MEMBER)), "above, nothing more"
    ask_in(viewer=OPERATOR, organization=commune, least=None)
    assert asked_of(steward)


def test_who_administers_from_above_is_asked_too(metropole, commune, ask):
    assert asked_of(of(metropole, Role.ADMINISTRATOR))
    assert not asked_of(of(metropole, Role.COORDINATOR)), "only administrators act below"


def test_a_policy_needs_the_right(commune):
    for role in (Role.MEMBER, Role.STEWARD):
        with pytest.raises(AccessDenied):
            ask_in(viewer=viewer_of(of(commune, role)), organization=commune, least=Role.MEMBER)
    ask_in(viewer=viewer_of(of(commune, Role.COORDINATOR)), organization=commune, least=Role.MEMBER)


class TestTheLaw(HypothesisTestCase):
    @bounds(max_examples=30, deadline=None)
    @given(
        parents=st.lists(st.integers(0, 4), min_size=4, max_size=4),
        policies=st.dictionaries(st.integers(0, 4), st.sampled_from(Role), max_size=3),
        held=st.dictionaries(st.integers(0, 4), st.sampled_from(Role), max_size=3),
        platform=st.sampled_from(["", *Role.values]),
    )
    def test_it_agrees_with_plain_python(self, parents, policies, held, platform):
        """For every role held, inherited ones included, every policy of that organisation or above."""
        from django.conf import settings

        made: list[Organization] = []
        for number in range(5):
            parent = made[parents[number - 1] % number] if number and parents[number - 1] < 4 else None
            made.append(create_organization(slug=f"o{number}", name="O", kind=OrganizationKind.COMMUNE, parent=parent))
        user = User.objects.create_user("x@example.fr")
        for number, role in held.items():
            add_member(organization=made[number], user=user, role=role)
        for number, least in policies.items():
            SecondFactorPolicy.objects.create(organization=made[number], least_role=least)
        with self.settings(BOCAGE=settings.BOCAGE.model_copy(update={"second_factor_from": platform})):
            roles = viewer_of(user).roles
            spoken = [(made[number].path, least) for number, least in policies.items()]
            spoken += [("/", Role(platform))] if platform else []
            expected = any(
                one.path.startswith(path) and roles[one.pk].rank >= least.rank
                for one in made
                if one.pk in roles
                for path, least in spoken
            )
            assert asked_of(user) == (expected or platform == Role.MEMBER)


# What happens ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/console/", "/console/keys/", "/console/publish/", "/console/organization/commune/members/"]
)
def test_the_console_leads_to_the_factor(commune, ask, address):
    client = come_in(of(commune, Role.COORDINATOR))
    for answer in (client.get(address), client.post(address, {})):
        assert answer.headers["Location"].startswith(NEEDED), address
    assert client.get(NEEDED).status_code == 403


def test_elsewhere_they_are_a_stranger(commune, ask):
    """Pages of the portal and interfaces: what a stolen password would have opened."""
    create_dataset(viewer=OPERATOR, organization=commune, slug="prive", title="Privé")
    member, coordinator = come_in(of(commune, Role.MEMBER)), come_in(of(commune, Role.COORDINATOR))
    for address in ("/explore/dataset/prive/", "/api/explore/v2.1/catalog/datasets/prive"):
        assert member.get(address).status_code == 200, address
        assert coordinator.get(address).status_code == Client().get(address).status_code != 200, address


@pytest.mark.django_db(transaction=True)
def test_setting_it_up_opens_the_console(commune, ask):
    coordinator = of(commune, Role.COORDINATOR)
    client = come_in(coordinator)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert client.get("/console/").status_code == 200
    elsewhere = come_in(coordinator)
    assert signed_in_as(elsewhere) is None, "the next sign-in asks for a code"
    assert Authenticator.objects.filter(user=coordinator, type="recovery_codes").exists()


def test_a_session_opened_before_must_show_it(commune, ask):
    """The factor was set up in another browser: this one, perhaps a thief's, has shown nothing."""
    coordinator = of(commune, Role.COORDINATOR)
    client = come_in(coordinator)
    give_factor(coordinator)
    assert client.get("/console/").status_code == 302
    asked = client.get(NEEDED, {"next": "/console/keys/"})
    assert asked.headers["Location"] == "/accounts/2fa/reauthenticate/?next=%2Fconsole%2Fkeys%2F"
    client.post(asked.headers["Location"], {"code": code_of(coordinator)})
    assert client.get("/console/").status_code == 200


def test_with_a_code_they_come_in(commune, ask):
    coordinator = of(commune, Role.COORDINATOR)
    give_factor(coordinator)
    client = come_in(coordinator)
    assert client.get("/console/").status_code == 302, "between the password and the code, nobody is in"
    client.post("/accounts/2fa/authenticate/", {"code": code_of(coordinator)})
    assert client.get("/console/").status_code == 200


def test_it_is_not_stopped_by_whom_it_is_asked(commune, ask):
    coordinator, member = of(commune, Role.COORDINATOR), of(commune, Role.MEMBER)
    for user, left in ((coordinator, True), (member, False)):
        give_factor(user)
        client = come_in(user)
        client.post("/accounts/2fa/authenticate/", {"code": code_of(user)})
        client.post("/accounts/2fa/reauthenticate/", {"code": code_of(user, 1)})
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        client.post("/accounts/2fa/totp/deactivate/")
        assert Authenticator.objects.filter(user=user, type="totp").exists() == left


def test_links_are_not_made_without(commune, ask, house, configure):
    """Whoever has the password alone adds no way in."""
    client = come_in(of(commune, Role.COORDINATOR))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post("/accounts/identity/with/house/link/").headers["Location"] == NEEDED


def test_where_it_leads_is_on_this_site(commune, ask):
    coordinator = of(commune, Role.COORDINATOR)
    client = come_in(coordinator)
    give_factor(coordinator)
    assert "evil" not in client.get(NEEDED, {"next": "https://evil.example/"}).headers["Location"]
    assert "evil" not in client.get(NEEDED, {"next": "//evil.example/"}).headers["Location"]


def test_keys_go_on(commune, ask):
    """A key is a secret of its own, made from the console, behind the factor."""
    create_dataset(viewer=OPERATOR, organization=commune, slug="prive", title="Privé")
    coordinator = of(commune, Role.COORDINATOR)
    _key, text = create_key(viewer=viewer_of(coordinator), owner=coordinator, name="QGIS")
    asked = Client().get("/api/explore/v2.1/catalog/datasets/prive", headers={"authorization": f"Apikey {text}"})
    assert asked.status_code == 200


def test_an_answer_for_everyone_does_not_look_at_the_session(db):
    """Otherwise every public page would vary by cookie, and be kept by no cache."""
    answer = Client().get("/api/explore/v2.1/catalog/datasets", headers={"cookie": ""})
    assert "Set-Cookie" not in answer.headers
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.middleware import SessionMiddleware
    from django.http import HttpResponse
    from django.test import RequestFactory

    from bocage.config.second_factor import RequireSecondFactor

    request = RequestFactory().get("/static/x.css")
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    request.user = object()
    RequireSecondFactor(lambda _request: HttpResponse())(request)
    assert isinstance(request.session, SessionStore)
    assert not request.session.accessed


# By the identity provider --------------------------------------------------------------------------------------------------------


@pytest.fixture
def linked(commune, ask, house, configure):
    configure('mfa_amr = ["mfa", "otp"]\nmfa_acr = ["eidas2"]')
    coordinator = of(commune, Role.COORDINATOR)
    Identity.objects.create(user=coordinator, issuer=house.issuer, subject="anne-1", provider="house")
    return coordinator


@pytest.mark.parametrize(("acr", "amr"), [("eidas2", None), (None, ["pwd", "otp"])])
def test_a_factor_shown_to_the_provider_counts(linked, house, acr, amr):
    house.acr, house.amr = acr, amr
    client = Client()
    go(client, house)
    assert client.get("/console/").status_code == 200
    give_factor(linked)
    client = Client()
    go(client, house)
    assert client.get("/console/").status_code == 200, "and no code is asked beside it"


@pytest.mark.parametrize(
    ("acr", "amr"), [(None, None), ("eidas1", ["pwd"]), ("eidas2 ", "mfa"), (["eidas2"], {"mfa": 1}), (2, [["mfa"], 1])]
)
def test_anything_else_does_not(linked, house, acr, amr):
    house.acr, house.amr = acr, amr
    client = Client()
    go(client, house)
    assert client.get("/console/").headers["Location"].startswith(NEEDED)
    give_factor(linked)
    client = Client()
    go(client, house)
    assert signed_in_as(client) is None, "the code is asked"
    client.post("/accounts/2fa/authenticate/", {"code": code_of(linked)})
    assert client.get("/console/").status_code == 200


def test_what_was_shown_once_does_not_count_for_the_next_sign_in(linked, house):
    house.acr = "eidas2"
    client = Client()
    go(client, house)
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": linked.email, "password": PASSWORD})
    assert client.get("/console/").headers["Location"].startswith(NEEDED)


# Lost, suspended ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def people(metropole, commune):
    other = create_organization(slug="autre", name="Autre", kind=OrganizationKind.COMMUNE, parent=metropole)
    it = {
        "above": of(metropole, Role.ADMINISTRATOR), "coordinator above": of(metropole, Role.COORDINATOR),
        "administrator": of(commune, Role.ADMINISTRATOR), "coordinator": of(commune, Role.COORDINATOR),
        "second": of(commune, Role.COORDINATOR, "second"), "member": of(commune, Role.MEMBER),
        "both": of(commune, Role.MEMBER, "both"), "elsewhere": of(other, Role.ADMINISTRATOR),
        "operator": User.objects.create_superuser("root@example.fr", PASSWORD),
        "alone": User.objects.create_user("alone@example.fr"),
        "climber": of(commune, Role.MEMBER, "climber"),
    }  # fmt: skip
    add_member(organization=other, user=it["both"], role=Role.MEMBER)
    add_member(organization=metropole, user=it["climber"], role=Role.MEMBER)
    return it


ANSWERED = {
    "operator": {"above", "coordinator above", "administrator", "coordinator", "second", "member", "both", "elsewhere",
                 "alone", "climber"},
    "above": {"coordinator above", "administrator", "coordinator", "second", "member", "both", "elsewhere", "climber"},
    "administrator": {"coordinator", "second", "member"},
    "elsewhere": set(), "coordinator above": set(), "coordinator": set(), "member": set(), "alone": set(),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERED)
def test_who_answers_for_whom(people, name):
    """Never oneself, nor one's level, nor somebody who also works where one is nothing."""
    found = answered_for(viewer_of(people[name]), list(people.values()))
    assert {other for other, user in people.items() if user.pk in found} == ANSWERED[name]


def address(user: User, action: str, slug: str = "commune") -> str:
    return f"/console/organization/{slug}/members/{user.memberships.get(organization__slug=slug).pk}/account/{action}/"


@pytest.mark.parametrize("action", ["suspend", "reinstate", "reset-factor"])
@pytest.mark.parametrize("who", ["coordinator", "second", "member", "coordinator above", "elsewhere"])
def test_others_do_nothing_to_an_account(people, who, action):
    victim = people["coordinator"]
    give_factor(victim)
    answer = Client()
    answer.force_login(people[who])
    assert answer.post(address(victim, action)).status_code in (403, 404)
    victim.refresh_from_db()
    assert victim.is_active
    assert Authenticator.objects.filter(user=victim).exists()


def test_a_lost_factor_is_taken_away_from_above(people, settings, mailoutbox):
    victim, client = people["coordinator"], Client()
    give_factor(victim)
    client.force_login(people["above"])
    assert client.post(address(victim, "reset-factor")).status_code == 302
    assert not Authenticator.objects.filter(user=victim).exists()
    assert Notice.objects.filter(recipient=victim).count() == 1
    assert [message.to for message in mailoutbox] == [[victim.email]]
    client.post(address(victim, "reset-factor"))
    assert len(mailoutbox) == 1, "nothing was taken away the second time"


def test_a_sign_in_that_waits_for_a_lost_factor_begins_again(people):
    """Not sent from one page to the other for ever."""
    victim, waiting = people["coordinator"], Client()
    give_factor(victim)
    waiting.post("/accounts/login/", {"login": victim.email, "password": PASSWORD})
    assert waiting.get("/accounts/login/").headers["Location"] == "/accounts/2fa/authenticate/"
    Authenticator.objects.filter(user=victim).delete()
    assert waiting.get("/accounts/login/", follow=True).status_code == 200
    waiting.post("/accounts/login/", {"login": victim.email, "password": PASSWORD})
    assert signed_in_as(waiting) == victim.pk


def test_the_journal_tells(people, commune, house, configure):
    configure('domains = ["commune.fr"]')
    client = Client()
    client.force_login(people["above"])
    for action in ("suspend", "reinstate", "reset-factor"):
        give_factor(people["both"]) if action == "reset-factor" else None
        client.post(address(people["both"], action))
    client.post("/console/organization/commune/second-factor/", {"least": "steward"})
    house.person = {"sub": "m", "email": people["member"].email, "email_verified": True}
    linked = Client()
    go(linked, house)
    linked.post(f"/accounts/identity/unlink/{Identity.objects.get().pk}/")
    told = JournalEntry.objects.filter(kind__startswith="account.").order_by("number")
    above, both, member = (str(people[name].pk) for name in ("above", "both", "member"))
    assert {(one.kind, str(one.person), one.subject, one.organization) for one in told} >= {
        ("account.suspended", above, both, "commune"),
        ("account.suspended", above, both, "autre"),
        ("account.reinstated", above, both, "commune"),
        ("account.factor-reset", above, both, "autre"),
        ("account.factor-asked", above, "", "commune"),
        ("account.linked", member, member, ""),
    }


def test_an_unknown_action_is_absent(people):
    client = Client()
    client.force_login(people["above"])
    assert client.post(address(people["member"], "promote")).status_code == 404


def test_a_suspended_account_is_out_by_every_way(people, house, configure):
    victim = people["coordinator"]
    create_dataset(viewer=OPERATOR, organization=Organization.objects.get(slug="commune"), slug="prive", title="Privé")
    _key, text = create_key(viewer=viewer_of(victim), owner=victim, name="QGIS")
    Identity.objects.create(user=victim, issuer=house.issuer, subject="anne-1", provider="house")
    alive, by_key = come_in(victim), {"authorization": f"Apikey {text}"}
    private = "/api/explore/v2.1/catalog/datasets/prive"
    assert alive.get("/console/").status_code == alive.get(private).status_code == 200
    assert Client().get(private, headers=by_key).status_code == 200

    above = Client()
    above.force_login(people["above"])
    above.post(address(victim, "suspend"))
    assert alive.get("/console/").headers["Location"].startswith("/accounts/login/"), "the session dies at once"
    assert alive.get(private).status_code == 404
    assert Client().get(private, headers=by_key).status_code == 401
    assert signed_in_as(come_in(victim)) is None
    client = Client()
    answer = go(client, house)
    assert b"identity.account-suspended" in answer.content
    assert signed_in_as(client) is None
    assert viewer_of(User.objects.get(pk=victim.pk)).roles == {}

    above.post(address(victim, "reinstate"))
    assert signed_in_as(come_in(victim)) == victim.pk


def test_an_identity_does_not_wake_a_suspended_account(people, house, configure):
    configure('domains = ["commune.fr"]')
    victim = people["member"]
    User.objects.filter(pk=victim.pk).update(is_active=False)
    house.person = {"sub": "new", "email": victim.email, "email_verified": True}
    client = Client()
    assert b"identity.account-suspended" in go(client, house).content
    assert not Identity.objects.exists()


def test_the_list_says_who_has_one_and_no_secret(people, commune, ask):
    has = give_factor(people["member"])
    client = Client()
    client.force_login(people["administrator"])
    SecondFactorPolicy.objects.update(least_role=Role.ADMINISTRATOR)
    give_factor(people["administrator"])
    client = come_in(people["administrator"])
    client.post("/accounts/2fa/authenticate/", {"code": code_of(people["administrator"])})
    page = client.get("/console/organization/commune/members/").content.decode()
    assert page.count("badge--ok") == 2
    assert has.data["secret"] not in page
