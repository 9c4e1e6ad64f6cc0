"""Reads of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset
    from bocage.store.models import Version


def current_version(dataset: Dataset) -> Version | None:
    """The published version, or None before the first publication."""
    raise NotImplementedError


def versions_for(viewer: Viewer, dataset: Dataset) -> list[Version]:
    """All versions, newest first, with `changes` filled in. The viewer needs Action.READ."""
    raise NotImplementedError
