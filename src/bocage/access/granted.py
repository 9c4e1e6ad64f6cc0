"""The grants that speak to a person, as rules."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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
)
from bocage.access.vocabulary import Action, Audience, Effect
from bocage.organizations.models import Organization

RANK = {
    Audience.EVERYONE: EVERYONE,
    Audience.MEMBERS: MEMBERS,
    Audience.BRANCH: BRANCH,
    Audience.ORGANIZATION: TEAM,
    Audience.GROUP: GROUP,
    Audience.PERSON: PERSON,
}


def grants_to(user_id: int, member_of: Collection[tuple[int, str]]) -> list[Grant]:
    """Those in force that speak to the person. `member_of`: (id, path) of their organisations. One query."""
    named = ("branch", "organization", "group", "person")
    return list(Grant.objects.in_force().filter(speaks_to(user_id, member_of)).select_related(*named).distinct())


def rules_granted(grants: Collection[Grant], places: Sequence[tuple[int, str]]) -> tuple[Rule, ...]:
    """`places`: (id, path) of the organisations of the branches that they are on, at least."""
    below = _below([grant.branch for grant in grants if grant.branch is not None], places)
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


def _below(branches: Sequence[Organization], places: Sequence[tuple[int, str]]) -> dict[int, frozenset[int]]:
    """Id of each branch → the organisations of it. An empty path, the start of all the others, is a branch of one."""
    return {
        branch.pk: frozenset({pk for pk, path in places if branch.path and path.startswith(branch.path)} | {branch.pk})
        for branch in branches
    }


def _rule(grant: Grant, below: dict[int, frozenset[int]]) -> Rule:
    audience = RANK[Audience(grant.audience)]
    if grant.branch is None:
        precision, on = Precision(DATASET, 0, audience), Condition("uid", frozenset({grant.dataset}))
    else:
        precision = Precision(ORGANIZATION, depth_of(grant.branch.path), audience)
        on = Condition("organization_id", below[grant.branch.pk], grant.branch.path)
    allows, action = grant.effect == Effect.ALLOW, Action(grant.action)
    if not allows and action == Action.READ:  # whoever is refused the data is told nothing of them either
        action = Action.SEE
    return Rule(precision, allows, action, on, "grant", grant.reason, grant.holder)


def depth_of(path: str) -> int:
    """`/1/4/12/` → 3."""
    return len([part for part in path.split("/") if part])
