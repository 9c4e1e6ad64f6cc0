"""The common rules of an organisation: read by its members, decided by its coordinators, kept by the forms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bocage.access.viewer import OPERATOR
from bocage.catalog.services import create_dataset, update_metadata
from bocage.catalog.standards import decide_standards
from bocage.kernel.clock import now
from bocage.organizations.models import Standards
from bocage.organizations.services import create_organization, move_organization
from bocage.organizations.standards.rules import Limits
from bocage.organizations.vocabulary import OrganizationKind, Role
from bocage.pipeline.models import KeptVersion, LeavingVersion
from bocage.store.models import Head, Version

PAGE = "/console/organization/reze/standards/"


@pytest.fixture
def metropole(commune):
    made = create_organization(slug="metropole", name="Métropole", kind=OrganizationKind.EPCI)
    move_organization(organization=commune, parent=made)
    return made


@pytest.fixture
def versions(dataset):
    for number in range(1, 5):
        made = Version.objects.create(
            dataset=dataset, number=number, sha256="0" * 64, size_bytes=1000, row_count=1, schema=dataset.schema,
            created_at=now() - timedelta(days=100 - number), changes={},
        )  # fmt: skip
    Head.objects.create(dataset=dataset, version=made, moved_at=now())
    return dataset


def answers(**given):
    return {"purged_by": "steward", **given}


def test_a_coordinator_decides_and_everybody_inside_reads(person, commune):
    client = person(Role.COORDINATOR)
    given = answers(licences=["lov2"], most_versions="3", reason="Comité du 3 mars")
    assert client.post(PAGE, given).status_code == 302
    assert Standards.objects.get().licences == ["lov2"]
    page = person(Role.MEMBER).get(PAGE)
    assert page.status_code == 200
    assert b'name="look"' not in page.content
    assert person(Role.STEWARD).post(PAGE, given).status_code == 403
    assert person(None).get(PAGE).status_code == 403


def test_below_only_what_is_allowed_above_is_offered_and_taken(person, commune, metropole):
    decide_standards(
        viewer=OPERATOR,
        organization=metropole,
        limits=Limits(licences=frozenset({"lov2"}), least_days=365),
        reason="La loi",
    )
    client = person(Role.COORDINATOR)
    page = client.get(PAGE).content.decode()
    assert "Métropole" in page
    assert "La loi" in page
    assert "odc-odbl" not in page
    for wrong in (answers(licences=["odc-odbl"]), answers(least_days="10"), answers(most_days="100")):
        answer = client.post(PAGE, wrong)
        assert answer.status_code == 200
        assert 'class="error"' in answer.content.decode()
    assert Standards.objects.count() == 1


def test_what_would_leave_is_told_first(person, commune, versions):
    page = person(Role.COORDINATOR).post(PAGE, answers(most_versions="1", look="1"))
    with translation.override("fr"):
        assert page.context["ahead"].versions == 3
    assert not Standards.objects.exists()
    assert not LeavingVersion.objects.exists()


def test_what_remains_to_be_done_is_listed(person, commune, metropole, dataset):
    update_metadata(viewer=OPERATOR, dataset=dataset, licence="odc-odbl")
    decide_standards(viewer=OPERATOR, organization=metropole, limits=Limits(licences=frozenset({"lov2"})))
    page = person(Role.MEMBER).get(PAGE)
    assert [one.slug for one, _faults in page.context["faulty"]] == ["parkings"]
    above = person(Role.COORDINATOR, metropole).get("/console/organization/metropole/standards/")
    assert above.context["faulty"] == []  # private below: what is there is not told above


def test_the_form_of_a_dataset_offers_what_is_allowed_and_never_replaces_in_silence(person, metropole, dataset):
    update_metadata(viewer=OPERATOR, dataset=dataset, licence="odc-odbl", themes=["culture", "eau"])
    decide_standards(
        viewer=OPERATOR, organization=metropole, limits=Limits(licences=frozenset({"lov2"}), themes=frozenset({"eau"}))
    )
    client = person(Role.STEWARD)
    form = client.get("/console/datasets/parkings/").context["form"]
    assert [value for value, _label in form.fields["licence"].choices] == ["", "lov2"]
    assert "Métropole" in str(form.fields["licence"].help_text)
    assert [value for value, _label in form.fields["themes"].choices] == ["eau"]
    given = {"title": "Parkings", "visibility": "private", "update_frequency": "UNKNOWN", "themes": ["eau"]}
    for licence, status in (("", 200), ("odc-odbl", 200), ("lov2", 302)):
        assert client.post("/console/datasets/parkings/", given | {"licence": licence}).status_code == status
    dataset.refresh_from_db()
    assert (dataset.licence, dataset.themes) == ("lov2", ["eau"])


def test_versions_are_kept_and_removed_by_hand(person, versions):
    client = person(Role.STEWARD)
    address = "/console/datasets/parkings/versions/"
    assert client.post(f"{address}1/remove/").status_code == 302
    assert [one.version.number for one in LeavingVersion.objects.all()] == [1]
    assert client.get(address).status_code == 200
    client.post(f"{address}1/cancel/")
    client.post(f"{address}2/remove/")
    client.post(f"{address}2/keep/", {"reason": "Avant les travaux"})
    assert not LeavingVersion.objects.exists()
    assert "Avant les travaux" in client.get(address).content.decode()
    client.post(f"{address}3/keep/", {"reason": " "})
    client.post(f"{address}4/remove/")  # the published one
    assert [one.version.number for one in KeptVersion.objects.all()] == [2]
    assert not LeavingVersion.objects.exists()
    client.post(f"{address}2/release/")
    assert not KeptVersion.objects.exists()
    assert client.post(f"{address}9/keep/", {"reason": "x"}).status_code == 404


@pytest.mark.parametrize("act", ["keep", "release", "remove", "cancel"])
def test_who_does_not_manage_the_dataset_changes_nothing(person, other_commune, versions, act):
    address = f"/console/datasets/parkings/versions/1/{act}/"
    assert person(Role.CONTRIBUTOR).post(address, {"reason": "x"}).status_code == 403
    assert person(Role.STEWARD, other_commune).post(address, {"reason": "x"}).status_code == 404
    assert not KeptVersion.objects.exists()
    assert not LeavingVersion.objects.exists()


def test_statements_do_not_grow_with_organisations(person, commune):
    client = person(Role.COORDINATOR)
    counts = []
    for many in (10, 200):
        for n in range(many):
            below = create_organization(slug=f"c{many}-{n}", name="C", kind=OrganizationKind.COMMUNE, parent=commune)
            Standards.objects.create(organization=below, licences=["lov2"])
            if n < 5:
                create_dataset(viewer=OPERATOR, organization=below, slug=f"d{many}-{n}", title="D", visibility="open")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(PAGE).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
