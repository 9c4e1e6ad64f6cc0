"""Why a column is proposed, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

_SENTENCES = {
    "same-name": _("It has the same name."),
    "like-name": _("Its name means the same: “%(words)s”."),
    "told": _("The description of the schema speaks of it."),
    "values": _("Its values are what is expected."),
    "values-mended": _("Its values are what is expected, once rewritten."),
    "some-values": _("%(percent)s %% of its values are what is expected."),
    "few-values": _("Its values are hardly what is expected: look closely."),
    "repeated": _("Several rows have the same value, and each must have its own."),
    "empty": _("It is empty: only its name speaks for it."),
    "elsewhere": _("The same column was accepted for other datasets of the platform."),
    "two-coordinates": _("Longitude and latitude are in two columns: they are joined."),
    "one-position": _("Longitude and latitude are in the same cell: the one that is wanted is taken."),
    "projected": _("The positions are in %(crs)s: they are converted to degrees."),
    "lookup": _("The code is found in “%(dataset)s” from the name."),
    "area": _("The commune is found in “%(dataset)s” from the position."),
    "organization": _("It is what the platform knows of your organisation."),
    "counted": _("An identifier is composed as the schema asks, by counting the rows."),
    "close-second": _("Another column would do nearly as well."),
}


@dataclass(frozen=True)
class Reason:
    code: str
    fields: dict[str, Any] = field(default_factory=dict)

    def sentence(self) -> str:
        """In the active language."""
        sentence = str(_SENTENCES[self.code])
        return sentence % self.fields if self.fields else sentence.replace("%%", "%")
