"""Keys take away; none of them, and no way of giving one, shows what its owner is not shown, or what it was not made for."""

# ruff: noqa: E501  addresses are read better on one line
from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bocage.access.models import ApiKey
from bocage.access.services import create_key
from bocage.access.standing import viewer_of
from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.organizations.services import add_member
from bocage.organizations.vocabulary import Role
from tests.security.hidden.world import KEPT, MINE, THEIRS, World, v1, v2

pytestmark = pytest.mark.django_db
NEEDED = ("colonnes", "lignes", "comptes", "convention")
COLUMNS = (
    v2("colonnes", limit="20"), v2("colonnes", "/exports/csv"), v2("colonnes", "/exports/parquet"), v1("colonnes", "search", rows="20"),
    v2("colonnes", select="max(age), min(ne)"), v2("colonnes", "/facets", facet="age"),
)  # fmt: skip


def key_of(world: World, person: str, **options: object) -> str:
    owner = world.people[person]
    return create_key(viewer=viewer_of(owner), owner=owner, name="essai", **options)[1]


def ask(address: str, key: str = "", client: Client | None = None, **headers: str) -> tuple[int, bytes]:
    given = headers | ({"authorization": f"Apikey {key}"} if key else {})
    answer = (client or Client()).get(address, headers=given)
    return answer.status_code, b"".join(answer.streaming_content) if answer.streaming else answer.content


def tells(body: bytes) -> bool:
    return any(value.encode() in body for value in KEPT)


OPTIONS = {
    "that only reads": lambda world: {"read_only": True},
    "of one organisation where they manage nothing": lambda world: {
        "organization": world.organizations["ici"],
        "read_only": True,
    },
    "of the dataset, to read": lambda world: {"datasets": [world.datasets["colonnes"].uid], "read_only": True},
    "of another dataset": lambda world: {"datasets": [world.datasets["comptes"].uid], "read_only": False},
}


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("address", COLUMNS)
def test_a_lesser_key_of_somebody_who_manages_is_held_to_the_rules(world: World, name: str, address: str) -> None:
    """The whole is shown to those who manage; a key that cannot manage is of somebody who does not."""
    status, body = ask(address, key_of(world, "steward", **OPTIONS[name](world)))
    assert status == 200
    assert not tells(body)
    assert tells(ask(v2("colonnes", limit="20"), key_of(world, "steward", read_only=False))[1])


@pytest.fixture
def of_both(world: World) -> User:
    """Somebody who has a role in two communes, each of which sees its rows."""
    add_member(organization=world.organizations["ici"], user=world.people["member"], role=Role.MEMBER)
    return world.people["member"]


@pytest.mark.parametrize(("place", "code", "other"), [("ailleurs", MINE, THEIRS), ("ici", THEIRS, MINE)])
def test_a_key_of_one_organisation_shows_the_rows_of_that_one(
    world: World, of_both: User, place: str, code: str, other: str
) -> None:
    everything = ask(v2("lignes", "/exports/csv"), key_of(world, "member"))[1]
    assert MINE.encode() in everything
    assert THEIRS.encode() in everything
    body = ask(v2("lignes", "/exports/csv"), key_of(world, "member", organization=world.organizations[place]))[1]
    assert code.encode() in body
    assert other.encode() not in body


def test_a_key_of_datasets_is_a_colleague_of_nobody(world: World, of_both: User) -> None:
    """It holds no role in an organisation, so that it has no code of its own: fail closed."""
    body = ask(v2("lignes", "/exports/csv"), key_of(world, "member", datasets=[world.datasets["lignes"].uid]))[1]
    assert MINE.encode() not in body
    assert THEIRS.encode() not in body


@pytest.mark.parametrize("change", ["revoked", "expired", "owner left", "owner suspended"])
def test_a_dead_key_opens_nothing_not_even_what_is_open(world: World, change: str) -> None:
    key = key_of(world, "partner")
    assert ask(v2("convention"), key)[0] == 200
    found = ApiKey.objects.filter(owner=world.people["partner"])
    if change == "revoked":
        found.update(revoked_at=now())
    elif change == "expired":
        found.update(expires_at=now() - timedelta(seconds=1))
    elif change == "owner left":
        world.people["partner"].memberships.all().delete()
        assert ask(v2("convention"), key)[0] == 404
        return
    else:
        User.objects.filter(pk=world.people["partner"].pk).update(is_active=False)
    for address in (v2("convention"), v2("convention", "/exports/csv"), v2("colonnes"), v1("convention", "search")):
        assert ask(address, key)[0] == 401, address


def test_the_session_of_somebody_adds_nothing_to_a_key(world: World) -> None:
    """A page of somebody else that makes the browser of a steward ask, with a key of its own."""
    key = key_of(world, "nobody")
    for address in COLUMNS:
        status, body = ask(address, key, world.clients["steward"])
        assert status == 200
        assert not tells(body)
    assert ask(v2("convention"), key, world.clients["steward"])[0] == 404


@pytest.mark.parametrize("name", ["apikey", "access_token"])
def test_a_key_in_the_address_is_no_more_than_in_the_header(world: World, name: str) -> None:
    lesser = key_of(world, "steward", read_only=True)
    for address in COLUMNS:
        assert not tells(ask(f"{address}&{name}={lesser}")[1])
        assert not tells(ask(f"{address}&{name}={lesser}", client=world.clients["steward"])[1])


def test_of_two_keys_the_header_counts(world: World) -> None:
    """Whoever adds a parameter to the address of somebody else changes nothing of who asks."""
    greater, lesser = key_of(world, "steward", read_only=False), key_of(world, "steward", read_only=True)
    assert not tells(ask(f"{COLUMNS[0]}&apikey={greater}", lesser)[1])


@pytest.mark.parametrize(
    "address",
    ["/console/", "/console/datasets/colonnes/", "/console/keys/", "/console/datasets/colonnes/access/rules/"],
)
def test_a_key_opens_no_page(world: World, address: str) -> None:
    assert ask(address, key_of(world, "steward", read_only=False))[0] == 302


def test_a_key_is_never_part_of_an_answer(world: World) -> None:
    key = key_of(world, "partner")
    for address in (v2("convention", include_links="true"), v1("convention", "search"), v2("convention", "/exports")):
        assert key.encode() not in ask(f"{address}&apikey={key}")[1]
