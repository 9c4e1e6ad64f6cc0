"""`doctor` finds what is wrong, mends what it may, and never touches a version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bocage.access.viewer import Viewer
from bocage.catalog.models import Dataset
from bocage.store import hardening, process
from bocage.store.engine import session
from bocage.store.integrity import doctor, forget_unknown_copies, verify_version
from bocage.store.layout import (
    hot_directory,
    hot_path,
    side_key,
    staging_directory,
    version_path,
    versions_directory,
)
from bocage.store.models import Head, Version
from bocage.store.services import publish_version
from tests.store import making

NOW = timedelta(0)


@pytest.fixture
def version(data_folder: Path, contributor: Viewer, dataset: Dataset, tmp_path: Path) -> Version:
    publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
    return publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 100))


def codes(repair: bool = False) -> list[str]:
    return [finding.code for finding in doctor(repair, grace=NOW, staging_grace=NOW)]


def test_all_is_well(version: Version) -> None:
    with session(version):
        assert codes() == []
    assert verify_version(version) == []


def _truncate(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "expected"), [(Path.unlink, "version.missing"), (_truncate, "version.altered"), (_flip, "version.altered")]
)
def test_a_harmed_version_is_found_and_left_as_it_is(
    version: Version, harm: Callable[[Path], None], expected: str
) -> None:
    path = version_path(version)
    harm(path)
    before = path.read_bytes() if path.exists() else None
    assert codes(repair=True) == [expected, "head.broken"]
    assert codes() == [expected, "head.broken"]
    assert before == (path.read_bytes() if path.exists() else None)
    assert "Arbres" in doctor()[0].sentence


def test_a_row_that_lies_about_its_file(version: Version) -> None:
    Version.objects.filter(pk=version.pk).update(row_count=3)
    assert codes() == ["version.unreadable", "head.broken", "dataset.facts"]
    Version.objects.filter(pk=version.pk).update(row_count=100, schema=version.schema[:-1])
    assert codes() == ["version.unreadable", "head.broken", "dataset.facts"]


def test_a_writable_version_is_locked_again(version: Version) -> None:
    version_path(version).chmod(0o644)
    assert [finding.repaired for finding in doctor(True, grace=NOW)] == [True]
    assert codes() == []


def test_leftovers_are_removed_once_they_are_quiet(version: Version) -> None:
    orphan = versions_directory() / "da_gone" / "1-v_gone.parquet"
    orphan.parent.mkdir()
    orphan.write_bytes(b"x")
    leftover = staging_directory() / "runs" / "half"
    leftover.mkdir(parents=True)
    (leftover / "part").write_bytes(b"x")
    unknown = hot_directory() / "v_gone.duckdb"
    unknown.parent.mkdir(parents=True)
    unknown.write_bytes(b"x")
    young = [finding.code for finding in doctor(True)]
    assert young == ["hot.unknown"]
    assert orphan.exists()
    assert leftover.exists()
    assert not unknown.exists()
    assert codes() == ["file.orphan", "staging.leftover"]
    assert all(finding.repaired for finding in doctor(True, grace=NOW, staging_grace=NOW))
    assert codes() == []
    assert version_path(version).exists()


def test_wrong_facts_are_copied_again_and_edits_stay(version: Version) -> None:
    dataset = Dataset.objects.get(pk=version.dataset_id)
    dataset.schema[0]["label"] = "Identifiant"
    dataset.row_count, dataset.bbox = 7, None
    dataset.save()
    assert codes() == ["dataset.facts"]
    assert [finding.repaired for finding in doctor(True, grace=NOW)] == [True]
    dataset.refresh_from_db()
    assert (dataset.row_count, dataset.bbox) == (100, [-2.0, 46.5, 0.016, 48.524])
    assert dataset.fields[0].label == "Identifiant"
    assert dataset.data_updated_at == Head.objects.get(dataset=dataset).moved_at
    assert codes() == []


def test_facts_without_a_pointer(data_folder: Path, dataset: Dataset) -> None:
    Dataset.objects.filter(pk=dataset.pk).update(row_count=4)
    assert codes(repair=True) == ["dataset.facts"]
    assert codes() == []


def test_the_environment(version: Version, monkeypatch: pytest.MonkeyPatch) -> None:
    process.close()
    monkeypatch.setattr(hardening, "spatial_extension", lambda: Path("/nowhere/spatial.duckdb_extension"))
    monkeypatch.setattr("bocage.store.integrity.ENOUGH_BYTES", 2**62)
    assert codes() == ["disk.short", "engine.spatial"]


def test_what_was_made_of_a_version_while_it_left_goes_too(version: Version) -> None:
    """A lookup, or a pack, that was begun before: it holds what was erased."""
    with session(version):
        pass
    late = [hot_path(key) for key in ("v_gone", side_key("v_gone", "lookup"), side_key("v_gone", "pack-Grid"))]
    for path in late:
        path.write_bytes(b"x")
    assert forget_unknown_copies() == 0, "somebody may be about to tell of it"
    assert forget_unknown_copies(NOW) == 3
    assert forget_unknown_copies(NOW) == 0
    assert [path.stem for path in hot_directory().glob("*.duckdb")] == [version.uid]
