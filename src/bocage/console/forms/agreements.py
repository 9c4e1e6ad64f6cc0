"""An agreement as it is written, a dataset that it opens, and what is said when it moves on."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.agreements.services import MOST_CONSUMERS, Written
from bocage.access.agreements.vocabulary import LegalBasis
from bocage.access.models import Agreement
from bocage.catalog.models import Dataset
from bocage.console.forms.named import OrganizationField, organization_named
from bocage.kernel import clock
from bocage.kernel.errors import BocageError
from bocage.organizations.models import Organization
from bocage.query.odsql.clauses import read_conditions
from bocage.query.odsql.scope import Scope

LONGEST_LIST = 20_000


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options
    )  # fmt: skip


def _text(label: Any, rows: int, most: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **options)


class AgreementForm(forms.Form):
    """`producers`: the organisations in whose name the person may write one."""

    producer = OrganizationField(label=gettext_lazy("The organisation that holds the data"), max_length=200)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    consumers = _text(
        gettext_lazy("The organisations that will use them"), 3, LONGEST_LIST,
        help_text=gettext_lazy("One per line: its name, its INSEE code or its SIREN. Only their members will see the data."),
    )  # fmt: skip
    purpose = _text(gettext_lazy("What the data are for"), 4, 5_000)
    legal_basis = forms.ChoiceField(label=gettext_lazy("Legal basis"), choices=[("", "—"), *LegalBasis.choices])
    obligations = _text(
        gettext_lazy("Obligations"), 4, 10_000, required=False,
        help_text=gettext_lazy("What those who use the data commit to: keep them safe, delete them, name their source…"),
    )  # fmt: skip
    starts_on = _day(gettext_lazy("Begins on"))
    ends_on = _day(
        gettext_lazy("Ends on (included)"), required=False,
        help_text=gettext_lazy("Nothing needs to be done that day: access closes by itself."),
    )  # fmt: skip
    document = forms.URLField(
        label=gettext_lazy("Address of the signed document"), required=False, max_length=500, assume_scheme="https"
    )

    def __init__(self, data: Any = None, *, producers: Any, agreement: Agreement | None = None) -> None:
        super().__init__(data, initial=_said(agreement) if agreement is not None else None)
        if agreement is not None:
            del self.fields["producer"]
        else:
            cast("OrganizationField", self.fields["producer"]).offer(producers)

    def clean_consumers(self) -> list[Organization]:
        lines = [line.strip() for line in self.cleaned_data["consumers"].splitlines() if line.strip()]
        if len(lines) > MOST_CONSUMERS:
            raise forms.ValidationError(_("%(most)s organisations at most.") % {"most": MOST_CONSUMERS})
        found = {}
        for line in lines:
            try:
                organization = organization_named(line)
            except forms.ValidationError as error:
                raise forms.ValidationError(f"{line[:80]} : {error.messages[0]}") from error
            found[organization.pk] = organization
        return list(found.values())

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        begins, ends = answers.get("starts_on"), answers.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", _("It would end before it begins."))
        return answers

    def written(self) -> Written:
        """Only after `is_valid`."""
        answers = {name: value for name, value in self.cleaned_data.items() if name != "producer"}
        return Written(**answers | {"legal_basis": LegalBasis(answers["legal_basis"])})


def _said(agreement: Agreement) -> dict[str, Any]:
    same = ("title", "purpose", "legal_basis", "obligations", "starts_on", "ends_on", "document")
    consumers = "\n".join(one.insee_code or one.siren or one.slug for one in agreement.consumers.all())
    return {name: getattr(agreement, name) for name in same} | {"consumers": consumers}


class OpenedForm(forms.Form):
    """`datasets`: those of the producer."""

    dataset = forms.ModelChoiceField(Dataset.objects.none(), label=gettext_lazy("Dataset"), to_field_name="slug")
    columns = _text(
        gettext_lazy("Columns"), 2, LONGEST_LIST, required=False,
        help_text=gettext_lazy(
            "The names of the only columns that they will see, separated by commas. Nothing written: all of them, those added "
            "later too."
        ),
    )  # fmt: skip
    rows = _text(
        gettext_lazy("Which rows"), 2, 5_000, required=False,
        help_text=gettext_lazy("A condition, for example: code_insee in ({insee}). Nothing written: all of them."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, datasets: Any) -> None:
        super().__init__(data)
        self.fields["dataset"].queryset = datasets  # type: ignore[attr-defined]

    def clean_columns(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["columns"].replace("\n", ",").split(",") if name.strip()]
        dataset = self.cleaned_data.get("dataset")
        there = {field.name for field in dataset.fields} if dataset is not None else set(names)
        unknown = [name for name in names if name not in there]
        if unknown:
            words = _("No column is called “%(name)s”. They are: %(names)s")
            raise forms.ValidationError(words % {"name": unknown[0][:80], "names": ", ".join(sorted(there))})
        return names

    def clean_rows(self) -> str:
        text, dataset = str(self.cleaned_data["rows"]).strip(), self.cleaned_data.get("dataset")
        if text and dataset is not None:
            fields = {field.name: field for field in dataset.fields}
            plain = text.replace("{insee}", '"0"').replace("{siren}", '"0"').replace("{organization}", '"0"')
            try:
                read_conditions([plain], Scope(fields, "UTC", "fr", clock.now()))
            except BocageError as error:
                raise forms.ValidationError(str(error)) from error
        return text


class NoteForm(forms.Form):
    """What goes with a step."""

    organization = forms.CharField(max_length=200)
    note = forms.CharField(max_length=2_000, required=False)
