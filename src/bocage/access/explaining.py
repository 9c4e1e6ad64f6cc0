"""Why can, or can't, she see this? Every rule that speaks of a thing to a person, and the one that decides."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bocage.access.rule import ORGANIZATION, Rule, deciding, levels
from bocage.access.rules import Guarded, rules_of
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.organizations.models import Organization


@dataclass(frozen=True)
class Argument:
    """`decides`: the others are less precise, or yield to a refusal as precise."""

    sentence: str
    allows: bool
    decides: bool


@dataclass(frozen=True)
class Explanation:
    """`arguments`, the most precise first; none when nothing speaks, and the answer is no."""

    action: Action
    allowed: bool
    arguments: tuple[Argument, ...]


def explanations(viewer: Viewer, thing: Guarded) -> list[Explanation]:
    """For each action, why `viewer` may or may not."""
    return [explanation(viewer, action, thing) for action in Action]


def explanation(viewer: Viewer, action: Action, thing: Guarded) -> Explanation:
    if viewer.operator:
        return Explanation(action, True, (Argument(_("Runs the platform."), True, True),))
    rules = list(rules_of(viewer))
    decided = deciding(rules, action, thing)
    speaking = [rule for level in levels(rules, action) for rule in (*level.allow, *level.deny) if rule.on.holds(thing)]
    names = _names(thing.organization_id)
    arguments = tuple(
        Argument(_sentence(viewer, rule, thing, names), rule.allows, rule is decided) for rule in reversed(speaking)
    )
    return Explanation(action, decided is not None and decided.allows, arguments)


def _names(organization_id: int) -> list[str]:
    """The organisation and those above it, from the top: the nth is at depth n."""
    path = Organization.objects.filter(pk=organization_id).values_list("path", flat=True).first() or ""
    pks = [int(part) for part in path.split("/") if part]
    found = dict(Organization.objects.filter(pk__in=pks).values_list("pk", "name"))
    return [found.get(pk, "") for pk in pks]


SAID = {
    "open": gettext_lazy("The dataset is open to everyone."),
    "announced": gettext_lazy("What the dataset is, is told to everyone; its data are given on request."),
    "shared": gettext_lazy(
        "The dataset is shared with every organisation of the platform, and the person works in one."
    ),
    "key": gettext_lazy("The limits of the key."),
}


def _sentence(viewer: Viewer, rule: Rule, thing: Guarded, names: list[str]) -> str:
    if rule.why in SAID:
        return str(SAID[rule.why])
    match rule.why:
        case "role":
            depth = rule.precision.depth
            place = names[depth - 1] if rule.precision.thing == ORGANIZATION and 0 < depth <= len(names) else ""
            role = viewer.roles[thing.organization_id].label
            return _("Role “%(role)s” in %(organization)s.") % {"role": role, "organization": place}
        case "agreement":
            return _agreed(rule)
        case _:
            words = _("Allowed to %(holder)s: %(reason)s") if rule.allows else _("Refused to %(holder)s: %(reason)s")
            if rule.terms is not None:
                words = _("Allowed to %(holder)s, for some of the columns: %(reason)s")
            return words % {"holder": rule.holder, "reason": rule.told}


def _agreed(rule: Rule) -> str:
    part = rule.terms is not None and (rule.terms.columns is not None or rule.terms.rows)
    words = (
        _("Agreement no. %(number)s: %(title)s (a part of the data).")
        if part
        else _("Agreement no. %(number)s: %(title)s.")
    )
    return words % {"number": rule.holder, "title": rule.told}
