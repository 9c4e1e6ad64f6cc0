"""Which account opens: never by an e-mail address alone."""

from __future__ import annotations

import pytest
from django.test import Client

from bocage.access.errors import KeyRefused
from bocage.access.identity.linking import unlink_identity
from bocage.access.identity.people import person_of
from bocage.access.identity.providers import provider_named, read_providers
from bocage.access.models import ApiKey, Identity
from bocage.access.services import create_key, restore_key
from bocage.access.standing import viewer_of
from bocage.kernel.errors import NotFound
from bocage.organizations.models import Membership, Notice, User
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from tests.accounts.conftest import BACK, PASSWORD, go, signed_in_as

AUTHORITATIVE = 'domains = ["ville.fr"]'
VERIFIED = {"sub": "anne-1", "email": "anne@ville.fr", "email_verified": True}
OPEN = 'members_of = ["214400111"]'
SIRET = "21440011100017"


def unknown(answer, client) -> bool:
    return answer.status_code == 403 and b"identity.unknown-person" in answer.content and signed_in_as(client) is None


# An account that exists ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "claims"),
    [
        ("", VERIFIED),
        ('domains = ["autre.fr"]', VERIFIED),
        (AUTHORITATIVE, VERIFIED | {"email_verified": False}),
        (AUTHORITATIVE, VERIFIED | {"email_verified": "true"}),
        (AUTHORITATIVE, {"sub": "anne-1", "email": "anne@ville.fr"}),
        (AUTHORITATIVE + "\nvouches_for_addresses = true", VERIFIED | {"email_verified": False}),
        (AUTHORITATIVE, VERIFIED | {"email": "anne@ville.fr.evil.example"}),
        (AUTHORITATIVE, VERIFIED | {"email": "anne@sous.ville.fr"}),
        (AUTHORITATIVE, VERIFIED | {"email": ["anne@ville.fr"]}),
        (AUTHORITATIVE, VERIFIED | {"email": ""}),
        (OPEN, VERIFIED | {"siret": SIRET}),
    ],
)  # fmt: skip
def test_an_address_alone_opens_nothing(anne, house, configure, lines, claims):
    configure(lines)
    house.person = claims
    client = Client()
    assert unknown(go(client, house), client)
    assert not Identity.objects.exists()
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("lines", "claims"),
    [
        (AUTHORITATIVE, VERIFIED),
        (AUTHORITATIVE, VERIFIED | {"email": "ANNE@Ville.fr"}),
        (AUTHORITATIVE + "\nvouches_for_addresses = true", {"sub": "anne-1", "email": "anne@ville.fr"}),
    ],
)
def test_the_provider_of_the_domain_opens_the_account(anne, house, configure, lines, claims):
    configure(lines)
    house.person = claims
    client = Client()
    go(client, house)
    assert signed_in_as(client) == anne.pk
    assert Identity.objects.get().user == anne
    assert Notice.objects.get().recipient == anne, "the person is told"


def test_whoever_opened_the_account_before_is_out(anne, house, configure):
    """An account prepared in the name of somebody else, by whoever invited them: nothing that they left opens it."""
    configure(AUTHORITATIVE)
    Identity.objects.create(user=anne, issuer="https://mine.example", subject="thief", provider="mine")
    create_key(viewer=viewer_of(anne), owner=anne, name="thief's")
    house.person = VERIFIED
    before = Client()
    before.post("/accounts/login/", {"login": anne.email, "password": PASSWORD})
    assert signed_in_as(before) == anne.pk
    go(Client(), house)
    assert before.get("/console/").status_code == 302
    again = Client()
    again.post("/accounts/login/", {"login": anne.email, "password": PASSWORD})
    assert signed_in_as(again) is None
    assert [one.issuer for one in Identity.objects.all()] == [house.issuer]
    assert not ApiKey.objects.get().alive
    with pytest.raises(KeyRefused):
        restore_key(viewer=viewer_of(anne), key=ApiKey.objects.get())


def test_an_account_once_proved_is_not_emptied_again(anne, house, configure):
    """Two providers of one domain: each opens the account, neither takes away what the person has set up since."""
    configure(AUTHORITATIVE)
    Identity.objects.create(user=anne, issuer="https://other.example", subject="x", provider="other", vouched=True)
    create_key(viewer=viewer_of(anne), owner=anne, name="QGIS")
    house.person = VERIFIED
    client = Client()
    go(client, house)
    assert signed_in_as(client) == anne.pk
    assert Identity.objects.count() == 2
    assert ApiKey.objects.get().alive
    assert User.objects.get(pk=anne.pk).has_usable_password()


