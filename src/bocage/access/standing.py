"""The viewer that a signed-in person is: their roles, and the exceptions that speak to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q

from bocage.access.granted import depth_of, rules_granted
from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.organizations.models import Membership, Organization
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from bocage.organizations.models import User


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
