"""The layers of the standard's tests, captured from their GeoPackage as any file; rows of every type, open and private."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
from bocage.catalog.services import create_dataset
from bocage.organizations.models import Organization, User
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.publish.published import Published, member_of, own_engine, published_in

GEOMETRY = StagedGeometry("contour", ("Polygon",), (-2.0, 46.0, 0.1, 48.1))
LAYERS = {
    "ne_110m_admin_0_countries": "countries",
    "ne_110m_populated_places_simple": "places",
    "ne_110m_rivers_lake_centerlines": "rivers",
}


@pytest.fixture(scope="session")
def published(django_db_setup, django_db_blocker, tmp_path_factory, shared_data) -> Published:
    folder = tmp_path_factory.mktemp("data")

    def layers(organization: Organization) -> None:
        for layer, slug in LAYERS.items():
            capture(organization, shared_data / "cql2" / "ne110m4cql2.gpkg", layer, slug, folder)

    with django_db_blocker.unblock():
        return published_in(folder, GEOMETRY, layers)


def capture(organization: Organization, file: Path, layer: str, slug: str, folder: Path) -> None:
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, visibility=Visibility.OPEN, title=layer
    )
    found = stage(file, filename=file.name, corrections=Corrections(layer=layer), directory=folder / "staging")
    publish_version(viewer=OPERATOR, dataset=dataset, staged=found)


@pytest.fixture(scope="module", autouse=True)
def engine_of_ours():
    with own_engine():
        yield


@pytest.fixture
def data(published, settings, db) -> None:
    published.take(settings)


@pytest.fixture
def member(data) -> User:
    """Of the organisation of the private collection."""
    return member_of(Organization.objects.get())


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
