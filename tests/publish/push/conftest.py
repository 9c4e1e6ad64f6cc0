"""A dataset with a push address, asked over HTTP; the worker is a function."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.services import create_dataset
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.pipeline import claims, services
from bocage.pipeline.models import PushQueue, Run
from bocage.pipeline.pushes import due
from bocage.pipeline.pushes.addresses import open_address
from bocage.pipeline.pushes.keys import new_key
from bocage.store import process


def publish_pushes() -> None:
    """What the worker does once the journals are due."""
    PushQueue.objects.update(due_at="2000-01-01T00:00:00Z")
    due.create_due_push_runs()
    for run in Run.objects.filter(pushed=True, status="waiting"):
        assert claims.claim(run)
        done = services.carry_out(run)
        assert done.status in ("done", "unchanged"), done.error


class Sensor:
    def __init__(self, dataset, name="realtime", key=()):
        self.address = open_address(viewer=OPERATOR, dataset=dataset, name=name, key=list(key))
        self.secret = new_key(viewer=OPERATOR, address=self.address)
        self.root = f"/api/push/1.0/{dataset.slug}/{name}"

    def post(self, body, *, action="push", key=None, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = self.secret if key is None else key
        return Client().post(
            f"{self.root}/{action}/?pushkey={given}", data, content_type="application/json", headers=headers
        )


@pytest.fixture
def platform(db, settings, tmp_path):
    process.close()
    settings.DATA_DIR = tmp_path / "data"
    yield create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
    process.close()


@pytest.fixture
def dataset(platform):
    return create_dataset(
        viewer=OPERATOR, organization=platform, slug="niveaux", title="Niveaux", visibility=Visibility.OPEN
    )


@pytest.fixture
def sensor(dataset):
    """An address that identifies records by `id`."""
    return Sensor(dataset, key=["id"])


@pytest.fixture
def running(sensor):
    """The same, its first version published: id text, n whole number, at date and time."""
    sensor.post([{"id": "a", "n": 1, "at": "2026-01-27T04:15:00Z"}, {"id": "b", "n": 2, "at": None}])
    publish_pushes()
    return sensor
