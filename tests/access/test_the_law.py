"""Every entry point says what the law says, on worlds drawn at random; agreements and keys never open more than they say."""

from __future__ import annotations

from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.access.models import ApiKey
from bocage.access.narrowing import narrowed
from bocage.access.restrictions import WHOLE, restrictions_for
from bocage.access.rules import administered_by, decide, decide_in
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action, Audience, Effect
from bocage.catalog.models import Dataset
from bocage.organizations.models import Organization
from bocage.organizations.vocabulary import Role
from bocage.query.catalogue import CatalogueRelation
from bocage.query.requests import OdsqlRequest
from bocage.query.services import records
from tests.access.test_rules import TREES
from tests.access.worlds import AGREEMENTS, GRANTS, ROLES, World


class TheLaw(TestCase):
    @settings(max_examples=60, deadline=None)
    @given(parents=TREES, held=ROLES, drawn=GRANTS, in_group=st.booleans(), agreed=AGREEMENTS)
    @example(  # administrator above and member here: the refusal said above does not reach here
        parents=[0] * 6,
        held=[(0, Role.ADMINISTRATOR), (1, Role.MEMBER)],
        drawn=[(Audience.PERSON, 0, False, 0, Effect.DENY, Action.READ)],
        in_group=False,
        agreed=[],
    )
    def test_every_entry_point_says_what_the_law_says(self, parents, held, drawn, in_group, agreed):
        world = World(parents, held, drawn, in_group, agreed)
        viewer = viewer_of(world.user)
        known: set[Dataset] = set()
        for action in Action:
            listed = set(Dataset.objects.visible_to(viewer, action))
            for thing in world.datasets:
                expected = world.naive(action, thing)
                assert bool(decide(viewer, action, thing)) == expected, (action, thing, viewer)
                assert (thing in listed) == expected
            if action != Action.SEE:
                assert listed <= known, "whatever may be done with a thing, one knows of it"
            known = listed if action == Action.SEE else known
            administered = set(Organization.objects.filter(administered_by(viewer, action)))
            assert administered == {o for o in world.organizations if decide_in(viewer, action, o.pk)}
        page = records(viewer, CatalogueRelation(), OdsqlRequest(select="dataset_id", limit=100))
        assert {row["dataset_id"] for row in page.rows} == {
            thing.slug for thing in world.datasets if decide(viewer, Action.SEE, thing)
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
                    assert action in (Action.SEE, Action.READ) or not read_only
            for organization in world.organizations:
                assert decide_in(owner, action, organization.pk) or not decide_in(viewer, action, organization.pk)
