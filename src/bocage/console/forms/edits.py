"""Editing feature by feature: what identifies a feature, and how careful writers must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.catalog.fields import Field
from bocage.console.forms.pushes import NOT_KEYS


class EditsForm(forms.Form):
    key = forms.MultipleChoiceField(
        label=_("What identifies a feature"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The field that tells one feature from another in every version, such as a number or a code: no two rows may have the "
            "same value there. With one field of numbers or texts, a new feature is given its own."
        ),
    )
    conditional = forms.BooleanField(
        label=_("Ask which state of the feature a change was made from"),
        required=False,
        help_text=_(
            "A change made from a state that is no more is then refused. Choose it if the software in use says it (If-Match): "
            "QGIS and ArcGIS do not, and could only create."
        ),
    )

    def __init__(self, *args: Any, fields: Sequence[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.name, one.label or one.name) for one in fields if one.type not in NOT_KEYS]
        self.fields["key"].choices = choices  # type: ignore[attr-defined]
