"""A dataset to publish to, and a stand-in for reading and keeping files, so that what is tested here is the pipeline."""

from __future__ import annotations

import hashlib
import shutil

import pytest

from bocage.access.viewer import OPERATOR
from bocage.catalog.fields import Field
from bocage.catalog.services import create_dataset
from bocage.catalog.vocabulary import FieldType
from bocage.kernel.clock import now
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.pipeline import carrying, claims, sameness
from bocage.store.models import Head, Version
from bocage.store.staged import Notice, StagedFile


class Workbench:
    """Reads a file by copying it; keeps a version by writing its row. `faults` are raised, one by read."""

    def __init__(self):
        self.faults = []
        self.during = lambda: None

    def stage(self, file, *, filename, directory, corrections, digest):
        self.during()
        if self.faults:
            raise self.faults.pop(0)
        path = directory / "staged.parquet"
        shutil.copyfile(file, path)
        rows = path.read_bytes().count(b"\n")
        fields = (Field("a", FieldType.STRING),)
        return StagedFile(path, rows, fields, provenance={"format": "csv"}, notices=(Notice("csv.guess", {"n": 1}),))

    def publish(self, *, viewer, dataset, staged, comment=""):
        number = Version.objects.filter(dataset=dataset).count() + 1
        data = staged.path.read_bytes()
        version = Version.objects.create(
            dataset=dataset,
            number=number,
            sha256=hashlib.sha256(data).hexdigest(),
            size_bytes=len(data),
            row_count=staged.row_count,
            provenance=staged.provenance,
            comment=comment,
            created_at=now(),
            created_by_id=viewer.user_id,
        )
        Head.objects.update_or_create(dataset=dataset, defaults={"version": version, "moved_at": now()})
        return version

    @staticmethod
    def current(dataset):
        head = Head.objects.filter(dataset=dataset).select_related("version").first()
        return head.version if head else None

    def same_content(self, dataset, staged):
        current = self.current(dataset)
        return current is not None and hashlib.sha256(staged.path.read_bytes()).hexdigest() == current.sha256


@pytest.fixture
def workbench(monkeypatch):
    bench = Workbench()
    monkeypatch.setattr(carrying, "stage", bench.stage)
    monkeypatch.setattr(carrying, "publish_version", bench.publish)
    monkeypatch.setattr(carrying, "same_content", bench.same_content)
    monkeypatch.setattr(sameness, "current_version", bench.current)
    return bench


@pytest.fixture(autouse=True)
def data_folder(settings, tmp_path):
    """Each test has its own incoming and staging folders; presence stays that of the process."""
    here = claims.presence.here()
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    assert here is claims.presence.here()
    return settings.DATA_DIR


@pytest.fixture
def dataset(db):
    organization = create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)
    return create_dataset(viewer=OPERATOR, organization=organization, slug="ecoles", title="Écoles")


@pytest.fixture
def dropped(tmp_path):
    """A function that drops a file with this content."""

    def drop(content=b"a\n1\n", name="Écoles 2026.csv"):
        path = tmp_path / "upload"
        path.write_bytes(content)
        return {"file": path, "filename": name}

    return drop
