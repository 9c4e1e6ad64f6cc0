"""An address to poll, and how often."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

RHYTHMS = {
    "": (_("Only when I ask"), None),
    "5m": (_("Every 5 minutes"), timedelta(minutes=5)),
    "15m": (_("Every 15 minutes"), timedelta(minutes=15)),
    "1h": (_("Every hour"), timedelta(hours=1)),
    "6h": (_("Every 6 hours"), timedelta(hours=6)),
    "1d": (_("Every day"), timedelta(days=1)),
    "7d": (_("Every week"), timedelta(days=7)),
    "30d": (_("Every month"), timedelta(days=30)),
}


class SourceForm(forms.Form):
    url = forms.URLField(
        label=_("Address of the file"),
        max_length=2000,
        assume_scheme="https",
        help_text=_("It begins with https:// and gives the file itself, not a page that speaks of it."),
    )
    rhythm = forms.ChoiceField(
        label=_("How often should Bocage look?"),
        required=False,
        choices=[(code, label) for code, (label, _every) in RHYTHMS.items()],
        help_text=_("When the file has not changed, nothing is published."),
    )

    def every(self) -> timedelta | None:
        """Only after `is_valid`."""
        return RHYTHMS[self.cleaned_data["rhythm"]][1]


def rhythm_of(every: timedelta | None) -> str:
    """The nearest choice of the list."""
    if every is None:
        return ""
    known = [(code, span) for code, (_label, span) in RHYTHMS.items() if span is not None]
    return min(known, key=lambda item: abs(item[1] - every))[0]
