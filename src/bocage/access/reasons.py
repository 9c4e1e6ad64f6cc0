"""Why, in words for the viewer."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.rule import Rule
from bocage.organizations.vocabulary import Role

SAID = {
    "open": gettext_lazy("It is open to everyone."),
    "announced": gettext_lazy("What it is, is told to everyone; its data are given on request."),
    "shared": gettext_lazy("It is shared with every organisation of the platform."),
    "role": gettext_lazy("Your role in this organisation allows it."),
    "key": gettext_lazy("Your role on this dataset allows it."),
}


def allowed_because(rule: Rule) -> str:
    if rule.why in SAID:
        return str(SAID[rule.why])
    if rule.why == "agreement":
        return _("The agreement %(number)s opens it: %(title)s") % {"number": rule.holder, "title": rule.told}
    return _("It was granted: %(reason)s") % {"reason": rule.told}


def refused_because(rule: Rule | None, least: Role) -> str:
    """`rule`: the one that refuses; None when none allows. `least`: the role that would do."""
    if rule is not None:
        return _("it was refused: %(reason)s") % {"reason": rule.told}
    return _("it needs the role “%(role)s” in this organisation.") % {"role": least.label}
