"""Who asks with a key, and what they hold, is read once: whatever takes a right away is obeyed by the next request all the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bocage.access.agreements.vocabulary import State
from bocage.access.models import Agreement, ApiKey, DataRule, Grant, Group
from bocage.access.models.keys import USE_RECORDED_EVERY
from bocage.access.services import create_key, restore_key, revoke_key
from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.kernel import unchanged
from bocage.organizations.models import Membership, Organization, User
from tests.publish.tiles.conftest import NOON

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="nothing is kept"),
]

HOUR, INSTANT = timedelta(hours=1), timedelta(microseconds=1)
TILE = "/tiles/arbres/0/0/0.mvt"
ADDRESSES = (
    TILE,
    "/ogc/collections/arbres/items",
    "/api/explore/v2.1/catalog/datasets/arbres/records",
    "/api/records/1.0/search/?dataset=arbres",
)
READ, CLOSED = [200] * len(ADDRESSES), [404] * len(ADDRESSES)


@pytest.fixture
def reader(at, data) -> User:
    """Of an organisation that has nothing to do with the trees, which are closed."""
    Dataset.objects.filter(slug="arbres").update(visibility="private")
    commune = Organization.objects.create(slug="commune", name="Commune", kind="commune", path="/77/")
    user = User.objects.create_user("lectrice@commune.example", "a long enough password")
    Membership.objects.create(user=user, organization=commune, role="member")
    return user


@pytest.fixture
def key(reader) -> tuple[ApiKey, str]:
    return create_key(viewer=Viewer(reader.pk), owner=reader, name="Carte")


@pytest.fixture
def told(ask, key) -> Callable[[], list[int]]:
    """The status of each answer to the key; then of what is read anew, which must be the same."""

    def statuses() -> list[int]:
        return [ask.raw(one, headers={"Authorization": f"Apikey {key[1]}"}).status_code for one in ADDRESSES]

    def both() -> list[int]:
        first = statuses()
        unchanged.forget()
        assert statuses() == first, "what was kept is not what is so"
        return first

    return both


@pytest.fixture
def uid(reader) -> str:
    return str(Dataset.objects.get(slug="arbres").uid)


@pytest.fixture
def granted(reader, uid) -> Callable[..., Grant]:
    def grant(**said: Any) -> Grant:
        whom = said.pop("whom", {"audience": "person", "person": reader})
        return Grant.objects.create(dataset=uid, reason="étude", **whom, **said)

    return grant


def test_a_grant_begins_and_ends_at_its_instants(at, told, granted) -> None:
    granted(starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    seen = []
    for moment in (NOON, NOON + HOUR - INSTANT, NOON + HOUR, NOON + 2 * HOUR - INSTANT, NOON + 2 * HOUR):
        at(moment)
        seen.append(told())
    assert seen == [CLOSED, CLOSED, READ, READ, CLOSED]


def test_a_refusal_begins_at_its_instant(at, told, granted) -> None:
    granted(whom={"audience": "organization", "organization": Organization.objects.get(slug="commune")})
    granted(effect="deny", starts_at=NOON + HOUR)
    assert told() == READ
    at(NOON + HOUR)
    assert told() == CLOSED


def test_a_group_that_is_left_is_left_at_once(told, granted, reader) -> None:
    group = Group.objects.create(name="Groupe", organization=Organization.objects.get(slug="commune"))
    granted(whom={"audience": "group", "group": group})
    assert told() == CLOSED
    group.members.add(reader)
    assert told() == READ
    group.members.remove(reader)
    assert told() == CLOSED


def test_an_agreement_ends_at_midnight_where_the_platform_is(at, told, uid) -> None:
    producer, commune = (Organization.objects.get(slug=slug) for slug in ("metropole", "commune"))
    agreement = Agreement.objects.create(
        number="2031-1", title="Arbres", producer=producer, purpose="ombre", legal_basis="public_task",
        starts_on=date(2031, 5, 5), ends_on=date(2031, 5, 5), state=State.SIGNED,
    )  # fmt: skip
    agreement.consumers.add(commune)
    agreement.datasets.create(dataset=uid)
    first, last = datetime(2031, 5, 4, 22, tzinfo=UTC), datetime(2031, 5, 5, 22, tzinfo=UTC)  # two hours before ours
    seen = []
    for moment in (NOON, first - INSTANT, first, last - INSTANT, last):
        at(moment)
        seen.append(told())
    assert seen == [CLOSED, CLOSED, READ, READ, CLOSED]


REFUSED = [401, 401, 401, 401]


def test_a_key_ends_at_its_instant(at, told, granted, key) -> None:
    granted()
    ApiKey.objects.filter(pk=key[0].pk).update(expires_at=NOON + HOUR)
    at(NOON + HOUR - INSTANT)
    assert told() == READ
    at(NOON + HOUR)
    assert told() == REFUSED


def test_a_key_that_is_taken_back_opens_nothing_more(told, granted, key, reader) -> None:
    granted()
    assert told() == READ
    revoke_key(viewer=Viewer(reader.pk), key=key[0])
    assert told() == REFUSED
    restore_key(viewer=Viewer(reader.pk), key=key[0])
    assert told() == READ


def test_an_account_that_is_suspended_opens_nothing_more(told, granted, reader) -> None:
    granted()
    assert told() == READ
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert told() == REFUSED


def test_a_role_that_is_taken_away_is_missed_at_once(told, reader) -> None:
    held = Membership.objects.create(
        user=reader, organization=Organization.objects.get(slug="metropole"), role="member"
    )
    assert told() == READ
    held.delete()
    assert told() == CLOSED


def test_a_key_that_is_narrowed_shows_less_at_once(told, granted, key) -> None:
    granted()
    assert told() == READ
    ApiKey.objects.filter(pk=key[0].pk).update(organization=Organization.objects.get(slug="commune"))
    assert told() == CLOSED


def test_two_readers_are_not_told_the_same(ask, granted, key, reader, uid) -> None:
    """Who hold the same, by the same grant to their commune, of whom one alone is under a rule."""
    commune = Organization.objects.get(slug="commune")
    granted(whom={"audience": "organization", "organization": commune})
    DataRule.objects.create(dataset=uid, audience="person", person=reader, rows="kind = 'chêne'", reason="RGPD")
    other = User.objects.create_user("autre@commune.example", "a long enough password")
    Membership.objects.create(user=other, organization=commune, role="member")
    texts = [key[1], create_key(viewer=Viewer(other.pk), owner=other, name="Carte")[1]]
    for _again in range(2):
        counts = [
            ask.raw(ADDRESSES[2], headers={"Authorization": f"Apikey {text}"}).json()["total_count"] for text in texts
        ]
        assert 0 < counts[0] < counts[1]


def test_only_the_journal_is_asked_until_something_changes(at, ask, told, granted, key) -> None:
    """Otherwise the tests above would prove nothing."""
    granted(ends_at=NOON + HOUR)
    told()
    at(NOON + USE_RECORDED_EVERY - INSTANT)

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            ask.raw(ADDRESSES[2], headers={"Authorization": f"Apikey {key[1]}"})
        return [query["sql"] for query in captured.captured_queries if "journal" not in query["sql"]]

    assert [sql for sql in asked() if not sql.startswith(("BEGIN", "COMMIT"))] == []
    at(NOON + USE_RECORDED_EVERY)
    assert any("last_used_at" in sql for sql in asked())
