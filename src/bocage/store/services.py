"""Writes of the store: publish a staged file, move the pointer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.catalog.services import touch_catalogue
from bocage.kernel import clock
from bocage.store import changes, parquet
from bocage.store.errors import ForeignVersion, StagedFileBroken, VersionDamaged
from bocage.store.facts import copy_facts
from bocage.store.files import install, sha256_of
from bocage.store.hot_copies import own_columns
from bocage.store.layout import version_path
from bocage.store.models import Head, Version
from bocage.store.pointing import require_conditions
from bocage.store.staged import StagedFile

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset

ATTEMPTS = 20


def publish_version(*, viewer: Viewer, dataset: Dataset, staged: StagedFile, comment: str = "") -> Version:
    """Make `staged` the new current version: hash, fsync, rename into place, then one transaction (row + pointer +
    facts copied on the dataset). The viewer needs Action.PUBLISH. Killed at any instant, the dataset is at its old or
    its new version, whole; at worst a file without a row, that `doctor` removes.

    The staged file is moved; it is put back when the publication fails. Raises AccessDenied, StagedFileBroken."""
    decide(viewer, Action.PUBLISH, dataset).require()
    _refuse_broken(staged)
    version = _described(viewer, dataset, staged, comment)
    place = staged.path
    try:
        for attempt in range(1, ATTEMPTS + 1):
            version.number = _next_number(dataset)
            target = version_path(version)
            install(place, target)
            place = target
            try:
                return _recorded(viewer, version)
            except IntegrityError:
                taken = Version.objects.filter(dataset=dataset, number=version.number).exists()
                if not taken or attempt == ATTEMPTS:
                    raise  # another reason than two publications at once, or a row that moves faster than we do
        raise AssertionError("unreachable: the last attempt returns or raises")
    except BaseException:
        _put_back(place, staged.path)
        raise


def _refuse_broken(staged: StagedFile) -> None:
    """Raise StagedFileBroken unless the file is the Parquet file described, with names that the native table can hold."""
    names = [field.name for field in staged.fields]
    fault = parquet.fault_of(staged.path, columns=names, row_count=staged.row_count)
    if taken := {name.lower() for name in names} & own_columns(staged.fields):
        fault = _("these names of fields are reserved: %(names)s.") % {"names": ", ".join(sorted(taken))}
    if fault:
        raise StagedFileBroken(reason=fault)


def _described(viewer: Viewer, dataset: Dataset, staged: StagedFile, comment: str) -> Version:
    """The row to be, but for its number. Raises ValidationError for a comment that is too long."""
    geometry = staged.geometry
    version = Version(
        dataset=dataset,
        sha256=sha256_of(staged.path),
        size_bytes=staged.path.stat().st_size,
        row_count=staged.row_count,
        schema=[field.as_dict() for field in staged.fields],
        geometry={
            "column": geometry.column,
            "types": list(geometry.types),
            "bbox": list(geometry.bbox) if geometry.bbox else None,
            "original_crs": geometry.original_crs,
        }
        if geometry
        else {},
        provenance=staged.provenance,
        warnings=[notice.as_dict() for notice in staged.notices],
        comment=comment,
        created_at=clock.now(),
        created_by_id=viewer.user_id,
    )
    version.clean_fields(exclude=("number", "dataset", "created_by"))
    return version


def _next_number(dataset: Dataset) -> int:
    highest: int | None = Version.objects.filter(dataset=dataset).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


@transaction.atomic
def _recorded(viewer: Viewer, version: Version) -> Version:
    version.save(force_insert=True)
    _point(viewer, version.dataset, version)
    _tell(Kind.VERSION_PUBLISHED, viewer, version)
    return version


def _tell(kind: Kind, viewer: Viewer, version: Version) -> None:
    dataset = version.dataset
    record(
        kind, viewer=viewer, organization=dataset.organization_id, dataset=dataset.uid, version=version.uid,
        number=version.number, rows=version.row_count,
    )  # fmt: skip


def _put_back(place: Path, staged: Path) -> None:
    """After a failure, best effort: what stays in `versions` without a row is an orphan that `doctor` removes."""
    if place != staged:
        try:
            place.rename(staged)
        except OSError:
            pass


def _point(viewer: Viewer, dataset: Dataset, version: Version) -> Head:
    """Move the pointer and everything that follows it, if it may be moved (`pointing`). Inside a transaction."""
    now = clock.now()
    head = Head.objects.select_for_update(of=("self",)).select_related("version").filter(dataset=dataset).first()
    before = head.version if head else None
    require_conditions(dataset, version, before)
    head, _created = Head.objects.update_or_create(
        dataset=dataset, defaults={"version": version, "moved_at": now, "moved_by_id": viewer.user_id}
    )
    copy_facts(dataset, version, before=before, at=now)
    touch_catalogue()
    return head


def move_head(*, viewer: Viewer, dataset: Dataset, version: Version) -> Head:
    """Point at another version of the same dataset (roll back, or forward again). The viewer needs Action.MANAGE: the
    version may have been left because it held what should not be seen.

    Raises AccessDenied, ForeignVersion, VersionDamaged when the file of that version is not there any more."""
    decide(viewer, Action.MANAGE, dataset).require()
    if version.dataset_id != dataset.pk:
        raise ForeignVersion
    names = [field["name"] for field in version.schema]
    if fault := parquet.fault_of(version_path(version), columns=names, row_count=version.row_count):
        raise VersionDamaged(dataset=dataset.title, number=version.number, reason=fault)
    with transaction.atomic():
        head = _point(viewer, dataset, version)
        _tell(Kind.VERSION_RESTORED, viewer, version)
    return head


def compute_changes(version: Version) -> Version:
    """Fill `version.changes`, against the version before. What the worker calls once a version is published."""
    changes.fill(version)
    return version
