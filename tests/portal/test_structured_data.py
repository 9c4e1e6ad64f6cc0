"""What search engines and social networks read of a dataset page."""

from __future__ import annotations

import datetime as dt
import json
import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.services import update_metadata
from bocage.portal.views import site
from tests.portal.conftest import ATTACK

pytestmark = pytest.mark.django_db

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def said(client, dataset):
    page = client.get(f"/explore/dataset/{dataset.slug}/").content.decode()
    return [json.loads(block) for block in BLOCK.findall(page)]


def test_schema_org_of_an_open_dataset(client, dataset):
    [described] = said(client, dataset)
    assert described["@type"] == "Dataset"
    assert described["url"] == "http://localhost/explore/dataset/places/"
    assert described["name"] == f"Places {ATTACK}"
    assert described["license"].startswith("https://www.etalab.gouv.fr/")
    assert described["spatialCoverage"]["geo"]["box"] == "47.2 -1.6 47.3 -1.5"
    addresses = {one["encodingFormat"]: one["contentUrl"] for one in described["distribution"]}
    assert "application/geo+json" in addresses
    for address in addresses.values():
        answer = client.get(address.removeprefix("http://localhost"))
        answer.close()
        assert answer.status_code == 200


def test_a_title_cannot_end_the_script(client, dataset):
    page = client.get("/explore/dataset/places/").content.decode()
    [block] = BLOCK.findall(page)
    assert "<" not in block
    assert ">" not in block


def test_search_engines_know_nothing_of_what_is_not_open(client, dataset, django_user_model):
    update_metadata(viewer=OPERATOR, dataset=dataset, visibility="private")
    client.force_login(django_user_model.objects.create_superuser("operator@example.org", "a long enough password"))
    assert said(client, dataset) == []


def test_open_graph(client, dataset):
    page = client.get("/explore/dataset/places/").content.decode()
    assert '<meta property="og:url" content="http://localhost/explore/dataset/places/">' in page
    assert '<link rel="canonical" href="http://localhost/explore/dataset/places/">' in page


REQUIRED = {"name", "description"}
RECOMMENDED = {
    "creator", "license", "distribution", "includedInDataCatalog", "isAccessibleForFree", "keywords", "spatialCoverage",
    "temporalCoverage", "url", "identifier", "version",
}  # fmt: skip
"""https://developers.google.com/search/docs/appearance/structured-data/dataset"""


def test_what_dataset_search_requires_and_recommends(client, dataset):
    update_metadata(viewer=OPERATOR, dataset=dataset, temporal_start=dt.date(2024, 1, 1), keywords=["parking"])
    [described] = said(client, dataset)
    assert (REQUIRED | RECOMMENDED) - set(described) == set()
    assert described["@context"] == "https://schema.org/"
    assert described["creator"]["url"] == "http://localhost/organizations/orvault/"
    assert client.get(described["creator"]["url"].removeprefix("http://localhost")).status_code == 200
    assert described["temporalCoverage"] == "2024-01-01/.."
    for name in ("dateCreated", "dateModified", "datePublished"):
        assert dt.datetime.fromisoformat(described[name]).tzinfo is not None
    for one in described["distribution"]:
        assert set(one) == {"@type", "encodingFormat", "contentUrl"}


@pytest.mark.parametrize("words", ["", "Court.", "x" * 50, "mot " * 3000])
def test_a_description_always_has_a_length_that_search_engines_take(client, dataset, words):
    update_metadata(viewer=OPERATOR, dataset=dataset, title="Lieux", description=words)
    [described] = said(client, dataset)
    assert 50 <= len(described["description"]) <= 5000
    if words in ("", "Court."):
        assert described["description"].startswith(f"Lieux. {words}")


def test_the_picture_shared_exists_and_is_one_that_networks_take(client, dataset):
    page = client.get("/explore/dataset/places/").content.decode()
    address = re.search(r'<meta property="og:image" content="([^"]+)">', page)[1]
    assert address.startswith("http://localhost/static/share")
    file = finders.find("share.png")
    assert file, "collected with the other files"
    head = Path(file).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:24]) == (1200, 630)
    for name in ("og:title", "og:description", "og:type", "og:site_name", "og:image:alt"):
        assert f'<meta property="{name}" content="' in page


def locations(answer):
    assert answer.status_code == 200
    tree = ET.fromstring(answer.content)
    return tree.tag.rpartition("}")[2], [node.text for node in tree.iter() if node.tag.endswith("}loc")], tree


def test_the_site_map_lists_what_everybody_may_read_and_when_it_changed(client, dataset, make_dataset):
    make_dataset("agents", visibility="private")
    make_dataset("partage", visibility="shared")
    Dataset.objects.filter(slug="places").update(
        metadata_updated_at="2024-01-01T00:00Z", data_updated_at="2025-03-04T12:00Z"
    )
    kind, found, tree = locations(client.get("/sitemap.xml"))
    assert kind == "urlset"
    assert "http://localhost/explore/dataset/places/" in found
    assert "http://localhost/organizations/orvault/" in found
    assert not [one for one in found if "agents" in one or "partage" in one]
    assert [node.text for node in tree.iter() if node.tag.endswith("}lastmod")] == ["2025-03-04"]
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").content.decode()


def test_a_large_catalogue_has_an_index_of_site_maps(client, dataset, make_dataset, monkeypatch):
    monkeypatch.setattr(site, "DATASETS_AT_ONCE", 2)
    for rank in range(4):
        make_dataset(f"jeu-{rank}")
    kind, parts, _tree = locations(client.get("/sitemap.xml"))
    assert kind == "sitemapindex"
    assert parts == [f"http://localhost/sitemap.xml?part={n}" for n in (1, 2, 3)]
    seen = [one for part in parts for one in locations(client.get(part.removeprefix("http://localhost")))[1]]
    assert len(seen) == len(set(seen))
    assert {f"http://localhost/explore/dataset/jeu-{rank}/" for rank in range(4)} < set(seen)
    for wrong in ("0", "4", "x", "-1", "²", "9" * 30):
        assert client.get("/sitemap.xml", {"part": wrong}).status_code == 404
