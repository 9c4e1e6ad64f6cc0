"""A key only ever takes away: what it does not open, whatever its owner may do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bocage.access.models import ApiKey
from bocage.access.narrowing import narrowed
from bocage.access.rules import decide_in
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Action
from bocage.catalog.services import create_dataset
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Membership, User
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.accounts.conftest import PASSWORD

PRIVATE = "/api/explore/v2.1/catalog/datasets/prive"


@pytest.fixture
def private(ville):
    return create_dataset(viewer=OPERATOR, organization=ville, slug="prive", title="Privé")


def made(owner: User, **limits) -> dict[str, str]:
    """The header of a new key."""
    _key, text = create_key(viewer=viewer_of(owner), owner=owner, name="test", **limits)
    return {"authorization": f"Apikey {text}"}


def ways(text: str) -> list[dict]:
    """Every way by which a key may be given, and some that are not ours."""
    return [
        {"headers": {"authorization": f"Apikey {text}"}},
        {"headers": {"authorization": f"Bearer {text}"}},
        {"headers": {"authorization": text}},
        {"QUERY_STRING": f"apikey={text}"},
        {"QUERY_STRING": f"api_key={text}&key={text}"},
    ]


def console_addresses() -> list[str]:
    found: list[str] = []

    def walk(patterns, before: str) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, before + str(pattern.pattern))
            elif isinstance(pattern, URLPattern) and before.startswith("console/") and "<" not in str(pattern.pattern):
                found.append("/" + before + str(pattern.pattern))

    walk(get_resolver().url_patterns, "")
    return sorted(set(found))


def test_a_key_opens_no_page_of_the_console(anne):
    """Of an operator's, of everybody's: sign-in is asked, whatever is sent."""
    User.objects.filter(pk=anne.pk).update(is_superuser=True)
    text = made(User.objects.get(pk=anne.pk), read_only=False)["authorization"].removeprefix("Apikey ")
    addresses = [*console_addresses(), "/accounts/identity/", "/accounts/2fa/", "/accounts/password/change/"]
    assert len(addresses) > 12
    for address in addresses:
        for way in ways(text)[:1] if address != "/console/keys/" else ways(text):
            answer = Client().get(address, **way)
            if answer.status_code == 405:
                answer = Client().post(address, **way)
            assert answer.status_code == 302, address
            assert answer.headers["Location"].startswith("/accounts/login/"), address


def test_a_key_makes_changes_and_revokes_no_key(anne):
    text = made(anne, read_only=False)["authorization"].removeprefix("Apikey ")
    before = list(ApiKey.objects.values())
    key = ApiKey.objects.get()
    for way in ways(text):
        for address, given in (
            ("/console/keys/", {"name": "another", "may": "write", "lifetime": ""}),
            (reverse("console:key_revoke", args=[key.pk]), {}),
            (reverse("console:key_restore", args=[key.pk]), {}),
        ):
            Client().post(address, given, **way)
    assert list(ApiKey.objects.values()) == before


def test_a_key_does_not_add_to_a_session(anne, private):
    """Somebody signed in as one person, with the key of another: the key alone counts."""
    stranger = User.objects.create_user("x@example.fr", PASSWORD)
    client = Client()
    client.force_login(anne)
    assert client.get(PRIVATE).status_code == 200
    assert client.get(PRIVATE, headers=made(stranger)).status_code == 404
    assert client.get(PRIVATE, headers={"authorization": "Apikey bocage_wrong"}).status_code == 401


def test_a_key_follows_the_role_of_its_owner(anne, ville, private):
    """At the next call, not at the next key."""
    header = made(anne, read_only=False, organization=ville)
    on_it = made(anne, read_only=False, datasets=[private.uid])
    for key in ApiKey.objects.all():
        assert narrowed(viewer_of(anne), key, [private]).user_id == anne.pk
    assert Client().get(PRIVATE, headers=header).status_code == Client().get(PRIVATE, headers=on_it).status_code == 200
    Membership.objects.filter(user=anne).update(role=Role.MEMBER)
    for key in ApiKey.objects.all():
        viewer = narrowed(viewer_of(anne), key, [private])
        assert not decide_in(viewer, Action.PUBLISH, ville.pk)
        assert all(role == Role.MEMBER for role in (*viewer.roles.values(), *viewer.datasets.values()))
    Membership.objects.filter(user=anne).delete()
    assert Client().get(PRIVATE, headers=header).status_code == Client().get(PRIVATE, headers=on_it).status_code == 404


@pytest.mark.parametrize("limits", [{}, {"read_only": False}, {"organization": True}, {"datasets": True}])
@pytest.mark.parametrize("role", [*Role, None])
def test_whatever_a_key_may_its_owner_may(anne, ville, private, role, limits):
    """And nothing of it is the privilege of running the platform."""
    other = create_organization(slug="autre", name="Autre", kind=OrganizationKind.COMMUNE, parent=ville)
    User.objects.filter(pk=anne.pk).update(is_superuser=role is None)
    Membership.objects.filter(user=anne).update(role=role or Role.MEMBER)
    owner = viewer_of(User.objects.get(pk=anne.pk))
    given = limits | ({"organization": ville} if "organization" in limits else {})
    given |= {"datasets": [private.uid]} if "datasets" in limits else {}
    made(anne, **given)
    viewer = narrowed(owner, ApiKey.objects.get(), [private])
    assert not viewer.operator
    for organization in (ville, other):
        for action in Action:
            if decide_in(viewer, action, organization.pk):
                assert decide_in(owner, action, organization.pk)
                assert given.get("read_only", True) is False or action.rank <= Action.READ.rank
                assert "organization" not in given or organization == ville


def test_nobody_makes_a_key_of_somebody_else(anne):
    bob = User.objects.create_user("bob@ville.fr", PASSWORD, is_superuser=True)
    for viewer in (viewer_of(bob), OPERATOR):
        with pytest.raises(AccessDenied):
            create_key(viewer=viewer, owner=anne, name="theirs")


def test_a_key_ends(anne, private):
    header = made(anne, expires_at=now() + timedelta(days=1))
    assert Client().get(PRIVATE, headers=header).status_code == 200
    assert ApiKey.objects.get().last_used_at is not None
    ApiKey.objects.update(expires_at=now() - timedelta(seconds=1))
    assert Client().get(PRIVATE, headers=header).status_code == 401


def test_a_revoked_key_stays_dead_after_an_hour(anne, private):
    header = made(anne)
    ApiKey.objects.update(revoked_at=now() - timedelta(hours=2))
    client = Client()
    client.force_login(anne)
    client.post(reverse("console:key_restore", args=[ApiKey.objects.get().pk]))
    assert Client().get(PRIVATE, headers=header).status_code == 401
