"""Pages of quality: the grid of rows aside, the schema followed, the weekly message."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bocage.check.models import Conformity, DigestSetting, Quarantine, Score
from bocage.check.quality import digest, scoring
from bocage.organizations.models import User
from bocage.organizations.vocabulary import Role
from bocage.pipeline.errors import DeliveryRefused
from bocage.pipeline.faults import as_record
from bocage.pipeline.models import Run
from bocage.pipeline.vocabulary import RunStatus
from tests.console.checked import checked

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture
def aside(dataset):
    return checked(dataset)


def grid(aside):
    return reverse("console:quarantine", args=[aside.conformity.dataset.slug, aside.uid])


def test_the_grid_says_why_beside_each_cell_and_escapes_what_it_shows(aside, person):
    html = person(Role.CONTRIBUTOR).get(grid(aside)).content.decode()
    assert 'value="beaucoup"' in html
    explained = re.search(r'aria-invalid="true" aria-describedby="(why-4-\d+)"', html)
    assert explained
    assert re.search(rf'id="{explained[1]}">[^<]+<', html)
    assert "<script>alert(1)" not in html


def test_cells_are_mended_rows_dropped_and_brought_back(aside, person):
    client = person(Role.CONTRIBUTOR)
    answer = client.post(grid(aside), {"4:0": "P3", "4:1": "12", "7:0": "<script>alert(1)</script>", "drop:7": "on"})
    assert answer.status_code == 302
    aside.refresh_from_db()
    assert aside.mended == {"4": {"places": "12"}, "7": None}
    html = client.get(grid(aside)).content.decode()
    assert 'value="12"' in html
    assert "aside-grid__right" in html, "checked again, and right"
    client.post(grid(aside), {"4:0": "P3", "4:1": "12", "7:0": "<script>alert(1)</script>", "7:1": "-"})
    aside.refresh_from_db()
    assert aside.mended == {"4": {"places": "12"}}


def test_a_replay_is_asked_for(aside, person):
    answer = person(Role.CONTRIBUTOR).post(grid(aside), {"4:1": "12", "replay": "1"})
    run = Run.objects.get()
    assert run.quarantine == aside.uid
    assert answer.headers["Location"] == reverse("console:run", args=[run.uid])


def test_rows_are_left_out_by_decision(aside, person):
    client = person(Role.CONTRIBUTOR)
    client.post(reverse("console:quarantine_drop", args=["parkings", aside.uid]))
    aside.refresh_from_db()
    assert (aside.settled_how, aside.settled_by) == ("dropped", client.user)
    assert not Quarantine.objects.filter(settled_at=None).exists()


def test_a_contributor_does_not_weaken_the_policy_that_a_steward_set(aside, person):
    address = reverse("console:dataset_conformity", args=["parkings"])
    form = {"schema": "local/parkings", "version": "1.0.0", "policy": "warn", "contract": "freeze"}
    assert person(Role.CONTRIBUTOR).post(address, form).status_code == 403
    assert Conformity.objects.get().policy == "quarantine"
    assert person(Role.STEWARD).post(address, form).status_code == 302
    assert Conformity.objects.get().policy == "warn"


def test_the_complete_list_of_a_report_is_downloaded(aside, person):
    answer = person(Role.CONTRIBUTOR).get(reverse("console:dataset_report_csv", args=["parkings", aside.report.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 3
    assert "beaucoup" in text


def test_the_message_leaves_on_monday_morning_once_and_stops_when_asked(dataset, person, settings):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": "https://donnees.example.fr"})
    user = person(Role.COORDINATOR).user
    person(Role.STEWARD)
    with time_machine.travel(MONDAY - timedelta(days=8), tick=False):
        day = timezone.localtime().date()
        Score.objects.create(dataset=dataset, day=day, total=0.1)
    with time_machine.travel(MONDAY, tick=False):
        scoring.score_everything()
        assert digest.send_due() == 1
        assert digest.send_due() == 0
    [sent] = mail.outbox
    assert sent.to == [user.email]
    assert dataset.title in sent.body
    assert "https://donnees.example.fr/console/datasets/parkings/quality/" in sent.body
    html = sent.alternatives[0][0]
    assert "10 →" in html
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>")
    path = stop.removeprefix("https://donnees.example.fr")
    stranger = Client()
    assert stranger.get(path).status_code == 200
    assert digest.wants(user), "following a link changes nothing"
    assert stranger.post(path).status_code == 200
    assert not digest.wants(user)
    with time_machine.travel(MONDAY + timedelta(days=7), tick=False):
        scoring.score_everything()
        assert digest.send_due() == 0


def test_before_the_hour_of_monday_nothing_leaves(dataset, person):
    person(Role.COORDINATOR)
    scoring.score_everything()
    with time_machine.travel(MONDAY - timedelta(hours=4), tick=False):
        assert digest.due(timezone.now()) is None


def test_a_token_made_by_nobody_stops_nothing(person):
    client = person(Role.COORDINATOR)
    address = reverse("console:digest_stop", args=["1:abc"])
    assert client.post(address).status_code == 404
    assert not DigestSetting.objects.exists()


def test_a_person_chooses_in_the_workspace(person):
    client = person(Role.MEMBER)
    client.post(reverse("console:digest"), {})
    assert not digest.wants(client.user)
    client.post(reverse("console:digest"), {"wanted": "on"})
    assert digest.wants(User.objects.get(pk=client.user.pk))


def test_messages_cost_the_same_whatever_their_number(
    dataset, person, commune, other_commune, django_assert_max_num_queries
):
    users = [person(Role.COORDINATOR, email=f"c{n}@example.fr").user for n in range(8)]
    scoring.score_everything()
    with django_assert_max_num_queries(14):
        assert len(digest.digests(users)) == 8


@pytest.mark.parametrize(("language", "words"), [("fr", "ne suit pas le schéma"), ("en", "does not follow the schema")])
def test_the_fault_of_a_run_is_told_in_the_language_of_the_reader(person, dataset, language, words):
    fault = DeliveryRefused(schema="Parkings", version="1.0.0", problems=3, rows=2)
    over = {"due_at": timezone.now(), "ended_at": timezone.now()}
    run = Run.objects.create(dataset=dataset, status=RunStatus.FAILED, error=as_record(fault), **over)
    client = person(Role.STEWARD)
    pages = [
        reverse("console:run", args=[run.uid]),
        reverse("console:runs"),
        reverse("console:dataset_quality", args=[dataset.slug]),
    ]
    for page in pages:
        assert words in client.get(page, headers={"accept-language": language}).content.decode(), page
