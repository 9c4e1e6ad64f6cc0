"""Datasets really published, asked through the interface with the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType as T
from bocage.organizations.models import Organization
from bocage.store.services import publish_version
from bocage.store.staged import StagedGeometry
from tests.store.making import staged

CATALOG = "/api/explore/v2.1/catalog"
PLACES = {
    "nom": T.STRING, "quartier": T.STRING, "chemin": T.STRING, "services": T.STRING, "places": T.INTEGER, "taux": T.NUMBER,
    "ouvert": T.BOOLEAN, "jour": T.DATE, "maj": T.DATETIME, "tags": T.ARRAY, "brut": T.OBJECT, "centre": T.GEOPOINT,
    "contour": T.GEOMETRY,
}  # fmt: skip
SQUARE = "POLYGON ((-1.6 47.2, -1.5 47.2, -1.5 47.3, -1.6 47.3, -1.6 47.2))"
ROWS = f"""
('Gare', 'Nord', 'a/b', 'eau; banc', 12::BIGINT, 0.5::DOUBLE, true, DATE '2026-01-02', TIMESTAMPTZ '2026-05-04 08:00:00Z',
 ['bus', 'vélo'], '{{"a": 1}}', ST_Point(-1.5536, 47.2184), ST_GeomFromText('{SQUARE}')),
('Port', 'Sud', 'a/c', ' banc ;', 0, 1.25, false, DATE '2026-02-01', TIMESTAMPTZ '2026-05-04 09:30:00Z', [], '[]',
 ST_Point(-1.6, 47.2), ST_GeomFromText('{SQUARE}')),
('Île', 'Nord', 'a', '', 7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
(NULL, 'Nord', 'd', NULL, NULL, -3.5, true, NULL, NULL, ['bus'], NULL, ST_Point(2.35, 48.85), ST_GeomFromText('{SQUARE}'))
"""
"""A value of every type, and what is missing."""


@pytest.fixture
def organization(db) -> Organization:
    return Organization.objects.create(slug="metropole", name="Métropole", kind="epci", path="/1/")


@pytest.fixture
def publish(organization, tmp_path) -> Callable[..., Dataset]:
    """`publish(slug, rows=…, visibility=…)`: a dataset, or another version of it."""

    def make(slug: str = "lieux", rows: str = ROWS, visibility: Visibility = Visibility.OPEN, **metadata) -> Dataset:
        dataset = Dataset.objects.filter(slug=slug).first() or create_dataset(
            viewer=OPERATOR,
            organization=organization,
            slug=slug,
            visibility=visibility,
            title=f"Titre de {slug}",
            **metadata,
        )
        names = ", ".join(f'"{name}"' for name in PLACES)
        fields = tuple(Field(name, kind, label=name.title()) for name, kind in PLACES.items())
        geometry = StagedGeometry("contour", ("Polygon",), (-1.6, 47.2, 2.35, 48.85))
        file = staged(tmp_path, f"SELECT * FROM (VALUES {rows}) t({names})", fields, geometry=geometry)
        publish_version(viewer=OPERATOR, dataset=dataset, staged=file)
        return Dataset.objects.get(pk=dataset.pk)

    return make


@pytest.fixture
def lieux(publish) -> Dataset:
    return publish()


class Api:
    """Asks one dataset; `json` fails when the answer is not 200."""

    def __init__(self, client: Client, slug: str) -> None:
        self.client = client
        self.base = f"{CATALOG}/datasets/{slug}"

    def get(self, path: str, **query):
        return self.client.get(f"{self.base}{path}", query)

    def json(self, path: str, **query):
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def export(self, kind: str, **query) -> bytes:
        answer = self.get(f"/exports/{kind}", **query)
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content)


@pytest.fixture
def api(client, lieux) -> Api:
    return Api(client, lieux.slug)
