"""What the list of members says of their accounts. No secret: whether there is one, never which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bocage.access.accounts.answering import answered_for
from bocage.access.accounts.second_factor import Policies, having_factor
from bocage.access.identity.providers import providers
from bocage.access.models import Identity
from bocage.access.viewer import Viewer
from bocage.organizations.models import Membership
from bocage.organizations.services import never_came
from bocage.organizations.vocabulary import Role


@dataclass(frozen=True)
class MemberLine:
    """`identities`: labels of the providers by which the person may sign in. `awaited`: a second factor is asked of this role,
    and there is none here. `answered`: the viewer answers for the account."""

    member: Membership
    has_factor: bool
    identities: list[str]
    awaited: bool
    answered: bool
    invited: bool


def lines_of(viewer: Viewer, members: Sequence[Membership], policies: Policies) -> list[MemberLine]:
    """Four queries, however many members."""
    users = [member.user for member in members]
    factors, answered = having_factor(user.pk for user in users), answered_for(viewer, users)
    identities = _identities([user.pk for user in users])
    return [
        MemberLine(
            member,
            member.user_id in factors,
            identities.get(member.user_id, []),
            awaited=_is_asked(member, policies) and member.user_id not in factors and member.user_id not in identities,
            answered=member.user_id in answered,
            invited=never_came(member.user),
        )
        for member in members
    ]


def _is_asked(member: Membership, policies: Policies) -> bool:
    asked = [role for role in (policies.own, policies.inherited) if role is not None]
    return any(Role(member.role).rank >= least.rank for least in asked)


def _identities(user_ids: Sequence[int]) -> dict[int, list[str]]:
    labels = {provider.issuer: provider.label for provider in providers()}
    found: dict[int, list[str]] = {}
    for user_id, issuer in Identity.objects.filter(user_id__in=user_ids).values_list("user_id", "issuer"):
        if issuer in labels:
            found.setdefault(user_id, []).append(labels[issuer])
    return found
