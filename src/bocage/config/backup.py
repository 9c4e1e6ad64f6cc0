"""Backups that can be trusted: a consistent copy of the database, every version, document and file of rows kept aside that it
names, and a manifest with checksums.

A version never changes once written, so a second backup into the same folder copies the new ones only, as hard links when the
folder is on the same disk. The manifest is written last, by a rename: an interrupted backup leaves the previous one whole.
Restoring verifies every checksum before it writes anything.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bocage import __version__
from bocage.config import database_copy
from bocage.kernel.clock import now
from bocage.kernel.errors import TerminalError
from bocage.pipeline.publishing import copying
from bocage.store.files import flush, make_directory, sha256_of
from bocage.store.layout import versions_directory

MANIFEST = "manifest.json"
FILES = ("versions", "aside", "documents")
"""Parts of a manifest that list files of the data folder."""
HARMLESS = frozenset({"secret.key", "presence", "cache", "metrics", "static"})
"""What starting Bocage writes by itself: a data folder that holds nothing else is empty."""

Tell = Callable[[str], None]
Item = TypeVar("Item")


class NotABackup(TerminalError):
    code = "backup.not-a-backup"
    message = _("There is no backup in “%(folder)s”.")
    mend = _("Give the folder that was given to “bocage backup”.")


class BackupDamaged(TerminalError):
    code = "backup.damaged"
    message = _("The backup is damaged: “%(file)s” is missing or is not what was saved. Nothing was restored.")
    mend = _("Restore from another backup.")


class BackupFromTheFuture(TerminalError):
    code = "backup.from-the-future"
    message = _("This backup comes from Bocage %(theirs)s, and this is Bocage %(ours)s.")
    mend = _("Install Bocage %(theirs)s or later, then restore.")


class DataFolderNotEmpty(TerminalError):
    code = "backup.data-folder-not-empty"
    message = _("The data folder “%(folder)s” already holds “%(found)s”: nothing was restored.")
    mend = _("Restore into an empty folder, set by BOCAGE_DATA_DIR.")


class VersionMissing(TerminalError):
    code = "backup.version-missing"
    message = _("The version “%(file)s” is missing from the data folder, or damaged.")
    mend = _("Run “bocage doctor”, which says what can be done.")


class FolderInside(TerminalError):
    code = "backup.folder-inside"
    message = _("A backup inside the data folder would be lost with it.")
    mend = _("Give a folder elsewhere, on another disk if possible.")


@dataclass(frozen=True)
class Entry:
    """One file of the backup: path below its folder, SHA-256, size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    bocage: str
    made_at: str
    engine: str
    database: Entry
    secret: Entry
    versions: list[Entry] = field(default_factory=list)
    aside: list[Entry] = field(default_factory=list)
    """Rows kept aside, which nothing can make again. Backups of earlier releases have none."""

    documents: list[Entry] = field(default_factory=list)
    """Joined to datasets; named by their hash."""

    missing: list[str] = field(default_factory=list)
    """Files of rows kept aside, and documents, that the database names and that were not there."""

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        try:
            data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            entries = {name: Entry(**data[name]) for name in ("database", "secret")}
            files = {name: [Entry(**one) for one in data.get(name, [])] for name in FILES}
            return cls(**(data | entries | files))
        except (OSError, ValueError, KeyError, TypeError):
            raise NotABackup(folder=str(folder)) from None

    def entries(self) -> Iterator[Entry]:
        yield self.database
        yield self.secret
        yield from self.files()

    def files(self) -> Iterator[Entry]:
        """Those of the data folder, at the same place in the backup."""
        for name in FILES:
            yield from getattr(self, name)


def back_up(folder: Path, tell: Tell) -> Manifest:
    """Save everything below `folder`, adding to the backup already there. No version is removed meanwhile."""
    with copying():
        return _back_up(folder, tell)


def _back_up(folder: Path, tell: Tell) -> Manifest:
    folder = folder.resolve()
    if folder.is_relative_to(settings.DATA_DIR):
        raise FolderInside
    make_directory(folder)
    folder.chmod(0o700)  # it holds accounts and the secret key
    known = _known(folder)
    stamp = now().strftime("%Y%m%dT%H%M%S%fZ")
    tell(str(_("Copying the database")))
    database = database_copy.save(folder, stamp)
    versions = [
        _save_version(folder, *version, known) for version in _counted(database_copy.versions_in(database), tell)
    ]
    aside, documents = (
        {path: _save_if_there(folder, path, known) for path in _counted(paths, tell)}
        for paths in (database_copy.aside_in(database), database_copy.documents_in(database))
    )
    secret = folder / f"secret-{stamp}.key"
    _write_private(secret, settings.SECRET_KEY)
    manifest = Manifest(
        bocage=__version__,
        made_at=now().isoformat(),
        engine=database_copy.engine(),
        database=_entry(folder, database),
        secret=_entry(folder, secret),
        versions=versions,
        aside=[entry for entry in aside.values() if entry],
        documents=[entry for entry in documents.values() if entry],
        missing=[path for path, entry in (aside | documents).items() if entry is None],
    )
    _write_manifest(folder, manifest)
    _remove_older(folder, manifest)
    return manifest


