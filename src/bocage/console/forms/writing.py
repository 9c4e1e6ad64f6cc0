"""What people write to one another. Bounds and cleaning are those of `governance.texts`, asked again by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.governance.texts import SUBJECT_LENGTH, TEXT_LENGTH
from bocage.organizations.models import Organization

TEXT = forms.Textarea(attrs={"rows": 6})


class MessageForm(forms.Form):
    text = forms.CharField(label=_("Message"), max_length=TEXT_LENGTH, widget=TEXT)


class HelpForm(forms.Form):
    """`helpers`: the organisations that may be asked, the nearest first."""

    helper = forms.ModelChoiceField(Organization.objects.none(), label=_("Who is asked?"), to_field_name="slug")
    subject = forms.CharField(
        label=_("In a few words"), max_length=SUBJECT_LENGTH,
        help_text=_("For example: “The file of our schools is refused”."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What happens?"), max_length=TEXT_LENGTH, widget=TEXT,
        help_text=_("What you wanted to do, what you see, what you have already tried. No personal data, no password."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, helpers: list[Organization], initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=(initial or {}) | ({"helper": helpers[0].slug} if helpers else {}))
        field: Any = self.fields["helper"]
        field.queryset = Organization.objects.filter(pk__in=[one.pk for one in helpers]).order_by("-path")
        field.empty_label = None
        if len(helpers) == 1:
            field.widget = forms.HiddenInput()
