"""Caches of ours, of proxies and of browsers: what was made for one is never given to another."""

from __future__ import annotations

import pytest

from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.organizations.models import Membership
from tests.security.conftest import consumed

ROOT = "/api/explore/v2.1/catalog"
ANSWERS = ("", "/records", "/facets?facet=nom", "/exports", "/attachments", *(
    f"/exports/{name}" for name in ("csv", "json", "jsonl", "geojson", "parquet", "xlsx")
))  # fmt: skip


@pytest.fixture
def secret(territory, publish) -> Dataset:
    return publish(territory.here, "secret", Visibility.PRIVATE)


@pytest.mark.parametrize("part", ANSWERS)
def test_the_validator_of_somebody_else_opens_nothing(territory, secret, part):
    """A stranger who knows the ETag, and asks again, by parts, or for the head alone, of a file that is in the cache."""
    address = f"{ROOT}/datasets/secret{part}"
    for _twice in range(2):  # the second comes from the cache of finished files
        allowed = territory.viewers["member here"].get(address)
        consumed(allowed)
    etag = allowed["ETag"]
    assert allowed["Cache-Control"] == "private, no-store"
    assert "Cookie" in allowed["Vary"]
    for viewer in ("stranger", "nobody", "coordinator elsewhere", "suspended"):
        client = territory.viewers[viewer]
        for headers in (
            {"if-none-match": etag}, {"if-none-match": "*"}, {"if-none-match": f"W/{etag}"}, {"range": "bytes=0-10"},
            {"range": "bytes=0-10", "if-range": etag}, {"if-modified-since": "Sun, 22 Nov 2099 00:00:00 GMT"},
        ):  # fmt: skip
            for answer in (client.get(address, headers=headers), client.head(address, headers=headers)):
                assert answer.status_code == 404, (viewer, headers)
                assert "ETag" not in answer
                assert "X-Bocage-Row-Count" not in answer
                assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("part", ["/records", "/exports/csv", "/exports/parquet", "/exports/xlsx"])
def test_what_was_open_and_is_no_more_is_not_served_again(territory, publish, part):
    dataset = publish(territory.here, "lieux", Visibility.OPEN)
    address = f"{ROOT}/datasets/lieux{part}"
    stranger = territory.viewers["stranger"]
    first = stranger.get(address)
    consumed(first)
    Dataset.objects.filter(pk=dataset.pk).update(visibility=Visibility.PRIVATE)
    for headers in ({}, {"if-none-match": first["ETag"]}, {"range": "bytes=0-3"}):
        assert stranger.get(address, headers=headers).status_code == 404
    assert consumed(territory.viewers["member here"].get(address)) != b""


def test_the_catalogue_of_one_is_not_confirmed_to_another(territory, secret):
    for part in ("/datasets", "/facets", "/exports/csv", "/exports/json"):
        etags = {}
        for viewer in ("stranger", "member elsewhere", "member here", "operator"):
            answer = territory.viewers[viewer].get(ROOT + part)
            consumed(answer)
            etags[viewer] = answer["ETag"]
            for other, etag in etags.items():
                again = territory.viewers[viewer].get(ROOT + part, headers={"if-none-match": etag})
                assert (again.status_code == 304) == (etag == etags[viewer]), (viewer, other, part)
                consumed(again)
        assert len({etags["stranger"], etags["member here"], etags["operator"]}) == 3


PAGES = (
    "/",
    "/explore/",
    "/explore/dataset/secret/",
    "/explore/dataset/secret/table/",
    "/organizations/ici/",
    "/help/",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_made_for_somebody_is_stored_nowhere(territory, secret, page):
    """Neither by a proxy nor by the browser of a shared computer, where “back” would show it after the sign-out."""
    answer = territory.viewers["member here"].get(page)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    stranger = territory.viewers["stranger"].get(page)
    assert "Cookie" in stranger["Vary"], "a proxy that keeps it gives it to those without a session only"


@pytest.mark.parametrize("page", ["/sitemap.xml", "/robots.txt", "/theme/default.css", "/basemap/communes.geojson"])
def test_what_proxies_may_keep_is_the_same_for_everyone(territory, secret, page):
    answers = {viewer: client.get(page) for viewer, client in territory.viewers.items()}
    assert len({answer.content for answer in answers.values()}) == 1
    for answer in answers.values():
        assert "public" in answer["Cache-Control"]
        assert not answer.cookies


def test_a_stale_viewer_is_not_kept_between_requests(territory, secret):
    """Rights are read at each request, and a cached file is behind them."""
    client = territory.viewers["member elsewhere"]
    assert client.get(f"{ROOT}/datasets/secret/exports/csv").status_code == 404
    membership = Membership.objects.create(
        user=territory.people["member elsewhere"], organization=territory.here, role="member"
    )
    consumed(client.get(f"{ROOT}/datasets/secret/exports/csv"))
    membership.delete()
    assert client.get(f"{ROOT}/datasets/secret/exports/csv").status_code == 404
