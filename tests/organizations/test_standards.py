"""What is said along a branch adds up as the law read aloud; nobody says less than what is above."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.organizations.models import Organization, Standards
from bocage.organizations.services import create_organization, move_organization
from bocage.organizations.standards.errors import KeepsAndRemoves, LooserThanAbove
from bocage.organizations.standards.rules import Limits, in_force
from bocage.organizations.standards.selectors import limits_of, standards_in, standards_of
from bocage.organizations.standards.services import say_standards
from bocage.organizations.vocabulary import OrganizationKind, Role
from tests.access.test_rules import TREES, plant

CODES = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=3, unique=True)
NUMBER = st.none() | st.integers(1, 9)
ROWS = st.fixed_dictionaries(
    {
        "licences": CODES, "themes": CODES, "least_days": NUMBER, "least_versions": NUMBER, "most_days": NUMBER,
        "most_versions": NUMBER, "purged_by": st.sampled_from(["", "coordinator", "administrator"]),
    }
)  # fmt: skip


def naive(organization: Organization) -> dict[str, object]:
    """The law read aloud, one parent after another: nothing of the code under test."""
    line = [organization]
    while line[0].parent is not None:
        line.insert(0, line[0].parent)
    rows = [row for one in line for row in Standards.objects.filter(organization=one)]
    result: dict[str, object] = {}
    for name in ("licences", "themes"):
        allowed = None
        for row in rows:
            said = set(getattr(row, name))
            if said and (allowed is None or allowed & said):
                allowed = said if allowed is None else allowed & said
        result[name] = allowed
    for name, choose in (("least_days", max), ("least_versions", max), ("most_days", min), ("most_versions", min)):
        said = [getattr(row, name) for row in rows if getattr(row, name) is not None]
        result[name] = choose(said) if said else None
    roles = [row.purged_by or "steward" for row in rows] + ["steward"]
    result["purged_by"] = max(roles, key=["steward", "coordinator", "administrator"].index)
    return result


class AddingUp(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(parents=TREES, drawn=st.lists(st.tuples(st.integers(0, 5), ROWS), max_size=5))
    def test_as_the_law_says(self, parents, drawn):
        planted = plant(parents)
        for rank, row in drawn:
            Standards.objects.update_or_create(organization=planted[rank % len(planted)], defaults=row)
        found = standards_in(planted)
        for one in planted:
            limits = found[one.pk].limits
            assert {each.name: getattr(limits, each.name) for each in fields(limits)} == naive(one)
            assert limits == standards_of(one).limits

    @settings(max_examples=30, deadline=None)
    @given(parents=TREES, drawn=st.lists(st.tuples(st.integers(0, 5), ROWS), max_size=8))
    def test_what_is_accepted_never_loosens(self, parents, drawn):
        """Whatever is said, in whatever order: what holds in a place allows nothing that is not allowed just above it."""
        planted = plant(parents)
        for rank, row in drawn:
            limits = limits_of(Standards(**row))
            before = {pk: one.limits for pk, one in standards_in(planted).items()}
            try:
                say_standards(organization=planted[rank % len(planted)], limits=limits, user=None)
            except (LooserThanAbove, KeepsAndRemoves):
                assert {pk: one.limits for pk, one in standards_in(planted).items()} == before
        known = standards_in(planted)
        for one in planted:
            if one.parent_id is not None:
                mine, above = known[one.pk].limits, known[one.parent_id].limits
                assert above.licences is None or (mine.licences is not None and mine.licences <= above.licences)
                assert (mine.least_days or 0) >= (above.least_days or 0)
                assert (mine.most_days or 99) <= (above.most_days or 99)
                assert mine.purged_by.rank >= above.purged_by.rank


def make(slug: str, parent: Organization | None = None) -> Organization:
    return create_organization(slug=slug, name=slug.title(), kind=OrganizationKind.COMMUNE, parent=parent)


@pytest.mark.django_db
def test_one_query_whatever_the_number():
    region = make("region")
    communes = [make(f"commune-{n}", region) for n in range(12)]
    say_standards(organization=region, limits=Limits(licences=frozenset({"lov2"})), user=None)
    counts = []
    for some in (communes[:2], communes):
        with CaptureQueriesContext(connection) as captured:
            found = standards_in(some)
        counts.append(len(captured))
        assert all(found[one.pk].limits.licences == {"lov2"} for one in some)
    assert counts == [1, 1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("above", "below", "field"),
    [
        (Limits(licences=frozenset({"lov2"})), Limits(licences=frozenset({"lov2", "cc0-1.0"})), "licences"),
        (Limits(themes=frozenset({"eau"})), Limits(themes=frozenset({"budget"})), "themes"),
        (Limits(least_days=365), Limits(least_days=30), "least_days"),
        (Limits(least_versions=5), Limits(least_versions=4), "least_versions"),
        (Limits(most_days=30), Limits(most_days=31), "most_days"),
        (Limits(most_versions=3), Limits(most_versions=10), "most_versions"),
    ],
)
def test_looser_is_refused_with_the_name_of_who_asks_more(above, below, field):
    region = make("region")
    commune = make("commune", region)
    say_standards(organization=region, limits=above, user=None)
    with pytest.raises(LooserThanAbove) as refused, translation.override("en"):
        say_standards(organization=commune, limits=below, user=None)
    assert refused.value.fields == {"field": field, "authors": "Region"}
    assert standards_of(commune).limits == above


@pytest.mark.django_db
def test_removing_what_must_be_kept_is_refused():
    region = make("region")
    commune = make("commune", region)
    say_standards(organization=region, limits=Limits(least_days=365), user=None)
    with pytest.raises(KeepsAndRemoves) as refused:
        say_standards(organization=commune, limits=Limits(most_days=100), user=None)
    assert refused.value.fields == {"field": "most_days"}


@pytest.mark.django_db
def test_a_decision_above_never_leaves_a_place_without_a_licence():
    region = make("region")
    commune = make("commune", region)
    say_standards(organization=commune, limits=Limits(licences=frozenset({"odc-odbl"})), user=None)
    say_standards(organization=region, limits=Limits(licences=frozenset({"lov2"})), user=None)
    assert standards_of(commune).limits.licences == {"lov2"}
    say_standards(organization=region, limits=Limits(), user=None)
    assert standards_of(commune).limits.licences == {"odc-odbl"}
    assert Standards.objects.count() == 1  # saying nothing any more leaves no row


@pytest.mark.django_db
def test_an_organisation_that_moves_takes_the_standards_of_its_new_place():
    region, other = make("region"), make("other")
    commune = make("commune", region)
    say_standards(organization=region, limits=Limits(purged_by=Role.ADMINISTRATOR), user=None)
    say_standards(organization=other, limits=Limits(themes=frozenset({"eau"})), user=None)
    move_organization(organization=commune, parent=other)
    commune.refresh_from_db()
    assert standards_of(commune).limits == Limits(themes=frozenset({"eau"}))


def test_nothing_said_is_no_limit():
    assert in_force((), organization_id=1).limits == Limits()
