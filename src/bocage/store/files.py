"""Files that must survive a power cut: hashed, flushed with their folder, put in place by one rename."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path

READ_ONLY = 0o444


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """fsync a file, or the entries of a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_directory(directory: Path) -> None:
    """Create a folder and its parents so that they survive a crash too."""
    missing = [folder for folder in (directory, *directory.parents) if not folder.exists()]
    directory.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        flush(folder.parent)


def install(source: Path, target: Path) -> None:
    """Move a finished file to its place: there whole, read-only and flushed, or not there. `target` must not exist."""
    make_directory(target.parent)
    source.chmod(READ_ONLY)
    flush(source)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _install_across(source, target)
    flush(target.parent)


def _install_across(source: Path, target: Path) -> None:
    """The staging area is on another file system: copy beside the target first, so that the last step is a rename."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.copyfile(source, partial)
        partial.chmod(READ_ONLY)
        flush(partial)
        partial.rename(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    source.unlink()
