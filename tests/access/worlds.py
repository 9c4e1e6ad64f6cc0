"""What is drawn: organisations, people, grants, agreements; and the law read aloud, without any of the code under test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from bocage.access.agreements.vocabulary import State
from bocage.access.models import Agreement, Grant, Group
from bocage.access.models.agreements import today
from bocage.access.vocabulary import GRANTED, Action, Audience, Effect, Visibility
from bocage.catalog.models import Dataset
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.vocabulary import Role
from tests.access.test_rules import is_below, plant

GRANTS = st.lists(
    st.tuples(
        st.sampled_from([Audience.BRANCH, Audience.ORGANIZATION, Audience.GROUP, Audience.PERSON]),
        st.integers(0, 5),  # the organisation of the audience
        st.booleans(),  # on a dataset, or on a branch
        st.integers(0, 17),  # which
        st.sampled_from(Effect),
        st.sampled_from(GRANTED),
    ),
    max_size=7,
)
AGREEMENTS = st.lists(
    st.tuples(
        st.integers(0, 5),  # the producer
        st.sets(st.integers(0, 5), min_size=1, max_size=2),  # the consumers
        st.sets(st.integers(0, 17), max_size=3),  # of which datasets
        st.sampled_from(State),
        st.integers(-2, 2),  # in how many days it begins
        st.none() | st.integers(0, 2),  # for how many days more
        st.sets(st.sampled_from("abc"), max_size=2),  # columns; none: all
        st.sampled_from(["", "a = 1", "b = 1"]),
    ),
    max_size=4,
)
ROLES = st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Role)), max_size=3)
LEAST = {Action.SEE: -1, Action.READ: 0, Action.PUBLISH: 1, Action.MANAGE: 2, Action.ADMINISTER: 3}


class World:
    """What is drawn, planted."""

    def __init__(
        self, parents: list[int], held: list[tuple[int, Role]], drawn: list[tuple[Any, ...]], in_group: bool,
        agreed: Sequence[tuple[Any, ...]] = (),
    ):  # fmt: skip
        self.organizations = plant(parents)
        self.user = User.objects.create_user("p@example.fr")
        for rank, role in held:
            organization = self.organizations[rank % len(self.organizations)]
            organization.memberships.update_or_create(user=self.user, defaults={"role": role})
        self.group = Group.objects.create(name="g", organization=self.organizations[0])
        if in_group:
            self.group.members.add(self.user)
        self.datasets = [
            Dataset.objects.create(organization=o, slug=f"{o.slug}-{v}", title=o.slug, visibility=v)
            for o in self.organizations
            for v in Visibility
        ]
        self.grants = [self.grant(*one) for one in drawn]
        for number, one in enumerate(agreed):
            self.agree(number, *one)

    def grant(self, audience: Audience, whose: int, alone: bool, which: int, effect: Effect, action: Action) -> Grant:
        organization = self.organizations[whose % len(self.organizations)]
        return Grant.objects.create(
            audience=audience,
            organization=organization if audience in (Audience.ORGANIZATION, Audience.BRANCH) else None,
            group=self.group if audience == Audience.GROUP else None,
            person=self.user if audience == Audience.PERSON else None,
            dataset=self.datasets[which % len(self.datasets)].uid if alone else "",
            branch=None if alone else self.organizations[which % len(self.organizations)],
            effect=effect,
            action=action,
            reason="drawn",
        )

    def agree(
        self, number: int, producer: int, consumers: set[int], which: set[int], state: State, begins: int,
        lasts: int | None, columns: set[str], rows: str,
    ) -> None:  # fmt: skip
        count, start = len(self.organizations), today() + timedelta(days=begins)
        agreement = Agreement.objects.create(
            number=str(number), title="drawn", producer=self.organizations[producer % count], purpose="x",
            legal_basis="not-personal", state=state, starts_on=start,
            ends_on=None if lasts is None else start + timedelta(days=lasts),
        )  # fmt: skip
        agreement.consumers.set(self.organizations[rank % count] for rank in consumers)
        for uid in {self.datasets[rank % len(self.datasets)].uid for rank in which}:
            agreement.datasets.create(dataset=uid, columns=sorted(columns), rows=rows)

    def opening(self, thing: Dataset) -> list[Any]:
        """What the agreements in force open of it to the person, one by one: read from their tables, day by day."""
        mine = set(Membership.objects.filter(user=self.user).values_list("organization_id", flat=True))
        return [
            said
            for agreement in Agreement.objects.all()
            for said in agreement.datasets.all()
            if said.dataset == thing.uid
            and agreement.state == "signed"
            and agreement.starts_on <= today() <= (agreement.ends_on or date.max)
            and mine & {one.pk for one in agreement.consumers.all()}
        ]

    def naive(self, action: Action, thing: Dataset, *, agreements: bool = True) -> bool:
        """The law read aloud, without any of the code under test: every rule that speaks, sorted, the last one wins."""
        if action == Action.SEE and thing.visibility == Visibility.REQUEST:
            return True  # announced to all, whatever else is said of the data
        reading = action in (Action.SEE, Action.READ)  # whoever reads knows of it; whoever is refused is told nothing
        said: list[tuple[tuple[int, int, int], int, bool]] = []
        memberships = list(Membership.objects.filter(user=self.user).select_related("organization"))
        if reading and thing.visibility == Visibility.OPEN:
            said.append(((2, 0, 0), 0, True))
        if reading and thing.visibility == Visibility.SHARED and memberships:
            said.append(((2, 0, 1), 0, True))
        for one in memberships:
            here = one.organization_id == thing.organization_id
            above = one.role == Role.ADMINISTRATOR and is_below(thing.organization, one.organization)
            if (here or above) and min(Role(one.role).rank, 3) >= LEAST[action]:
                said.append(((1, depth(one.organization), 5), 0, True))
        for grant in Grant.objects.all():
            speaks = {
                Audience.PERSON: True,
                Audience.GROUP: self.group.members.filter(pk=self.user.pk).exists(),
                Audience.ORGANIZATION: any(m.organization_id == grant.organization_id for m in memberships),
                Audience.BRANCH: any(is_below(m.organization, grant.organization) for m in memberships)
                if grant.organization
                else False,
            }[Audience(grant.audience)]
            about = grant.dataset == thing.uid or (grant.branch and is_below(thing.organization, grant.branch))
            allows = grant.effect == Effect.ALLOW
            concerned = (
                LEAST[action] <= LEAST[Action(grant.action)]
                if allows
                else max(LEAST[action], 0) >= LEAST[Action(grant.action)]
            )
            if speaks and about and concerned:
                rank = [Audience.BRANCH, Audience.ORGANIZATION, Audience.GROUP, Audience.PERSON].index(
                    Audience(grant.audience)
                )
                where = (2, 0) if grant.dataset else (1, depth(grant.branch))
                said.append(((*where, rank + 2), 0 if allows else 1, allows))
        if agreements and reading and self.opening(thing):
            said.append(((2, 0, 3), 0, True))
        return max(said)[2] if said else False


def depth(organization: Organization | None) -> int:
    found = 0
    while organization is not None:
        found, organization = found + 1, organization.parent
    return found
