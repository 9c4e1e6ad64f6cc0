"""Writes of the pipeline: ask for a run, carry it out, cancel it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bocage.capture.understanding import Corrections
from bocage.pipeline.models import Run, Source

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.catalog.models import Dataset


def request_publication(
    *,
    viewer: Viewer,
    dataset: Dataset,
    file: Path,
    filename: str,
    corrections: Corrections = Corrections(),
    comment: str = "",
) -> Run:
    """Ask the worker to publish `file` (moved below the data folder) as the next version of `dataset`."""
    raise NotImplementedError


def follow_url(
    *, viewer: Viewer, dataset: Dataset, url: str, every: timedelta | None, corrections: Corrections = Corrections()
) -> Source:
    """Poll `url` every `every` (never by itself when None); the first run is due at once."""
    raise NotImplementedError


def request_run(*, viewer: Viewer, source: Source) -> Run:
    """Poll now."""
    raise NotImplementedError


def cancel_run(*, viewer: Viewer, run: Run) -> None:
    """Ask a waiting or running run to stop; the published version is untouched."""
    raise NotImplementedError


def carry_out(run: Run) -> Run:
    """Execute a run that this process has claimed: fetch, stage, publish; never raises on a fault of the data."""
    raise NotImplementedError
