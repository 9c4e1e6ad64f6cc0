"""Standards in sentences, one for each thing that is said."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bocage.catalog.vocabulary import Licence, Theme
from bocage.organizations.standards.rules import LEAST_PURGER, Limits

RETENTION = ("least_days", "least_versions", "most_days", "most_versions", "purged_by")


def sentences(limits: Limits, names: Collection[str] = ("licences", "themes", *RETENTION)) -> list[str]:
    """What `limits` says of these fields; what it does not say is left out."""
    return [text for name in names if (text := sentence(limits, name))]


def sentence(limits: Limits, name: str) -> str:
    value = getattr(limits, name)
    if value is None or (name == "purged_by" and value == LEAST_PURGER):
        return ""
    match name:
        case "licences":
            return _("Only these licences: %(names)s.") % {"names": _labels(Licence, value)}
        case "themes":
            return _("Only these themes: %(names)s.") % {"names": _labels(Theme, value)}
        case "least_days":
            words = ngettext(
                "An old version is kept for at least one day.", "An old version is kept for at least %(n)s days.", value
            )
        case "least_versions":
            words = ngettext("The last version is always kept.", "The last %(n)s versions are always kept.", value)
        case "most_days":
            words = ngettext(
                "An old version is removed after one day.", "An old version is removed after %(n)s days.", value
            )
        case "most_versions":
            words = ngettext("Only the published version is kept.", "No more than %(n)s versions are kept.", value)
        case _role:
            return _("Old versions are removed by hand from the role “%(role)s” on.") % {"role": value.label}
    return words % {"n": value}


def _labels(vocabulary: type[Licence] | type[Theme], codes: Collection[str]) -> str:
    return ", ".join(str(one.label) for one in vocabulary if one.value in codes)
