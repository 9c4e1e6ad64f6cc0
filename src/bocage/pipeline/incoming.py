"""Dropped files, from the moment they arrive until their run is over: `incoming/<run uid>/<name>` below the data folder."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from pathlib import Path

from django.conf import settings

from bocage.pipeline.errors import FileTooLarge

NAME_LENGTH = 150


def receive(file: Path, *, filename: str, run_uid: str, keep: bool) -> str:
    """Move (copy, with `keep`) a dropped file to where the worker finds it, safe on the disk. Its path below the data folder."""
    limit_mb: int = settings.BOCAGE.upload_limit_mb
    size = file.stat().st_size
    if size > limit_mb * 1024 * 1024:
        raise FileTooLarge(size_mb=round(size / 1024 / 1024), limit_mb=limit_mb)
    return hold(file, filename=filename, run_uid=run_uid, keep=keep)


def hold(file: Path, *, filename: str, run_uid: str, keep: bool = False) -> str:
    """The same, of any size: what a run has fetched, when it must wait."""
    folder = incoming_folder() / run_uid
    folder.mkdir(parents=True)
    target = folder / safe_name(filename)
    if keep:
        shutil.copyfile(file, target)
    else:
        _move(file, target)
    _sync(target)
    _sync(folder)
    _sync(folder.parent)
    return str(target.relative_to(settings.DATA_DIR))


def hold_again(path: str, run_uid: str) -> str:
    """The same file under another run: a second name of it, no copy."""
    source = settings.DATA_DIR / path
    folder = incoming_folder() / run_uid
    folder.mkdir(parents=True)
    target: Path = folder / source.name
    os.link(source, target)
    _sync(folder)
    return str(target.relative_to(settings.DATA_DIR))


def forget(run_uid: str) -> None:
    """Remove the dropped file of a run that needs it no more."""
    shutil.rmtree(incoming_folder() / run_uid, ignore_errors=True)


def incoming_folder() -> Path:
    folder: Path = settings.DATA_DIR / "incoming"
    return folder


def working_folder() -> Path:
    """Where runs at work keep what is not finished. On the same disk as the versions: publishing is a rename."""
    folder: Path = settings.DATA_DIR / "work"
    return folder


def attempt_name(run_uid: str, lease_owner: str) -> str:
    """The folder of one claim of a run. From its name alone, housekeeping knows whether the claim still stands."""
    return f"{run_uid}~{lease_owner.replace('/', '~')}"


def safe_name(filename: str) -> str:
    """The person's file name, without anything that a disk or a shell could take amiss. Its extension stays: it is a hint."""
    plain = unicodedata.normalize("NFKD", filename).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", re.split(r"[/\\]", plain)[-1]).strip("._-")
    return plain[-NAME_LENGTH:].lstrip("._-") or "file"


def _move(file: Path, target: Path) -> None:
    try:
        file.replace(target)
    except OSError:  # another disk
        shutil.copyfile(file, target)
        file.unlink()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
