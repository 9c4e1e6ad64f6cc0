"""A portal with one published dataset whose every text tries to break out of the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.organizations.models import Organization, Portal
from bocage.organizations.services import create_organization, save_portal
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store.engine import workshop
from bocage.store.services import publish_version
from bocage.store.staged import StagedFile, StagedGeometry

ATTACK = "\"'><script>alert(1)</script><svg onload=alert(2)><img src=x onerror=alert(3)>{{ 7|add:7 }}"

FIELDS = (
    Field("commune", FieldType.STRING, f"Commune {ATTACK}", f"Où ? {ATTACK}"),
    Field("places", FieldType.INTEGER, "Places"),
    Field("taux", FieldType.NUMBER, "Taux"),
    Field("ouvert", FieldType.BOOLEAN, "Ouvert"),
    Field("jour", FieldType.DATE, "Jour"),
    Field("fiche", FieldType.STRING, "Fiche"),
    Field("position", FieldType.GEOPOINT, "Position"),
)


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "localhost", "accept-language": "en"})


@pytest.fixture
def organization(db: None) -> Organization:
    return create_organization(
        slug="orvault", name=f"Orvault {ATTACK}", kind=OrganizationKind.COMMUNE, insee_code="44114",
        description=ATTACK, email="donnees@orvault.example",
    )  # fmt: skip


@pytest.fixture
def portal(organization: Organization) -> Portal:
    return save_portal(portal=Portal(organization=organization, domain="*", name=f"Bocage {ATTACK}", tagline=ATTACK))


@pytest.fixture
def make_dataset(organization: Organization) -> Callable[..., Dataset]:
    def make(slug: str, **metadata: Any) -> Dataset:
        defaults: dict[str, Any] = {"title": slug, "visibility": Visibility.OPEN, "themes": ["voirie"]}
        return create_dataset(viewer=OPERATOR, organization=organization, slug=slug, **(defaults | metadata))

    return make


@pytest.fixture
def dataset(make_dataset: Callable[..., Dataset], tmp_path: Path) -> Dataset:
    """Three rows: an attack, plain values, nothing."""
    made = make_dataset(
        "places", title=f"Places {ATTACK}", description=f"Décrit.\n\n# Titre\n\n{ATTACK}\n\n[x](javascript:alert(4))",
        keywords=[ATTACK], source=ATTACK, attributions=ATTACK, contact_name=ATTACK, primary_key=["commune"],
        territory=["44114", "44999"],
    )  # fmt: skip
    path = tmp_path / "places.parquet"
    quoted = ATTACK.replace("'", "''")
    with workshop(tmp_path) as engine:
        engine.execute(
            f"""COPY (SELECT * FROM (VALUES
            ('{quoted}', 12::BIGINT, 0.5::DOUBLE, true, DATE '2026-01-02', 'javascript:alert(5)', ST_Point(-1.6, 47.2)),
            ('Orvault', 20000, 1.25, false, DATE '2026-02-03', 'https://orvault.example/', ST_Point(-1.5, 47.3)),
            (NULL, NULL, NULL, NULL, NULL, NULL, NULL)
            ) AS rows(commune, places, taux, ouvert, jour, fiche, position)) TO '{path}' (FORMAT parquet)"""
        )
    staged = StagedFile(path, 3, FIELDS, StagedGeometry("position", ("Point",), (-1.6, 47.2, -1.5, 47.3)))
    publish_version(viewer=OPERATOR, dataset=made, staged=staged, comment=ATTACK)
    made.refresh_from_db()
    return made


def attribute(html: str, name: str) -> Any:
    """The JSON kept in a data- attribute of a page."""
    from html import unescape

    return json.loads(unescape(html.split(f'{name}="', 1)[1].split('"', 1)[0]))
