"""Rows of every type, open and private, really published once."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from bocage.access.models import DataRule
from bocage.catalog.models import Dataset
from bocage.organizations.models import Organization, User
from tests.publish.published import SHAPES, Published, member_of, published_in
from tests.query.table import ROWS

MAP = "/explore/dataset/lieux/map/"
WIDE = "-10,40,10,50"
DRAWN = [row for row in ROWS if row["contour"] is not None]


@pytest.fixture(scope="session")
def published_places(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return published_in(tmp_path_factory.mktemp("places"), SHAPES)


@pytest.fixture
def data(published_places: Published, settings, db: None) -> None:
    published_places.take(settings)


@pytest.fixture
def client(data: None) -> Client:
    return Client(headers={"host": "localhost", "accept-language": "en"})


@pytest.fixture
def member(data: None) -> User:
    return member_of(Organization.objects.get())


@pytest.fixture
def ruled(data: None) -> list[dict]:
    """Everyone sees the rows of more than 20, without names, on a grid of ten kilometres."""
    dataset = Dataset.objects.get(slug="lieux")
    hidden = {"nom": {"mask": "hide"}}
    DataRule.objects.create(
        dataset=dataset.uid, audience="everyone", reason="RGPD", rows="pop > 20", grid_m=10_000, columns=hidden
    )
    return [row for row in ROWS if row["pop"] is not None and row["pop"] > 20]


def get(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def total(html: str) -> int:
    """How many places the list says that there are."""
    found = re.search(r'id="map-list-title"[^>]*><span>([\d,]+) place', html)
    assert found, html[:400]
    return int(found.group(1).replace(",", ""))


def identifiers(html: str) -> list[str]:
    return re.findall(r'data-place="([^"]*)"', html)


def bounds(html: str) -> list[tuple[float, ...]]:
    return [tuple(map(float, one.split(","))) for one in re.findall(r'data-bounds="([^"]+)"', html)]


def settings_of(html: str) -> dict:
    return json.loads(unescape(re.search(r'data-settings="([^"]*)"', html).group(1)))
