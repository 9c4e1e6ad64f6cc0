"""Reads of the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.access.audit.readings import Telling
from bocage.access.restrictions import restriction_for
from bocage.access.rules import decide
from bocage.access.vocabulary import Action
from bocage.kernel.errors import AccessDenied
from bocage.store import changes, comparison
from bocage.store.errors import VersionDamaged
from bocage.store.files import sha256_of
from bocage.store.layout import version_path
from bocage.store.models import Head, Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.store.staged import StagedFile

LAZY_VERSIONS = 3
LAZY_ROWS = 200_000
"""What a page may compute while somebody waits; the worker does the others."""
CHUNK = 500


def current_version(dataset: Dataset) -> Version | None:
    """The published version, or None before the first publication."""
    head = next(iter(Head.objects.select_related("version").filter(dataset=dataset)), None)
    if head is None:
        return None
    head.version.dataset = dataset
    return head.version


def gone(uids: Iterable[str]) -> set[str]:
    """Of these uids, those that no version has, or has any more."""
    asked = sorted(uids)
    known: set[str] = set()
    for start in range(0, len(asked), CHUNK):
        known |= set(Version.objects.filter(uid__in=asked[start : start + CHUNK]).values_list("uid", flat=True))
    return set(asked) - known


def versions_for(viewer: Viewer, dataset: Dataset) -> list[Version]:
    """All versions, newest first, with `changes` filled in. The viewer needs Action.READ.

    `changes` stays None where the worker has not compared yet a version too large to be compared while a page waits."""
    decide(viewer, Action.READ, dataset).require()
    versions = list(Version.objects.filter(dataset=dataset).select_related("created_by"))
    for version in versions:
        version.dataset = dataset
    lacking = [version for version in versions if version.changes is None and version.row_count <= LAZY_ROWS]
    for version in lacking[:LAZY_VERSIONS]:
        changes.fill(version)
    return versions


def open_parquet(viewer: Viewer, version: Version) -> Path:
    """The file of a version, for a viewer from whom nothing of it is hidden: to be given to them now, for the journal is told.

    Raises AccessDenied (the export then goes through a query), VersionDamaged when the file is not there."""
    if restriction_for(viewer, version.dataset):
        raise AccessDenied(reason=_("a part of it is hidden from you, and the file holds everything."))
    path = version_path(version)
    if not path.is_file():
        raise VersionDamaged(dataset=version.dataset.title, number=version.number, reason=_("its file is missing."))
    Telling(viewer, (version,), rows=version.row_count).tell()
    return path


def same_content(dataset: Dataset, staged: StagedFile) -> bool:
    """Would publishing `staged` change nothing: same fields, same rows in the same order as the current version?

    The engine writes the same rows into the same bytes, so that the hash nearly always answers; when the bytes differ
    (another release of the engine wrote them) the rows themselves are compared."""
    current = current_version(dataset)
    if current is None or current.row_count != staged.row_count:
        return False
    described = [(field["name"], field["type"], field["label"]) for field in current.schema]
    if described != [(field.name, field.type.value, field.label) for field in staged.fields]:
        return False
    path = version_path(current)
    if current.size_bytes == staged.path.stat().st_size and current.sha256 == sha256_of(staged.path):
        return True
    return path.is_file() and comparison.same_rows(path, staged.path, [field.name for field in staged.fields])
