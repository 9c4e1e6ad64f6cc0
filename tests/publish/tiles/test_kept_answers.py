"""What everyone may keep is given again to strangers without being made: the same, to nobody else, and not one request too long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from prometheus_client import REGISTRY

from bocage.access.models import DataRule
from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.config import public_answers
from bocage.kernel import unchanged
from bocage.store.services import publish_version
from tests.publish.tiles.conftest import NOON
from tests.store.making import trees

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="nothing is kept"),
]

TILE = "/tiles/arbres/0/0/0.mvt"
EMPTY = "/tiles/arbres/5/0/0.mvt"
SECOND = timedelta(seconds=1)


@pytest.fixture
def fetch(client, data, at):
    """An answer, and whether it was kept."""

    def fetched(path=TILE, **headers):
        response = client.get(path, headers=headers)
        return response, "Age" in response.headers

    return fetched


def same(one, other) -> None:
    told = [
        {name: value for name, value in response.headers.items() if name not in ("Age", "X-Request-ID")}
        for response in (one, other)
    ]
    assert told[0] == told[1]
    assert (one.status_code, one.content) == (other.status_code, other.content)


@pytest.mark.parametrize("path", [TILE, EMPTY, "/tiles/arbres.json"])
def test_the_same_answer_without_being_made(fetch, path) -> None:
    made, kept = fetch(path)
    assert not kept
    with CaptureQueriesContext(connection) as asked:
        again, kept = fetch(path)
    assert kept
    assert not asked.captured_queries
    same(made, again)
    assert made.headers["X-Request-ID"] != again.headers["X-Request-ID"]


def test_its_age_is_told_and_it_ends(fetch, at) -> None:
    fetch()
    at(NOON + 59 * SECOND)
    assert fetch()[0].headers["Age"] == "59"
    at(NOON + 60 * SECOND)
    assert not fetch()[1]
    at(NOON + 61 * SECOND)
    assert fetch()[0].headers["Age"] == "1"


def test_what_is_withdrawn_is_withdrawn_at_the_next_request(fetch) -> None:
    fetch()
    assert fetch()[1]
    Dataset.objects.filter(slug="arbres").update(visibility="private")
    assert fetch()[0].status_code == 404
    assert fetch()[0].status_code == 404


def test_what_is_hidden_is_hidden_at_the_next_request(fetch) -> None:
    whole = fetch()[0]
    DataRule.objects.create(
        dataset=Dataset.objects.get(slug="arbres").uid, audience="everyone", reason="RGPD", rows="kind = 'chêne'"
    )
    for _time in range(2):
        seen, kept = fetch()
        assert not kept
        assert seen.content != whole.content


def test_a_new_version_is_seen_at_the_next_request(fetch, tmp_path) -> None:
    before = fetch()[0]
    dataset = Dataset.objects.get(slug="arbres")
    publish_version(viewer=OPERATOR, dataset=dataset, staged=trees(tmp_path / "staging", 7))
    after, kept = fetch()
    assert not kept
    assert after.headers["ETag"] != before.headers["ETag"]


def test_a_rule_to_come_shortens_what_caches_keep(fetch, at) -> None:
    """Ours, and those on the way: it begins at its instant everywhere."""
    uid = Dataset.objects.get(slug="arbres").uid
    DataRule.objects.create(
        dataset=uid, audience="everyone", reason="RGPD", columns={"n": {"mask": "hide"}}, starts_at=NOON + 20 * SECOND
    )
    whole, _kept = fetch()
    assert "max-age=20," in whole.headers["Cache-Control"]
    named = fetch(f"{TILE}?version={version(fetch)}")[0]
    assert "max-age=20, immutable" in named.headers["Cache-Control"]
    at(NOON + 19.5 * SECOND)
    assert fetch()[1]
    at(NOON + 20 * SECOND)
    seen, kept = fetch()
    assert not kept
    assert seen.content != whole.content


def version(fetch) -> str:
    return fetch("/tiles/arbres.json")[0].json()["tiles"][0].partition("version=")[2]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "autre=1"},
        {"Authorization": "Basic b3M6c2VjcmV0"},
        {"If-None-Match": '"x"'},
        {"Range": "bytes=0-1"},
        {"Cache-Control": "no-cache"},
        {"Accept-Encoding": "gzip"},
        {"Accept-Language": "en"},
        {"Accept": "application/json"},
    ],
)
def test_whoever_asks_otherwise_is_led_to_the_door(fetch, headers) -> None:
    fetch()
    assert not fetch(**headers)[1]


def test_other_addresses_are_others(fetch, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    fetch()
    assert fetch()[1]
    assert not fetch(host="autre.example")[1]
    assert not fetch(f"{TILE}?properties=id")[1]
    assert not fetch(f"{TILE}?properties=n")[1]


def test_long_addresses_do_not_fill_the_memory(fetch) -> None:
    for headers in ({"Accept-Language": "fr," * 700}, {}):
        path = TILE if headers else f"{TILE}?version={'9' * 2_000}"
        assert fetch(path, **headers)[0].status_code == 200
        assert not fetch(path, **headers)[1]


def test_a_key_is_never_given_what_was_kept_nor_is_its_answer(fetch) -> None:
    for _time in range(2):
        response, kept = fetch(f"{TILE}?apikey=un-secret")
        assert (response.status_code, kept) == (401, False)


def test_closed_data_are_not_kept(fetch, client, member) -> None:
    Dataset.objects.filter(slug="arbres").update(visibility="private")
    client.force_login(member)
    for _time in range(2):
        response, kept = fetch()
        assert (response.status_code, kept) == (200, False)
    client.logout()
    client.cookies.clear()
    assert fetch()[0].status_code == 404


def test_calls_are_counted_and_refused_beyond_the_limit(fetch, settings) -> None:
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"calls_per_address": 3})
    left = [fetch()[0].headers["X-RateLimit-Remaining"] for _time in range(3)]
    assert left == ["2", "1", "0"]
    refused, kept = fetch()
    assert (refused.status_code, kept) == (429, False)


def test_the_meters_count_it_under_its_operation(fetch) -> None:
    def counted() -> float:
        return REGISTRY.get_sample_value("bocage_requests_total", {"operation": "tile", "status": "200"}) or 0

    before = counted()
    for _time in range(3):
        fetch()
    assert counted() == before + 3


def test_large_answers_and_old_ones_make_room(fetch, monkeypatch) -> None:
    room = unchanged.WhileUnchanged(3 * public_answers.OVERHEAD + 30_000, public_answers._weight)
    monkeypatch.setattr(public_answers, "_answers", room)
    for number in range(9):
        fetch(f"{TILE}?version={number}")
    assert 1 <= len(room) <= 4
    assert fetch(f"{TILE}?version=8")[1]
    assert not fetch(f"{TILE}?version=0")[1]
    monkeypatch.setattr(public_answers, "LARGEST", 10)
    fetch(f"{TILE}?version=20")
    assert not fetch(f"{TILE}?version=20")[1]
