"""Exceptions to roles and visibility: the most precise wins, a refusal wins among equals, and a key never opens more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.access.agreements.vocabulary import State
from bocage.access.models import Agreement, ApiKey, Grant, Group
from bocage.access.models.agreements import today
from bocage.access.narrowing import narrowed
from bocage.access.restrictions import WHOLE, restrictions_for
from bocage.access.rules import administered_by, decide, decide_in
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS
from bocage.access.vocabulary import Action, Audience, Effect, Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.organizations.models import Membership, Organization, User
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.query.catalogue import CatalogueRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from tests.access.test_rules import TREES, is_below, plant

GRANTS = st.lists(
    st.tuples(
        st.sampled_from([Audience.BRANCH, Audience.ORGANIZATION, Audience.GROUP, Audience.PERSON]),
        st.integers(0, 5),  # the organisation of the audience
        st.booleans(),  # on a dataset, or on a branch
        st.integers(0, 17),  # which
        st.sampled_from(Effect),
        st.sampled_from(Action),
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
LEAST = {Action.READ: 0, Action.PUBLISH: 1, Action.MANAGE: 2, Action.ADMINISTER: 3}


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
        said: list[tuple[tuple[int, int, int], int, bool]] = []
        memberships = list(Membership.objects.filter(user=self.user).select_related("organization"))
        if action == Action.READ and thing.visibility == Visibility.OPEN:
            said.append(((2, 0, 0), 0, True))
        if action == Action.READ and thing.visibility == Visibility.SHARED and memberships:
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
                LEAST[action] <= LEAST[Action(grant.action)] if allows else LEAST[action] >= LEAST[Action(grant.action)]
            )
            if speaks and about and concerned:
                rank = [Audience.BRANCH, Audience.ORGANIZATION, Audience.GROUP, Audience.PERSON].index(
                    Audience(grant.audience)
                )
                where = (2, 0) if grant.dataset else (1, depth(grant.branch))
                said.append(((*where, rank + 2), 0 if allows else 1, allows))
        if agreements and action == Action.READ and self.opening(thing):
            said.append(((2, 0, 3), 0, True))
        return max(said)[2] if said else False


def depth(organization: Organization | None) -> int:
    found = 0
    while organization is not None:
        found, organization = found + 1, organization.parent
    return found


class TheLaw(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(parents=TREES, held=ROLES, drawn=GRANTS, in_group=st.booleans(), agreed=AGREEMENTS)
    def test_every_entry_point_says_what_the_law_says(self, parents, held, drawn, in_group, agreed):
        world = World(parents, held, drawn, in_group, agreed)
        viewer = viewer_of(world.user)
        for action in Action:
            listed = set(Dataset.objects.visible_to(viewer, action))
            for thing in world.datasets:
                expected = world.naive(action, thing)
                assert bool(decide(viewer, action, thing)) == expected, (action, thing, viewer)
                assert (thing in listed) == expected
            administered = set(Organization.objects.filter(administered_by(viewer, action)))
            assert administered == {o for o in world.organizations if decide_in(viewer, action, o.pk)}
        page = records(viewer, CatalogueRelation(), OdsqlRequest(select="dataset_id", limit=100))
        assert {row["dataset_id"] for row in page.rows} == {
            thing.slug for thing in world.datasets if decide(viewer, Action.READ, thing)
        }

    @settings(max_examples=60, deadline=None)
    @given(parents=TREES, held=ROLES, drawn=GRANTS, agreed=AGREEMENTS, read_only=st.booleans(), through=st.booleans())
    def test_nobody_sees_more_than_is_agreed(self, parents, held, drawn, agreed, read_only, through):
        """Whoever reads because of agreements alone sees a cell only if one of them shows it; a key of theirs no more."""
        world = World(parents, held, drawn, in_group=False, agreed=agreed)
        viewer = viewer_of(world.user)
        if through:
            key = ApiKey(owner=world.user, read_only=read_only, datasets=[thing.uid for thing in world.datasets])
            viewer = narrowed(viewer, key, world.datasets)
        readable = [thing for thing in world.datasets if decide(viewer, Action.READ, thing)]
        found = restrictions_for(viewer, readable)
        for thing in readable:
            opening = world.opening(thing)
            if not opening or world.naive(Action.READ, thing, agreements=False):
                assert found[thing.uid] == WHOLE
                continue
            for a, b in product((0, 1), repeat=2):
                met = {"": True, "a = 1": a == 1, "b = 1": b == 1, "(a = 1) or (b = 1)": a == 1 or b == 1}
                shown = {
                    name
                    for name in "abc"
                    if all(met[rows] for rows in found[thing.uid].rows) and not found[thing.uid].hides(name)
                }
                agreed_on = {name for one in opening if met[one.rows] for name in one.columns or "abc"}
                assert shown <= agreed_on, (opening, found[thing.uid])
                if len(opening) == 1:
                    assert shown == agreed_on

    @settings(max_examples=60, deadline=None)
    @given(
        parents=TREES, held=ROLES, drawn=GRANTS, agreed=AGREEMENTS, named=st.sets(st.integers(0, 17), max_size=3),
        within=st.none() | st.integers(0, 5), read_only=st.booleans(), operator=st.booleans(),
    )  # fmt: skip
    def test_a_key_never_opens_more_than_its_owner(
        self, parents, held, drawn, agreed, named, within, read_only, operator
    ):
        world = World(parents, held, drawn, in_group=True, agreed=agreed)
        world.user.is_superuser = operator
        owner = viewer_of(world.user)
        things = [world.datasets[rank % len(world.datasets)] for rank in named]
        key = ApiKey(
            owner=world.user, read_only=read_only, datasets=[thing.uid for thing in things],
            organization=None if within is None else world.organizations[within % len(world.organizations)],
        )  # fmt: skip
        viewer = narrowed(owner, key, things)
        for action in Action:
            for thing in world.datasets:
                if decide(viewer, action, thing):
                    assert decide(owner, action, thing), (action, thing)
                    assert action == Action.READ or not read_only
            for organization in world.organizations:
                assert decide_in(owner, action, organization.pk) or not decide_in(viewer, action, organization.pk)


@pytest.fixture
def commune(db) -> Organization:
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def secret(commune) -> Dataset:
    return Dataset.objects.create(organization=commune, slug="secret", title="S", visibility=Visibility.PRIVATE)


def test_a_grant_has_its_time(secret):
    user = User.objects.create_user("p@example.fr")
    hour = timedelta(hours=1)
    grant = Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="étude")
    for starts, ends, open_now in (
        (None, None, True),
        (now() - hour, now() + hour, True),
        (now() + hour, None, False),
        (None, now() - hour, False),
    ):
        grant.starts_at, grant.ends_at = starts, ends
        grant.save()
        assert bool(decide(viewer_of(user), Action.READ, secret)) == open_now


def test_the_reason_is_told(secret):
    user = User.objects.create_user("p@example.fr")
    Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="étude des crues")
    assert "étude des crues" in decide(viewer_of(user), Action.READ, secret).reason
    Grant.objects.create(
        audience=Audience.PERSON, person=user, dataset=secret.uid, effect=Effect.DENY, reason="étude finie"
    )
    decision = decide(viewer_of(user), Action.READ, secret)
    assert not decision
    assert "étude finie" in decision.reason


def test_a_grant_speaks_to_nobody_else(secret):
    user, other = (User.objects.create_user(f"{name}@example.fr") for name in "pq")
    Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="x")
    user.is_active = False
    for viewer in (viewer_of(other), viewer_of(user), ANONYMOUS):
        assert not decide(viewer, Action.READ, secret)


@pytest.mark.parametrize(
    "wrong",
    [
        {"audience": Audience.PERSON},
        {"audience": Audience.GROUP},
        {"audience": Audience.ORGANIZATION},
        {"audience": Audience.PERSON, "person": True, "organization": True},
        {"audience": Audience.PERSON, "person": True, "dataset": ""},
        {"audience": Audience.PERSON, "person": True, "branch": True},
    ],
)
def test_a_grant_without_audience_or_thing_is_never_kept(commune, secret, wrong):
    user = User.objects.create_user("p@example.fr")
    values = {"dataset": secret.uid, "reason": "x"} | wrong
    for name, value in (("person", user), ("organization", commune), ("branch", commune)):
        if values.get(name) is True:
            values[name] = value
    with pytest.raises(IntegrityError), transaction.atomic():
        Grant.objects.create(**values)


def test_viewers_who_differ_by_a_grant_differ_by_their_key(secret):
    user = User.objects.create_user("p@example.fr")
    before = viewer_of(user).key
    Grant.objects.create(audience=Audience.PERSON, person=user, dataset=secret.uid, reason="x")
    assert viewer_of(user).key != before
