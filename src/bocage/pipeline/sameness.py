"""Is what came already what is published? Then no version is made: a version says that something changed."""

from __future__ import annotations

import hashlib

from bocage import __version__
from bocage.capture.connectors.delivery import Delivery
from bocage.catalog.models import Dataset
from bocage.pipeline.models import Run
from bocage.pipeline.vocabulary import RunStatus
from bocage.store.selectors import current_version
from bocage.store.staged import StagedFile


def already_published(run: Run, delivery: Delivery) -> bool:
    """The same bytes, read with the same corrections by the same release, made the current version: no need to read them."""
    current = current_version(run.dataset)
    if current is None or current.provenance.get("sha256") != delivery.sha256:
        return False
    if current.provenance.get("software") != f"Bocage {__version__}":
        return False
    made_by = Run.objects.filter(version=current, status=RunStatus.DONE).values_list("corrections", flat=True).first()
    return bool(made_by == run.corrections)


def same_content(dataset: Dataset, staged: StagedFile) -> bool:
    """The file made is, byte for byte, the one published."""
    current = current_version(dataset)
    if current is None or (current.row_count, current.size_bytes) != (staged.row_count, staged.path.stat().st_size):
        return False
    with staged.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == current.sha256
