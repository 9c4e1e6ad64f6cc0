"""A code list, pasted from a spreadsheet."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bocage.check.registry.code_list_reading import MOST_BYTES, read_codes
from bocage.check.registry.errors import CodeListRefused
from bocage.console.forms.named import OrganizationField
from bocage.kernel.ids import SLUG_LENGTH, slugify
from bocage.organizations.models import Organization, slug_validator


class EditionForm(forms.Form):
    codes = forms.CharField(
        label=_("The codes"), max_length=MOST_BYTES, strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=_(
            "Copy the cells of your spreadsheet and paste them here, with the line of names: code, fr, en, parent, synonyms. "
            "Only “code” is mandatory."
        ),
    )  # fmt: skip

    def clean_codes(self) -> list[dict[str, Any]]:
        try:
            return read_codes(self.cleaned_data["codes"])
        except CodeListRefused as error:
            raise forms.ValidationError(error.sentence()) from None


class NewCodeListForm(EditionForm):
    organization = OrganizationField(label=_("Kept by"), max_length=200)
    title = forms.CharField(label=_("Title"), max_length=300)
    name = forms.CharField(
        label=_("Identifier"), max_length=SLUG_LENGTH, required=False, validators=[slug_validator],
        help_text=_("Made from the title if you leave it empty. It never changes afterwards."),
    )  # fmt: skip
    description = forms.CharField(
        label=_("What it is for"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("organization", "title", "name", "description", "codes")

    def __init__(self, data: Any = None, *, organizations: QuerySet[Organization]) -> None:
        super().__init__(data)
        cast("OrganizationField", self.fields["organization"]).offer(organizations)

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if not answers.get("name") and answers.get("title"):
            answers["name"] = slugify(answers["title"], fallback="liste")
        return answers
