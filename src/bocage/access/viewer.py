"""Who is looking. A viewer is made once per request and given to every selector; nothing reads without one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from bocage.access.granted import depth_of, rules_granted
from bocage.organizations.models import Membership, Organization
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bocage.access.rule import Rule
    from bocage.organizations.models import User


@dataclass(frozen=True)
class Viewer:
    """`roles`: organisation id → role held there, given by a membership or, for an administrator, inherited from above.
    `depths`: organisation id → how deep in the tree that role was given. `datasets`: uid of a dataset → role held on it alone,
    whatever its organisation; what a limited key holds. `granted`: the exceptions that speak to the person."""

    user_id: int | None = None
    roles: Mapping[int, Role] = field(default_factory=dict)
    operator: bool = False
    datasets: Mapping[str, Role] = field(default_factory=dict)
    granted: tuple[Rule, ...] = ()
    depths: Mapping[int, int] = field(default_factory=dict)

    @property
    def in_group(self) -> bool:
        """Member of at least one organisation of the platform: “shared” things are theirs to read."""
        return self.operator or bool(self.roles)

    @property
    def key(self) -> str:
        """Two viewers with the same key read the same things: part of every cache key."""
        if self.operator:
            return "operator"
        held: list[tuple[object, Role]] = [*sorted(self.roles.items()), *sorted(self.datasets.items())]
        parts = [f"{thing}:{role.value}" for thing, role in held]
        if any(not rule.allows for rule in self.granted):  # what a refusal beats depends on where roles were given
            parts += [f"{pk}@{depth}" for pk, depth in sorted(self.depths.items())]
        return ",".join(parts + sorted(rule.key for rule in self.granted)) or "anonymous"


ANONYMOUS = Viewer()
OPERATOR = Viewer(operator=True)
"""The platform itself: command line, worker. Never built from a request."""


def viewer_of(user: User | AnonymousUser | None) -> Viewer:
    """The viewer for a signed-in user, or ANONYMOUS. Four queries at most."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    memberships = list(
        Membership.objects.filter(user_id=user.pk).values_list("organization_id", "organization__path", "role")
    )
    roles, depths = _roles(memberships)
    granted = () if user.is_superuser else rules_granted(user.pk, [(pk, path) for pk, path, _role in memberships])
    return Viewer(user.pk, roles, operator=bool(user.is_superuser), granted=granted, depths=depths)


def _roles(memberships: Sequence[tuple[int, str, str]]) -> tuple[dict[int, Role], dict[int, int]]:
    """Role and depth of each organisation where one is held. The administrator of a branch is one of all that is below;
    the deepest of those that say so counts."""
    roles = {pk: Role(role) for pk, _path, role in memberships}
    depths = {pk: depth_of(path) for pk, path, _role in memberships}
    administered = sorted(
        (path for _pk, path, role in memberships if role == Role.ADMINISTRATOR and path), key=depth_of
    )  # an empty path would be the start of every other
    if administered:
        below = Q()
        for path in administered:
            below |= Q(path__startswith=path)
        for pk, path in Organization.objects.filter(below).values_list("pk", "path"):
            from_above = depth_of(next(start for start in reversed(administered) if path.startswith(start)))
            depths[pk] = max(depths.get(pk, 0), from_above) if roles.get(pk) == Role.ADMINISTRATOR else from_above
            roles[pk] = Role.ADMINISTRATOR
    return roles, depths
