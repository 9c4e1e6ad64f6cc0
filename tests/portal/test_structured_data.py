"""What search engines and social networks read of a dataset page."""

from __future__ import annotations

import json
import re

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.services import update_metadata
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
