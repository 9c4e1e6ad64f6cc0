"""The tree, the members, the portals."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.organizations.models import Membership, Organization, Portal, User
from bocage.organizations.rules import IllegibleTheme, InvalidColor, contrast, pair_contrasts
from bocage.organizations.services import (
    CycleInTree,
    LastCoordinator,
    add_member,
    create_organization,
    invite_member,
    move_organization,
    remove_member,
    save_portal,
)
from bocage.organizations.vocabulary import OrganizationKind, Role

KIND = OrganizationKind.COMMUNE


def planted(slug: str, parent: Organization | None = None) -> Organization:
    return create_organization(slug=slug, name=slug.title(), kind=KIND, parent=parent)


class Tree(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(
        parents=st.lists(st.integers(0, 20), min_size=2, max_size=8),
        moves=st.lists(st.tuples(st.integers(0, 7), st.integers(-1, 7)), max_size=5),
    )
    def test_the_path_always_follows_the_parents(self, parents, moves):
        tree: list[Organization] = []
        for rank, choice in enumerate(parents):
            tree.append(planted(f"o{rank}", tree[choice % rank] if rank and choice else None))
        for moved, target in moves:
            organization = Organization.objects.get(pk=tree[moved % len(tree)].pk)
            parent = None if target < 0 else Organization.objects.get(pk=tree[target % len(tree)].pk)
            try:
                move_organization(organization=organization, parent=parent)
            except CycleInTree:
                assert parent is not None
                assert parent.path.startswith(organization.path)
        for organization in Organization.objects.all():
            parent = organization.parent
            assert organization.path == f"{parent.path if parent else '/'}{organization.pk}/"


@pytest.mark.django_db
def test_an_organisation_is_not_placed_under_itself():
    top = planted("top")
    child = planted("child", top)
    for parent in (top, child):
        with pytest.raises(CycleInTree):
            move_organization(organization=top, parent=parent)


@pytest.mark.django_db
def test_moving_leaves_the_ones_with_a_similar_path():
    """`/1/` and `/11/` begin alike."""
    organizations = [planted(f"o{rank}") for rank in range(12)]
    first, others = organizations[0], organizations[1:]
    move_organization(organization=first, parent=others[0])
    assert all(Organization.objects.get(pk=o.pk).path == f"/{o.pk}/" for o in others)


@pytest.mark.django_db
def test_a_member_is_invited_once_with_a_new_account():
    commune = planted("reze")
    invitation = invite_member(organization=commune, email=" Anne@Example.FR ", role=Role.STEWARD, name="Anne Le Goff")
    assert invitation.new_account
    assert (invitation.membership.user.email, invitation.membership.user.last_name) == ("anne@example.fr", "Le Goff")
    again = invite_member(organization=commune, email="anne@example.fr", role=Role.COORDINATOR)
    assert User.objects.count() == 1
    assert Membership.objects.get().role == Role.COORDINATOR == again.membership.role


@pytest.mark.django_db
def test_an_account_that_has_a_password_needs_no_link():
    User.objects.create_user("anne@example.fr", "a long enough password")
    assert not invite_member(organization=planted("reze"), email="ANNE@example.fr", role=Role.MEMBER).new_account


@pytest.mark.django_db
def test_an_account_with_rights_elsewhere_is_never_handed_over():
    """Whoever holds the link chooses the password: it must not open what the inviter could not."""
    elsewhere = invite_member(organization=planted("nantes"), email="anne@example.fr", role=Role.ADMINISTRATOR)
    assert elsewhere.new_account
    assert not invite_member(organization=planted("reze"), email="anne@example.fr", role=Role.MEMBER).new_account
    User.objects.create_superuser("root@example.fr", None)
    assert not invite_member(organization=planted("bouaye"), email="root@example.fr", role=Role.MEMBER).new_account


@pytest.mark.django_db
def test_an_invitation_needs_an_address():
    with pytest.raises(ValidationError):
        invite_member(organization=planted("reze"), email="not an address", role=Role.MEMBER)


@pytest.mark.django_db
def test_the_last_coordinator_stays():
    commune = planted("reze")
    one, two = (User.objects.create_user(f"{name}@example.fr") for name in ("one", "two"))
    first = add_member(organization=commune, user=one, role=Role.COORDINATOR)
    with pytest.raises(LastCoordinator):
        remove_member(membership=first)
    with pytest.raises(LastCoordinator):
        add_member(organization=commune, user=one, role=Role.MEMBER)
    add_member(organization=commune, user=two, role=Role.ADMINISTRATOR)
    remove_member(membership=first)
    assert set(commune.memberships.values_list("user__email", flat=True)) == {"two@example.fr"}


@pytest.mark.django_db
def test_a_member_may_leave():
    commune = planted("reze")
    for name, role in (("one", Role.COORDINATOR), ("two", Role.MEMBER)):
        membership = add_member(organization=commune, user=User.objects.create_user(f"{name}@example.fr"), role=role)
    remove_member(membership=membership)
    assert commune.memberships.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("theme", "fault"),
    [
        ({"color-ink": "#bbbbbb"}, IllegibleTheme),
        ({"color-link": "red"}, InvalidColor),
        ({"color-link": "#fff"}, InvalidColor),
        ({"color-unknown": "#000000"}, InvalidColor),
        ({"color-ink": "#000000;}body{display:none"}, InvalidColor),
        ({"color-ink": "#000000\n"}, InvalidColor),
    ],
)
def test_an_illegible_theme_is_not_saved(theme, fault):
    portal = Portal(organization=planted("reze"), domain="donnees.example.fr", name="Rezé", theme=theme)
    with pytest.raises(fault):
        save_portal(portal=portal)
    assert not Portal.objects.exists()


@pytest.mark.django_db
def test_a_legible_theme_is_saved():
    portal = Portal(organization=planted("reze"), domain="*", name="Rezé", theme={"color-accent": "#0b4f9e"})
    assert save_portal(portal=portal).pk


def test_contrast_is_the_one_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_the_default_theme_is_legible():
    assert all(pair.legible for pair in pair_contrasts({}))
