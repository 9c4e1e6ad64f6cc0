"""The law of rights: what `decide` allows one by one is exactly what `visible_to` lists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.access.restrictions import restriction_for
from bocage.access.rules import decide, decide_in
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.access.vocabulary import Action, Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

TREES = st.lists(st.integers(0, 20), min_size=1, max_size=6)
"""For each organisation after the first, the rank of its parent among the ones before (modulo), 0 meaning a root."""


def plant(parents: list[int]) -> list[Organization]:
    planted: list[Organization] = []
    for rank, choice in enumerate(parents):
        parent = planted[choice % rank] if rank and choice else None
        slug = f"organisation-{rank}"
        planted.append(create_organization(slug=slug, name=slug, kind=OrganizationKind.COMMUNE, parent=parent))
    return planted


def is_below(organization: Organization, ancestor: Organization) -> bool:
    """By the parents, not by the path: an independent reading of the tree."""
    node: Organization | None = organization
    while node is not None:
        if node.pk == ancestor.pk:
            return True
        node = node.parent
    return False


class TheTwoEntryPoints(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        parents=TREES,
        held=st.lists(st.tuples(st.integers(0, 5), st.sampled_from(Role)), max_size=4),
        operator=st.booleans(),
        superuser_rarely=st.integers(0, 9),
    )
    def test_agree_on_every_dataset_and_action(self, parents, held, operator, superuser_rarely):
        organizations = plant(parents)
        user = User.objects.create_user("p@example.fr", is_superuser=operator and superuser_rarely == 0)
        for rank, role in held:
            add_member_unchecked(organizations[rank % len(organizations)], user, role)
        Dataset.objects.bulk_create(
            Dataset(organization=o, slug=f"{o.slug}-{v}", title=o.slug, visibility=v)
            for o in organizations
            for v in Visibility
        )
        for viewer in (viewer_of(user), ANONYMOUS, OPERATOR, Viewer(user_id=user.pk)):
            for action in Action:
                listed = set(Dataset.objects.visible_to(viewer, action).values_list("pk", flat=True))
                decided = {d.pk for d in Dataset.objects.all() if decide(viewer, action, d)}
                assert listed == decided, (viewer, action)

    @settings(max_examples=30, deadline=None)
    @given(parents=TREES, where=st.integers(0, 5), role=st.sampled_from(Role))
    def test_only_an_administrator_inherits_below(self, parents, where, role):
        organizations = plant(parents)
        user = User.objects.create_user("p@example.fr")
        home = organizations[where % len(organizations)]
        add_member(organization=home, user=user, role=role)
        expected = {home.pk}
        if role == Role.ADMINISTRATOR:
            expected = {o.pk for o in organizations if is_below(o, home)}
        viewer = viewer_of(user)
        assert set(viewer.roles) == expected
        assert set(viewer.roles.values()) == {role}


def add_member_unchecked(organization: Organization, user: User, role: Role) -> None:
    """Drawn roles may replace one another; the rule of the last coordinator is not the subject here."""
    organization.memberships.update_or_create(user=user, defaults={"role": role})


@pytest.fixture
def commune(db) -> Organization:
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)


def test_a_stranger_sees_what_is_open_only(commune):
    for visibility in Visibility:
        thing = Dataset(organization=commune, slug=visibility, title="t", visibility=visibility)
        assert bool(decide(ANONYMOUS, Action.READ, thing)) == (visibility == Visibility.OPEN)


def test_a_signed_in_person_without_role_is_a_stranger(commune):
    viewer = viewer_of(User.objects.create_user("nobody@example.fr"))
    shared = Dataset(organization=commune, slug="s", title="t", visibility=Visibility.SHARED)
    assert not decide(viewer, Action.READ, shared)


def test_an_organisation_without_place_gives_no_right_elsewhere(commune):
    """An empty path is the beginning of every path: its administrator must not rule them all."""
    stray = Organization.objects.create(slug="stray", name="Stray", kind=OrganizationKind.PARTNER, path="")
    user = User.objects.create_user("stray@example.fr")
    add_member(organization=stray, user=user, role=Role.ADMINISTRATOR)
    assert set(viewer_of(user).roles) == {stray.pk}


def test_an_inactive_account_has_no_right(commune):
    user = User.objects.create_user("gone@example.fr", is_active=False)
    add_member(organization=commune, user=user, role=Role.COORDINATOR)
    assert viewer_of(user) is ANONYMOUS


def test_viewer_of_asks_three_queries_without_exceptions(commune, django_assert_max_num_queries):
    user = User.objects.create_user("p@example.fr")
    for rank in range(10):
        child = create_organization(slug=f"c{rank}", name="c", kind=OrganizationKind.COMMUNE, parent=commune)
        add_member(organization=child, user=user, role=Role.ADMINISTRATOR)
    with django_assert_max_num_queries(3):
        assert len(viewer_of(user).roles) == 10


def test_a_refusal_says_which_role_is_missing(commune):
    user = User.objects.create_user("m@example.fr")
    add_member(organization=commune, user=user, role=Role.MEMBER)
    with pytest.raises(AccessDenied) as refusal:
        decide_in(viewer_of(user), Action.PUBLISH, commune.pk).require()
    assert str(Role.CONTRIBUTOR.label) in refusal.value.sentence()


def test_a_restriction_is_refused_to_whoever_may_not_read(commune):
    hidden = Dataset(organization=commune, slug="h", title="t", visibility=Visibility.PRIVATE)
    with pytest.raises(AccessDenied):
        restriction_for(ANONYMOUS, hidden)
    assert restriction_for(OPERATOR, hidden).key == "all"


def test_viewers_with_the_same_key_have_the_same_roles(commune):
    """The key is part of cache keys: two different rights must never share one."""
    seen: dict[str, object] = {}
    for viewer in (
        ANONYMOUS,
        OPERATOR,
        *(Viewer(roles={commune.pk: role}) for role in Role),
        Viewer(roles={commune.pk + 1: Role.MEMBER}),
        Viewer(roles={commune.pk: Role.MEMBER, commune.pk + 1: Role.MEMBER}),
    ):
        assert seen.setdefault(viewer.key, viewer) is viewer
