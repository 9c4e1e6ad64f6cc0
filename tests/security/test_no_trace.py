"""What is hidden leaves no trace: with or without a hidden dataset, every public answer is the same, to the last byte.

Not one list of places to check, but all of them compared: counts, facets, keywords, suggestions, figures, feeds, site map,
order of lists, messages of errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from bocage.access.vocabulary import Visibility
from tests.security.conftest import Territory
from tests.security.test_rights_matrix import TOKEN

API = "/api/explore/v2.1"
WORD = "hippopotame"
"""A word of the hidden dataset, and of nothing else."""

PLACES = (
    "/", "/explore/", "/explore/?q=hippopotame", "/explore/?q=hipopotame", "/explore/?q=hippo", "/explore/?q=Gare",
    "/explore/?keyword=hippopotame", "/explore/?theme=eau", "/explore/?organization=ici", "/explore/?territory=44109",
    "/explore/?sort=title", "/explore/?sort=records", "/explore/?license=odc-odbl", "/explore/?features=geo&update_frequency=DAILY",
    "/explore/feed.rss", "/explore/feed.atom", "/explore/feed.rss?q=hippopotame", "/organizations/", "/organizations/ici/",
    "/organizations/ailleurs/", "/sitemap.xml", "/sitemap/", "/robots.txt", "/explore/dataset/lieux/",
    "/explore/dataset/lieux/history/", "/explore/dataset/secret/", "/basemap/communes.geojson",
    f"{API}/catalog/datasets", f"{API}/catalog/datasets?limit=0", f"{API}/catalog/datasets?where=search('hippopotame')",
    f"{API}/catalog/datasets?where=suggest('hip')", f"{API}/catalog/datasets?where=title%20like%20'hippo*'",
    f"{API}/catalog/datasets?where=dataset_id='secret'", f"{API}/catalog/datasets?refine=keyword:hippopotame",
    f"{API}/catalog/datasets?select=count(*)", f"{API}/catalog/datasets?select=max(modified),min(created),sum(records_count)",
    f"{API}/catalog/datasets?group_by=keyword", f"{API}/catalog/datasets?group_by=publisher&select=count(*)%20as%20n",
    f"{API}/catalog/datasets?group_by=visibility", f"{API}/catalog/datasets?exclude=keyword:hippopotame",
    f"{API}/catalog/datasets?order_by=random(1)&select=dataset_id", f"{API}/catalog/datasets?select=_id,dataset_id",
    f"{API}/catalog/facets", f"{API}/catalog/facets?facet=keyword,publisher,theme,territory,visibility,dataset_id,language",
    f"{API}/catalog/facets?facet=facet(name=\"modified\")&refine=keyword:hippopotame",
    f"{API}/catalog/facets?where=\"hippopotame\"",
    f"{API}/catalog/exports/csv", f"{API}/catalog/exports/json", f"{API}/catalog/datasets/secret", f"{API}/catalog/datasets/lieux",
)  # fmt: skip


def answers(client: Client) -> dict[str, tuple[int, str]]:
    found = {}
    for place in PLACES:
        answer = client.get(place)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found[place] = (answer.status_code, TOKEN.sub("", body.decode()))
    return found


@pytest.fixture
def hide(territory: Territory, publish: Callable) -> Callable[[Visibility], None]:
    def make(visibility: Visibility) -> None:
        publish(
            territory.here, "secret", visibility, title=f"Aaa {WORD}", description=f"Des {WORD}s", keywords=[WORD, "commun"],
            themes=["eau"], territory=["44109"], licence="odc-odbl", update_frequency="DAILY", source=WORD, language="br",
        )  # fmt: skip

    return make


@pytest.mark.parametrize(
    ("visibility", "viewers"),
    [
        (Visibility.PRIVATE, ("stranger", "coordinator elsewhere")),
        (Visibility.SHARED, ("stranger", "nobody")),
    ],
)
def test_no_answer_changes_when_something_hidden_appears(territory, publish, hide, visibility, viewers):
    publish(territory.elsewhere, "lieux", Visibility.OPEN, keywords=["commun"])
    before = {viewer: answers(territory.viewers[viewer]) for viewer in viewers}
    hide(visibility)
    for viewer in viewers:
        after = answers(territory.viewers[viewer])
        changed = [place for place in PLACES if ages_apart(after[place]) != ages_apart(before[viewer][place])]
        assert changed == [], viewer
        assert not any(
            WORD in body and WORD not in place for place, (_status, body) in after.items() if "?" not in place
        )


CLOCK = re.compile(r"\d+\s(?:seconde|minute)s?|<(lastBuildDate|updated)>[^<]*</\1>")


def ages_apart(answer: tuple[int, str]) -> tuple[int, str]:
    """“2 minutes ago”, or the date of an empty feed, move with the clock of the test."""
    return answer[0], CLOCK.sub("", answer[1])


def test_the_same_places_do_change_for_those_who_may_see(territory, publish, hide):
    """The comparison above looks where it should: a member of the organisation sees the difference in most places."""
    publish(territory.elsewhere, "lieux", Visibility.OPEN, keywords=["commun"])
    client = territory.viewers["member here"]
    before = answers(client)
    hide(Visibility.PRIVATE)
    after = answers(client)
    changed = {place for place in PLACES if ages_apart(after[place]) != ages_apart(before[place])}
    assert len(changed) > 30
    assert {"/", "/explore/", "/organizations/ici/", f"{API}/catalog/facets", f"{API}/catalog/exports/csv"} <= changed
    feeds = {place for place in PLACES if "feed" in place or "sitemap.xml" in place}
    assert not feeds & changed, "feeds and the site map are for machines without a session: open data only"
