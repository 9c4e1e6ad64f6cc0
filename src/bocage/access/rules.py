"""One rule, two entry points: `decide` for one thing, `visible_to` for a list filtered in SQL. A property test ties them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from bocage.access.reasons import allowed_because, refused_because
from bocage.access.rule import (
    ANNOUNCEMENT,
    DATASET,
    EVERYONE,
    MEMBERS,
    ORGANIZATION,
    PERSON,
    Condition,
    Precision,
    Rule,
    deciding,
    levels,
)
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Organization
from bocage.organizations.vocabulary import Role

LEAST_ROLE: dict[Action, Role] = {
    Action.SEE: Role.MEMBER,
    Action.READ: Role.MEMBER,
    Action.PUBLISH: Role.CONTRIBUTOR,
    Action.MANAGE: Role.STEWARD,
    Action.ADMINISTER: Role.COORDINATOR,
}
"""The role from which an action is allowed inside one's organisation."""

OPEN = Rule(
    Precision(DATASET, 0, EVERYONE),
    True,
    Action.READ,
    Condition("visibility", frozenset({Visibility.OPEN.value})),
    "open",
)
SHARED = Rule(
    Precision(DATASET, 0, MEMBERS),
    True,
    Action.READ,
    Condition("visibility", frozenset({Visibility.SHARED.value})),
    "shared",
)
ANNOUNCED = Rule(
    Precision(ANNOUNCEMENT, 0, EVERYONE),
    True,
    Action.SEE,
    Condition("visibility", frozenset({Visibility.REQUEST.value})),
    "announced",
)
"""The most precise there is: whoever is refused the data of what is announced would learn of it by signing out."""


class Guarded(Protocol):
    """What a thing must have to be decided upon."""

    uid: str
    organization_id: int
    visibility: str


@dataclass(frozen=True)
class Decision:
    """`reason` is a sentence for the viewer, in the active language. `rule`: the one that decided, if one did."""

    allowed: bool
    reason: str
    rule: Rule | None = None

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise AccessDenied with the reason, unless allowed."""
        if not self.allowed:
            raise AccessDenied(reason=self.reason)


def has_role(viewer: Viewer, organization_id: int, least: Role) -> bool:
    role = viewer.roles.get(organization_id)
    return viewer.operator or (role is not None and role.rank >= least.rank)


def most_of(role: Role) -> Action:
    """The furthest action that a role allows."""
    return max((action for action in Action if LEAST_ROLE[action].rank <= role.rank), key=lambda action: action.rank)


def rules_of(viewer: Viewer) -> tuple[Rule, ...]:
    """Every rule that speaks to the viewer: the visibility of things, their roles, their grants, the limits of their key.

    Made once for each viewer, which never changes, and kept with it: a page asks some hundred times."""
    known: tuple[Rule, ...] | None = vars(viewer).get(_RULES)
    if known is None:
        known = vars(viewer)[_RULES] = tuple(_rules_of(viewer))
    return known


_RULES = "_rules"


def _rules_of(viewer: Viewer) -> Iterator[Rule]:
    yield OPEN
    yield ANNOUNCED
    if viewer.in_group:
        yield SHARED
    held: dict[tuple[int, Role], list[int]] = {}
    for pk, role in viewer.roles.items():
        held.setdefault((viewer.depths.get(pk, 0), role), []).append(pk)
    for (depth, role), pks in held.items():
        for place in _places(viewer, depth, role, frozenset(pks)):
            yield Rule(Precision(ORGANIZATION, depth, PERSON), True, most_of(role), place, "role")
    alone: dict[Role, list[str]] = {}
    for uid, role in viewer.datasets.items():
        alone.setdefault(role, []).append(uid)
    for role, uids in alone.items():
        yield Rule(Precision(DATASET, 0, PERSON), True, most_of(role), Condition("uid", frozenset(uids)), "key")
    yield from viewer.granted


def _places(viewer: Viewer, depth: int, role: Role, pks: frozenset[int]) -> Iterator[Condition]:
    """The organisations `pks`, by whole branches where they are. A branch where the same role is held everywhere, here and there
    by a more precise rule, may be said whole: the more precise one says the same."""
    left = pks
    for path, below in viewer.branches.items():
        same = all(viewer.roles.get(pk) == role and viewer.depths.get(pk, 0) >= depth for pk in below)
        if same and not left.isdisjoint(below):
            yield Condition("organization_id", below, path)
            left -= below
    if left:
        yield Condition("organization_id", left)


def decide_in(viewer: Viewer, action: Action, organization_id: int) -> Decision:
    """May the viewer do `action` in this organisation (publish a new dataset, manage members)?"""
    if viewer.operator:
        return Decision(True, _("You run the platform."))
    place = SimpleNamespace(organization_id=organization_id)
    return _decision(deciding(_of_organizations(viewer), action, place), action)


def decide(viewer: Viewer, action: Action, thing: Guarded) -> Decision:
    """May the viewer do `action` on `thing`, and why."""
    if viewer.operator:
        return Decision(True, _("You run the platform."))
    return _decision(deciding(rules_of(viewer), action, thing), action)


def on_request(viewer: Viewer, thing: Guarded) -> bool:
    """Whether the viewer may know of the thing and not read its data."""
    return bool(decide(viewer, Action.SEE, thing)) and not decide(viewer, Action.READ, thing)


def _decision(rule: Rule | None, action: Action) -> Decision:
    if rule is not None and rule.allows:
        return Decision(True, allowed_because(rule), rule)
    return Decision(False, refused_because(rule, LEAST_ROLE[action]), rule)


def visible_to(viewer: Viewer, action: Action) -> Q:
    """The same rule as `decide`, as a filter on things that have `uid`, `organization_id` and `visibility`."""
    if viewer.operator:
        return Q()
    return _filter(rules_of(viewer), action, lambda rule: Q(**{f"{rule.on.column}__in": _values(rule.on)}))


def administered_by(viewer: Viewer, action: Action) -> Q:
    """`decide_in`, as a filter on organisations."""
    if viewer.operator:
        return Q()
    return _filter(_of_organizations(viewer), action, lambda rule: _among(rule.on))


def _values(on: Condition) -> Any:
    """A list, or the organisations of a branch as a subquery."""
    return Organization.objects.filter(path__startswith=on.path).order_by().values("pk") if on.path else list(on.values)


def _among(on: Condition) -> Q:
    """On organisations themselves."""
    return Q(path__startswith=on.path) if on.path else Q(pk__in=list(on.values))


def _of_organizations(viewer: Viewer) -> Iterator[Rule]:
    return (rule for rule in rules_of(viewer) if rule.on.column == "organization_id")


def _filter(rules: Iterable[Rule], action: Action, where: Callable[[Rule], Q]) -> Q:
    """What the rules allow, from the least precise to the most: each level adds to what the ones before allow, and takes away."""
    allowed = Q(pk__in=[])
    for level in levels(rules, action):
        for rule in level.allow:
            allowed |= where(rule)
        for rule in level.deny:
            allowed &= ~where(rule)
    return allowed
