"""Organisations that a person names: chosen in a list when it is short, else by what everybody calls them, or by their codes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from bocage.organizations.models import Organization

MOST_LISTED = 30
"""Longer lists are not read: people write the name."""


def organization_named(text: str, among: QuerySet[Organization] | None = None) -> Organization:
    """By its name, its identifier, its INSEE code or its SIREN. Raises ValidationError when it is none, or several."""
    text = text.strip()
    named = Q(name__iexact=text) | Q(slug=text.lower()) | Q(insee_code=text.upper()) | Q(siren=text.replace(" ", ""))
    every = Organization.objects.all() if among is None else among
    found = list(every.filter(named)[:2]) if text else []
    if len(found) == 1:
        return found[0]
    several = _("Several organisations are called so: write the code of the one you mean.")
    nothing = _("No organisation of the platform is called so.")
    outside = _("You may not choose this organisation, or none is called so.")
    raise forms.ValidationError(several if found else nothing if among is None else outside)


def short_list(among: QuerySet[Organization]) -> list[Organization] | None:
    """They, by name; None when they are too many to be listed. One query, of a few rows."""
    found = list(among.order_by("name", "pk")[: MOST_LISTED + 1])
    return found if len(found) <= MOST_LISTED else None


def chosen_among(among: QuerySet[Organization], text: str) -> Organization | None:
    """What `short_list` led to: the identifier of one that was listed, else a name that was written. None for an empty answer
    and for one that is not of the list. Raises ValidationError for a name that is none, or several."""
    text = text.strip()
    if not text:
        return None
    listed = short_list(among)
    if listed is None:
        return organization_named(text, among)
    return next((one for one in listed if one.slug == text), None)


class OrganizationField(forms.CharField):
    """One of those that the form offers. Gives an Organization, None for an empty answer."""

    among: QuerySet[Organization] = Organization.objects.none()

    def offer(self, among: QuerySet[Organization], *, nothing: str = "") -> list[Organization] | None:
        """Called by the form, on its own copy of the field. `nothing`: what an empty answer means, where it is allowed.

        Gives the list offered; None when the name is to be written."""
        self.among = among
        listed = short_list(among)
        if listed is None:
            self.help_text = self.help_text or _("Its name, its INSEE code or its SIREN.")
        else:
            first = [] if self.required and len(listed) == 1 else [("", nothing or "—")]
            self.widget = forms.Select(choices=first + [(one.slug, one.name) for one in listed])
            self.widget.is_required = self.required
        return listed

    def clean(self, value: Any) -> Organization | None:
        text = super().clean(value)
        if not text:
            return None
        if isinstance(self.widget, forms.Select):
            found = self.among.filter(slug=text).first()
            if found is None:
                raise forms.ValidationError(_("Choose one of the list."))
            return found
        return organization_named(text, self.among)
