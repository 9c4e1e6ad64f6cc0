"""Organisations that a person names: by what everybody calls them, or by their codes."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _

from bocage.organizations.models import Organization


def organization_named(text: str) -> Organization:
    """By its name, its identifier, its INSEE code or its SIREN. Raises ValidationError when it is none, or several."""
    text = text.strip()
    named = Q(name__iexact=text) | Q(slug=text.lower()) | Q(insee_code=text.upper()) | Q(siren=text.replace(" ", ""))
    found = list(Organization.objects.filter(named)[:2]) if text else []
    if len(found) == 1:
        return found[0]
    several = _("Several organisations are called so: write the code of the one you mean.")
    raise forms.ValidationError(several if found else _("No organisation of the platform is called so."))
