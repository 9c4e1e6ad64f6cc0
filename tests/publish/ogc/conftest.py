"""The layers of the standard's tests, captured from their GeoPackage as any file; rows of every type, open and private."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, override_settings

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
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

GEOMETRY = StagedGeometry("contour", ("Polygon",), (-2.0, 46.0, 0.1, 48.1))
SELECT = """SELECT * EXCLUDE (_row) REPLACE (
    ST_GeomFromWKB(centre) AS centre, ST_GeomFromWKB(contour) AS contour) FROM rows ORDER BY _row"""
MODELS = (Organization, Dataset, Version, Head)
LAYERS = {
    "ne_110m_admin_0_countries": "countries",
    "ne_110m_populated_places_simple": "places",
    "ne_110m_rivers_lake_centerlines": "rivers",
}


@dataclass(frozen=True)
class Published:
    """A folder of data, and the rows of the database that go with it."""

    folder: Path
    rows: list[Model]


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory, shared_data) -> Published:
    """Published once: each test takes the rows of the database, and finds the engine warm."""
    folder = tmp_path_factory.mktemp("data")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder), transaction.atomic():
        process.close()
        organization = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
        for slug, visibility in (("lieux", Visibility.OPEN), ("agents", Visibility.PRIVATE)):
            publish(organization, slug, visibility, folder)
        for layer, slug in LAYERS.items():
            capture(organization, shared_data / "cql2" / "ne110m4cql2.gpkg", layer, slug, folder)
        rows: list[Model] = [row for model in MODELS for row in model.objects.all()]
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
    file = staged(folder / "staging", SELECT, FIELDS, geometry=GEOMETRY)
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)


def capture(organization: Organization, file: Path, layer: str, slug: str, folder: Path) -> None:
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, visibility=Visibility.OPEN, title=layer
    )
    found = stage(file, filename=file.name, corrections=Corrections(layer=layer), directory=folder / "staging")
    publish_version(viewer=OPERATOR, dataset=dataset, staged=found)


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
def member(data, settings) -> User:
    """Of the organisation of the private collection."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # of no use here, hence quick
    user = User.objects.create_user("agent@example.org", "a long enough password")
    Membership.objects.create(user=user, organization=Organization.objects.get(), role="member")
    return user


class Asking:
    """`ask("collections/x/items", limit=2)` is the JSON of the answer; `ask.raw` the answer itself."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def raw(self, path: str, method: str = "get", headers: dict[str, str] | None = None, **given: Any) -> HttpResponse:
        """A stream is read to its end."""
        query = {name.replace("__", "-"): value for name, value in given.items()}
        response = getattr(self.client, method)(
            path if path.startswith("/") else f"/ogc/{path}", query, headers=headers
        )
        if not response.streaming:
            return response
        whole = HttpResponse(b"".join(response.streaming_content), status=response.status_code)
        whole.headers = response.headers
        return whole

    def __call__(self, path: str, status: int = 200, **given: Any) -> Any:
        response = self.raw(path, **given)
        assert response.status_code == status, response.content[:800]
        return json.loads(response.content)


@pytest.fixture
def ask(client, data) -> Asking:
    return Asking(client)
