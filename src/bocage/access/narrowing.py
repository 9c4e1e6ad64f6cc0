"""What a key leaves of its owner's rights. It only ever takes away: the result is made of what the owner holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bocage.access.rules import Guarded, decide
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
        viewer = replace(viewer, roles=roles)
    if key.datasets:
        viewer = replace(viewer, roles={}, datasets=_held(viewer, key, things))
    return _reading(viewer) if key.read_only else viewer


def _without_privilege(viewer: Viewer) -> Viewer:
    """An operator as the administrator of every organisation there is: a privilege cannot be cut, roles can."""
    if not viewer.operator:
        return viewer
    everywhere = Organization.objects.values_list("pk", flat=True)
    return replace(viewer, operator=False, roles=dict.fromkeys(everywhere, Role.ADMINISTRATOR))


def _held(viewer: Viewer, key: ApiKey, things: Iterable[Guarded]) -> Mapping[str, Role]:
    """The role held on each of the datasets named; a reader's where it is only shared with the viewer."""
    named = [thing for thing in things if thing.uid in key.datasets and decide(viewer, Action.READ, thing)]
    return {thing.uid: viewer.roles.get(thing.organization_id, Role.MEMBER) for thing in named}


def _reading(viewer: Viewer) -> Viewer:
    return replace(
        viewer,
        roles=dict.fromkeys(viewer.roles, Role.MEMBER),
        datasets=dict.fromkeys(viewer.datasets, Role.MEMBER),
    )
