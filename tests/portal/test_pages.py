"""Every page answers, has one first heading, a language, landmarks, and no way out for a hostile text."""

from __future__ import annotations

import itertools
from html.parser import HTMLParser

import pytest
from django.test import Client

from bocage.catalog.models import Dataset
from bocage.organizations.models import Portal
from tests.portal.conftest import attribute

PLAIN = ["/", "/explore/", "/explore/?q=orvault&theme=voirie&sort=title", "/organizations/", "/organizations/orvault/",
         "/help/", "/licences/", "/accessibility/", "/legal/", "/sitemap/"]  # fmt: skip
SECTIONS = ["", "table/", "map/", "map/sheet/", "chart/", "export/", "api/", "history/", "schema/"]
EVERY = PLAIN + [f"/explore/dataset/places/{section}" for section in SECTIONS] + [
    "/explore/dataset/places/table/?q=orvault&sort=-places&min_places=5&is_ouvert=no&c=commune&c=places",
    "/explore/dataset/places/chart/?category=jour&kind=line&aggregate=sum&measure=places",
]  # fmt: skip


class Page(HTMLParser):
    """What the tests look at in a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def get(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize("address", EVERY)
def test_a_page_is_whole(client: Client, portal: Portal, dataset: Dataset, address: str) -> None:
    page = Page(get(client, address))
    assert page.all("html")[0]["lang"] == "en"
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in page.tags if tag in ("h1", "h2", "h3", "h4", "h5")]
    jumps = [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]
    assert not jumps
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids)), "two things have the same id"
    labelled = {attributes["for"] for attributes in page.all("label") if "for" in attributes}
    for attributes in page.all("input") + page.all("select"):
        if attributes.get("type") not in ("hidden", "checkbox"):
            assert attributes.get("id") in labelled


@pytest.mark.parametrize("address", EVERY)
def test_nothing_hostile_becomes_markup(client: Client, portal: Portal, dataset: Dataset, address: str) -> None:
    html = get(client, address)
    page = Page(html)
    assert "alert(1)" in html, "the attack must reach the page for this test to mean something"
    for tag, attributes in page.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert not str(attributes.get("href") or attributes.get("src") or "").lower().startswith("javascript:")
    executable = [
        script for script in page.all("script") if script.get("type") != "application/ld+json"
    ]  # data runs nowhere
    assert all("src" in script for script in executable), "no inline script"
    assert "style" not in {tag for tag, _ in page.tags}
    assert not [image for image in page.all("img") if image["src"] == "x"]
    assert "{{ 7" in html, "what people write is never a template"


def test_the_content_policy_allows_nothing_unsafe(client: Client, portal: Portal) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_map_settings_are_data(client: Client, portal: Portal, dataset: Dataset) -> None:
    settings = attribute(get(client, "/explore/dataset/places/map/?q=%22%3E%3Csvg%3E"), "data-settings")
    assert settings["layer"] == "places"
    assert settings["filters"] == "q=%22%3E%3Csvg%3E"
    assert settings["tiles"] == "/explore/dataset/places/map/tiles/{z}/{x}/{y}.mvt?q=%22%3E%3Csvg%3E"
    assert settings["bbox"] == [-1.6, 47.2, -1.5, 47.3]
    plain = attribute(get(client, "/explore/dataset/places/map/"), "data-settings")
    assert plain["tiles"] == "/tiles/places/{z}/{x}/{y}.mvt?properties="


def test_a_private_dataset_is_as_absent_as_one_that_never_was(client: Client, dataset: Dataset) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(visibility="private")
    for section in SECTIONS:
        hidden = client.get(f"/explore/dataset/places/{section}")
        absent = client.get(f"/explore/dataset/nowhere/{section}")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content.decode().replace("places", "x").count("Places") == absent.content.decode().count("Places")
        assert "alert(1)" not in hidden.content.decode()


def test_a_dataset_without_data_says_so_on_every_section(client: Client, make_dataset) -> None:
    make_dataset("described")
    for section in SECTIONS:
        if section not in ("map/", "map/sheet/"):
            assert "No data yet" in get(client, f"/explore/dataset/described/{section}")


def test_feeds_keep_the_filters_and_show_open_data_only(
    client: Client, portal: Portal, dataset: Dataset, make_dataset
) -> None:
    make_dataset("secret", visibility="private", title="Hidden title")
    for kind in ("rss", "atom"):
        found = get(client, f"/explore/feed.{kind}?theme=voirie")
        assert "/explore/dataset/places/" in found
        assert "Hidden title" not in found
        assert "/explore/dataset/places/" not in get(client, f"/explore/feed.{kind}?theme=eau")


def test_site_map_lists_open_datasets_only(client: Client, dataset: Dataset, make_dataset) -> None:
    make_dataset("secret", visibility="private")
    found = get(client, "/sitemap.xml")
    assert "/explore/dataset/places/" in found
    assert "secret" not in found
    assert "Sitemap: http://localhost/sitemap.xml" in get(client, "/robots.txt")


def test_language_is_chosen_and_kept(client: Client, portal: Portal) -> None:
    answer = client.post("/language/", {"language": "fr", "next": "/help/"})
    assert answer.status_code == 302
    assert Page(get(client, "/help/")).all("html")[0]["lang"] == "fr"


def test_writing_is_refused(client: Client, dataset: Dataset) -> None:
    for address in [*PLAIN, "/explore/dataset/places/", "/sitemap.xml", "/theme/default.css"]:
        assert client.post(address).status_code == 405
