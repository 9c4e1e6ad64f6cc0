"""Words between braces that a text leaves open, and that each portal fills with what its organisation is.

A closed list. What fills them was written by people: it is escaped for the language in which it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from bocage.organizations.portals.errors import UnknownParameter

if TYPE_CHECKING:
    from bocage.organizations.models import Organization, Portal

PARAMETERS = {
    "commune": _("name of the organisation"),
    "insee": _("its INSEE code"),
    "siren": _("its SIREN"),
    "population": _("its number of inhabitants"),
    "organization": _("its identifier on the platform"),
    "portal": _("name of the portal"),
}
_PLACE = re.compile(r"\{([a-z_]{1,30})\}")
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:/@\"'=^$])")
_CODES = ("insee", "siren", "organization")


def values_of(portal: Portal) -> dict[str, str]:
    """What fills each parameter in this portal; empty when its organisation has none."""
    organization: Organization = portal.organization
    return {
        "commune": organization.name,
        "insee": organization.insee_code,
        "siren": organization.siren,
        "population": f"{organization.population:,}".replace(",", "\u202f") if organization.population else "",
        "organization": organization.slug,
        "portal": portal.name,
    }


def in_markdown(text: str, portal: Portal) -> str:
    """The text with its parameters filled, each as plain words: a name never makes a link, nor opens a tag."""
    return _filled(text, values_of(portal), lambda value: _MARKS.sub(r"\\\1", " ".join(value.split())))


def in_words(text: str, portal: Portal) -> str:
    """The same for a title, which is plain text already."""
    return _filled(text, values_of(portal), lambda value: value)


def in_query(text: str, portal: Portal) -> str:
    """The same for a condition in ODSQL, where codes are texts between quotes; those that are not codes are left as they
    stand, and refused when the condition is read."""
    codes = {name: value for name, value in values_of(portal).items() if name in _CODES}
    return _filled(text, codes, json.dumps)


def refuse_unknown(text: str) -> None:
    """Raises UnknownParameter for the first word between braces that nothing fills."""
    for found in _PLACE.finditer(text):
        if found[1] not in PARAMETERS:
            raise UnknownParameter(name=found[1], known=", ".join(f"{{{name}}}" for name in PARAMETERS))


def _filled(text: str, values: dict[str, str], escape: Callable[[str], str]) -> str:
    """In one pass: what is put in is never read again."""
    return _PLACE.sub(lambda found: escape(values[found[1]]) if found[1] in values else found[0], text)
