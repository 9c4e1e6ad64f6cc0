"""An organisation: what it is, which those above decide, and what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.kernel.ids import SLUG_LENGTH, slugify
from bocage.organizations.bulk.cells import MOST_CHARACTERS
from bocage.organizations.models import Organization, slug_validator

if TYPE_CHECKING:
    OrganizationModelForm = forms.ModelForm[Organization]
else:  # generic for the type checker only
    OrganizationModelForm = forms.ModelForm


class PresentationForm(OrganizationModelForm):
    """What an organisation says of itself."""

    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")

    class Meta:
        model = Organization
        fields = ("description", "website", "email")
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}
        labels = {"description": _("In a few words"), "email": _("Contact address")}
        help_texts = {"email": _("Shown to the public. Prefer the address of a service to your own.")}


class IdentityForm(OrganizationModelForm):
    """What it is. Codes decide which rows it sees of shared data: those above keep them, not the organisation itself."""

    slug = forms.CharField(
        label=_("Identifier"), max_length=SLUG_LENGTH, required=False, validators=[slug_validator],
        help_text=_("The end of its address. Made from the name if you leave it empty; former addresses still lead to it."),
    )  # fmt: skip

    class Meta:
        model = Organization
        fields = ("name", "kind", "insee_code", "siren", "population", "slug")
        labels = {"name": _("Name"), "kind": _("Kind"), "siren": _("SIREN")}
        help_texts = {"insee_code": _("Five characters for a commune, for example 44109.")}

    def clean_slug(self) -> str:
        return self.cleaned_data["slug"] or slugify(self.data.get("name", ""), fallback="organisation")

    def validate_unique(self) -> None:
        """The service tells who bears, or bore, the identifier."""


class TableForm(forms.Form):
    """Many organisations, pasted from a spreadsheet."""

    table = forms.CharField(
        label=_("The table"), max_length=MOST_CHARACTERS, strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("Copy the cells of your spreadsheet, with the line of names, and paste them here."),
    )  # fmt: skip
