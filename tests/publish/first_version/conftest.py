"""Eighty rows of every type with many holes, really published; Python rows are what answers are compared with."""

from __future__ import annotations

import json

import pytest

from bocage.catalog.models import Dataset
from bocage.organizations.models import User
from bocage.store.staged import StagedGeometry
from tests.publish.published import Published, member_of, published_in
from tests.query.table import ROWS

GEOMETRY = StagedGeometry("centre", ("Point",), (-2.0, 46.0, 0.0, 48.0))


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    with django_db_blocker.unblock():
        return published_in(tmp_path_factory.mktemp("data"), GEOMETRY)


@pytest.fixture
def data(published, settings, db) -> None:
    published.take(settings)


@pytest.fixture
def lieux(data) -> Dataset:
    """What everybody reads."""
    return Dataset.objects.get(slug="lieux")


@pytest.fixture
def agents(data) -> Dataset:
    """What only members read."""
    return Dataset.objects.get(slug="agents")


@pytest.fixture
def member(agents) -> User:
    return member_of(agents.organization)


@pytest.fixture
def ask(client, lieux):
    """`ask(endpoint, **parameters)`: what the endpoint says of the open dataset; `__` in a name stands for a dot."""

    def get(endpoint: str, status: int = 200, **parameters):
        query = {"dataset": "lieux"} | {name.replace("__", "."): value for name, value in parameters.items()}
        answer = client.get(f"/api/records/1.0/{endpoint}/", query)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == status, body[:500]
        return json.loads(body)

    return get


@pytest.fixture
def codes(ask):
    """`codes(q, …)`: codes of the rows that a search finds, all of them."""

    def get(q: str = "", **parameters) -> list[str]:
        found = ask("search", q=q, rows=1000, **parameters)
        assert found["nhits"] == len(found["records"])
        return [record["fields"]["code"] for record in found["records"]]

    return get


def expected(kept) -> list[str]:
    """Codes of the rows that a Python condition keeps."""
    return [row["code"] for row in ROWS if kept(row)]
