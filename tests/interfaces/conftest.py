"""Published data behind a real server on loopback, for clients that know nothing of us."""

from __future__ import annotations

from pathlib import Path

import pytest

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store import engine, process
from bocage.store.layout import staging_directory
from bocage.store.services import publish_version
from bocage.store.staged import StagedFile, StagedGeometry

CLIENTS = Path(__file__).parent / "clients"
ROWS = 1200
FIELDS = (
    Field("commune", FieldType.STRING, "Commune"),
    Field("code", FieldType.STRING, "Code INSEE"),
    Field("places", FieldType.INTEGER, "Places"),
    Field("maj", FieldType.DATETIME, "Mise à jour"),
    Field("centre", FieldType.GEOPOINT, "Position"),
)
SELECT = f"""SELECT CASE WHEN i % 3 = 0 THEN 'Nantes' ELSE 'Saint-Herblain; "bis"' END AS commune,
    printf('%05d', i) AS code, (i % 40)::BIGINT AS places,
    TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_hours(i::INTEGER) AS maj,
    ST_Point(-1.55 + i / 100000.0, 47.21) AS centre FROM range({ROWS}) AS r(i)"""


def publish(dataset: Dataset) -> Dataset:
    """One version of ROWS rows, through the store."""
    folder = staging_directory()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{dataset.slug}.parquet"
    with engine.workshop(folder) as workshop:
        workshop.execute(f"COPY ({SELECT}) TO '{path}' (FORMAT parquet)")
    geometry = StagedGeometry("centre", ("Point",), (-1.55, 47.21, -1.54, 47.21))
    publish_version(viewer=OPERATOR, dataset=dataset, staged=StagedFile(path, ROWS, FIELDS, geometry))
    return Dataset.objects.get(pk=dataset.pk)


@pytest.fixture
def portal(live_server, settings, tmp_path):
    """Address of a server with one open dataset, `parkings`, and one private, `agents`."""
    process.close()
    settings.DATA_DIR = tmp_path / "data"
    organization = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
    for slug, visibility in (("parkings", Visibility.OPEN), ("agents", Visibility.PRIVATE)):
        publish(
            create_dataset(
                viewer=OPERATOR,
                organization=organization,
                slug=slug,
                title=slug.title(),
                visibility=visibility,
                themes=["mobilite"],
                keywords=["voiture"],
            )
        )
    yield live_server.url
    process.close()
