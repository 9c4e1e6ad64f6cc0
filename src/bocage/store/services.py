"""Writes of the store: publish a staged file, move the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bocage.store.models import Head, Version
from bocage.store.staged import StagedFile

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset


def publish_version(*, viewer: Viewer, dataset: Dataset, staged: StagedFile, comment: str = "") -> Version:
    """Make `staged` the new current version: hash, fsync, rename into place, then one transaction (row + pointer +
    facts copied on the dataset). The viewer needs Action.PUBLISH. Killed at any instant, the dataset is at its old or
    its new version, whole; at worst a file without a row, that `doctor` removes."""
    raise NotImplementedError


def move_head(*, viewer: Viewer, dataset: Dataset, version: Version) -> Head:
    """Point at another version of the same dataset (roll back, or forward again)."""
    raise NotImplementedError
