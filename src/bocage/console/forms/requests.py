"""An access request: what for, for how long; and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.access.models import AccessRequest
from bocage.access.models.agreements import today
from bocage.access.requests.rules import last_day
from bocage.access.requests.vocabulary import Duration
from bocage.organizations.models import Membership, Organization, User

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

MOST_ORGANIZATIONS = 50
LONGEST_WORDS = 3_000
LONGEST_YEARS = 10


def words(**more: Any) -> forms.CharField:
    """A text of a few lines."""
    return forms.CharField(max_length=LONGEST_WORDS, widget=forms.Textarea(attrs={"rows": 4}), **more)


class AskForm(forms.Form):
    """`asker`: the organisations for which they may ask are theirs."""

    ALONE = "*"  # never the slug of an organisation

    organization = forms.ChoiceField(label=_("For whom?"))
    purpose = words(
        label=_("What do you want to do with these data?"),
        min_length=10,
        help_text=_("In your own words: the project, what the data would be used for, who would see the result."),
    )
    months = forms.TypedChoiceField(
        label=_("For how long do you need them?"), choices=Duration.choices, coerce=int, initial=Duration.YEAR.value
    )

    def __init__(self, data: Any = None, *, asker: User) -> None:
        super().__init__(data)
        held = Membership.objects.filter(user=asker).select_related("organization").order_by("organization__name")
        self.organizations = {one.organization.slug: one.organization for one in held[:MOST_ORGANIZATIONS]}
        field = self.fields["organization"]
        choices = [(slug, one.name) for slug, one in self.organizations.items()]
        field.choices = [*choices, (self.ALONE, _("For me alone"))]  # type: ignore[attr-defined]
        field.initial = choices[0][0] if choices else self.ALONE
        if not choices:
            del self.fields["organization"]

    def asked(self) -> dict[str, Any]:
        """Arguments of `ask_access`. Only after `is_valid`."""
        answers = self.cleaned_data
        organization: Organization | None = self.organizations.get(answers.get("organization", ""))
        return {
            "purpose": answers["purpose"],
            "months": Duration(answers["months"]),
            "organization": organization,
        }


class GiveForm(forms.Form):
    """`shared`: it was asked for an organisation, in which whoever asked still works. `fields`: of the dataset."""

    WIDE, ALONE = "organization", "person"

    holder = forms.ChoiceField(label=_("To whom?"), widget=forms.RadioSelect)
    ends_on = forms.DateField(
        label=_("Until (included)"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    columns = forms.MultipleChoiceField(
        label=_("Only these columns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None ticked: all of them, and those that come later. The others do not exist for whom nothing else opens the data."
        ),
    )
    answer = words(
        label=_("A word for whoever asked"),
        required=False,
        help_text=_("What may be done with the data, whom to write to with a question."),
    )

    def __init__(self, data: Any = None, *, asked: AccessRequest, shared: bool, fields: Sequence[Field] = ()) -> None:
        ends_on = last_day(today(), asked.months)
        super().__init__(
            data, auto_id="give_%s", initial={"ends_on": ends_on, "holder": self.WIDE if shared else self.ALONE}
        )
        wide = [(self.WIDE, _("The members of %(name)s") % {"name": asked.organization})] if shared else []
        alone = (self.ALONE, _("%(person)s alone") % {"person": asked.asker})
        self.fields["holder"].choices = [*wide, alone]  # type: ignore[attr-defined]
        self.fields["columns"].choices = [(one.name, one.label or one.name) for one in fields]  # type: ignore[attr-defined]
        if not fields:
            del self.fields["columns"]

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day < today():
            raise forms.ValidationError(_("This day is past."))
        if day > last_day(today(), 12 * LONGEST_YEARS):
            raise forms.ValidationError(_("Ten years at most: whoever still needs the data will ask again."))
        return day

    def given(self) -> dict[str, Any]:
        """Arguments of `grant_access`. Only after `is_valid`."""
        answers = self.cleaned_data
        return {
            "alone": answers["holder"] == self.ALONE,
            "ends_on": answers["ends_on"],
            "answer": answers["answer"],
            "columns": answers.get("columns", ()),
        }


class RefuseForm(forms.Form):
    reason = words(
        label=_("Why?"),
        help_text=_("Whoever asked reads it: what prevents it, and what they could ask for instead."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="refuse_%s")
