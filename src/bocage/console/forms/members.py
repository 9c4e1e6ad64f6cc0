"""Who works here."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from bocage.organizations.vocabulary import Role

WHAT_ROLES_DO = {
    Role.MEMBER: _("sees the data of the organisation."),
    Role.CONTRIBUTOR: _("and publishes files."),
    Role.STEWARD: _("and changes descriptions and who sees the data."),
    Role.COORDINATOR: _("and manages the members."),
    Role.ADMINISTRATOR: _("and does all this in the organisations below too."),
}


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("First name and name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.CONTRIBUTOR)


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
