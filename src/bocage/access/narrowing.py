"""What a key leaves of its owner's rights. It only ever takes away: the result is made of what the owner holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bocage.access.agreements.terms import AGREEMENT
from bocage.access.rule import Condition, Rule
from bocage.access.rules import Guarded, decide, most_of
from bocage.access.viewer import Viewer
from bocage.access.vocabulary import Action
from bocage.organizations.models import Organization
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from bocage.access.models import ApiKey


def narrowed(owner: Viewer, key: ApiKey, things: Iterable[Guarded]) -> Viewer:
    """`owner` seen through `key`. `things`: the datasets that the key names, when it names some.

    Every limit becomes a lower or an absent role, never a condition to remember elsewhere: what asks the viewer about
    organisations, without knowing of keys, is answered rightly."""
    viewer = _without_privilege(owner)
    if key.organization_id:
        roles = {pk: role for pk, role in viewer.roles.items() if pk == key.organization_id}
        viewer = replace(viewer, roles=roles, granted=_within(viewer.granted, key.organization_id))
    if key.datasets:
        held = _held(without_parts(viewer), key, things)
        granted = (*_parts(viewer.granted, key.datasets), *_refusals(viewer.granted))
        viewer = replace(viewer, roles={}, datasets=held, granted=granted)
    return _reading(viewer) if key.read_only else viewer


def _without_privilege(viewer: Viewer) -> Viewer:
    """An operator as the administrator of every organisation there is: a privilege cannot be cut, roles can."""
    if not viewer.operator:
        return viewer
    everywhere = Organization.objects.values_list("pk", flat=True)
    return replace(viewer, operator=False, roles=dict.fromkeys(everywhere, Role.ADMINISTRATOR))


def _held(viewer: Viewer, key: ApiKey, things: Iterable[Guarded]) -> Mapping[str, Role]:
    """The role on each of the datasets named that allows what the viewer may do there, and nothing more."""
    held = {}
    for thing in things:
        allowed = [role for role in Role if decide(viewer, most_of(role), thing)]
        if thing.uid in key.datasets and allowed:
            held[thing.uid] = max(allowed, key=lambda role: role.rank)
    return held


def without_agreements(viewer: Viewer) -> Viewer:
    """As if none had been signed."""
    return replace(viewer, granted=tuple(rule for rule in viewer.granted if rule.why != AGREEMENT))


def without_parts(viewer: Viewer) -> Viewer:
    """As if no agreement and no grant opened a part of a dataset: what is left is seen whole, whatever these show of it."""
    return replace(viewer, granted=tuple(rule for rule in viewer.granted if rule.terms is None))


def _parts(rules: Iterable[Rule], uids: Iterable[str]) -> tuple[Rule, ...]:
    """What agreements and grants open a part of, among these datasets. It stays theirs, not a role, which would show the dataset
    whole."""
    named = frozenset(uids)
    kept = (replace(rule, on=Condition("uid", rule.on.values & named)) for rule in rules if rule.terms is not None)
    return tuple(rule for rule in kept if rule.on.values)


def _reading(viewer: Viewer) -> Viewer:
    return replace(
        viewer,
        roles=dict.fromkeys(viewer.roles, Role.MEMBER),
        datasets=dict.fromkeys(viewer.datasets, Role.MEMBER),
        granted=tuple(replace(rule, action=Action.READ) if rule.allows else rule for rule in viewer.granted),
    )


def _refusals(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules if not rule.allows)


def _within(rules: Sequence[Rule], organization_id: int) -> tuple[Rule, ...]:
    """What was granted in one organisation; a grant on a dataset does not say whose it is, so that it is left out."""
    here = Condition("organization_id", frozenset({organization_id}))
    granted = (
        replace(rule, on=here)
        for rule in rules
        if rule.allows and rule.on.column == "organization_id" and organization_id in rule.on.values
    )
    return (*granted, *_refusals(rules))
