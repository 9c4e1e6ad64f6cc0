"""A dataset with a push address, and what a device and the worker do, without any HTTP."""

from __future__ import annotations

import json

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.pipeline import claims, services
from bocage.pipeline.models import Push, PushQueue, Run
from bocage.pipeline.pushes import due
from bocage.pipeline.pushes.accepting import accept, accept_deletion
from bocage.pipeline.pushes.addresses import open_address
from bocage.pipeline.pushes.keys import new_key, opened_by
from bocage.store.engine import session
from bocage.store.selectors import current_version


class Device:
    """Pushes to one address of `dataset`; `publish` is what the worker does when the journal is due."""

    def __init__(self, dataset, name="realtime", key=()):
        self.dataset = Dataset.objects.get(pk=dataset.pk)
        self.address = open_address(viewer=OPERATOR, dataset=self.dataset, name=name, key=list(key))
        self.secret = new_key(viewer=OPERATOR, address=self.address)

    @property
    def key(self):
        return opened_by(self.secret, dataset=self.dataset.slug, name=self.address.name)

    def push(self, *records):
        return accept(self.key, json.dumps(list(records)).encode(), "p")

    def push_bytes(self, body):
        return accept(self.key, body, "p")

    def delete(self, *records):
        return accept(self.key, json.dumps(list(records)).encode(), "d")

    def delete_record(self, record_id):
        accept_deletion(self.key, record_id)

    def publish(self, expected="done"):
        """Everything that waits."""
        while Push.objects.filter(dataset=self.dataset, aside__isnull=True).exists():
            PushQueue.objects.filter(dataset=self.dataset).update(due_at="2000-01-01T00:00:00Z")
            assert due.create_due_push_runs() == 1
            run = Run.objects.filter(dataset=self.dataset, pushed=True).latest("pk")
            assert claims.claim(run)
            done = services.carry_out(run)
            assert done.status == expected, done.error
            if expected == "failed":
                break
        return self.rows()

    def rows(self, *names):
        """The published rows, in order, as dictionaries without what is empty."""
        version = current_version(self.dataset)
        if version is None:
            return None
        wanted = [field["name"] for field in version.schema if not names or field["name"] in names]
        geographic = {field["name"] for field in version.schema if field["type"] in ("geopoint", "geojson")}
        select = ", ".join(f'ST_AsText("{n}")' if n in geographic else f'"{n}"::VARCHAR' for n in wanted)
        with session(version) as opened:
            found = opened.execute(f"SELECT {select} FROM {opened.table(version)} ORDER BY _row")
        return [{n: v for n, v in zip(wanted, row, strict=True) if v is not None} for row in found]


@pytest.fixture
def engine(data_folder):
    """The query engine of this process, in the data folder of the test."""
    from bocage.store import process

    process.close()
    yield
    process.close()


@pytest.fixture
def device(dataset, engine):
    return Device(dataset)


@pytest.fixture
def keyed(dataset, engine):
    return Device(dataset, key=["id"])
