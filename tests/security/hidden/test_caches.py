"""What was made for somebody is never given to somebody else: validators, finished files, indexes, what is remembered."""

# ruff: noqa: E501  addresses are read better on one line
from __future__ import annotations

import re

import pytest
from django.test import Client

from bocage.access.models import DataRule
from bocage.catalog.services import touch_catalogue
from bocage.portal import basemap
from tests.security.hidden.world import KEPT, LAT, LON, MINE, THEIRS, World, v1, v2

pytestmark = pytest.mark.django_db
NEEDED = ("colonnes", "lignes", "comptes", "convention")
ADDRESSES = {
    "records": v2("colonnes", limit="20"),
    "one record by its words": v2("colonnes", where="search('zacharie')"),
    "facets": v2("colonnes", "/facets", facet="age"),
    "description": v2("colonnes", ""),
    **{name: v2("colonnes", f"/exports/{name}") for name in ("csv", "json", "jsonl", "geojson", "parquet", "xlsx", "kml", "fgb", "shp")},
    "compressed": v2("colonnes", "/exports/csv", compressed="true"),
    "aggregates": v2("colonnes", select="max(age), min(ne), count(*)"),
    "identifiers": v2("colonnes", select="_id, age", limit="20"),
    "first version": v1("colonnes", "search", rows="20"),
    "first version, downloaded": v1("colonnes", "download", format="json"),
    "clusters": v1("colonnes", "geocluster", clusterprecision="20"),
}  # fmt: skip


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_answer_of_another_is_never_given(world: World, name: str) -> None:
    """The steward asks first: what is kept of their answer opens nothing to those who ask the same after them."""
    world.become("a")
    _status, whole, theirs = world.ask("steward", ADDRESSES[name])
    etag = theirs.get("ETag", '"none"')
    for headers in (
        {},
        {"if-none-match": etag},
        {"if-none-match": f"W/{etag}"},
        {"range": "bytes=0-", "if-range": etag},
    ):
        status, body, told = world.ask("stranger", ADDRESSES[name], **headers)
        assert status in (200, 206)
        assert body != whole or name == "description"
        assert not any(value.encode() in _without_ids(body) for value in KEPT)
        assert told.get("ETag") != etag
    twice = world.ask("stranger", ADDRESSES[name])[1]  # from what is finished, perhaps
    assert not any(value.encode() in _without_ids(twice) for value in KEPT)


def _without_ids(body: bytes) -> bytes:
    """Digits of a kept number may stand in a digest by chance."""
    return re.sub(rb'"[0-9a-f]{40}"', b"", body)


@pytest.mark.parametrize("name", ["records", "csv", "parquet", "facets"])
def test_readers_of_other_rows_have_other_answers(world: World, name: str) -> None:
    address = ADDRESSES[name].replace("colonnes", "lignes").replace("age", "objet")
    found = {reader: world.ask(reader, address) for reader in ("steward", "member", "contributor", "stranger")}
    assert len({headers["ETag"] for _status, _body, headers in found.values()}) == 4
    assert len({body for _status, body, _headers in found.values()}) == 4
    for reader, code in (("member", THEIRS), ("contributor", MINE)):
        assert code.encode() not in world.ask(reader, address, **{"if-none-match": found["steward"][2]["ETag"]})[1]


@pytest.mark.parametrize("name", ["records", "csv", "parquet", "facets", "description"])
def test_a_rule_written_now_holds_for_the_next_answer(world: World, name: str) -> None:
    """Whatever was made, indexed or validated before it."""
    address = ADDRESSES[name].replace("colonnes", "comptes").replace("age", "nom")
    DataRule.objects.filter(dataset=world.datasets["comptes"].uid).delete()
    touch_catalogue()
    world.become("a")
    _status, before, headers = world.ask("stranger", address)
    world.ask("stranger", v2("comptes", where="search('maxime')"))
    DataRule.objects.create(
        dataset=world.datasets["comptes"].uid,
        audience="everyone",
        columns={"nom": {"mask": "hide"}, "salaire": {"mask": "hide"}},
        reason="x",
    )
    touch_catalogue()
    status, after, _headers = world.ask("stranger", address, **{"if-none-match": headers["ETag"]})
    assert status in (200, 400), "nothing says that it is what it was"
    assert after != before
    assert b"Maxime" not in after
    assert b"7654321" not in after


def test_what_depends_on_the_clock_is_kept_by_nobody(world: World) -> None:
    for path in ("/records", "/exports/csv"):
        headers = world.ask("steward", v2("colonnes", path, where="ne < now()"))[2]
        assert "ETag" not in headers


@pytest.mark.parametrize("reader", ["steward", "partner", "key of the partner"])
@pytest.mark.parametrize("path", ["", "/records", "/facets", "/exports/csv", "/exports/parquet"])
def test_what_is_not_open_is_stored_by_no_cache_on_the_way(world: World, reader: str, path: str) -> None:
    for _again in range(2):
        headers = world.ask(reader, v2("convention", path))[2]
        assert headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("reader", ["steward", "member", "stranger"])
def test_what_is_open_in_part_is_asked_again_each_time(world: World, reader: str) -> None:
    """A cache on the way may keep it, and must ask each time: the validator of one is not that of another."""
    for path in ("", "/records", "/facets", "/exports/csv"):
        assert world.ask(reader, v2("lignes", path))[2]["Cache-Control"] in ("no-cache", "private, no-store")


def test_the_search_of_one_is_not_the_index_of_another(world: World) -> None:
    world.become("a")
    assert world.count("steward", "colonnes", "search('lilas')") == 16
    for reader in ("stranger", "contributor", "reading key of the steward"):
        assert world.count(reader, "colonnes", "search('lilas')") == 0
    assert world.count("member", "lignes", "search('voirie')") == 6
    assert world.count("contributor", "lignes", "search('voirie')") == 0


def test_outlines_under_every_map_follow_the_rules_made_since(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basemap, "SLUG", "colonnes")
    world.become("a")
    rules = DataRule.objects.filter(dataset=world.datasets["colonnes"].uid)
    kept = list(rules.values_list("pk", flat=True))
    rules.update(ends_at="2020-01-01T00:00:00Z")
    assert "Polygon" in basemap.communes_geojson()
    DataRule.objects.filter(pk__in=kept).update(ends_at=None)
    assert str(LON)[:7] not in basemap.communes_geojson()
    assert "Polygon" not in basemap.communes_geojson()
    assert str(LAT)[:6] not in basemap.communes_geojson()


def test_a_session_that_ended_is_a_stranger(world: World) -> None:
    client = Client()
    client.force_login(world.people["steward"])
    etag = client.get(ADDRESSES["records"]).headers["ETag"]
    client.logout()
    answer = client.get(ADDRESSES["records"], headers={"if-none-match": etag})
    assert answer.status_code == 200
    assert not any(value in answer.content.decode() for value in KEPT)
