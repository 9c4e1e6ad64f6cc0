"""The archives that are made, one for each version. Files only: a cache that may be thrown away.

An archive is a folder, `<uid of the version>.<edition>/body` and `facts.json`, flushed, then renamed into place: whoever reads
sees all of it or nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from django.conf import settings

from bocage.publish.files.cache import Facts, FinishedFile
from bocage.store.files import flush, sha256_of

LARGEST = 4 * 1024**3
"""Bytes of archives kept in all: the least recently read go first. One takes at most a quarter."""


def archives_folder() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "archives"


class Shelf:
    """Names of folders are made by us: uids and digests, never what a request says."""

    def __init__(self, folder: Path, limit: int = LARGEST) -> None:
        self.folder = folder
        self.limit = limit

    def find(self, version: str, edition: str) -> FinishedFile | None:
        place = self._place(version, edition)
        try:
            facts = Facts(**json.loads((place / "facts.json").read_text(encoding="ascii")))
            whole = (place / "body").stat().st_size == facts.size_bytes
            os.utime(place)
        except (OSError, ValueError, TypeError):
            return None
        return FinishedFile(place / "body", facts) if whole else None

    def put(self, version: str, edition: str, made: Path, row_count: int) -> FinishedFile | None:
        """Put in place the folder `made`, which holds `body`; None when it is larger than what may be kept. Other editions of
        the version say of it what is not said any more: they go."""
        body, place = made / "body", self._place(version, edition)
        facts = Facts(row_count, body.stat().st_size, sha256_of(body))
        if facts.size_bytes > self.limit // 4:
            return None
        (made / "facts.json").write_text(json.dumps(asdict(facts)), encoding="ascii")
        for path in (body, made / "facts.json", made):
            flush(path)
        for other in self._of(version):  # a broken one of this edition too
            _discard(other)
        made.rename(place)
        flush(self.folder)
        self.shrink()
        return self.find(version, edition)

    def shrink(self) -> int:
        """Remove the least recently read beyond the bound; how many. Who reads one that goes has it to the end."""
        kept: list[tuple[float, int, Path]] = []
        for place in self._all():
            with contextlib.suppress(OSError):
                kept.append((place.stat().st_mtime, _size(place), place))
        excess, count = sum(size for _read, size, _place in kept) - self.limit, 0
        for _read, size, place in sorted(kept):
            if excess <= 0:
                break
            _discard(place)
            excess, count = excess - size, count + 1
        return count

    def forget(self, version: str) -> int:
        """How many were there."""
        found = list(self._of(version))
        for place in found:
            _discard(place)
        return len(found)

    def versions(self) -> set[str]:
        """Uids of those of which something is kept."""
        return {place.name.partition(".")[0] for place in self._all()}

    def _place(self, version: str, edition: str) -> Path:
        return self.folder / f"{version}.{edition}"

    def _of(self, version: str) -> Iterator[Path]:
        return (one for one in self._all() if one.name.partition(".")[0] == version)

    def _all(self) -> list[Path]:
        found = list(self.folder.iterdir()) if self.folder.is_dir() else []
        return [one for one in found if "." in one.name]


def _discard(place: Path) -> None:
    """What says that it is whole goes first: killed in between, nobody reads the rest."""
    (place / "facts.json").unlink(missing_ok=True)
    shutil.rmtree(place, ignore_errors=True)


def _size(place: Path) -> int:
    body = place / "body"
    return body.stat().st_size if body.is_file() else 0


def shelf() -> Shelf:
    return Shelf(archives_folder() / "made")
