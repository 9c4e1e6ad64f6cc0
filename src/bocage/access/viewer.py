"""Who is looking. A viewer is made once per request and given to every selector; nothing reads without one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from bocage.organizations.models import Membership, Organization
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bocage.organizations.models import User


@dataclass(frozen=True)
class Viewer:
    """`roles`: organisation id → role held there, given by a membership or, for an administrator, inherited from above.
    `datasets`: uid of a dataset → role held on it alone, whatever its organisation; what a limited key holds."""

    user_id: int | None = None
    roles: Mapping[int, Role] = field(default_factory=dict)
    operator: bool = False
    datasets: Mapping[str, Role] = field(default_factory=dict)

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
        return ",".join(f"{thing}:{role.value}" for thing, role in held) or "anonymous"


ANONYMOUS = Viewer()
OPERATOR = Viewer(operator=True)
"""The platform itself: command line, worker. Never built from a request."""


def viewer_of(user: User | AnonymousUser | None) -> Viewer:
    """The viewer for a signed-in user, or ANONYMOUS. Two queries at most."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    memberships = Membership.objects.filter(user_id=user.pk).values_list(
        "organization_id", "organization__path", "role"
    )
    roles: dict[int, Role] = {}
    administered: list[str] = []
    for organization_id, path, role in memberships:
        roles[organization_id] = Role(role)
        if role == Role.ADMINISTRATOR and path:  # an empty path would be the start of every other
            administered.append(path)
    if administered:
        below = Q()
        for path in administered:
            below |= Q(path__startswith=path)
        roles |= dict.fromkeys(Organization.objects.filter(below).values_list("pk", flat=True), Role.ADMINISTRATOR)
    return Viewer(user_id=user.pk, roles=roles, operator=bool(user.is_superuser))
