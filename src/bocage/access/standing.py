"""The viewer that a signed-in person is: their roles, and the exceptions that speak to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from bocage.access.agreements.terms import rules_agreed
from bocage.access.granted import depth_of, grants_to, rules_granted, speaks_to
from bocage.access.models import Agreement, Grant
from bocage.access.rule import ORGANIZATION, PERSON, Condition, Precision, Rule
from bocage.access.rules import most_of
from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.kernel.clock import start_of
from bocage.kernel.unchanged import while_unchanged
from bocage.organizations.models import Membership, Organization
from bocage.organizations.vocabulary import Role

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from bocage.organizations.models import User


def viewer_of(user: User | AnonymousUser | None) -> Viewer:
    """The viewer for a signed-in user, or ANONYMOUS. Four queries at most, and the same viewer again while nothing changes."""
    if user is None or not user.is_authenticated or not user.is_active:
        return ANONYMOUS
    known = (viewer_of, user.pk, user.is_superuser)
    return while_unchanged(known, lambda: _read(user), changes_after)


def changes_after(viewer: Viewer, moment: datetime) -> datetime | None:
    """The first instant after this one at which the clock alone may change what the person of this viewer holds: a grant that
    begins or ends, midnight for agreements. None for whom the clock says nothing. One query."""
    if viewer.operator or viewer.user_id is None:
        return None
    midnight = start_of(timezone.localdate(moment, timezone.get_default_timezone()) + timedelta(days=1))
    exceptions = Grant.objects.filter(speaks_to(viewer.user_id, viewer.teams or ())).changes_after(moment)
    return min(exceptions or midnight, midnight)


def _read(user: User) -> Viewer:
    memberships = list(
        Membership.objects.filter(user_id=user.pk)
        .annotate(agreed=Exists(Agreement.objects.in_force().filter(consumers=OuterRef("organization_id"))))
        .values_list("organization_id", "organization__path", "role", "agreed")
    )
    teams = tuple((pk, path) for pk, path, *_more in memberships)
    grants = [] if user.is_superuser else grants_to(user.pk, teams)
    administered = [path for _pk, path, role, _agreed in memberships if role == Role.ADMINISTRATOR]
    below = _below([*administered, *(grant.branch for grant in grants if grant.branch)])
    roles, depths = _roles(memberships, below)
    branches = {path: frozenset(pk for pk, where in below if where.startswith(path)) for path in administered if path}
    agreed = {pk for pk, _path, _role, agreed in memberships if agreed and not user.is_superuser}
    granted = (*rules_granted(grants, below), *(rules_agreed(agreed) if agreed else ()), *_own(memberships, depths))
    operator = bool(user.is_superuser)
    return Viewer(user.pk, roles, operator, granted=granted, depths=depths, branches=branches, teams=teams)


def _own(memberships: Sequence[tuple[int, str, str, bool]], depths: Mapping[int, int]) -> Iterator[Rule]:
    """Roles given in an organisation itself to somebody who administers it from above: lower, and more precise, so that they
    beat a refusal said above."""
    for pk, path, role, _agreed in memberships:
        if depth_of(path) > depths[pk]:
            precision = Precision(ORGANIZATION, depth_of(path), PERSON)
            yield Rule(precision, True, most_of(Role(role)), Condition("organization_id", frozenset({pk})), "role")


def _below(paths: Sequence[str]) -> list[tuple[int, str]]:
    """Id and path of every organisation of these branches; of an empty path, which would be the start of every other, none.
    One query, whatever it is for."""
    within = Q()
    for path in {path for path in paths if path}:
        within |= Q(path__startswith=path)
    return list(Organization.objects.filter(within).values_list("pk", "path")) if within else []


def _roles(
    memberships: Sequence[tuple[int, str, str, bool]], below: Sequence[tuple[int, str]]
) -> tuple[dict[int, Role], dict[int, int]]:
    """Role and depth of each organisation where one is held. The administrator of a branch is one of all that is below;
    the deepest of those that say so counts."""
    roles = {pk: Role(role) for pk, _path, role, _agreed in memberships}
    depths = {pk: depth_of(path) for pk, path, *_more in memberships}
    administered = sorted(
        (path for _pk, path, role, _agreed in memberships if role == Role.ADMINISTRATOR and path),
        key=depth_of,
        reverse=True,
    )
    starts = [(start, depth_of(start)) for start in administered]
    for pk, path in below:
        above = next(((start, depth) for start, depth in starts if path.startswith(start)), None)
        if above is None:
            continue
        from_above = above[1]
        depths[pk] = max(depths.get(pk, 0), from_above) if roles.get(pk) == Role.ADMINISTRATOR else from_above
        roles[pk] = Role.ADMINISTRATOR
    return roles, depths
