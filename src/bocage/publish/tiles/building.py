"""Archives made once, kept among the finished exports. Few at a time: each asks the engine for thousands of tiles."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from bocage.access.viewer import OPERATOR
from bocage.kernel.errors import NotFound, TransientError
from bocage.kernel.scratch import scratch
from bocage.publish.files.cache import export_cache
from bocage.publish.files.errors import ExportRefused
from bocage.publish.tiles.archive import Address, Facts, write_archive
from bocage.query import tiles

if TYPE_CHECKING:
    from bocage.publish.files.cache import FinishedFile
    from bocage.query.relation import DatasetRelation

AT_ONCE = 2
PIECE = 256 * 1024


class ArchiveInTheMaking(TransientError):
    code = "publish.archive-in-the-making"
    message = _("The archive of tiles is being made: it will be there in a minute.")


class ArchiveTooLarge(ExportRefused):
    code = "publish.archive-too-large"
    message = _("The archive of the tiles of “%(title)s” would be too large to be kept.")
    mend = _("Read the tiles one by one, or download the layer as FlatGeobuf.")


def archive_of(key: str, relation: DatasetRelation, facts: Facts) -> FinishedFile:
    """The archive of all that the version holds, for a caller who may see all of it: whoever asks looks at that before.

    Raises ArchiveInTheMaking, NotFound when nothing can be drawn, ArchiveTooLarge."""
    cache = export_cache()
    if (found := cache.find(key)) is not None:
        return found
    with _alone(key):
        return cache.find(key) or _made(key, relation, facts)


def _made(key: str, relation: DatasetRelation, facts: Facts) -> FinishedFile:
    grid = tiles.GRIDS["WebMercatorQuad"]

    def read(address: Address) -> bytes:
        zoom, column, row = address
        return tiles.tile(OPERATOR, relation, tiles.TileQuery(grid, zoom, column, row)).content

    with scratch("archive") as folder:
        place = folder / "tiles.pmtiles"
        with place.open("wb") as file, (folder / "aside").open("w+b") as aside:
            count = write_archive(file, aside, read, facts)
        if not count:
            raise NotFound(kind="tiles", name=relation.dataset.slug)
        return _kept(key, place, relation)


def _kept(key: str, place: Path, relation: DatasetRelation) -> FinishedFile:
    writer = export_cache().writer(key)
    with place.open("rb") as file:
        while piece := file.read(PIECE):
            writer.write(piece)
    finished = writer.commit(relation.version.row_count)
    if finished is None:
        raise ArchiveTooLarge(title=relation.dataset.title)
    return finished


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """No two make the same archive, nor more than AT_ONCE of them on the machine. Raises ArchiveInTheMaking rather than wait: a
    thread that waits answers nobody."""
    folder = Path(settings.DATA_DIR) / "cache" / "archives"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{int(key[:8], 16) % AT_ONCE}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ArchiveInTheMaking from None
        yield
