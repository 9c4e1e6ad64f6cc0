"""What was open and is no more: the page and the interfaces say so, and only of what everybody could read."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset, Tombstone
from bocage.catalog.services import create_dataset, update_metadata
from bocage.store.models import Head, Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exports_folder")]

API = "/api/explore/v2.1/catalog/datasets"


def close(dataset, **metadata):
    return update_metadata(viewer=OPERATOR, dataset=dataset, visibility=Visibility.PRIVATE, **metadata)


def remove(dataset):
    Head.objects.filter(dataset=dataset).delete()
    Version.objects.filter(dataset=dataset).delete()
    dataset.delete()


@pytest.fixture
def closed(dataset):
    return close(dataset, contact_email="data@example.org")


@pytest.mark.parametrize("section", ["", "table/", "map/", "export/", "history/", "quality/"])
def test_the_pages_say_that_it_is_gone_and_whom_to_ask(client, dataset, section):
    update_metadata(viewer=OPERATOR, dataset=dataset, contact_email="data@example.org")
    close(dataset)
    with translation.override("fr"):
        answer = client.get(f"/explore/dataset/lieux/{section}")
    page = answer.content.decode()
    assert answer.status_code == 410
    assert "Titre de lieux" in page
    assert "Métropole" in page
    assert 'href="mailto:data@example.org"' in page


@pytest.mark.parametrize("path", ["", "/records", "/exports", "/exports/csv", "/facets"])
def test_the_api_says_so(client, closed, path):
    answer = client.get(f"{API}/lieux{path}")
    assert answer.status_code == 410
    assert answer.json()["error_code"] == "GoneResource"
    assert "not published here any more" in answer.json()["message"]
    old = client.get("/explore/dataset/lieux/download/", {"format": "csv"})
    assert (old.status_code, old.json()["errorcode"]) == (410, 410)


def test_what_nobody_outside_could_read_stays_unknown(client, private):
    for _turn in range(2):
        assert client.get("/explore/dataset/agents/").status_code == 404
        assert client.get(f"{API}/agents").status_code == 404
        update_metadata(viewer=OPERATOR, dataset=private, visibility=Visibility.SHARED)
    remove(private)
    assert client.get("/explore/dataset/agents/").status_code == 404
    assert client.get("/explore/dataset/jamais/").status_code == 404
    assert not Tombstone.objects.exists()


def test_open_without_data_was_nothing_yet(client, organization):
    dataset = create_dataset(
        viewer=OPERATOR, organization=organization, slug="vide", title="Vide", visibility=Visibility.OPEN
    )
    close(dataset)
    assert client.get("/explore/dataset/vide/").status_code == 404


def test_nothing_of_what_was_written_while_closing_is_shown(client, dataset):
    close(dataset, title="Signalements de la rue des Lilas", contact_email="secret@example.org")
    page = client.get("/explore/dataset/lieux/").content.decode()
    assert "Lilas" not in page
    assert "secret@" not in page
    update_metadata(viewer=OPERATOR, dataset=dataset, title="Autre secret")
    assert "Autre secret" not in client.get("/explore/dataset/lieux/").content.decode()


def test_a_form_that_already_wrote_its_answers_on_the_dataset_hides_nothing(client, dataset):
    """Forms set the fields of the object before the service is called."""
    dataset.visibility, dataset.title = Visibility.PRIVATE, "Nouveau titre"
    close(dataset, title="Nouveau titre")
    assert Tombstone.objects.get(slug="lieux").title == "Titre de lieux"


def test_those_who_may_read_it_still_do(client, closed, member):
    client.force_login(member)
    assert client.get(f"{API}/lieux").status_code == 200


def test_open_again_it_has_no_tombstone(client, closed):
    update_metadata(viewer=OPERATOR, dataset=closed, visibility=Visibility.OPEN)
    assert client.get(f"{API}/lieux").status_code == 200
    assert not Tombstone.objects.exists()


def test_removed_for_good(client, dataset, organization):
    remove(dataset)
    assert client.get("/explore/dataset/lieux/").status_code == 410
    again = create_dataset(viewer=OPERATOR, organization=organization, slug="lieux", title="Un autre")
    page = client.get("/explore/dataset/lieux/")
    assert page.status_code == 410, "a new private dataset changes nothing for the public"
    assert b"Un autre" not in page.content
    update_metadata(viewer=OPERATOR, dataset=again, visibility=Visibility.OPEN)
    assert client.get("/explore/dataset/lieux/").status_code == 200


def test_the_tombstone_comes_and_goes_with_the_transaction(dataset):
    with pytest.raises(ValidationError):
        close(dataset, title="")
    assert not Tombstone.objects.exists()
    with transaction.atomic():
        remove(dataset)
        assert Tombstone.objects.exists()
        transaction.set_rollback(True)
    assert not Tombstone.objects.exists()
    assert Dataset.objects.get(slug="lieux").visibility == Visibility.OPEN


def test_another_identifier_leads_to_the_same_dataset(client, dataset, member):
    update_metadata(viewer=OPERATOR, dataset=dataset, slug="places")
    answer = client.get("/explore/dataset/lieux/table/?sort=nom")
    assert (answer.status_code, answer["Location"]) == (301, "/explore/dataset/places/table/?sort=nom")
    told = client.get(f"{API}/lieux").json()
    assert told["message"].endswith("It is now places.")
    close(dataset)
    hidden = client.get("/explore/dataset/lieux/")
    assert hidden.status_code == 410, "never the way to what the viewer may not read"
    assert b"/explore/dataset/places" not in hidden.content
    client.force_login(member)
    assert client.get("/explore/dataset/lieux/").status_code == 301
