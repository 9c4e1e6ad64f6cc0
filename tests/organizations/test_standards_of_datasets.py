"""Licences and themes of datasets are those that the organisations above allow; what was published before is never broken."""

from __future__ import annotations

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bocage.access.standing import viewer_of
from bocage.access.viewer import ANONYMOUS, OPERATOR
from bocage.catalog.models import Dataset
from bocage.catalog.services import annotate_fields, create_dataset, update_metadata
from bocage.catalog.standards import (
    LicenceNotAllowed,
    ThemeNotAllowed,
    decide_standards,
    faults_of,
    not_following,
)
from bocage.catalog.vocabulary import Licence, Theme
from bocage.kernel.errors import AccessDenied
from bocage.organizations.models import Organization, User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.standards.rules import InForce, Limits
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline.moving.placing import _within_standards

OPEN_ONLY = Limits(licences=frozenset({"lov2"}), themes=frozenset({"eau", "budget"}))


@pytest.fixture
def metropole(db) -> Organization:
    return create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)


@pytest.fixture
def commune(metropole) -> Organization:
    return create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE, parent=metropole)


def make(organization: Organization, slug: str = "parkings", **metadata) -> Dataset:
    return create_dataset(viewer=OPERATOR, organization=organization, slug=slug, title=slug.title(), **metadata)


def test_a_new_dataset_is_refused_with_who_decides_and_what_is_allowed(metropole, commune):
    decide_standards(viewer=OPERATOR, organization=metropole, limits=OPEN_ONLY)
    with translation.override("en"):
        with pytest.raises(LicenceNotAllowed) as refused:
            make(commune, licence="odc-odbl")
        assert "Métropole" in str(refused.value)
        assert str(Licence.LICENCE_OUVERTE.label) in str(refused.value)
        with pytest.raises(ThemeNotAllowed) as refused:
            make(commune, themes=["eau", "culture"])
        assert refused.value.fields["themes"] == str(Theme.CULTURE.label)
    assert not Dataset.objects.exists()
    assert make(commune, licence="lov2", themes=["eau"]).pk


def test_one_that_says_no_licence_is_given_one_that_is_allowed(metropole, commune):
    decide_standards(
        viewer=OPERATOR, organization=metropole, limits=Limits(licences=frozenset({"cc0-1.0", "odc-odbl"}))
    )
    assert make(commune).licence == Licence.ODBL


def test_a_decision_above_breaks_nothing_and_is_mended_at_the_next_change(metropole, commune):
    dataset = make(commune, licence="odc-odbl", themes=["culture", "eau"])
    standards = decide_standards(viewer=OPERATOR, organization=metropole, limits=OPEN_ONLY)
    assert list(not_following(OPERATOR, metropole, standards.limits)) == [dataset]
    assert len(faults_of(dataset, standards)) == 2
    # What is not about licences and themes goes on: data, fields, who sees it.
    annotate_fields(viewer=OPERATOR, dataset=dataset, annotations={})
    update_metadata(viewer=OPERATOR, dataset=dataset, visibility="open")
    with pytest.raises(LicenceNotAllowed):
        update_metadata(viewer=OPERATOR, dataset=dataset, title="Autre", licence="odc-odbl", themes=["eau"])
    with pytest.raises(ThemeNotAllowed):
        update_metadata(viewer=OPERATOR, dataset=dataset, licence="lov2", themes=["culture"])
    kept = Dataset.objects.get()
    assert (kept.licence, kept.themes, kept.title) == ("odc-odbl", ["culture", "eau"], "Parkings")
    update_metadata(viewer=OPERATOR, dataset=dataset, licence="lov2", themes=["eau"])
    assert not not_following(OPERATOR, metropole, standards.limits)


def test_lists_only_what_the_viewer_sees(metropole, commune):
    make(commune, "prive", licence="odc-odbl")
    shown = make(commune, "ouvert", licence="odc-odbl", visibility="open")
    decide_standards(viewer=OPERATOR, organization=metropole, limits=OPEN_ONLY)
    coordinator = User.objects.create_user("c@example.fr")
    add_member(organization=metropole, user=coordinator, role=Role.COORDINATOR)
    assert list(not_following(viewer_of(coordinator), metropole, OPEN_ONLY)) == [shown]
    assert list(not_following(ANONYMOUS, commune, OPEN_ONLY)) == [shown]


def test_only_those_who_run_an_organisation_decide_for_it(metropole, commune):
    below = User.objects.create_user("b@example.fr")
    add_member(organization=commune, user=below, role=Role.COORDINATOR)
    with pytest.raises(AccessDenied):
        decide_standards(viewer=viewer_of(below), organization=metropole, limits=OPEN_ONLY)
    assert decide_standards(viewer=viewer_of(below), organization=commune, limits=OPEN_ONLY).limits == OPEN_ONLY
    with pytest.raises(AccessDenied):
        decide_standards(viewer=viewer_of(below), organization=metropole, limits=Limits())


def test_what_is_imported_is_mapped_and_told(metropole, commune):
    decide_standards(viewer=OPERATOR, organization=metropole, limits=OPEN_ONLY)
    values, told = _within_standards(commune, {"licence": "odc-odbl", "themes": ["culture", "eau"], "title": "T"})
    assert values == {"licence": "lov2", "themes": ["eau"], "title": "T"}
    assert [one.code for one in told] == ["licence-not-allowed", "theme-not-allowed"]
    assert make(commune, licence=values["licence"], themes=values["themes"]).pk
    assert _within_standards(commune, {"licence": "lov2", "themes": []}) == ({"licence": "lov2", "themes": []}, [])


LICENCES = st.none() | st.frozensets(st.sampled_from(Licence.values), min_size=1)
THEMES = st.none() | st.frozensets(st.sampled_from(Theme.values), min_size=1)


class ListedIsAtFault(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(
        licences=LICENCES, themes=THEMES,
        described=st.lists(
            st.tuples(st.sampled_from(Licence.values), st.lists(st.sampled_from([*Theme.values, "ailleurs"]), max_size=3)),
            max_size=6,
        ),
    )  # fmt: skip
    def test_exactly(self, licences, themes, described):
        """The list in SQL is the sentences in Python."""
        place = create_organization(slug="reze", name="Rezé", kind=OrganizationKind.COMMUNE)
        Dataset.objects.bulk_create(
            Dataset(organization=place, slug=f"d{n}", title=f"D{n}", licence=licence, themes=codes)
            for n, (licence, codes) in enumerate(described)
        )
        limits = Limits(licences=licences, themes=themes)
        expected = {one.slug for one in Dataset.objects.all() if faults_of(one, InForce(limits=limits))}
        assert {one.slug for one in not_following(OPERATOR, place, limits)} == expected
