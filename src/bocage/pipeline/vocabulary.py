"""States of a run and kinds of sources."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunStatus(TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    UNCHANGED = "unchanged", _("Nothing new")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")

    @property
    def is_over(self) -> bool:
        return self not in (RunStatus.WAITING, RunStatus.RUNNING)
