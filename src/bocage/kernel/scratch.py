"""Folders that last as long as a piece of work, all in one place: what a killed process leaves there is found and removed."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LONGEST_WORK_SECONDS = 24 * 3600
"""No work lasts longer: an older folder is that of the dead."""


def scratch_directory() -> Path:
    return Path(settings.DATA_DIR) / "tmp"


@contextmanager
def scratch(kind: str) -> Iterator[Path]:
    """A new folder, removed with all it holds at the end. `kind` begins its name, for whoever looks at the disk."""
    parent = scratch_directory()
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f"{kind}-", dir=parent) as name:
        yield Path(name)


def abandoned() -> Iterator[Path]:
    """Folders that no living work can hold."""
    limit = time.time() - LONGEST_WORK_SECONDS
    parent = scratch_directory()
    for folder in parent.iterdir() if parent.is_dir() else ():
        try:
            if folder.is_dir() and folder.stat().st_mtime < limit:
                yield folder
        except FileNotFoundError:
            continue
