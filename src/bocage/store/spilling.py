"""Where the engine of a process puts aside what does not fit in memory: a folder of its own, found and removed by others
when that process dies.

Two containers that share the data folder may have the same process number, hence a name drawn at random and a lock, held
by the kernel for as long as the process lives.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from bocage.store.layout import spill_directory


class SpillFolder:
    """A new folder, ours until `remove`."""

    def __init__(self) -> None:
        spill_directory().mkdir(parents=True, exist_ok=True)
        _sweep()
        while True:
            self.path = Path(tempfile.mkdtemp(dir=spill_directory()))
            lock = _locked(self.path)
            if lock is not None:
                self._lock = lock
                return

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self.let_go()

    def let_go(self) -> None:
        """In a forked child: the folder is the parent's, whose own hold remains."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _sweep() -> None:
    """Remove the folders of processes that died: nobody holds them."""
    for folder in spill_directory().iterdir():
        lock = _locked(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(folder: Path) -> int | None:
    """An exclusive hold of a folder that is still there; None when another has it, or has just removed it."""
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    if folder.exists():
        return lock
    os.close(lock)
    return None
