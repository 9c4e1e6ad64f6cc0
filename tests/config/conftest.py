"""A data folder of its own for each test, and a dataset with one version on the disk."""

from __future__ import annotations

import hashlib

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset
from bocage.kernel.clock import now
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store.layout import version_path
from bocage.store.models import Version


@pytest.fixture
def data_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    return settings.DATA_DIR


@pytest.fixture
def organization(db):
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def add_version(organization):
    """A function that adds a version, whose file holds these bytes, to a dataset."""
    datasets = {}

    def add(content, slug="ecoles"):
        if slug not in datasets:
            datasets[slug] = create_dataset(viewer=OPERATOR, organization=organization, slug=slug, title=slug)
        dataset = datasets[slug]
        version = Version(
            dataset=dataset,
            number=dataset.versions.count() + 1,
            sha256=hashlib.sha256(content).hexdigest(),
            size_bytes=len(content),
            row_count=1,
            created_at=now(),
        )
        version.save()
        version_path(version).parent.mkdir(parents=True, exist_ok=True)
        version_path(version).write_bytes(content)
        version_path(version).chmod(0o444)
        return version

    return add
