"""A version leaves for good: its row, its file, what was made of it. The only place where one does."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from django.db import transaction

from bocage.pipeline import derived
from bocage.pipeline.retention.holds import busy, held
from bocage.store import hot_files
from bocage.store.layout import hot_directory, version_path
from bocage.store.models import Head, Version

if TYPE_CHECKING:
    from collections.abc import Iterable


def remove(version: Version) -> bool:
    """Whether it could be; False: it is held, or being read. To be called when nobody is copying (`publishing.nobody_copying`).

    The row goes first: killed in between, what remains is a file without a row, rubbish that `bocage doctor` recognises; a row
    without its file would be a loss."""
    if busy([version.pk]) or not _forget_copies(version):
        return False
    with transaction.atomic():
        list(Head.objects.select_for_update().filter(dataset=version.dataset_id))  # nobody goes back to it meanwhile
        if held([version.pk]):
            return False
        version.delete()
    version_path(version).unlink(missing_ok=True)
    derived.forget(version.uid)
    with contextlib.suppress(OSError):
        _forget_copies(version)  # made again by a reader in between
    return True


def _forget_copies(version: Version) -> bool:
    """The working copies of a version, unless one of them is being read."""
    return all(hot_files.remove(key) for key in _keys(version))


def _keys(version: Version) -> Iterable[str]:
    """Of the copy itself, and of what is derived from it."""
    beside = (path.stem for path in hot_directory().glob(f"{version.uid}.*.duckdb"))
    return [version.uid, *beside]
