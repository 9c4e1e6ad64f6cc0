"""Is everything that was published still there, whole, and is there nothing else? `bocage doctor` asks.

Nothing here ever touches the file of a version that has a row.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from django.db import transaction

from bocage.catalog.models import Dataset
from bocage.catalog.services import touch_catalogue
from bocage.kernel import clock
from bocage.store import hardening, hot_files, parquet
from bocage.store.facts import NO_FACTS, copy_facts, facts_of
from bocage.store.files import READ_ONLY, sha256_of
from bocage.store.findings import Finding, Severity, finding
from bocage.store.layout import hot_directory, staging_directory, version_path, version_uid_of, versions_directory
from bocage.store.models import Head, Version
from bocage.store.selectors import gone

GRACE = timedelta(hours=1)
"""A file without a row that changed more recently may belong to a publication at work."""

STAGING_GRACE = timedelta(days=1)
ENOUGH_BYTES = 1024**3


def doctor(repair: bool = False, *, grace: timedelta = GRACE, staging_grace: timedelta | None = None) -> list[Finding]:
    """Look at everything, reading every byte of every version. `repair`: remove leftovers, copy the facts again.

    `grace`: younger files without a row are left alone; `staging_grace` the same for files being prepared, at least a day
    unless given. Errors about versions are never repaired here: a backup does."""
    waiting = staging_grace if staging_grace is not None else max(grace, STAGING_GRACE)
    found = [*_environment(), *_versions(repair), *_datasets(repair)]
    found += [_removed(each, repair) for each in _orphans(grace)]
    found += [_removed(each, repair) for each in _leftovers(waiting)]
    return found + list(_hot_copies(repair))


def verify_version(version: Version) -> list[Finding]:
    """What is wrong with the file of a version; reads it whole. Empty when nothing is."""
    path = version_path(version)
    told = {"number": version.number, "dataset": version.dataset.title, "path": path}
    try:
        stat = path.stat()
    except FileNotFoundError:
        return [finding("version.missing", **told)]
    if stat.st_size != version.size_bytes or sha256_of(path) != version.sha256:
        return [finding("version.altered", **told)]
    names = [field["name"] for field in version.schema]
    if fault := parquet.fault_of(path, columns=names, row_count=version.row_count):
        return [finding("version.unreadable", reason=fault, **told)]
    if stat.st_mode & 0o222:
        return [finding("version.writable", **told)]
    return []


def _environment() -> Iterator[Finding]:
    for directory in (versions_directory(), staging_directory(), hot_directory()):
        try:
            directory.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=directory).close()
        except OSError as error:
            yield finding("folder.unwritable", path=directory, reason=error.strerror)
    free = shutil.disk_usage(versions_directory().parent).free
    if free < ENOUGH_BYTES:
        yield finding("disk.short", free=free // 1024**2)
    try:
        with tempfile.TemporaryDirectory() as spill:
            engine = hardening.connect(allowed=[], spill=Path(spill), verify=True)
            engine.execute("SELECT ST_Point(0, 0)")
            engine.close()
    except (duckdb.Error, OSError) as error:
        yield finding("engine.spatial", reason=str(error).splitlines()[0])


def _versions(repair: bool) -> Iterator[Finding]:
    heads = set(Head.objects.values_list("version_id", flat=True))
    for version in Version.objects.select_related("dataset").order_by("dataset", "number").iterator(500):
        for each in verify_version(version):
            if each.code == "version.writable" and repair:
                version_path(version).chmod(READ_ONLY)
                each = each.mended()  # noqa: PLW2901  the same finding, mended
            yield each
            if version.pk in heads and each.severity is Severity.ERROR:
                yield finding("head.broken", dataset=version.dataset.title, number=version.number)


def _datasets(repair: bool) -> Iterator[Finding]:
    heads = {head.dataset_id: head for head in Head.objects.select_related("version")}
    for dataset in Dataset.objects.order_by("pk").iterator(500):
        head = heads.get(dataset.pk)
        wrong = _wrong_facts(dataset, head)
        if wrong:
            each = finding("dataset.facts", dataset=dataset.title, facts=", ".join(wrong))
            yield _mend_facts(dataset, each) if repair else each


def _wrong_facts(dataset: Dataset, head: Head | None) -> list[str]:
    expected = facts_of(head.version) if head else NO_FACTS
    wrong = [name for name, value in expected.items() if getattr(dataset, name) != value]
    if dataset.data_updated_at != (head.moved_at if head else None):
        wrong.append("data_updated_at")
    schema = head.version.schema if head else []
    if [(f["name"], f["type"]) for f in dataset.schema] != [(f["name"], f["type"]) for f in schema]:
        wrong.append("schema")
    return wrong


def _mend_facts(dataset: Dataset, each: Finding) -> Finding:
    """Copy again, from the pointer as it is now."""
    with transaction.atomic():
        head = Head.objects.select_related("version").filter(dataset=dataset).first()
        if head:
            copy_facts(dataset, head.version, before=head.version, at=head.moved_at)
        else:
            Dataset.objects.filter(pk=dataset.pk).update(**NO_FACTS, schema=[], data_updated_at=None)
        touch_catalogue()
    return each.mended()


_Removable = tuple[Finding, Path]


def _orphans(grace: timedelta) -> Iterator[_Removable]:
    """Files below `versions` that no row names. The rows are read after the files: a publication puts the file first."""
    files = [path for path in versions_directory().rglob("*") if path.is_file() and _is_quiet(path, grace)]
    known = {version_path(version) for version in Version.objects.select_related("dataset").iterator(500)}
    return ((finding("file.orphan", path=path), path) for path in files if path not in known)


def _leftovers(grace: timedelta) -> Iterator[_Removable]:
    entries = staging_directory().iterdir() if staging_directory().is_dir() else iter(())
    return ((finding("staging.leftover", path=path), path) for path in entries if _is_quiet(path, grace))


def _is_quiet(path: Path, grace: timedelta) -> bool:
    """Nothing changed there for `grace`: neither content nor name nor mode, for the file or for anything below."""
    try:
        latest = max(each.lstat().st_ctime for each in (path, *path.rglob("*")))
    except FileNotFoundError:
        return False  # somebody is at work there
    return clock.now() - datetime.fromtimestamp(latest, UTC) >= grace


def _removed(removable: _Removable, repair: bool) -> Finding:
    each, path = removable
    if not repair:
        return each
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        return each
    return each.mended()


def _hot_copies(repair: bool) -> Iterator[Finding]:
    """Copies whose version is gone. Whole or not does not matter: a damaged copy is made again when it is opened."""
    for key, path in sorted(_unknown_copies()):
        each = finding("hot.unknown", path=path)
        yield each.mended() if repair and hot_files.remove(key) else each


def forget_unknown_copies(grace: timedelta = GRACE) -> int:
    """How many copies were there whose version is gone, begun while it left: what was erased is not to stay in one of them."""
    return sum(hot_files.remove(key) for key, path in _unknown_copies() if _is_quiet(path, grace))


def _unknown_copies() -> list[tuple[str, Path]]:
    """By key, or their locks alone. The rows are read after the files."""
    found = {path.stem: path for path in (*hot_directory().glob("*.lock"), *hot_directory().glob("*.duckdb"))}
    unknown = gone({version_uid_of(key) for key in found})
    return [(key, path) for key, path in found.items() if version_uid_of(key) in unknown]
