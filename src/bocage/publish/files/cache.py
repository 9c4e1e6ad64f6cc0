"""Finished exports on disk, found by the key of their content. A version never changes, so neither does an entry.

An entry is a folder, `<key>/body` and `<key>/facts.json`, renamed into place once complete: a reader sees all or nothing,
and two writers of the same key cannot mix. The least recently served go first when the folder grows over its bound, and those of
a version go with it: a key says of which it is, before a point.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

LARGEST_CACHE = 2 * 1024**3
"""Bytes kept in all; one entry takes at most a quarter."""
ABANDONED = 24 * 3600
"""Seconds after which a half-written entry belongs to nobody."""
PARTIAL = ".partial-"


@dataclass(frozen=True)
class Facts:
    """What the headers of an answer need: rows and bytes of the file, and its SHA-256, in hexadecimal."""

    row_count: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class FinishedFile:
    """A complete file, ready to be served whole or in part."""

    path: Path
    facts: Facts


class EntryWriter:
    """Receives the bytes of an export as they go by. A failure of the disk gives up the entry, never the export."""

    def __init__(self, cache: ExportCache, key: str) -> None:
        self._cache = cache
        self._key = key
        self._hash = hashlib.sha256()
        self._size = 0
        self._folder: Path | None = None
        self._file: IO[bytes] | None = None
        with contextlib.suppress(OSError):
            cache.folder.mkdir(parents=True, exist_ok=True)
            self._folder = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=cache.folder))
            self._file = (self._folder / "body").open("wb")

    def write(self, piece: bytes) -> None:
        if self._file is None:
            return
        self._hash.update(piece)
        self._size += len(piece)
        if self._size > self._cache.limit // 4:
            self.discard()
            return
        try:
            self._file.write(piece)
        except OSError:
            self.discard()

    def commit(self, row_count: int) -> FinishedFile | None:
        """Put the entry in place; None when it was given up."""
        if self._file is None or self._folder is None:
            return None
        facts = Facts(row_count, self._size, self._hash.hexdigest())
        place = self._cache.folder / self._key
        try:
            self._file.close()
            (self._folder / "facts.json").write_text(json.dumps(asdict(facts)), encoding="ascii")
            with contextlib.suppress(OSError):  # another process was faster: its entry has the same bytes
                self._folder.rename(place)
        except OSError:
            self.discard()
            return None
        shutil.rmtree(self._folder, ignore_errors=True)
        self._file = None
        self._cache.shrink()
        return self._cache.find(self._key)

    def discard(self) -> None:
        if self._file is not None:
            self._file.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._file = self._folder = None


class ExportCache:
    """Keys are uids and hexadecimal digests made by us: no path comes from a request."""

    def __init__(self, folder: Path, limit: int = LARGEST_CACHE) -> None:
        self.folder = folder
        self.limit = limit

    def find(self, key: str) -> FinishedFile | None:
        place = self.folder / key
        try:
            facts = Facts(**json.loads((place / "facts.json").read_text(encoding="ascii")))
            os.utime(place)
        except (OSError, ValueError, TypeError):
            return None
        return FinishedFile(place / "body", facts)

    def writer(self, key: str) -> EntryWriter:
        return EntryWriter(self, key)

    def versions(self) -> set[str]:
        """What is said before the point of each key."""
        return {place.name.partition(".")[0] for place in self._entries()}

    def forget(self, version: str) -> int:
        """How many were there. Who reads one has it to the end."""
        found = [place for place in self._entries() if place.name.partition(".")[0] == version]
        for place in found:
            shutil.rmtree(place, ignore_errors=True)
        return len(found)

    def _entries(self) -> list[Path]:
        found = list(self.folder.iterdir()) if self.folder.is_dir() else []
        return [place for place in found if not place.name.startswith(PARTIAL)]

    def shrink(self) -> None:
        """Remove the least recently served beyond the bound, and what a killed process left half-written."""
        entries: list[tuple[float, int, Path]] = []
        for place in self.folder.iterdir():
            with contextlib.suppress(OSError):
                served = place.stat().st_mtime
                if not place.name.startswith(PARTIAL):
                    entries.append((served, (place / "body").stat().st_size, place))
                elif served < time.time() - ABANDONED:
                    shutil.rmtree(place, ignore_errors=True)
        excess = sum(size for _served, size, _place in entries) - self.limit
        for _served, size, place in sorted(entries):
            if excess <= 0:
                return
            shutil.rmtree(place, ignore_errors=True)  # a reader that has it open keeps its file
            excess -= size


def export_cache() -> ExportCache:
    return ExportCache(Path(settings.DATA_DIR) / "cache" / "exports")
