"""What may become of a dataset that is moved."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MoveState(TextChoices):
    """In the database."""

    WAITING = "waiting", _("Not copied yet")
    COPIED = "copied", _("Copied")
    REFUSED = "refused", _("Cannot be copied")
    FAILED = "failed", _("Failed: tried again the next time")


class Step(TextChoices):
    """What is to be done, or what was done, with one dataset."""

    NEW = "new", _("new")
    DATA = "data", _("data changed")
    AGAIN = "again", _("fetched again")
    METADATA = "metadata", _("description changed")
    UNCHANGED = "unchanged", pgettext_lazy("a dataset", "unchanged")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")
