"""Publishing and moving the pointer: the file, the row, the facts, the rights."""

from __future__ import annotations

import dataclasses
import errno
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import catalogue_revision
from bocage.catalog.vocabulary import FieldType as T
from bocage.kernel.errors import AccessDenied
from bocage.organizations.vocabulary import Role
from bocage.store import services
from bocage.store.errors import ForeignVersion, StagedFileBroken, VersionDamaged
from bocage.store.files import sha256_of
from bocage.store.layout import version_path, versions_directory
from bocage.store.models import Head, Version
from bocage.store.selectors import current_version, open_parquet, same_content, versions_for
from bocage.store.services import move_head, publish_version
from bocage.store.staged import Notice
from tests.store import making


def test_a_publication_is_a_file_a_row_a_pointer_and_the_facts(
    contributor: Viewer, dataset: Dataset, tmp_path: Path
) -> None:
    staged = dataclasses.replace(
        making.trees(tmp_path), provenance={"name": "arbres.csv"}, notices=(Notice("capture.x", {"line": 3}),)
    )
    revision = catalogue_revision()
    version = publish_version(viewer=contributor, dataset=dataset, staged=staged, comment="Premier")
    path = version_path(version)
    assert path == versions_directory() / dataset.uid / f"1-{version.uid}.parquet"
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert (version.sha256, version.size_bytes) == (sha256_of(path), path.stat().st_size)
    assert not staged.path.exists()
    version.refresh_from_db()
    assert (version.number, version.comment, version.row_count) == (1, "Premier", 1000)
    assert version.provenance == {"name": "arbres.csv"}
    assert version.warnings == [{"code": "capture.x", "fields": {"line": 3}}]
    assert version.geometry["original_crs"] == "EPSG:2154"
    assert current_version(dataset) == version
    assert catalogue_revision() == revision + 1
    for seen in (dataset, Dataset.objects.get(pk=dataset.pk)):
        assert (seen.version_number, seen.row_count, seen.geometry_types) == (1, 1000, ["Point"])
        assert seen.bbox == [-2.0, 46.5, 0.016, 48.524]
        assert [field.name for field in seen.fields] == ["id", "n", "kind", "planted", "geo"]
        assert seen.data_updated_at == Head.objects.get(dataset=dataset).moved_at


def test_rights(contributor: Viewer, organization: object, dataset: Dataset, tmp_path: Path) -> None:
    staged = making.trees(tmp_path, 10)
    reader = Viewer(roles={dataset.organization_id: Role.MEMBER})
    elsewhere = Viewer(roles={dataset.organization_id + 1: Role.ADMINISTRATOR})
    for viewer in (ANONYMOUS, reader, elsewhere):
        with pytest.raises(AccessDenied):
            publish_version(viewer=viewer, dataset=dataset, staged=staged)
    assert staged.path.exists()
    version = publish_version(viewer=contributor, dataset=dataset, staged=staged)
    for viewer in (ANONYMOUS, reader, elsewhere, contributor):
        with pytest.raises(AccessDenied):
            move_head(viewer=viewer, dataset=dataset, version=version)
    for viewer in (ANONYMOUS, elsewhere):
        with pytest.raises(AccessDenied):
            versions_for(viewer, dataset)
        with pytest.raises(AccessDenied):
            open_parquet(viewer, version)
    assert versions_for(reader, dataset) == [version]
    assert open_parquet(reader, version) == version_path(version)
    dataset.visibility = Visibility.OPEN
    assert open_parquet(ANONYMOUS, current_version(dataset) or version) == version_path(version)


def test_the_edits_of_the_steward_survive_and_the_key_too(
    contributor: Viewer, dataset: Dataset, tmp_path: Path
) -> None:
    def publish(values: str, **types: T) -> None:
        publish_version(viewer=contributor, dataset=dataset, staged=making.table(tmp_path, values, **types))

    publish("('a', 1)", id=T.STRING, n=T.INTEGER)
    edited = Dataset.objects.get(pk=dataset.pk)
    edited.schema[0] |= {"label": "Identifiant", "description": "Le numéro"}
    edited.primary_key = ["id"]
    edited.save()
    publish("('a', 1.5, 'x')", id=T.STRING, n=T.NUMBER, kind=T.STRING)
    fields = {field.name: field for field in dataset.fields}
    assert (fields["id"].label, fields["id"].description) == ("Identifiant", "Le numéro")
    assert (fields["n"].label, fields["n"].type, fields["kind"].label) == ("N", T.NUMBER, "Kind")
    assert dataset.primary_key == ["id"]
    publish("(1)", n=T.INTEGER)
    assert dataset.primary_key == []
    assert [field.name for field in dataset.fields] == ["n"]


