"""Where a request stands, and for how long data are asked."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    ASKED = "asked", _("Waiting for an answer")
    GRANTED = "granted", _("Given")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Duration(IntegerChoices):
    """In months. Access always has an end: whoever still needs the data asks again, and says why again."""

    MONTH = 1, _("one month")
    QUARTER = 3, _("three months")
    HALF_YEAR = 6, _("six months")
    YEAR = 12, _("one year")
    THREE_YEARS = 36, _("three years")
