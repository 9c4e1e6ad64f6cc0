"""What may wait for a review, and what becomes of it."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Proposal(TextChoices):
    """Where a proposed version comes from. Of each kind one waits at most: the next one takes its place."""

    DELIVERY = "delivery", _("A file")
    PUSHES = "pushes", _("Records pushed")
    MENDED = "mended", _("Rows mended")
    RESTORE = "restore", _("An earlier version")


class ReviewState(TextChoices):
    WAITING = "waiting", _("To be reviewed")
    ACCEPTED = "accepted", _("Accepted, being published")
    PUBLISHED = "published", _("Accepted and published")
    RETURNED = "returned", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SUPERSEDED = "superseded", _("Replaced by another proposal")