def test_an_address_given_to_somebody_new_is_not_the_old_account(anne, house, configure):
    configure(AUTHORITATIVE)
    house.person = VERIFIED
    go(Client(), house)
    house.person = VERIFIED | {"sub": "another-anne"}
    client = Client()
    assert unknown(go(client, house), client)


def test_an_address_that_changed_is_the_same_person(anne, house, configure):
    configure(AUTHORITATIVE)
    house.person = VERIFIED
    go(Client(), house)
    house.person = VERIFIED | {"email": "anne.roy@ailleurs.example", "email_verified": False}
    client = Client()
    go(client, house)
    assert signed_in_as(client) == anne.pk


def test_an_operator_is_linked_by_themselves_only(anne, house, configure):
    configure(AUTHORITATIVE)
    User.objects.filter(pk=anne.pk).update(is_superuser=True)
    house.person = VERIFIED
    client = Client()
    assert unknown(go(client, house), client)


def test_the_same_subject_of_another_issuer_is_somebody_else(anne, house, configure):
    configure()
    Identity.objects.create(user=anne, issuer="https://before.example", subject="anne-1", provider="house")
    client = Client()
    assert unknown(go(client, house), client)


# No account ----------------------------------------------------------------------------------------------------------------

NEW = {
    "sub": "luc-2",
    "email": "luc@ville.fr",
    "email_verified": True,
    "siret": SIRET,
    "given_name": "Luc",
    "usual_name": "Roy",
}


def test_nobody_registers_by_default(ville, house, configure):
    configure(AUTHORITATIVE)
    house.person = NEW
    client = Client()
    answer = go(client, house)
    assert unknown(answer, client)
    assert "Ville" in answer.content.decode(), "it says whom to ask"
    assert not User.objects.exists()


@pytest.mark.parametrize("lines", [OPEN, 'members_by_domain = { "ville.fr" = "214400111" }'])
def test_the_people_of_an_organisation_are_given_an_account(ville, house, configure, lines):
    configure(lines)
    house.person = NEW
    client = Client()
    go(client, house)
    made = Membership.objects.get()
    assert (made.organization, made.role, str(made.user)) == (ville, "member", "Luc Roy")
    assert signed_in_as(client) == made.user_id
    assert not made.user.has_usable_password()
    go(Client(), house)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [{"siret": "21440011200015"}, {"siret": "214400111"}, {"siret": None}, {"siret": "２１４４００１１１０００１７"},
     {"email_verified": False}, {"email": "not an address"}, {"siret": {"x": 1}}],
)  # fmt: skip
def test_nobody_else_is(ville, house, configure, claims):
    configure(OPEN)
    house.person = NEW | claims
    client = Client()
    assert unknown(go(client, house), client)
    assert not User.objects.exists()


def test_which_of_two_organisations_is_not_guessed(ville, house, configure):
    create_organization(slug="autre", name="Autre", kind=OrganizationKind.PARTNER, siren=ville.siren)
    configure(OPEN)
    house.person = NEW
    client = Client()
    assert unknown(go(client, house), client)


def test_hostile_names_are_words(ville, house, configure):
    configure(OPEN)
    house.person = NEW | {"given_name": "<script>\x00" + "x" * 9000, "usual_name": ["a"]}
    go(Client(), house)
    assert len(User.objects.get().first_name) <= 150


