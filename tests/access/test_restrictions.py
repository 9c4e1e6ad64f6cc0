"""What a reader sees inside: the most precise rule, all of those as precise, nothing for whoever keeps the dataset."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bocage.access.models import DataRule, Group
from bocage.access.restrictions import WHOLE, Masked, restriction_for, restrictions_for, written
from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, OPERATOR, Viewer
from bocage.access.vocabulary import Audience, Visibility
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

pytestmark = pytest.mark.django_db
NAME = {"nom": {"mask": "hide"}}


@pytest.fixture
def commune() -> Organization:
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, insee_code="44143")


@pytest.fixture
def dataset(commune) -> Dataset:
    return Dataset.objects.create(organization=commune, slug="d", title="D", visibility=Visibility.OPEN)


def person(role: Role | None = None, organization: Organization | None = None) -> User:
    user = User.objects.create_user(f"{User.objects.count()}@example.fr")
    if role and organization:
        add_member(organization=organization, user=user, role=role)
    return user


def rule(dataset: Dataset, audience: Audience = Audience.EVERYONE, **said) -> DataRule:
    return DataRule.objects.create(dataset=dataset.uid, audience=audience, reason="RGPD", **said)


def test_whoever_keeps_it_sees_it_whole(dataset, commune):
    rule(dataset, columns=NAME)
    seen = {role: restriction_for(viewer_of(person(role, commune)), dataset) for role in Role}
    assert {role for role, found in seen.items() if not found} == {Role.STEWARD, Role.COORDINATOR, Role.ADMINISTRATOR}
    assert restriction_for(ANONYMOUS, dataset).hidden == {"nom"}
    assert restriction_for(OPERATOR, dataset) == WHOLE


def test_the_most_precise_replaces_the_others(dataset, commune):
    elsewhere = create_organization(slug="a", name="A", kind=OrganizationKind.COMMUNE)
    user = person(Role.MEMBER, elsewhere)
    group = Group.objects.create(name="g", organization=commune)
    rule(dataset, columns=NAME)
    assert restriction_for(viewer_of(user), dataset).hidden == {"nom"}
    rule(dataset, Audience.MEMBERS, columns={"nom": {"mask": "truncate", "to": 1}})
    assert restriction_for(viewer_of(user), dataset).masks == (Masked("nom", "truncate", "1"),)
    rule(dataset, Audience.ORGANIZATION, organization=elsewhere, columns={"age": {"mask": "hide"}})
    assert restriction_for(viewer_of(user), dataset).hidden == {"age"}
    group.members.add(user)
    rule(dataset, Audience.GROUP, group=group)
    assert restriction_for(viewer_of(user), dataset) == WHOLE
    assert restriction_for(ANONYMOUS, dataset).hidden == {"nom"}


def test_of_several_as_precise_all_are_applied(dataset):
    rule(dataset, columns={"nom": {"mask": "hide"}, "cp": {"mask": "truncate", "to": 2}}, grid_m=100, rows="a = 1")
    rule(dataset, columns={"age": {"mask": "hide"}, "cp": {"mask": "truncate", "to": 3}}, grid_m=500, rows="b = 1")
    found = restriction_for(ANONYMOUS, dataset)
    assert found.hidden == {"nom", "age", "cp"}, "two masks of one column: it is hidden"
    assert (found.grid_m, found.rows) == (500, ("a = 1", "b = 1"))


def test_a_rule_has_its_time(dataset):
    rule(dataset, columns=NAME, ends_at=now() - timedelta(hours=1))
    rule(dataset, columns=NAME, starts_at=now() + timedelta(hours=1))
    assert restriction_for(ANONYMOUS, dataset) == WHOLE


def test_each_sees_the_rows_of_their_own(commune):
    other = create_organization(slug="b", name="B", kind=OrganizationKind.COMMUNE, insee_code='4") x')
    viewer = Viewer(1, {commune.pk: Role.MEMBER, other.pk: Role.MEMBER})
    assert written("code in ({insee})", viewer) == 'code in ("4\\") x", "44143")'
    assert written("code in ({insee})", ANONYMOUS) == "false"
    assert written("code in ({insee}) or pays = 'FR'", ANONYMOUS) == "false"
    assert written("pays = 'FR'", ANONYMOUS) == "pays = 'FR'"


def test_a_hundred_datasets_in_three_queries(dataset, commune, django_assert_max_num_queries):
    others = [Dataset(organization=commune, slug=f"d{n}", title="D", visibility=Visibility.OPEN) for n in range(100)]
    Dataset.objects.bulk_create(others)
    for one in others:
        rule(one, columns=NAME)
    viewer = viewer_of(person(Role.MEMBER, commune))
    with django_assert_max_num_queries(3):
        found = restrictions_for(viewer, [dataset, *others])
    assert sum(bool(one) for one in found.values()) == 100


def test_different_restrictions_have_different_keys(dataset):
    keys = set()
    for said in (
        {},
        {"columns": NAME},
        {"columns": {"nom": {"mask": "hash"}}},
        {"columns": {"nom": {"mask": "truncate", "to": 2}}},
        {"columns": {"nom": {"mask": "truncate", "to": 3}}},
        {"rows": "a = 1"},
        {"grid_m": 100},
        {"threshold": 5, "dimensions": ["nom"]},
        {"threshold": 5, "dimensions": ["nom"], "measures": ["age"]},
        {"threshold": 6, "dimensions": ["nom"]},
    ):
        DataRule.objects.all().delete()
        rule(dataset, **said)
        keys.add(restriction_for(ANONYMOUS, dataset).key)
    assert len(keys) == 10
