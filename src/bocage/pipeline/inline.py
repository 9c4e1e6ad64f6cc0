"""A publication that its asker carries out and waits for: the command line. The same run, the same guarantees: if this
process is killed, the worker takes the run over."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from bocage.access.viewer import Viewer
from bocage.capture.understanding import Corrections
from bocage.catalog.models import Dataset
from bocage.check.quality.profiles import AT_ONCE
from bocage.pipeline import claims, services
from bocage.pipeline.afterwards import look_at
from bocage.pipeline.models import Run
from bocage.pipeline.vocabulary import RunStatus, Step

TURN_SECONDS = 0.5


@dataclass
class Publication:
    viewer: Viewer
    dataset: Dataset
    file: Path
    filename: str
    corrections: Corrections
    comment: str = ""
    _run: Run | None = None

    def carry_out(self) -> Run:
        """Publish a copy of the file; returns the run once it is over, by us or by a worker that was quicker.

        A transient fault is not waited for: the run stays in the queue, and its status says so.
        """
        run = self._run = services.request_publication(
            viewer=self.viewer,
            dataset=self.dataset,
            file=self.file,
            filename=self.filename,
            corrections=self.corrections,
            comment=self.comment,
            keep=True,
        )
        return carry_to_end(run)

    def status(self) -> str:
        """What is being done, in the active language. Called from another thread: reads, and asks nothing."""
        if self._run is None:
            return _("Copying %(name)s") % {"name": self.filename}
        label = dict(Step.choices).get(self._run.step)
        return str(label) if label else _("Waiting for its turn")


def carry_to_end(run: Run) -> Run:
    """Carry out a run that waits, ours or one that a dead process left; it is over, or waits after a transient fault."""
    while True:
        if claims.claim(run):
            done = services.carry_out(run)
            look_at(done, at_once=AT_ONCE)
            return done
        run.refresh_from_db()
        if RunStatus(run.status).is_over or run.error:
            return run
        time.sleep(TURN_SECONDS)  # an earlier run of this dataset is at work, or a worker has taken this one
        claims.recover()
