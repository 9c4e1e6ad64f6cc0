"""Rights that begin and end at an hour do so at that very instant, for strangers too, of whom what they know is kept meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bocage.access.models import DataRule
from bocage.catalog.models import Dataset
from bocage.kernel import unchanged
from tests.publish.tiles.conftest import NOON

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="nothing is kept"),
]

INSTANT = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
ADDRESSES = (
    "/tiles/arbres/0/0/0.mvt",
    "/tiles/arbres.json",
    "/ogc/collections/arbres",
    "/ogc/collections/arbres/items",
)
KEPT = {"hidden": {"columns": {"n": {"mask": "hide"}}}, "rows": {"rows": "kind = 'chêne'"}, "blurred": {"grid_m": 500}}


@pytest.fixture
def told(ask):
    """What a stranger is told of the trees, with what is kept of them; then without: the same, which is kept in turn."""

    def answers() -> list[tuple[str | None, bytes]]:
        found = [ask.raw(address) for address in ADDRESSES]
        return [(one.headers.get("ETag"), one.content) for one in found]

    def both() -> list[tuple[str | None, bytes]]:
        first = answers()
        unchanged.forget()
        assert answers() == first, "what was kept is not what is so"
        return first

    return both


def rule(**said) -> DataRule:
    return DataRule.objects.create(
        dataset=Dataset.objects.get(slug="arbres").uid, audience="everyone", reason="RGPD", **said
    )


@pytest.mark.parametrize("kept", KEPT.values(), ids=KEPT)
def test_a_rule_begins_and_ends_at_its_instants(at, told, kept) -> None:
    rule(**kept, starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    whole = told()
    at(NOON + HOUR - INSTANT)
    assert told() == whole
    at(NOON + HOUR)
    seen = told()
    assert all(one != other for one, other in zip(seen, whole, strict=True))
    at(NOON + 2 * HOUR - INSTANT)
    assert told() == seen
    at(NOON + 2 * HOUR)
    assert told() == whole


def test_rules_that_follow_one_another(at, told) -> None:
    """Where one ends and another begins, and where they overlap, nothing is seen of what was before."""
    steps = [NOON + step * HOUR for step in range(1, 5)]
    rule(**KEPT["hidden"], ends_at=steps[1])
    rule(**KEPT["rows"], starts_at=steps[0], ends_at=steps[2])
    rule(**KEPT["blurred"], starts_at=steps[2], ends_at=steps[3])
    seen = []
    for step in steps:
        at(step - INSTANT)
        before = told()
        seen.append(before)
        at(step)
        assert told() != before
    assert len({repr(one) for one in seen}) == 4


def test_a_rule_that_was_made_or_ended_is_seen_at_once(at, told) -> None:
    whole = told()
    made = rule(**KEPT["rows"], ends_at=NOON + HOUR)
    assert told() != whole
    DataRule.objects.filter(pk=made.pk).update(ends_at=NOON)
    assert told() == whole


def test_a_dataset_that_is_closed_is_closed_at_once(at, ask, told) -> None:
    told()
    Dataset.objects.filter(slug="arbres").update(visibility="private")
    assert [ask.raw(address).status_code for address in ADDRESSES] == [404] * len(ADDRESSES)


def test_nothing_is_asked_of_the_database_until_then(at, ask, told) -> None:
    """Otherwise the tests above would prove nothing."""
    rule(**KEPT["hidden"], starts_at=NOON + 30 * HOUR)
    told()
    at(NOON + 29 * HOUR)
    with CaptureQueriesContext(connection) as asked:
        ask.raw(ADDRESSES[0])
    assert not asked.captured_queries
    at(NOON + 30 * HOUR)
    with CaptureQueriesContext(connection) as asked:
        ask.raw(ADDRESSES[0])
    assert asked.captured_queries


def test_a_condition_that_reads_the_clock_follows_it(at, ask, told) -> None:
    """The rule is kept, never what the hour makes of it."""
    rule(rows="now() < date'2031-05-04T13:00:00Z'")
    told()
    at(NOON + HOUR - INSTANT)
    assert ask("/ogc/collections/arbres/items")["numberMatched"] > 0
    at(NOON + HOUR)
    assert ask("/ogc/collections/arbres/items")["numberMatched"] == 0


@pytest.mark.parametrize("kept", [{}, {"columns": {"kind": {"mask": "truncate", "to": "2"}}}, {"grid_m": 500}])
def test_it_follows_within_the_minute_too(at, ask, kept) -> None:
    """A validator may hold for a minute; what is made is of the very instant."""
    rule(rows="now() < date'2031-05-04T12:00:30Z'", **kept)
    assert ask.raw(ADDRESSES[0]).status_code == 200
    at(NOON + timedelta(seconds=30))
    assert ask.raw(ADDRESSES[0]).status_code == 204
    assert ask("/ogc/collections/arbres/items")["numberMatched"] == 0