def test_a_label_nobody_edited_follows_the_file(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    for label in ("Espece", "Espèce"):
        staged = making.staged(tmp_path, "SELECT 'a' AS kind", (Field("kind", T.STRING, label=label),))
        publish_version(viewer=contributor, dataset=dataset, staged=staged)
    assert dataset.fields[0].label == "Espèce"


@pytest.mark.parametrize("lie", [{"row_count": 11}, {"fields": making.TREES[:-1]}, {"fields": making.TREES[::-1]}])
def test_a_staged_file_that_lies_is_refused(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, lie: dict[str, object]
) -> None:
    staged = dataclasses.replace(making.trees(tmp_path, 10), **lie)
    with pytest.raises(StagedFileBroken):
        publish_version(viewer=contributor, dataset=dataset, staged=staged)
    assert staged.path.exists()
    assert current_version(dataset) is None


def test_names_that_the_native_table_needs_are_refused(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    sql = making.TREES_SQL.format(rows=3)
    for name in ("_ROW", "_geo_xmin"):
        fields = (*making.TREES, Field(name, T.INTEGER))
        staged = making.staged(tmp_path, f'SELECT *, 1 AS "{name}" FROM ({sql})', fields)
        with pytest.raises(StagedFileBroken, match=name.lower()):
            publish_version(viewer=contributor, dataset=dataset, staged=staged)


def test_a_truncated_staged_file_is_refused(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    staged = making.trees(tmp_path, 10)
    staged.path.write_bytes(staged.path.read_bytes()[:-10])
    with pytest.raises(StagedFileBroken):
        publish_version(viewer=contributor, dataset=dataset, staged=staged)


def test_a_failure_puts_the_file_back_and_leaves_the_old_version(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_folder: Path
) -> None:
    old = publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
    staged = making.trees(tmp_path, 20)

    def fails() -> None:
        raise IntegrityError("the catalogue refuses")

    monkeypatch.setattr(services, "touch_catalogue", fails)
    with pytest.raises(IntegrityError, match="the catalogue refuses"):
        publish_version(viewer=contributor, dataset=dataset, staged=staged)
    assert staged.path.exists()
    assert current_version(dataset) == old
    assert [path for path in versions_directory().rglob("*") if path.is_file()] == [version_path(old)]
    with pytest.raises(ValidationError):
        publish_version(viewer=contributor, dataset=dataset, staged=staged, comment="x" * 501)
    assert staged.path.exists()


def test_two_publications_at_once_take_two_numbers(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number was free when it was chosen, and taken when the row is written."""
    publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
    numbers = iter([1, 1, 2])
    monkeypatch.setattr(services, "_next_number", lambda _dataset: next(numbers))
    version = publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 20))
    assert version.number == 2
    assert version_path(version).is_file()
    assert len(list(version_path(version).parent.iterdir())) == 2


def test_a_staging_area_on_another_disk(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def across(self: Path, target: Path) -> Path:
        if self.parent != Path(target).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    staged = making.trees(tmp_path, 10)
    monkeypatch.setattr(Path, "rename", across)
    version = publish_version(viewer=contributor, dataset=dataset, staged=staged)
    assert not staged.path.exists()
    assert [path.name for path in version_path(version).parent.iterdir()] == [f"1-{version.uid}.parquet"]
    assert sha256_of(version_path(version)) == version.sha256


def steward_of(dataset: Dataset) -> Viewer:
    return Viewer(roles={dataset.organization_id: Role.STEWARD})


def test_a_version_of_another_dataset_or_lost_is_refused(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    first = publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
    publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 20))
    other = Dataset.objects.create(slug="autre", title="Autre", organization=dataset.organization)
    with pytest.raises(ForeignVersion):
        move_head(viewer=steward_of(other), dataset=other, version=first)
    version_path(first).unlink()
    with pytest.raises(VersionDamaged):
        move_head(viewer=steward_of(dataset), dataset=dataset, version=first)
    assert dataset.version_number == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=st.lists(st.integers(0, 3), max_size=8))
def test_the_pointer_goes_anywhere_and_the_facts_follow(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, walk: list[int]
) -> None:
    """Whatever the way, what the dataset says is what the version pointed at holds."""
    if not Version.objects.filter(dataset=dataset).exists():
        publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
        publish_version(viewer=contributor, dataset=dataset, staged=making.table(tmp_path, "('a')", id=T.STRING))
        publish_version(viewer=contributor, dataset=dataset, staged=making.table(tmp_path, "(1), (2)", n=T.INTEGER))
        publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 30))
    versions = list(Version.objects.filter(dataset=dataset).order_by("number"))
    for step in walk:
        head = move_head(viewer=steward_of(dataset), dataset=dataset, version=versions[step])
        fresh = Dataset.objects.get(pk=dataset.pk)
        version = versions[step]
        assert head.version == current_version(fresh) == version
        assert (fresh.version_number, fresh.row_count) == (version.number, version.row_count)
        assert fresh.schema == version.schema
        assert fresh.geometry_types == version.geometry.get("types", [])
        assert fresh.bbox == version.geometry.get("bbox")
        assert fresh.data_updated_at == head.moved_at
    assert Version.objects.filter(dataset=dataset).count() == 4


def test_same_content_compares_rows_not_bytes(contributor: Viewer, dataset: Dataset, tmp_path: Path) -> None:
    assert not same_content(dataset, making.trees(tmp_path, 10))
    publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, 10))
    assert same_content(dataset, making.trees(tmp_path, 10))
    in_order = making.TREES_SQL.format(rows=10)
    rewritten = making.staged(tmp_path, in_order, making.TREES)
    rewritten.path.unlink()
    other_bytes = making.staged(tmp_path, f"{in_order} ORDER BY planted", making.TREES)
    assert same_content(dataset, other_bytes)
    assert not same_content(dataset, making.trees(tmp_path, 11))
    assert not same_content(dataset, making.staged(tmp_path, f"{in_order} ORDER BY planted DESC", making.TREES))
    one_value = f"SELECT * REPLACE (CASE id WHEN 'T3' THEN NULL ELSE n END AS n) FROM ({in_order})"
    assert not same_content(dataset, making.staged(tmp_path, one_value, making.TREES))
    relabelled = (Field("id", T.STRING, label="Autre"), *making.TREES[1:])
    assert not same_content(dataset, making.staged(tmp_path, in_order, relabelled))


def test_reading_versions_is_a_bounded_number_of_queries(
    contributor: Viewer, dataset: Dataset, tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    for rows in range(1, 7):
        publish_version(viewer=contributor, dataset=dataset, staged=making.trees(tmp_path, rows))
    Version.objects.update(changes={})
    with django_assert_max_num_queries(1):
        numbers = [f"{version} {version.created_by}" for version in versions_for(contributor, dataset)]
    assert len(numbers) == 6
