"""States and steps of a run, and kinds of sources."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunStatus(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    REVIEW = "review", _("To be reviewed")
    DONE = "done", _("Done")
    UNCHANGED = "unchanged", _("Nothing new")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")

    @property
    def is_over(self) -> bool:
        """Nothing more happens by itself; a person may still have to decide (REVIEW)."""
        return self not in (RunStatus.WAITING, RunStatus.RUNNING)


LIVE = (RunStatus.WAITING, RunStatus.RUNNING)


class Step(TextChoices):
    """Where a running run is, in the order in which the data walks. The code is in `Run.step`."""

    FETCH = "fetch", _("Fetching the file")
    READ = "read", _("Reading and checking the file")
    CHECK = "check", _("Checking against the schema")
    PUBLISH = "publish", _("Publishing the new version")


class SourceKind(TextChoices):
    """Kinds that Bocage brings; installed packages add theirs to `capture.connectors`."""

    FILE = "file", _("File dropped by a person")
    URL = "url", _("Address polled")
