"""Round trip: what is saved comes back whole, and what is damaged does not come back at all."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bocage.config import backup

ROOT = Path(__file__).parents[2]

FILL = """
import hashlib, sys, django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset
from bocage.kernel.clock import now
from bocage.organizations.models import Organization
from bocage.organizations.services import create_organization
from bocage.store.layout import version_path
from bocage.store.models import Version
organization = Organization.objects.first() or create_organization(slug="reze", name="Rezé", kind="commune")
dataset = Dataset.objects.first() or create_dataset(viewer=OPERATOR, organization=organization, slug="d", title="Écoles")
for content in sys.argv[1:]:
    data = content.encode()
    version = Version.objects.create(dataset=dataset, number=dataset.versions.count() + 1, row_count=1, created_at=now(),
        sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
    version_path(version).parent.mkdir(parents=True, exist_ok=True)
    version_path(version).write_bytes(data)
    version_path(version).chmod(0o444)
"""


ASIDE = """
import sys, django
django.setup()
import pyarrow as pa, pyarrow.parquet as pq
from bocage.catalog.models import Dataset
from bocage.check.layout import ASIDE, below, new_place
from bocage.check.models import Conformity, Quarantine, Schema, SchemaVersion
dataset = Dataset.objects.get()
schema = Schema.objects.create(name="scdl/ecoles", title="Écoles")
version = SchemaVersion.objects.create(schema=schema, number="1", descriptor={"fields": []})
conformity = Conformity.objects.create(dataset=dataset, schema_version=version)
for rows in (["75 rue"], ["gone"]):
    path = new_place(dataset, ASIDE)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"bocage:row": [2], "bocage:faults": ["[]"], "c:adresse": rows}), path)
    path.chmod(0o444)
    Quarantine.objects.create(conformity=conformity, file=below(path), row_count=1)
path.unlink()
"""


class Installation:
    """A data folder, and the command line upon it."""

    def __init__(self, folder):
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BOCAGE_")}
        self.environment = kept | {
            "BOCAGE_DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "bocage.config.settings",
            "LANG": "en",
        }

    def python(self, *arguments):
        return subprocess.run(
            [sys.executable, *arguments], env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def bocage(self, *arguments):
        return self.python("-m", "bocage.config.command_line", *map(str, arguments))

    def fill(self, *contents):
        done = self.python("-c", FILL, *contents)
        assert done.returncode == 0, done.stderr

    def versions(self):
        files = sorted((self.folder / "versions").rglob("*.parquet"), key=lambda path: int(path.name.partition("-")[0]))
        return [path.read_bytes() for path in files]

    def titles(self):
        with sqlite3.connect(self.folder / "bocage.sqlite3") as database:
            titles = database.execute("SELECT title FROM catalog_dataset").fetchall()
        database.close()
        return titles

    def aside(self):
        return {path.relative_to(self.folder): path.read_bytes() for path in self.folder.rglob("*.aside.parquet")}


@pytest.fixture
def installed(tmp_path, migrated):
    return Installation(migrated(tmp_path / "data"))


@pytest.fixture
def elsewhere(tmp_path):
    return Installation(tmp_path / "other")


def test_round_trip_twice_and_damage(installed, elsewhere, tmp_path):
    folder = tmp_path / "backup"
    installed.fill("one", "two")
    first = installed.bocage("backup", folder)
    assert first.returncode == 0, first.stderr
    inodes = {path.stat().st_ino for path in (folder / "versions").rglob("*.parquet")}
    installed.fill("three")
    assert installed.bocage("backup", folder).returncode == 0
    kept = {path.stat().st_ino for path in (folder / "versions").rglob("*.parquet")}
    assert inodes < kept, "what was saved is not copied again"
    assert len(list(folder.glob("database-*"))) == 1
    for private in (*folder.glob("secret-*"), *folder.glob("database-*"), folder / "manifest.json"):
        assert private.stat().st_mode & 0o077 == 0, private

    restored = elsewhere.bocage("restore", folder)
    assert restored.returncode == 0, restored.stderr
    assert elsewhere.versions() == [b"one", b"two", b"three"]
    assert elsewhere.titles() == [("Écoles",)]
    assert (elsewhere.folder / "secret.key").read_text() == (installed.folder / "secret.key").read_text()
    again = elsewhere.bocage("restore", folder)
    assert again.returncode == 1
    assert "already holds" in again.stderr
    _damaged_is_refused(folder, tmp_path)


def test_rows_kept_aside_come_back_and_what_is_gone_is_told(installed, elsewhere, tmp_path):
    installed.fill("one")
    done = installed.python("-c", ASIDE)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "backup"
    for _again in range(2):
        saved = installed.bocage("backup", folder)
        assert saved.returncode == 0, saved.stderr
        assert saved.stderr.count("are not saved") == 1
    assert elsewhere.bocage("restore", folder).returncode == 0
    assert elsewhere.aside() == installed.aside()
    assert len(elsewhere.aside()) == 1

    (kept,) = elsewhere.folder.rglob("*.aside.parquet")
    kept.chmod(0o644)
    kept.write_bytes(kept.read_bytes()[:-20] + b"\0" * 20)
    told = elsewhere.bocage("doctor", "--json").stdout
    assert "checks.aside-missing" in told
    assert "checks.aside-damaged" in told


def _damaged_is_refused(folder, tmp_path):
    target = Installation(tmp_path / "third")
    victim = next((folder / "versions").rglob("*.parquet"))
    victim.unlink()
    victim.write_bytes(b"oops")
    refused = target.bocage("restore", folder)
    assert refused.returncode == 1
    assert "damaged" in refused.stderr
    assert not (target.folder / "versions").exists()
    assert not (target.folder / "bocage.sqlite3").exists()


@pytest.mark.django_db
class TestRefusals:
    def test_not_a_backup(self, data_folder, tmp_path):
        with pytest.raises(backup.NotABackup):
            backup.restore(tmp_path, print)

    def test_inside_the_data_folder(self, data_folder):
        with pytest.raises(backup.FolderInside):
            backup.back_up(data_folder / "backup", print)

    def test_a_manifest_that_leads_outside(self, data_folder, tmp_path, monkeypatch):
        entry = {"path": "../../etc/passwd", "sha256": "0", "size": 1}
        manifest = {"bocage": "0.0.1", "made_at": "", "engine": "sqlite", "versions": [entry]}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"database": entry, "secret": entry}))
        monkeypatch.setattr(backup.database_copy, "has_tables", lambda: False)
        with pytest.raises(backup.BackupDamaged):
            backup.restore(tmp_path, print)

    def test_a_later_release(self, data_folder, tmp_path):
        entry = {"path": "x", "sha256": "0", "size": 1}
        manifest = {"bocage": "999.0", "made_at": "", "engine": "sqlite", "versions": []}
        (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"database": entry, "secret": entry}))
        with pytest.raises(backup.BackupFromTheFuture):
            backup.restore(tmp_path, print)
