"""The journal is read by those who run an organisation or protect its data; everybody reads what was done in their name."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.test import Client
from django.utils import translation

from bocage.access.audit import exporting
from bocage.access.audit.services import record
from bocage.access.audit.vocabulary import Kind
from bocage.access.models import JournalEntry, ProtectionOfficer
from bocage.access.viewer import Viewer
from bocage.console.views import journal as page
from bocage.organizations.merging import merge_organizations
from bocage.organizations.models import User
from bocage.organizations.services import add_member, create_organization
from bocage.organizations.vocabulary import OrganizationKind, Role

pytestmark = pytest.mark.django_db

JOURNAL, MINE, EXPORT = "/console/journal/", "/console/journal/mine/", "/console/journal/export/"


@pytest.fixture
def here():
    return create_organization(slug="ici", name="Commune d’ici", kind=OrganizationKind.COMMUNE)


@pytest.fixture
def elsewhere():
    return create_organization(slug="ailleurs", name="Commune d’ailleurs", kind=OrganizationKind.COMMUNE)


def somebody(name: str, *roles) -> tuple[Client, User]:
    user = User.objects.create_user(f"{name}@example.org", None, first_name=name.title())
    for organization, role in roles:
        add_member(organization=organization, user=user, role=role)
    client = Client()
    client.force_login(user)
    return client, user


@pytest.fixture
def coordinator(here):
    return somebody("anne", (here, Role.COORDINATOR))[0]


def shown(client: Client, address: str = JOURNAL, **asked) -> str:
    with translation.override("fr"):
        answer = client.get(address, asked, headers={"accept-language": "fr"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_reads_their_own_journal_only(here, elsewhere, coordinator):
    record(Kind.GRANT_GIVEN, organization=here, subject="1", reason="raison d’ici")
    record(Kind.GRANT_GIVEN, organization=elsewhere, subject="2", reason="raison d’ailleurs")
    record(Kind.GRANT_GIVEN, subject="3", reason="raison de la plateforme")
    found = shown(coordinator)
    assert "raison d’ici" in found
    assert "raison d’ailleurs" not in found
    assert "raison de la plateforme" not in found
    assert "raison d’ailleurs" not in shown(coordinator, organization="ailleurs")
    operator = Client()
    operator.force_login(User.objects.create_superuser("chef@example.org", None))
    assert all(words in shown(operator) for words in ("d’ici", "raison d’ailleurs", "raison de la plateforme"))


@pytest.mark.parametrize("role", [None, Role.MEMBER, Role.CONTRIBUTOR, Role.STEWARD])
def test_others_do_not_read_it(here, role):
    client, _user = somebody("paul", *([(here, role)] if role else []))
    for address in (JOURNAL, EXPORT):
        assert client.get(address).status_code == 403
    assert client.get(MINE).status_code == 200
    assert client.post("/console/journal/ici/officers/", {"email": "paul@example.org"}).status_code == 403
    assert not ProtectionOfficer.objects.exists()


def test_the_protection_officer_reads_it_and_nothing_more(here, elsewhere, coordinator):
    client, user = somebody("dpo")
    record(Kind.GRANT_GIVEN, organization=here, reason="raison d’ici")
    assert coordinator.post("/console/journal/ici/officers/", {"email": user.email}).status_code == 302
    assert "raison d’ici" in shown(client)
    assert "raison d’ici" in b"".join(client.get(EXPORT).streaming_content).decode()
    for address in ("/console/organization/ici/members/", "/console/organization/ici/"):
        assert client.get(address).status_code in (403, 404)
    assert client.post("/console/journal/ici/officers/", {"email": user.email}).status_code == 403
    officer = ProtectionOfficer.objects.get()
    other = somebody("autre", (elsewhere, Role.COORDINATOR))[0]
    assert other.post(f"/console/journal/ici/officers/{officer.pk}/end/").status_code == 403
    other.post(f"/console/journal/ailleurs/officers/{officer.pk}/end/")  # of another organisation: nothing
    assert ProtectionOfficer.objects.exists()
    coordinator.post(f"/console/journal/ici/officers/{officer.pk}/end/")
    assert client.get(JOURNAL).status_code == 403
    kinds = list(
        JournalEntry.objects.filter(kind__startswith="officer").order_by("number").values_list("kind", flat=True)
    )
    assert kinds == ["officer.named", "officer.ended"]


def test_my_own(here):
    client, user = somebody("paul", (here, Role.MEMBER))
    record(Kind.READ, viewer=Viewer(user.pk), organization=here, dataset="da_1")
    record(Kind.READ, viewer=Viewer(user.pk + 1), organization=here, dataset="da_2")
    found = shown(client, MINE)
    assert "da_1" in found
    assert "da_2" not in found


def test_filters_and_pages(here, coordinator, monkeypatch):
    monkeypatch.setattr(page, "PER_PAGE", 2)
    JournalEntry.objects.count()
    for rank in range(5):
        record(Kind.READ if rank % 2 else Kind.GRANT_GIVEN, viewer=Viewer(90 + rank), organization=here, subject=f"s{rank}",
               dataset=f"da_{rank}")  # fmt: skip
    first = shown(coordinator)
    assert "da_4" in first
    assert "da_3" in first
    assert "da_2" not in first
    number = JournalEntry.objects.get(dataset="da_3").number
    assert f"before={number}" in first
    second = shown(coordinator, before=number)
    assert "da_2" in second
    assert "da_3" not in second
    reads = shown(coordinator, kind="read")
    assert "da_1" in reads
    assert "da_2" not in reads
    assert "da_2" in shown(coordinator, dataset="da_2")
    assert "ne dit rien" in shown(coordinator, since="2999-01-01")
    assert "ne dit rien" in shown(coordinator, person="personne@example.org")


@pytest.mark.parametrize("asked", [
    {"before": "-1"}, {"before": "9" * 19}, {"before": "9" * 400}, {"before": "²"}, {"since": "x"}, {"kind": "nope"},
    {"person": "\x00"}, {"dataset": "'; DROP TABLE"}, {"organization": "ailleurs"}, {"until": "9999-12-31"},
    {"since": "0001-01-01"},
])  # fmt: skip
def test_anything_in_the_address(coordinator, asked):
    assert coordinator.get(JOURNAL, asked).status_code == 200
    answer = coordinator.get(EXPORT, asked)
    assert answer.status_code in (200, 302)
    answer.close()


def test_exports(here, coordinator):
    record(Kind.GRANT_GIVEN, organization=here, subject="=1+1", reason='a "b"; c\nd')
    answer = coordinator.get(EXPORT, {"format": "csv"})
    assert answer["Content-Disposition"].startswith("attachment")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    given = next(row for row in rows if row["kind"] == "grant.given")
    assert given["subject"] == "'=1+1"
    assert json.loads(given["facts"])["reason"] == 'a "b"; c\nd'
    lines = [
        json.loads(line)
        for line in b"".join(coordinator.get(EXPORT, {"format": "jsonl"}).streaming_content).splitlines()
    ]
    assert next(line for line in lines if line["kind"] == "grant.given")["facts"]["reason"] == 'a "b"; c\nd'
    assert [line["kind"] for line in lines].count("journal.exported") == 0  # of no organisation: the platform's
    assert JournalEntry.objects.filter(kind="journal.exported").count() == 2
    coordinator.head(EXPORT)
    assert JournalEntry.objects.filter(kind="journal.exported").count() == 2


def test_an_export_is_bounded(here, coordinator, monkeypatch):
    for module in (page, exporting):
        monkeypatch.setattr(module, "MOST_EXPORTED", 1)
    record(Kind.GRANT_GIVEN, organization=here)
    assert coordinator.get(EXPORT).status_code == 302
    assert not JournalEntry.objects.filter(kind="journal.exported").exists()


def test_after_a_merger_the_successor_reads_on(here, elsewhere):
    record(Kind.GRANT_GIVEN, organization=here, reason="avant la fusion")
    client, _user = somebody("lea", (elsewhere, Role.COORDINATOR))
    assert "avant la fusion" not in shown(client)
    merge_organizations(into=elsewhere, merged=[here])
    assert "avant la fusion" in shown(client)
    assert "avant la fusion" in shown(client, organization="ailleurs")


def test_what_people_wrote_is_no_markup(here, coordinator):
    record(Kind.GRANT_GIVEN, organization=here, reason="<script>alert(1)</script>", dataset="<b>", subject="<i>")
    found = shown(coordinator)
    assert "<script>alert" not in found
    assert "<b>" not in found


def test_few_queries(here, coordinator, django_assert_max_num_queries):
    for rank in range(60):
        record(Kind.READ, viewer=Viewer(rank), organization=here, dataset=f"da_{rank}")
    with django_assert_max_num_queries(30):
        coordinator.get(JOURNAL)
