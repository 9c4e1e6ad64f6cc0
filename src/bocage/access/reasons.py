"""Why, in words for the viewer."""

from __future__ import annotations

from django.utils.translation import gettext as _

from bocage.access.rule import Rule
from bocage.organizations.vocabulary import Role


def allowed_because(rule: Rule) -> str:
    match rule.why:
        case "open":
            return _("It is open to everyone.")
        case "shared":
            return _("It is shared with every organisation of the platform.")
        case "role":
            return _("Your role in this organisation allows it.")
        case "key":
            return _("Your role on this dataset allows it.")
        case "agreement":
            return _("The agreement %(number)s opens it: %(title)s") % {"number": rule.holder, "title": rule.told}
        case _:
            return _("It was granted: %(reason)s") % {"reason": rule.told}


def refused_because(rule: Rule | None, least: Role) -> str:
    """`rule`: the one that refuses; None when none allows. `least`: the role that would do."""
    if rule is not None:
        return _("it was refused: %(reason)s") % {"reason": rule.told}
    return _("it needs the role “%(role)s” in this organisation.") % {"role": least.label}
