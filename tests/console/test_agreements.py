"""Agreements on their pages: written, proposed, signed by each side, data open, then closed."""

from __future__ import annotations

import pytest

from bocage.access.agreements.vocabulary import State
from bocage.access.models import Agreement
from bocage.access.models.agreements import today
from bocage.access.restrictions import restriction_for
from bocage.access.rules import decide
from bocage.access.standing import viewer_of
from bocage.access.vocabulary import Action
from bocage.organizations.models import User
from bocage.organizations.vocabulary import Role

HOME = "/console/agreements/"
NEW = f"{HOME}new/"


def said(**more: str) -> dict[str, str]:
    values = {"producer": "reze", "title": "Étude des crues", "consumers": "Bouaye", "purpose": "Prévenir les crues"}
    return values | {"legal_basis": "public-task", "starts_on": today().isoformat()} | more


def reads(client, dataset) -> bool:
    return bool(decide(viewer_of(User.objects.get(pk=client.user.pk)), Action.READ, dataset))


@pytest.fixture
def chief(person, dataset, other_commune):
    return person(Role.COORDINATOR)


@pytest.fixture
def other(person, other_commune):
    return person(Role.COORDINATOR, other_commune)


@pytest.fixture
def written(chief) -> str:
    """The address of a draft with one dataset, of which one column is opened."""
    address = chief.post(NEW, said()).url
    assert chief.post(address, {"dataset": "parkings", "columns": "code", "rows": ""}).status_code == 302
    return address


def act(client, address: str, step: str, organization: str, note: str = ""):
    return client.post(f"{address}{step}/", {"organization": organization, "note": note})


def test_signed_by_both_it_opens_and_ended_it_closes(chief, other, written, dataset):
    assert other.get(written).status_code == 404, "a draft"
    assert act(chief, written, "propose", "reze").url == written
    page = other.get(HOME).content.decode()
    assert "Étude des crues" in page
    act(chief, written, "sign", "reze")
    assert not reads(other, dataset)
    assert act(other, written, "sign", "bouaye").url == written
    assert reads(other, dataset)
    assert restriction_for(viewer_of(User.objects.get(pk=other.user.pk)), dataset).only == {"code"}
    assert other.get("/explore/dataset/parkings/").status_code == 200
    assert HOME in other.get("/console/").content.decode()
    assert written in chief.get("/console/datasets/parkings/access/").content.decode()
    act(chief, written, "suspend", "reze", "contrôle")
    assert not reads(other, dataset)
    assert other.get("/explore/dataset/parkings/").status_code == 404
    assert "contrôle" in other.get(written).content.decode()
    act(chief, written, "resume", "reze")
    assert reads(other, dataset)
    act(other, written, "end", "bouaye", "étude finie")
    assert not reads(other, dataset)
    assert "étude finie" in chief.get(written).content.decode()


def test_why_must_be_said(chief, written):
    act(chief, written, "end", "reze")
    assert Agreement.objects.get().state == State.DRAFTED
    assert act(chief, written, "invent", "reze", "x").status_code == 404
    assert act(chief, written, "end", "nowhere", "x").status_code == 403


def test_sent_back_it_is_written_again(chief, other, written):
    act(chief, written, "propose", "reze")
    assert chief.get(f"{written}draft/").url == written
    assert act(other, written, "correct", "bouaye", "Pas cette colonne").url == HOME
    assert chief.get(f"{written}draft/").status_code == 200
    assert chief.post(f"{written}draft/", said(title="Autre titre")).url == written
    assert Agreement.objects.get().title == "Autre titre"
    uid = Agreement.objects.get().datasets.get().dataset
    chief.post(f"{written}datasets/{uid}/remove/")
    assert not Agreement.objects.get().datasets.exists()
    act(chief, written, "propose", "reze")
    assert Agreement.objects.get().state == State.DRAFTED, "nothing to sign"


def test_only_coordinators_write_and_sign(person, chief, other, other_commune, written):
    steward, reader = person(Role.STEWARD), person(Role.MEMBER, other_commune)
    assert steward.get(written).status_code == 200
    assert steward.post(written, {"dataset": "parkings"}).status_code == 403
    assert steward.get(NEW).status_code == 403
    assert act(steward, written, "propose", "reze").status_code == 403
    act(chief, written, "propose", "reze")
    assert reader.get(written).status_code == 200
    assert act(reader, written, "sign", "bouaye").status_code == 403
    assert act(other, written, "sign", "reze").status_code == 403, "not in the name of another"


@pytest.mark.parametrize(
    "wrong",
    [
        {"consumers": "Nulle part"},
        {"consumers": ""},
        {"consumers": "Rezé"},
        {"ends_on": "2001-01-01"},
        {"legal_basis": "none"},
        {"producer": "bouaye"},
        {"document": "javascript:alert(1)"},
    ],
)
def test_a_faulty_agreement_is_shown_again(chief, other, wrong):
    assert chief.post(NEW, said(**wrong)).status_code == 200
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"dataset": "other"}, {"columns": "nom"}, {"rows": "nom = 1"}, {"rows": "places = 1) or (true"}]
)
def test_a_faulty_dataset_is_shown_again(chief, written, wrong):
    assert chief.post(written, {"dataset": "parkings", "columns": "", "rows": ""} | wrong).status_code == 200
    assert Agreement.objects.get().datasets.get().columns == ["code"]


def test_rows_of_the_reader(chief, written):
    assert chief.post(written, {"dataset": "parkings", "rows": "code in ({insee})"}).status_code == 302
    assert Agreement.objects.get().datasets.get().rows == "code in ({insee})"
