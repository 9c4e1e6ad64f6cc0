"""The layers of the standard's tests, captured from their GeoPackage as any file; rows of every type, open and private."""

from __future__ import annotations

from pathlib import Path

import pytest

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
from bocage.catalog.services import create_dataset
from bocage.organizations.models import Organization, User
from bocage.store.services import publish_version
from tests.publish.asking import Asking
from tests.publish.published import SHAPES, Published, member_of, published_in

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
        return published_in(folder, SHAPES, layers)


def capture(organization: Organization, file: Path, layer: str, slug: str, folder: Path) -> None:
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, visibility=Visibility.OPEN, title=layer
    )
    found = stage(file, filename=file.name, corrections=Corrections(layer=layer), directory=folder / "staging")
    publish_version(viewer=OPERATOR, dataset=dataset, staged=found)


@pytest.fixture
def data(published, settings, db) -> None:
    published.take(settings)


@pytest.fixture
def member(data) -> User:
    """Of the organisation of the private collection."""
    return member_of(Organization.objects.get())


@pytest.fixture
def ask(client, data) -> Asking:
    return Asking(client, "/ogc/")
