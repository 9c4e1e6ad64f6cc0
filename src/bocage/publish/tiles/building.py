"""Archives are made by the worker, after a publication or because somebody asked; a reader is given what there is."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import structlog
from django.utils.translation import gettext_lazy as _

from bocage.access.viewer import OPERATOR
from bocage.kernel.errors import NotFound, TransientError
from bocage.publish.files.errors import ExportRefused
from bocage.publish.tiles.archive import Address, write_archive
from bocage.publish.tiles.orders import Refusal, orders
from bocage.publish.tiles.shelf import archives_folder, shelf
from bocage.query import tiles

if TYPE_CHECKING:
    from bocage.publish.files.cache import FinishedFile
    from bocage.publish.tiles.archived import Archived

AT_ONCE = 2
"""Archives made at the same time on one machine: each asks the engine for thousands of tiles."""

log = structlog.get_logger("bocage.publish")


class ArchiveInTheMaking(TransientError):
    code = "publish.archive-in-the-making"
    message = _("The archive of tiles is being made: come back in a minute. Meanwhile, read the tiles one by one.")


class ArchiveNotMade(TransientError):
    code = "publish.archive-not-made"
    message = _("The archive of tiles could not be made. It will be tried again tomorrow.")
    mend = _("Read the tiles one by one, or download the layer as FlatGeobuf.")


class ArchiveTooLarge(ExportRefused):
    code = "publish.archive-too-large"
    message = _("The archive of the tiles of “%(title)s” would be too large to be kept.")
    mend = _("Read the tiles one by one, or download the layer as FlatGeobuf.")


class Interrupted(Exception):
    """Something else is to be done, or the worker leaves."""


def archive_of(wanted: Archived) -> FinishedFile:
    """The archive of all that the version holds, for a caller who may see all of it: whoever asks looks at that before.

    Raises ArchiveInTheMaking, and asks for it; NotFound when nothing can be drawn; ArchiveTooLarge, ArchiveNotMade."""
    found = shelf().find(wanted.version.uid, wanted.edition)
    if found is not None:
        return found
    refused = orders().refusal(wanted.version.uid)
    match refused:
        case Refusal.EMPTY:
            raise NotFound(kind="tiles", name=wanted.dataset.slug)
        case Refusal.LARGE:
            raise ArchiveTooLarge(title=wanted.dataset.title)
        case Refusal.FAILED:
            raise ArchiveNotMade(retry_after=3600)
    orders().ask(wanted.version.uid)
    raise ArchiveInTheMaking(retry_after=15)


def make(wanted: Archived, interrupted: Callable[[], bool]) -> bool:
    """Whether it was worked on: False when somebody else is at it, or when it is to be tried later. What goes wrong is logged, and
    told to who asks."""
    uid = wanted.version.uid
    with _alone(uid) as folder:
        if folder is None:
            return False
        orders().begin(uid)
        try:
            refused = _made(wanted, folder, interrupted)
        except (Interrupted, TransientError):
            orders().interrupt(uid)
            return False
        except Exception as error:
            log.exception("archive.not_made", version=uid, code=getattr(error, "code", ""))
        else:
            orders().refuse(uid, refused) if refused else orders().done(uid)
    return True


def _made(wanted: Archived, folder: Path, interrupted: Callable[[], bool]) -> Refusal | None:
    grid = tiles.GRIDS["WebMercatorQuad"]

    def read(address: Address) -> bytes:
        if interrupted():
            raise Interrupted
        zoom, column, row = address
        return tiles.tile(OPERATOR, wanted.relation, tiles.TileQuery(grid, zoom, column, row)).content

    entry = folder / "entry"
    entry.mkdir()
    with (entry / "body").open("wb") as file, (folder / "aside").open("w+b") as aside:
        count = write_archive(file, aside, read, wanted.facts)
    if not count:
        return Refusal.EMPTY
    version = wanted.version
    kept = shelf().put(version.uid, wanted.edition, entry, version.row_count)
    return None if kept is not None else Refusal.LARGE


def sweep() -> int:
    """Remove what killed makers left; how many had."""
    return sum(_swept(number) for number in range(AT_ONCE))


def _swept(number: int) -> bool:
    place = _making() / str(number)
    if not place.exists():
        return False
    with _locked(number) as mine:
        if mine:
            shutil.rmtree(place, ignore_errors=True)
        return mine


@contextmanager
def _alone(version: str) -> Iterator[Path | None]:
    """An empty folder to work in; None when somebody works there. No two make the same archive, nor more than AT_ONCE of them on
    the machine. What a killed process left there goes."""
    number = crc32(version.encode()) % AT_ONCE
    with _locked(number) as mine:
        if not mine:
            yield None
            return
        folder = _making() / str(number)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(number: int) -> Iterator[bool]:
    """Whether this process holds the lock, which the kernel takes back from the dead."""
    for folder in (_making(), shelf().folder):
        folder.mkdir(parents=True, exist_ok=True)
    with (_making() / f"{number}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _making() -> Path:
    return archives_folder() / "making"
