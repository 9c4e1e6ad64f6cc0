"""The page of notices, and what is mailed of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext_lazy

from bocage.organizations.models import Membership, Notice
from bocage.organizations.notices import kinds, mailing
from bocage.organizations.notices.kinds import DATASET, NoticeKind
from bocage.organizations.notices.models import NoticeSetting, Rhythm
from bocage.organizations.notices.services import notify
from bocage.organizations.vocabulary import Role
from bocage.pipeline import afterwards

pytestmark = pytest.mark.django_db

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def said(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    return kinds.register(NoticeKind("test.said", gettext_lazy("%(person)s says %(words)s")))


@pytest.fixture
def about(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    return kinds.register(NoticeKind("test.about", "Au sujet de %(dataset)s", things={"dataset": DATASET}))


def tell(client, kind, *words, address="/console/"):
    for one in words:
        notify([client.user.pk], kind, address=address, person="Bob", words=one)


def test_what_was_told_is_shown_escaped_and_counted(person, said):
    client = person(Role.MEMBER)
    tell(client, said, "<script>alert(1)</script>", "two")
    page = client.get("/console/notices/").content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert '<span class="badge">2<span' in client.get("/console/").content.decode()


def test_nobody_reads_those_of_others(person, said):
    anne, bob = person(Role.MEMBER), person(Role.STEWARD)
    tell(anne, said, "secret")
    assert "secret" not in bob.get("/console/notices/").content.decode()
    bob.post("/console/notices/read/", {"notice": Notice.objects.get().pk})
    assert Notice.objects.get().read_at is None
    assert Client().get("/console/notices/").status_code == 302


def test_read_all_then_taken_back(person, said):
    client = person(Role.MEMBER)
    tell(client, said, "one", "two")
    answer = client.post("/console/notices/read/", follow=True)
    assert not Notice.objects.filter(read_at=None).exists()
    undo = answer.context["undo"]
    client.post("/console/notices/unread/", {"read": undo})
    assert Notice.objects.filter(read_at=None).count() == 2
    for wrong in ("", "x" * 100, "2026-99-99T00:00:00+00:00", "2026-01-01T00:00:00"):
        assert client.post("/console/notices/unread/", {"read": wrong}).status_code == 302
        assert client.get("/console/notices/", {"read": wrong}).status_code == 200


def test_the_list_is_paged_and_costs_the_same(person, said, about, dataset, django_assert_max_num_queries):
    client = person(Role.MEMBER)
    tell(client, said, *map(str, range(70)))
    notify([client.user.pk], about, dataset=dataset.uid)
    with django_assert_max_num_queries(16):
        page = client.get("/console/notices/")
    assert page.context["page"].paginator.num_pages == 3


def test_mailed_every_day_once(person, said):
    client = person(Role.MEMBER)
    with time_machine.travel(WEDNESDAY, tick=False):
        tell(client, said, "one & <two>")
        assert mailing.send_due() == 1
        tell(client, said, "three")
        assert mailing.send_due() == 0, "one message a day"
    [message] = mail.outbox
    assert message.to == [client.user.email]
    assert "Bob says one & <two>" in message.body
    assert message.subject == "1 chose vous concerne"
    with time_machine.travel(WEDNESDAY + timedelta(days=1), tick=False):
        assert mailing.send_due() == 1
        assert "three" in mail.outbox[1].body
        assert "one &" not in mail.outbox[1].body, "each thing is mailed once"
    with time_machine.travel(WEDNESDAY + timedelta(days=2), tick=False):
        assert mailing.send_due() == 0


def test_not_before_the_hour(person, said):
    with time_machine.travel(datetime(2026, 11, 18, 4, 0, tzinfo=UTC), tick=False):
        tell(person(Role.MEMBER), said, "one")
        assert mailing.send_due() == 0


def test_what_was_read_is_not_mailed(person, said):
    client = person(Role.MEMBER)
    with time_machine.travel(WEDNESDAY, tick=False):
        tell(client, said, "one")
        client.post("/console/notices/read/")
        assert mailing.send_due() == 0


def test_every_week_for_those_who_chose_it(person, said):
    client = person(Role.MEMBER)
    mailing.choose(client.user, Rhythm.WEEKLY)
    with time_machine.travel(WEDNESDAY, tick=False):
        tell(client, said, "one")
        assert mailing.send_due() == 1, "the message of this week"
        tell(client, said, "two")
    with time_machine.travel(WEDNESDAY + timedelta(days=1), tick=False):
        assert mailing.send_due() == 0
    with time_machine.travel(MONDAY, tick=False):
        assert mailing.send_due() == 1


def test_who_left_or_is_suspended_is_told_nothing(person, about, dataset):
    left, suspended = person(Role.MEMBER), person(Role.STEWARD)
    dataset.visibility = "private"
    dataset.save()
    with time_machine.travel(WEDNESDAY, tick=False):
        notify([left.user.pk, suspended.user.pk], about, dataset=dataset.uid)
        Membership.objects.filter(user=left.user).delete()
        suspended.user.is_active = False
        suspended.user.save()
        assert mailing.send_due() == 0
    assert mail.outbox == []


def test_killed_before_it_leaves_it_is_not_sent_twice(person, said, monkeypatch):
    client = person(Role.MEMBER)
    with time_machine.travel(WEDNESDAY, tick=False):
        tell(client, said, "one")
        monkeypatch.setattr(mailing, "_send", lambda _letter: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mailing.send_due()
        monkeypatch.undo()
        assert mailing.send_due() == 0
    assert Notice.objects.get().read_at is None, "it is still in the page"


def test_two_workers_send_one_message(person, said):
    client = person(Role.MEMBER)
    with time_machine.travel(WEDNESDAY, tick=False):
        tell(client, said, "one")
        assert mailing.take(client.user, WEDNESDAY) is not None
        assert mailing.take(client.user, WEDNESDAY) is None


def test_on_monday_coordinators_have_one_message(person, said, dataset, monkeypatch):
    from bocage.check.models import Score

    client = person(Role.COORDINATOR)
    with time_machine.travel(MONDAY, tick=False):
        Score.objects.create(dataset=dataset, day=MONDAY.date(), total=0.5)
        tell(client, said, "one")
        assert afterwards.send_digests() == 1
    [message] = mail.outbox
    assert "Bob says one" in message.body
    assert "Bob says one" in message.alternatives[0].content
    assert "50" in message.subject


def test_stopped_in_one_click_from_any_message(person, said):
    client = person(Role.MEMBER)
    with time_machine.travel(WEDNESDAY, tick=False):
        tell(client, said, "one")
        mailing.send_due()
    address = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = address[address.index("/console/") :]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(path).status_code == 200
    assert not NoticeSetting.objects.filter(rhythm=Rhythm.NEVER).exists(), "programmes that follow links change nothing"
    assert stranger.post(path).status_code == 200
    assert NoticeSetting.objects.get().rhythm == Rhythm.NEVER
    assert client.user.digest_setting.wanted is False
    assert stranger.post(path[:-5] + "x/").status_code == 404
    with time_machine.travel(WEDNESDAY + timedelta(days=1), tick=False):
        tell(client, said, "two")
        assert mailing.send_due() == 0


def test_each_person_chooses(person):
    client = person(Role.MEMBER)
    client.post(reverse("console:digest"), {"rhythm": "weekly", "wanted": "on"})
    assert mailing.rhythm_of(client.user) == Rhythm.WEEKLY
    client.post(reverse("console:digest"), {"rhythm": "every second"})
    assert mailing.rhythm_of(client.user) == Rhythm.WEEKLY
    assert client.get(reverse("console:digest")).status_code == 200
