"""The catalogue of `territory`, made once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bocage.catalog.models import Dataset, Revision
from bocage.organizations.models import Organization
from tests.publish.published import Published, kept_in
from tests.publish.records.territory import catalogue, member

HERE = "/records/collections/catalogue"


@pytest.fixture(scope="session")
def described(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    """Made once: each test takes the rows, and finds the engine warm."""
    with django_db_blocker.unblock():
        return kept_in(tmp_path_factory.mktemp("records"), catalogue, Organization, Dataset, Revision)


@pytest.fixture
def datasets(db, described, settings) -> dict[str, Dataset]:
    Revision.objects.all().delete()
    described.take(settings)
    return {one.slug: one for one in Dataset.objects.select_related("organization")}


@pytest.fixture
def colleague(datasets) -> Client:
    """Signed in, of the organisation that keeps most of them."""
    client = Client()
    client.force_login(member())
    return client


class Asking:
    """`ask("items", q="x")` is the JSON of the answer below the collection."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def raw(self, path: str = "", **given: Any):
        return self.client.get(path if path.startswith("/") else f"{HERE}/{path}", given)

    def __call__(self, path: str = "", status: int = 200, **given: Any) -> Any:
        response = self.raw(path, **{name.replace("__", "-"): value for name, value in given.items()})
        assert response.status_code == status, response.content[:800]
        return json.loads(response.content)

    def slugs(self, **given: Any) -> list[str]:
        return [one["properties"]["externalIds"][1]["value"] for one in self("items", **given)["features"]]


@pytest.fixture
def ask(client, datasets) -> Asking:
    return Asking(client)
