"""Where a request for help is."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HelpState(TextChoices):
    OPEN = "open", _("Awaits an answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")
