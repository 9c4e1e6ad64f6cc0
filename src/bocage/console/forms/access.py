"""An exception: to whom, what, why, until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.access.granting import Holder, end_of
from bocage.access.groups import NoSuchAccount, account_of
from bocage.access.models import Group
from bocage.access.vocabulary import Action, Audience, Effect
from bocage.console.forms.named import OrganizationField, organization_named
from bocage.organizations.models import Organization

EFFECTS = [
    ("allow read", _("may see and read the data")),
    ("allow publish", _("may publish new versions")),
    ("allow manage", _("may change its description and who sees it")),
    ("deny read", _("may not see it")),
    ("deny publish", _("may not publish it")),
]


class GrantForm(forms.Form):
    """`groups`: those that the person who fills it in may name."""

    audience = forms.ChoiceField(
        label=_("Who?"),
        choices=[
            (Audience.PERSON.value, _("A person who has an account")),
            (Audience.ORGANIZATION.value, _("The members of an organisation")),
            (Audience.BRANCH.value, _("The members of an organisation and of those below it")),
            (Audience.GROUP.value, _("A working group")),
        ],
        widget=forms.RadioSelect,
        initial=Audience.PERSON.value,
    )
    email = forms.EmailField(label=_("Their e-mail address"), required=False, max_length=254)
    organization = forms.CharField(
        label=_("Organisation"), required=False, max_length=200, help_text=_("Its name, its INSEE code or its SIREN.")
    )
    group = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), required=False, to_field_name="uid", empty_label=_("No group")
    )
    what = forms.ChoiceField(label=_("What?"), choices=EFFECTS)
    reason = forms.CharField(
        label=_("Why?"), max_length=500,
        help_text=_("The person sees this sentence. For example: “Study of the floods, agreed with the water service”."),
    )  # fmt: skip
    ends_on = forms.DateField(
        label=_("Until (included)"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Nothing needs to be done that day: it ends by itself."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, groups: Any) -> None:
        super().__init__(data)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        asked = {"person": "email", "group": "group"}.get(str(answers.get("audience")), "organization")
        if not answers.get(asked) and asked not in self.errors:
            self.add_error(asked, _("Say which one."))
        elif asked == "email" and answers.get("email"):
            try:
                answers["person"] = account_of(answers["email"])
            except NoSuchAccount as error:
                self.add_error("email", str(error))
        return answers

    def clean_organization(self) -> Organization | None:
        text = self.cleaned_data["organization"].strip()
        return organization_named(text) if text else None

    def holder(self) -> Holder:
        """Only after `is_valid`."""
        answers = self.cleaned_data
        match answers["audience"]:
            case Audience.PERSON:
                return Holder(person=answers["person"])
            case Audience.GROUP:
                return Holder(group=answers["group"])
            case kind:
                return Holder(organization=answers["organization"], below=kind == Audience.BRANCH)

    def effect(self) -> tuple[Effect, Action]:
        effect, action = self.cleaned_data["what"].split()
        return Effect(effect), Action(action)

    def ends_at(self) -> datetime | None:
        day = self.cleaned_data["ends_on"]
        return end_of(day) if day else None


class WhyForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of a person"), max_length=254)


class GroupForm(forms.Form):
    """`organizations`: those that the person may lead a group from."""

    organization = OrganizationField(label=_("Led by"), max_length=200)
    name = forms.CharField(label=_("Name"), max_length=120)
    purpose = forms.CharField(
        label=_("What it is for"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, organizations: Any) -> None:
        super().__init__(data)
        cast("OrganizationField", self.fields["organization"]).offer(organizations)
