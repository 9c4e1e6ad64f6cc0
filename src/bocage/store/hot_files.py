"""The hot cache on disk, shared by the processes of one machine: who builds, who uses, what is removed.

A working copy is named by its key: the uid of a version for its table, `<uid>.<name>` for what is derived from it.
One lock file per working copy, held by `flock`: shared by those who use the copy, exclusive for the one who builds
or removes it. The kernel drops the lock of a process that dies. A lock file may be removed by its exclusive holder,
so whoever gets a lock checks that the file is still the one at that path.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from bocage.store.files import flush
from bocage.store.layout import hot_directory, hot_path

BUILDING = ".building"


class Hold:
    """A working copy in use: it will not be removed until `release`. `inode` tells a rebuilt copy from the old one."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self.inode = path.stat().st_ino
        self._lock = lock

    def discard(self) -> None:
        """Throw the copy away (it is damaged), unless another process already did."""
        try:
            if self.path.stat().st_ino == self.inode:
                self.path.unlink()
        except FileNotFoundError:
            pass
        self.release()

    def release(self) -> None:
        lock, self._lock = self._lock, -1
        if lock >= 0:
            os.close(lock)


def hold(key: str, build: Callable[[Path], None]) -> Hold:
    """The working copy of this key, built by `build(path)` when it is not there. Blocks while another builds it."""
    path = hot_path(key)
    while True:
        lock = _lock(key, fcntl.LOCK_SH)
        try:
            os.utime(path)  # its last use: the order in which `make_room` removes
            return Hold(path, lock)
        except FileNotFoundError:
            os.close(lock)
        lock = _lock(key, fcntl.LOCK_EX)
        try:
            if not path.exists():
                _build(key, build)
        finally:
            os.close(lock)


def _build(key: str, build: Callable[[Path], None]) -> None:
    """Build aside, flush, rename: a copy at its place is whole. The caller holds the exclusive lock."""
    workplace = hot_directory() / BUILDING / key
    shutil.rmtree(workplace, ignore_errors=True)  # left by a process killed while building
    workplace.mkdir(parents=True)
    try:
        draft = workplace / "copy.duckdb"
        build(draft)
        flush(draft)
        draft.rename(hot_path(key))
        flush(hot_directory())
    finally:
        shutil.rmtree(workplace, ignore_errors=True)


def make_room() -> list[str]:
    """Remove the copies least recently used until the cache fits its budget, never one in use, and what builders that
    were killed have left. Keys removed."""
    _sweep_workplaces()
    budget = settings.BOCAGE.hot_cache_mb * 1024 * 1024
    copies = sorted((entry for entry in _copies()), key=lambda entry: entry[1].st_mtime_ns)
    total = sum(stat.st_size for _path, stat in copies)
    removed = []
    for path, stat in copies:
        if total <= budget:
            break
        if remove(path.stem):
            total -= stat.st_size
            removed.append(path.stem)
    return removed


def room() -> int:
    """Bytes that are left of the budget of the cache, none when it is full."""
    taken = sum(stat.st_size for _path, stat in _copies())
    return max(0, settings.BOCAGE.hot_cache_mb * 1024 * 1024 - taken)


def _sweep_workplaces() -> None:
    building = hot_directory() / BUILDING
    for workplace in building.iterdir() if building.is_dir() else ():
        try:
            lock = _lock(workplace.name, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        shutil.rmtree(workplace, ignore_errors=True)
        os.close(lock)


def _copies() -> list[tuple[Path, os.stat_result]]:
    found = []
    for path in hot_directory().glob("*.duckdb"):
        try:
            found.append((path, path.stat()))
        except FileNotFoundError:
            continue
    return found


def remove(key: str) -> bool:
    """Remove one copy, unless it is in use. True when it is gone."""
    try:
        lock = _lock(key, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    try:
        hot_path(key).unlink(missing_ok=True)
        _lock_path(key).unlink(missing_ok=True)
    finally:
        os.close(lock)
    return True


def _lock_path(key: str) -> Path:
    return hot_directory() / f"{key}.lock"


def _lock(key: str, how: int) -> int:
    """Lock, and be sure that it is the lock file that others will open. Raises BlockingIOError with LOCK_NB."""
    path = _lock_path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, how)
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
