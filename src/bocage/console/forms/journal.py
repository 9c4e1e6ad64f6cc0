"""Which entries of the journal are wanted, and who protects the data of an organisation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.audit.selectors import Wanted
from bocage.access.audit.vocabulary import Kind
from bocage.catalog.models import Dataset
from bocage.console.forms.named import OrganizationField
from bocage.organizations.models import Organization, User

KINDS = (
    ("", gettext_lazy("Everything")), ("read", Kind.READ.label), ("grant", gettext_lazy("Exceptions")),
    ("rule", gettext_lazy("Rules on what is seen")), ("agreement", gettext_lazy("Agreements")),
    ("request", gettext_lazy("Requests for access")), ("member", gettext_lazy("Roles")), ("account", gettext_lazy("Accounts")),
    ("group", gettext_lazy("Working groups")), ("key", gettext_lazy("Keys")), ("dataset", gettext_lazy("Datasets")),
    ("version", gettext_lazy("Versions")), ("organization", gettext_lazy("Organisations")), ("portal", gettext_lazy("Portals")),
    ("officer", gettext_lazy("Data protection officers")), ("journal", gettext_lazy("The journal itself")),
)  # fmt: skip


EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(EARLIEST), MaxValueValidator(LATEST)],
    )


class JournalForm(forms.Form):
    """`journals`: the organisations of which the person reads the journal; None: their own entries."""

    organization = OrganizationField(label=gettext_lazy("Organisation"), required=False, max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("What"), choices=KINDS, required=False)
    dataset = forms.CharField(
        label=gettext_lazy("Dataset (identifier)"), required=False, max_length=100
    )  # fmt: skip
    person = forms.CharField(label=gettext_lazy("Person (e-mail address)"), required=False, max_length=254)
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To (included)"))

    def __init__(self, data: Any = None, *, journals: QuerySet[Organization] | None) -> None:
        super().__init__(data)
        if journals is None:
            del self.fields["organization"], self.fields["person"]
        else:
            field: Any = self.fields["organization"]
            field.offer(journals, nothing=_("All of mine"))

    def clean_dataset(self) -> str:
        """Its uid. The address of a dataset may have changed, and one that is gone has none: its uid is understood too."""
        text = str(self.cleaned_data["dataset"]).strip()
        if not text:
            return ""
        return Dataset.objects.filter(slug=text).values_list("uid", flat=True).first() or text[:32]

    def clean_person(self) -> int | None:
        text = str(self.cleaned_data["person"]).strip().lower()
        return (User.objects.filter(email=text).values_list("pk", flat=True).first() or -1) if text else None

    def wanted(self) -> Wanted:
        """What is valid of it."""
        said = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        return Wanted(
            dataset=said.get("dataset") or "",
            person=said.get("person"),
            kind=said.get("kind") or "",
            since=said.get("since"),
            until=said.get("until"),
        )


class OfficerForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address of the data protection officer"), max_length=254)
