"""Publish a file the way a worker would, here and now."""

from __future__ import annotations

from pathlib import Path

from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.pipeline.claims import claim
from bocage.pipeline.models import Run
from bocage.pipeline.services import carry_out, request_publication
from bocage.pipeline.warming import warm_published


def publish(dataset: Dataset, file: Path, *, warm: bool = True) -> Run:
    """The run, over: done, or failed with its reason. The file stays where it is. `warm`: its readers come soon."""
    run = request_publication(viewer=OPERATOR, dataset=dataset, file=file, filename=file.name, keep=True)
    if claim(run):
        carry_out(run)
    run.refresh_from_db()
    if warm:
        warm_published(run)
    return run
