"""The portal that is left: one for each module that asks, in processes of its own; and a platform to arrive on."""

from __future__ import annotations

import pytest

from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.store import process
from tests.kernel.local_server import local_server
from tests.pipeline.moving.fake import FakePortal
from tests.pipeline.moving.instances import portal


@pytest.fixture(scope="module")
def source(tmp_path_factory, migrated):
    with portal(migrated(tmp_path_factory.mktemp("source"))) as running:
        yield running


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    """Of the platform of this test; everything on the loopback may be called."""
    process.close()
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"capture_private_hosts": "127.0.0.1"})
    yield settings.DATA_DIR
    process.close()


@pytest.fixture
def town(db):
    return create_organization(slug="ville", name="Métropole d’avant", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def fake():
    with local_server() as server:
        yield FakePortal(server)
