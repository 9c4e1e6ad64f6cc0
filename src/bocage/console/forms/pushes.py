"""A push address: its name, what identifies a record, when silence is worth a remark."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.capture.inference.names import technical_names
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType

SILENCES = {
    "": (_("Never"), None),
    "15m": (_("After 15 minutes"), timedelta(minutes=15)),
    "1h": (_("After an hour"), timedelta(hours=1)),
    "6h": (_("After 6 hours"), timedelta(hours=6)),
    "1d": (_("After a day"), timedelta(days=1)),
    "7d": (_("After a week"), timedelta(days=7)),
}
NOT_KEYS = (FieldType.GEOPOINT, FieldType.GEOMETRY, FieldType.ARRAY, FieldType.OBJECT)


class PushAddressForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the address"),
        max_length=60,
        help_text=_(
            "It is part of the address, and stays. Lower-case letters without accents, digits, - and _. Scripts written for "
            "Opendatasoft often say “realtime”."
        ),
    )
    key = forms.MultipleChoiceField(
        label=_("What identifies a record"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A record pushed again with the same values there takes the place of the former. None: each push adds."
        ),
    )
    key_names = forms.CharField(
        label=_("What identifies a record"),
        required=False,
        max_length=500,
        help_text=_(
            "The field that tells one record from another, or several separated by commas: a record pushed again with the same "
            "values there takes the place of the former. Empty: each push adds."
        ),
    )
    silence = forms.ChoiceField(
        label=_("Say so here when nothing comes"),
        required=False,
        choices=[(code, label) for code, (label, _span) in SILENCES.items()],
    )

    def __init__(self, *args: Any, fields: Sequence[Field] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.name, one.label or one.name) for one in fields if one.type not in NOT_KEYS]
        if choices and isinstance(self.fields["key"], forms.MultipleChoiceField):
            self.fields["key"].choices = choices
            del self.fields["key_names"]
        else:
            del self.fields["key"]

    def names_of_key(self) -> list[str]:
        """Only after `is_valid`."""
        if "key" in self.fields:
            return list(self.cleaned_data["key"])
        given = [name.strip() for name in self.cleaned_data["key_names"].split(",")]
        return technical_names([name for name in given if name])

    def time_of_silence(self) -> timedelta | None:
        """Only after `is_valid`."""
        return SILENCES[self.cleaned_data["silence"]][1]