# By themselves ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def inside(anne, configure):
    client = Client()
    client.post("/accounts/login/", {"login": anne.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def begin_linking(client: Client) -> str:
    answer = client.post("/accounts/identity/with/house/link/")
    assert answer.status_code == 200, answer.headers
    return answer.headers["Refresh"].removeprefix("0; url=")


def test_a_signed_in_person_links(anne, inside, house):
    house.person = {"sub": "anne-perso"}
    answer = inside.get(BACK, house.authorize(begin_linking(inside)))
    assert answer.headers["Location"] == "/accounts/identity/"
    client = Client()
    go(client, house)
    assert signed_in_as(client) == anne.pk


def test_linking_is_a_form_after_a_password(anne, house, configure):
    client = Client()
    client.force_login(anne)
    assert client.get("/accounts/identity/with/house/link/").status_code == 405
    answer = client.post("/accounts/identity/with/house/link/")
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(anne)
    assert checked.post("/accounts/identity/with/house/link/").status_code == 403


def test_a_link_begun_by_one_account_is_not_ended_by_another(anne, inside, house):
    back = house.authorize(begin_linking(inside))
    other = User.objects.create_user("bob@ville.fr", PASSWORD)
    inside.force_login(other)
    session = inside.session
    assert inside.get(BACK, back).status_code == 403
    assert session is not None
    assert not Identity.objects.exists()


def test_an_identity_is_of_one_account(anne, inside, house):
    bob = User.objects.create_user("bob@ville.fr", PASSWORD)
    Identity.objects.create(user=bob, issuer=house.issuer, subject="anne-1", provider="house")
    answer = inside.get(BACK, house.authorize(begin_linking(inside)))
    assert b"identity.taken" in answer.content
    assert Identity.objects.get().user == bob


def test_an_account_has_one_identity_of_a_provider(anne, inside, house):
    Identity.objects.create(user=anne, issuer=house.issuer, subject="before", provider="house")
    answer = inside.get(BACK, house.authorize(begin_linking(inside)))
    assert b"identity.already-linked" in answer.content


def test_an_identity_is_unlinked_by_its_owner_alone(anne, inside, house):
    bob = User.objects.create_user("bob@ville.fr", PASSWORD)
    his = Identity.objects.create(user=bob, issuer=house.issuer, subject="bob", provider="house")
    with pytest.raises(NotFound):
        unlink_identity(user=anne, pk=his.pk)
    mine = Identity.objects.create(user=anne, issuer=house.issuer, subject="anne-1", provider="house")
    inside.post(f"/accounts/identity/unlink/{mine.pk}/")
    assert list(Identity.objects.all()) == [his]
    client = Client()
    assert unknown(go(client, house), client)


def test_the_last_way_in_stays(anne, house, configure):
    Identity.objects.create(user=anne, issuer=house.issuer, subject="anne-1", provider="house")
    anne.set_unusable_password()
    anne.save()
    client = Client()
    go(client, house)
    client.post(f"/accounts/identity/unlink/{Identity.objects.get().pk}/")
    assert Identity.objects.exists()


def test_the_page_of_identities(anne, inside, house):
    assert "La Maison" in inside.get("/accounts/identity/").content.decode()
    Identity.objects.create(user=anne, issuer=house.issuer, subject="anne-1", provider="house")
    assert "anne-1" not in inside.get("/accounts/identity/").content.decode()
    assert "La Maison" in Client().get("/accounts/login/").content.decode()


# What the operator writes -----------------------------------------------------------------------------------------------------

GOOD = '[a]\nlabel = "A"\nissuer = "https://a.example"\nclient_id = "c"\nclient_secret = "s"\n'


@pytest.mark.parametrize(
    "text",
    [
        "[a", "a = 1", "[a]", GOOD.replace("[a]", "[A b]"), GOOD.replace("https", "http"), GOOD.replace("https://", ""),
        GOOD + "unknown = 1", GOOD + 'domains = ["*"]', GOOD + 'members_of = ["123"]', GOOD + 'scopes = "email"',
        GOOD + "[b]\n" + GOOD.partition("\n")[2], GOOD.replace('"s"', '""'), GOOD + 'kind = "saml"',
        GOOD.replace("a.example", "user:secret@a.example"), GOOD.replace('client_secret = "s"', 'client_secret_file = "/none"'),
    ],
)  # fmt: skip
def test_what_cannot_be_used_stops_the_start(text):
    with pytest.raises(ValueError, match=r".") as told:
        read_providers(text)
    assert "secret@" not in str(told.value)


def test_a_secret_may_be_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("s3cret\n")
    (only,) = read_providers(GOOD.replace('client_secret = "s"', f'client_secret_file = "{tmp_path / "secret"}"'))
    assert only.client_secret.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(only)


def test_proconnect_needs_four_lines(settings):
    (only,) = read_providers(GOOD.replace('label = "A"', 'kind = "proconnect"'))
    assert (only.label, only.signed_userinfo, only.acr_values) == ("ProConnect", True, "eidas1")
    person = person_of(
        only, {"sub": "x", "acr": "eidas1"}, {"email": "a@ville.fr", "usual_name": "Roy", "siret": SIRET}
    )
    assert (person.email_verified, person.last_name, person.siren, person.second_factor) == (
        True,
        "Roy",
        SIRET[:9],
        False,
    )
    for claims in ({"acr": "eidas2"}, {"amr": ["pwd", "mfa"]}):
        assert person_of(only, {"sub": "x"} | claims, {}).second_factor
    assert not person_of(only, {"sub": "x"}, {"acr": "eidas3", "amr": ["mfa"]}).second_factor, "of the ID token only"


def test_no_provider_by_default():
    assert read_providers("") == ()
    assert provider_named("house") is None
