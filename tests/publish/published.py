"""Rows of every type, really published once: each test takes the rows of the database, and finds the engine warm."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path

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

SHAPES = StagedGeometry("contour", ("Polygon",), (-2.0, 46.0, 0.1, 48.1))
"""The shapes of `tests.query.table` are the geometry."""
SELECT = """SELECT * EXCLUDE (_row) REPLACE (
    ST_GeomFromWKB(centre) AS centre, ST_GeomFromWKB(contour) AS contour) FROM rows ORDER BY _row"""


@dataclass(frozen=True)
class Published:
    """A folder of data, and the rows of the database that go with it."""

    folder: Path
    rows: list[Model]

    def take(self, settings) -> None:
        """Put the rows in the database of a test."""
        settings.DATA_DIR = self.folder
        for row in self.rows:
            copy(row).save_base(raw=True, force_insert=True)


def published_in(
    folder: Path, geometry: StagedGeometry, more: Callable[[Organization], None] = lambda _organization: None
) -> Published:
    """An open dataset, `lieux`, and a private one, `agents`, with the same rows, and what `more` publishes."""

    def world() -> None:
        organization = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
        for slug, visibility in (("lieux", Visibility.OPEN), ("agents", Visibility.PRIVATE)):
            _publish(organization, slug, visibility, folder, geometry)
        more(organization)

    return kept_in(folder, world, Organization, Dataset, Version, Head)


def kept_in(folder: Path, world: Callable[[], None], *models: type[Model]) -> Published:
    """What `world` publishes in this folder, with its rows of these models; the database is left as it was. The engine needs
    no care: it follows the data folder of the present test (tests/conftest.py)."""
    with override_settings(DATA_DIR=folder), transaction.atomic():
        process.close()
        world()
        rows = [row for model in models for row in model.objects.all()]
        transaction.set_rollback(True)
    process.close()
    return Published(folder, rows)


def _publish(
    organization: Organization, slug: str, visibility: Visibility, folder: Path, geometry: StagedGeometry
) -> None:
    engine, _ = bench()
    engine.register("rows", arrow(ROWS))
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug=slug, visibility=visibility, primary_key=["code"],
        title=f"Titre de {slug}", themes=["mobilite"], keywords=["voiture", "vélo"],
    )  # fmt: skip
    file = staged(folder / "staging", SELECT, FIELDS, geometry=geometry)
    publish_version(viewer=OPERATOR, dataset=dataset, staged=file)


def member_of(organization: Organization) -> User:
    user = User.objects.create_user("agent@example.org", "a long enough password")
    Membership.objects.create(user=user, organization=organization, role="member")
    return user
