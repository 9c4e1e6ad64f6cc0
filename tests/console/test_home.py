"""The first page, for every situation and at every size."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset
from bocage.kernel.clock import now
from bocage.organizations.models import User
from bocage.organizations.vocabulary import Role
from bocage.pipeline.models import Run
from bocage.pipeline.overview import Attention, managed_datasets, states_of


def many(commune, count: int) -> None:
    datasets = Dataset.objects.bulk_create(
        Dataset(organization=commune, slug=f"d-{n}", title=f"Jeu {n:04}", version_number=1, row_count=n)
        for n in range(count)
    )
    Run.objects.bulk_create(
        Run(dataset=dataset, status="failed" if n % 3 else "done", due_at=now(), error={"message": "Ligne 3"})
        for n, dataset in enumerate(datasets)
    )


@pytest.mark.parametrize("address", ["/console/", "/console/runs/", "/console/?attention=any&q=jeu"])
def test_the_number_of_queries_does_not_follow_the_number_of_datasets(
    person, commune, django_assert_max_num_queries, address
):
    client = person(Role.COORDINATOR)
    many(commune, 500)
    client.get(address)
    with django_assert_max_num_queries(20):
        answer = client.get(address)
    assert answer.status_code == 200


def test_pages_are_bounded_and_a_bad_number_is_mended(person, commune):
    client = person(Role.COORDINATOR)
    many(commune, 65)
    assert client.get("/console/").content.decode().count('class="row__title"') < 60
    assert client.get("/console/?page=999").status_code == 200
    assert client.get("/console/?page=x").status_code == 200


def test_nothing_yet_leads_to_dropping_a_file(person):
    page = person(Role.CONTRIBUTOR).get("/console/").content.decode()
    assert 'href="/console/publish/"' in page.split("<main")[1]


@pytest.mark.parametrize("role", [None, Role.MEMBER])
def test_whoever_may_not_publish_is_told_whom_to_ask(person, role):
    page = person(role).get("/console/").content.decode().split("<main")[1]
    assert 'href="/console/publish/"' not in page
    assert 'href="/explore/"' in page


def test_the_operator_has_every_organisation(dataset):
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.fr", None))
    assert "Parkings de Rezé" in client.get("/console/").content.decode()
    assert "reze" in client.get("/console/publish/").content.decode()


def stated(dataset: Dataset) -> tuple[Attention, ...]:
    listed = {a for a in Attention if managed_datasets(OPERATOR, attention=a).filter(pk=dataset.pk).exists()}
    told = states_of([Dataset.objects.get(pk=dataset.pk)])[0].attention
    assert set(told) == listed, "the filter and the badge say the same"
    return told


def test_the_state_of_a_dataset(dataset):
    assert stated(dataset) == (Attention.EMPTY,)
    Dataset.objects.update(version_number=1, data_updated_at=now() - timedelta(days=3), update_frequency="WEEKLY")
    assert stated(dataset) == ()
    Dataset.objects.update(update_frequency="DAILY")
    assert stated(dataset) == (Attention.LATE,)
    old = Run.objects.create(dataset=dataset, status="failed", due_at=now())
    assert stated(dataset) == (Attention.FAILED, Attention.LATE)
    Run.objects.filter(pk=old.pk).update(created_at=now() - timedelta(hours=1))
    Run.objects.create(dataset=dataset, status="done", due_at=now(), warnings=[{"code": "x", "fields": {}}])
    assert stated(dataset) == (Attention.LATE, Attention.WARNED)


def test_the_filters(person, commune, other_commune, dataset):
    client = person(Role.COORDINATOR)
    hidden = Dataset.objects.create(organization=other_commune, slug="x", title="Parkings de Bouaye", visibility="open")
    assert hidden not in managed_datasets(viewer_of(client.user), text="parkings")
    assert dataset in managed_datasets(viewer_of(client.user), text="PARKINGS")
    assert not managed_datasets(viewer_of(client.user), text="%")
