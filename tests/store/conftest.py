"""A stage for the store: an organisation, a dataset, its contributor, and a data folder when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.organizations.models import Organization
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.store import process


@pytest.fixture
def data_folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data folder of its own. Opening an engine takes a quarter of a second: only tests that count files ask for it."""
    process.close()
    settings.DATA_DIR = tmp_path / "data"
    yield settings.DATA_DIR
    process.close()


@pytest.fixture
def organization(db: None) -> Organization:
    return create_organization(slug="bocage", name="Bocage", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def contributor(organization: Organization) -> Viewer:
    return Viewer(roles={organization.pk: Role.CONTRIBUTOR})


@pytest.fixture
def dataset(organization: Organization) -> Dataset:
    return Dataset.objects.create(
        slug="arbres", title="Arbres", organization=organization, visibility=Visibility.PRIVATE
    )