def restore(folder: Path, tell: Tell) -> Manifest:
    """Fill an empty data folder from a backup, then migrate it forward."""
    from django.core.management import call_command

    folder = folder.resolve()
    manifest = Manifest.read(folder)
    _refuse_future(manifest)
    _refuse_non_empty()
    database_copy.refuse_other_engine(manifest.engine)
    for entry in _counted(list(manifest.entries()), tell):
        path = folder / entry.path
        if not path.resolve().is_relative_to(folder) or not path.is_file() or sha256_of(path) != entry.sha256:
            raise BackupDamaged(file=entry.path)
    tell(str(_("Putting the files in place")))
    for entry in manifest.files():
        target = settings.DATA_DIR / entry.path
        make_directory(target.parent)
        shutil.copyfile(folder / entry.path, target)
        target.chmod(0o444)
        flush(target)
    (settings.DATA_DIR / "secret.key").unlink(missing_ok=True)
    _write_private(settings.DATA_DIR / "secret.key", (folder / manifest.secret.path).read_text(encoding="utf-8"))
    database_copy.load(
        folder / manifest.database.path
    )  # last: without it the folder is empty, and can be restored again
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


# Parts --------------------------------------------------------------------------------------------------------------


def _known(folder: Path) -> dict[str, Entry]:
    try:
        return {entry.path: entry for entry in Manifest.read(folder).files()}
    except NotABackup:
        return {}


def _save_version(folder: Path, path: str, sha256: str, size: int, known: dict[str, Entry]) -> Entry:
    """Copy a version unless the backup already has it. `path` is below the data folder, made of uids."""
    source, target = settings.DATA_DIR / path, folder / path
    if path in known and target.is_file() and target.stat().st_size == size:
        return known[path]
    try:
        if source.stat().st_size != size or sha256_of(source) != sha256:
            raise VersionMissing(file=path)
    except FileNotFoundError:
        raise VersionMissing(file=path) from None
    _copy(source, target)
    return Entry(path, sha256, size)


def _save_if_there(folder: Path, path: str, known: dict[str, Entry]) -> Entry | None:
    """The same, of rows kept aside and of documents; None when they are gone, which does not keep the rest from being saved."""
    source, target = settings.DATA_DIR / path, folder / path
    if path in known and target.is_file() and target.stat().st_size == known[path].size:
        return known[path]
    try:
        _copy(source, target)
    except FileNotFoundError:
        return None
    return _entry(folder, target)


def _copy(source: Path, target: Path) -> None:
    """As a link on the same disk: such a file never changes. Raises FileNotFoundError."""
    make_directory(target.parent)
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, which is how it should be
        shutil.copyfile(source, target)
        flush(target)
    flush(target.parent)


def _counted(items: Sequence[Item], tell: Tell) -> Iterator[Item]:
    for n, item in enumerate(items, 1):
        tell(f"{n}/{len(items)}")
        yield item


def _entry(folder: Path, path: Path) -> Entry:
    return Entry(str(path.relative_to(folder)), sha256_of(path), path.stat().st_size)


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    draft = folder / f".{MANIFEST}.new"
    draft.unlink(missing_ok=True)
    _write_private(draft, json.dumps(asdict(manifest), indent=1))
    draft.replace(folder / MANIFEST)
    flush(folder)


def _remove_older(folder: Path, manifest: Manifest) -> None:
    """Databases and keys of the backups before. Versions stay: they may be all that is left of a dataset."""
    kept = {manifest.database.path, manifest.secret.path}
    for path in [*folder.glob("database-*"), *folder.glob("secret-*.key")]:
        if path.name not in kept:
            path.unlink()


def _refuse_future(manifest: Manifest) -> None:
    if _numbers(manifest.bocage) > _numbers(__version__):
        raise BackupFromTheFuture(theirs=manifest.bocage, ours=__version__)


def _numbers(version: str) -> list[int]:
    return [int("".join(c for c in part if c.isdigit()) or 0) for part in version.split(".")[:3]]


def _refuse_non_empty() -> None:
    for path in sorted(settings.DATA_DIR.iterdir() if settings.DATA_DIR.is_dir() else ()):
        if path.name not in HARMLESS:
            raise DataFolderNotEmpty(folder=str(settings.DATA_DIR), found=path.name)
    if versions_directory().exists() or database_copy.has_tables():
        raise DataFolderNotEmpty(folder=str(settings.DATA_DIR), found=database_copy.engine())
