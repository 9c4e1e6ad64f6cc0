"""Eighty rows of every type with many holes, really published; Python rows are what answers are compared with."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import Model
from django.test import override_settings

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store import process
from bocage.store.models import Head, Version
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.query.table import FIELDS, ROWS, arrow
from tests.store.making import bench, staged

GEOMETRY = StagedGeometry("centre", ("Point",), (-2.0, 46.0, 0.0, 48.0))
SELECT = """SELECT * EXCLUDE (_row) REPLACE (
    ST_GeomFromWKB(centre) AS centre, ST_GeomFromWKB(contour) AS contour) FROM rows ORDER BY _row"""


@dataclass(frozen=True)
class Published:
    """A folder of data, and the rows of the database that go with it."""

    folder: Path
    rows: list[Model]


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory) -> Published:
    """An open dataset, `lieux`, and a private one, `agents`, with the same rows. Published once: each test takes the rows of
    the database, and finds the engine warm."""
    folder = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        process.close()
        organization = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
        for slug, visibility in (("lieux", Visibility.OPEN), ("agents", Visibility.PRIVATE)):
            publish(organization, slug, visibility, folder)
        rows: list[Model] = [row for model in (Organization, Dataset, Version, Head) for row in model.objects.all()]
        transaction.set_rollback(True)
    process.close()
    return Published(folder, rows)


def publish(organization: Organization, slug: str, visibility: Visibility, folder: Path) -> None:
    engine, _ = bench()
    engine.register("rows", arrow(ROWS))
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, visibility=visibility, primary_key=["code"],
        title=f"Titre de {slug}", themes=["mobilite"], keywords=["voiture", "vélo"],
    )  # fmt: skip
    publish_version(
        viewer=OPERATOR, dataset=dataset, staged=staged(folder / "staging", SELECT, FIELDS, geometry=GEOMETRY)
    )


@pytest.fixture(scope="module", autouse=True)
def engine_of_ours():
    process.close()
    yield
    process.close()


@pytest.fixture
def data(published, settings, db) -> None:
    settings.DATA_DIR = published.folder
    for row in published.rows:
        copy(row).save_base(raw=True, force_insert=True)


@pytest.fixture
def lieux(data) -> Dataset:
    """What everybody reads."""
    return Dataset.objects.get(slug="lieux")


@pytest.fixture
def agents(data) -> Dataset:
    """What only members read."""
    return Dataset.objects.get(slug="agents")


@pytest.fixture
def member(agents, settings) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # of no use here, hence quick
    user = User.objects.create_user("agent@example.org", "a long enough password")
    Membership.objects.create(user=user, organization=agents.organization, role="member")
    return user


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
