"""The grants that speak to a person, as rules."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Q

from bocage.access.models import Grant
from bocage.access.rule import (
    BRANCH,
    DATASET,
    EVERYONE,
    GROUP,
    MEMBERS,
    ORGANIZATION,
    PERSON,
    TEAM,
    Condition,
    Precision,
    Rule,
    Terms,
)
from bocage.access.vocabulary import Action, Audience, Effect
from bocage.kernel.clock import now

RANK = {
    Audience.EVERYONE: EVERYONE,
    Audience.MEMBERS: MEMBERS,
    Audience.BRANCH: BRANCH,
    Audience.ORGANIZATION: TEAM,
    Audience.GROUP: GROUP,
    Audience.PERSON: PERSON,
}


class Granted(NamedTuple):
    """A grant, and the names it needs; no more of the tables where these are, for this is read at each request."""

    pk: int
    audience: str
    effect: str
    action: str
    dataset: str
    reason: str
    branch_id: int | None
    branch: str | None
    organization: str | None
    group: str | None
    first_name: str | None
    last_name: str | None
    email: str | None
    columns: list[str]

    @property
    def holder(self) -> str:
        """As `Grant.holder`."""
        person = f"{self.first_name or ''} {self.last_name or ''}".strip() or self.email
        return person or self.group or self.organization or str(Audience(self.audience).label)


_READ = (
    "pk", "audience", "effect", "action", "dataset", "reason", "branch_id", "branch__path",
    "organization__name", "group__name", "person__first_name", "person__last_name", "person__email",
    "columns",
)  # fmt: skip


def grants_to(user_id: int, member_of: Collection[tuple[int, str]]) -> list[Granted]:
    """Those in force that speak to the person. `member_of`: (id, path) of their organisations. One query."""
    found = Grant.objects.in_force().filter(speaks_to(user_id, member_of)).order_by("-pk")
    return [Granted(*row) for row in found.distinct().values_list(*_READ)]


def rules_granted(grants: Collection[Granted], places: Sequence[tuple[int, str]]) -> tuple[Rule, ...]:
    """`places`: (id, path) of the organisations of the branches that they are on, at least."""
    branches = {grant.branch_id: grant.branch or "" for grant in grants if grant.branch_id is not None}
    below = _below(branches, places)
    return tuple(_rule(grant, below) for grant in grants)


def speaks_to(user_id: int, member_of: Collection[tuple[int, str]]) -> Q:
    """What is said to a person, to one of their groups, to a team or a branch of which they are."""
    teams = {pk for pk, _path in member_of}
    above = {int(part) for _pk, path in member_of for part in path.split("/") if part}
    return (
        Q(person_id=user_id)
        | Q(group__members=user_id)
        | Q(audience=Audience.ORGANIZATION, organization_id__in=teams)
        | Q(audience=Audience.BRANCH, organization_id__in=above | teams)
    )


def _below(branches: Mapping[int, str], places: Sequence[tuple[int, str]]) -> dict[int, frozenset[int]]:
    """Id of each branch → the organisations of it. An empty path, the start of all the others, is a branch of one."""
    return {
        branch: frozenset({pk for pk, where in places if path and where.startswith(path)} | {branch})
        for branch, path in branches.items()
    }


def _rule(grant: Granted, below: Mapping[int, frozenset[int]]) -> Rule:
    audience = RANK[Audience(grant.audience)]
    if grant.branch_id is None:
        precision, on = Precision(DATASET, 0, audience), Condition("uid", frozenset({grant.dataset}))
    else:
        path = grant.branch or ""
        precision = Precision(ORGANIZATION, depth_of(path), audience)
        on = Condition("organization_id", below[grant.branch_id], path)
    allows, action = grant.effect == Effect.ALLOW, Action(grant.action)
    if not allows and action == Action.READ:  # whoever is refused the data is told nothing of them either
        action = Action.SEE
    terms = Terms(frozenset(grant.columns)) if allows and grant.columns else None
    return Rule(precision, allows, action, on, "grant", grant.reason, grant.holder, terms)


def parts_to_come() -> dict[str, Terms]:
    """Uid of each dataset of which some grant that is not over opens a part → what all of these show. One query."""
    last = Q(ends_at=None) | Q(ends_at__gt=now())
    found: dict[str, frozenset[str]] = {}
    for uid, columns in Grant.objects.filter(last).exclude(columns=[]).values_list("dataset", "columns"):
        named = frozenset(columns)
        found[uid] = found.get(uid, named) & named
    return {uid: Terms(columns) for uid, columns in found.items()}


def depth_of(path: str) -> int:
    """`/1/4/12/` → 3."""
    return len([part for part in path.split("/") if part])
