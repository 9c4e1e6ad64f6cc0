"""What an agreement opened is counted, its document is kept as signed, and machines of its parties alone read it in ODRL."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.utils import translation
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import DCTERMS, RDF, XSD

from bocage.access.agreements.consumption import WEEKS, consumed
from bocage.access.agreements.documents import KINDS, LARGEST_MB
from bocage.access.agreements.services import Written, draft_agreement, open_dataset, take_step
from bocage.access.agreements.vocabulary import LegalBasis, Step
from bocage.access.models import Agreement, AgreementDocument, JournalEntry
from bocage.access.models.agreements import today
from bocage.access.standing import viewer_of
from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.kernel.clock import now
from bocage.organizations.notices.models import Notice
from tests.security.conftest import Territory
from tests.security.conftest import consumed as body_of

ODRL = Namespace("http://www.w3.org/ns/odrl/2/")
API = "/api/explore/v2.1/catalog/datasets/secret"
PDF = b"%PDF-1.7\n%..."


@pytest.fixture
def secret(territory, publish):
    return publish(territory.here, "secret", Visibility.PRIVATE)


@pytest.fixture
def agreement(territory: Territory, secret) -> Agreement:
    """Of here, with those elsewhere: two columns, some rows, for a month. A draft."""
    written = Written(
        "Étude des crues", "Prévenir les crues", LegalBasis.PUBLIC_TASK, today(), [territory.elsewhere],
        ends_on=today() + timedelta(days=30), obligations="Citer la source.",
    )  # fmt: skip
    made = draft_agreement(viewer=OPERATOR, producer=territory.here, written=written)
    open_dataset(viewer=OPERATOR, agreement=made, thing=secret, columns=["nom", "places"], rows="places > 1")
    return made


@pytest.fixture
def signed(territory, agreement) -> Agreement:
    steps = ((Step.PROPOSE, territory.here), (Step.SIGN, territory.here), (Step.SIGN, territory.elsewhere))
    for step, by in steps:
        agreement = take_step(viewer=OPERATOR, agreement=agreement, step=step, organization=by)
    return agreement


def page(client, agreement: Agreement) -> str:
    with translation.override("fr"):
        return client.get(f"/console/agreements/{agreement.uid}/", headers={"accept-language": "fr"}).content.decode()


# What was read ------------------------------------------------------------------------------------------------------------


def test_what_was_read_is_seen_by_both_sides(territory, signed, secret):
    here, there = territory.viewers["coordinator here"], territory.viewers["member elsewhere"]
    assert "Rien n’a été lu par cette convention" in page(here, signed)
    body_of(there.get(f"{API}/records"))
    body_of(there.get(f"{API}/exports/csv"))
    body_of(there.get(f"{API}/records?limit=0"))
    body_of(territory.viewers["member here"].get(f"{API}/records"))  # at home: not by the agreement
    [line] = consumed(viewer_of(territory.people["coordinator here"]), signed)
    assert (line.party, line.dataset, line.reads, line.rows) == ("ailleurs", secret.uid, 3, 4)
    assert line.weeks == (0,) * (WEEKS - 1) + (3,)
    for reader in (here, there):
        assert "Titre de secret" in page(reader, signed)
        assert "Rien n’a été lu" not in page(reader, signed)
    last = JournalEntry.objects.filter(kind="read", party="ailleurs").first()
    assert last.agreements == f" {signed.number} "
    assert last.restriction not in ("", "all")


def test_reading_otherwise_is_not_consumption(territory, signed, secret):
    """Who may read without the agreement does not read by it."""
    type(secret).objects.filter(pk=secret.pk).update(visibility=Visibility.SHARED)
    body_of(territory.viewers["member elsewhere"].get(f"{API}/records"))
    assert consumed(OPERATOR, signed) == []
    assert JournalEntry.objects.filter(kind="read").count() == 1


def test_a_consumer_does_not_see_what_others_read(territory, agreement, secret):
    agreement.consumers.add(territory.metropole)
    for step, by in (
        (Step.PROPOSE, territory.here), (Step.SIGN, territory.here), (Step.SIGN, territory.elsewhere),
        (Step.SIGN, territory.metropole),
    ):  # fmt: skip
        agreement = take_step(viewer=OPERATOR, agreement=agreement, step=step, organization=by)
    for reader in ("member elsewhere", "coordinator above"):
        body_of(territory.viewers[reader].get(f"{API}/records"))

    def parties(name: str) -> set[str]:
        return {line.party for line in consumed(viewer_of(territory.people[name]), agreement)}

    assert parties("coordinator here") == {"ailleurs", "metropole"}
    assert parties("coordinator elsewhere") == {"ailleurs"}
    assert parties("coordinator above") == {"metropole"}


def test_by_the_week(territory, signed):
    start = now().replace(hour=12)  # as many weeks earlier is the same day, winter time or summer time
    for back in (0, 1, 1, 5, WEEKS + 1):
        with time_machine.travel(start - timedelta(weeks=back), tick=False):
            Agreement.objects.filter(pk=signed.pk).update(starts_on=today())
            body_of(territory.viewers["member elsewhere"].get(f"{API}/records"))
    [line] = consumed(OPERATOR, signed)
    assert line.reads == 4
    assert {rank: reads for rank, reads in enumerate(line.weeks) if reads} == {WEEKS - 1: 1, WEEKS - 2: 2, WEEKS - 6: 1}


def test_who_signs_is_told(territory, agreement):
    def told(name: str) -> list[str]:
        return list(
            Notice.objects.filter(recipient=territory.people[name]).order_by("pk").values_list("code", flat=True)
        )

    here, there = viewer_of(territory.people["coordinator here"]), viewer_of(territory.people["coordinator elsewhere"])
    take_step(viewer=here, agreement=agreement, step=Step.PROPOSE, organization=territory.here)
    assert told("coordinator elsewhere") == ["access.agreement-proposed"]
    take_step(viewer=here, agreement=agreement, step=Step.SIGN, organization=territory.here)
    take_step(viewer=there, agreement=agreement, step=Step.SIGN, organization=territory.elsewhere)
    take_step(viewer=there, agreement=agreement, step=Step.END, organization=territory.elsewhere, note="x")
    assert told("coordinator here") == ["access.agreement-opened", "access.agreement-closed"]
    assert told("coordinator elsewhere") == ["access.agreement-proposed"]  # what one did oneself
    assert told("member elsewhere") == told("coordinator above") == []


# ODRL ---------------------------------------------------------------------------------------------------------------------


def policy(client, agreement: Agreement, suffix: str = "ttl") -> Graph:
    answer = client.get(f"/console/agreements/{agreement.uid}/odrl.{suffix}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    kinds = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
    return Graph().parse(data=answer.content, format=kinds[suffix])


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD
@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "rdf"])
def test_an_agreement_in_odrl(territory, signed, suffix):
    graph = policy(territory.viewers["member elsewhere"], signed, suffix)
    [node] = graph.subjects(RDF.type, ODRL.Agreement)
    assert str(node).endswith(f"/console/agreements/{signed.uid}/")
    [permission] = graph.objects(node, ODRL.permission)
    assert str(graph.value(permission, ODRL.assigner)).endswith("/organizations/ici/")
    assert [str(one).split("/")[-2] for one in graph.objects(permission, ODRL.assignee)] == ["ailleurs"]
    said = {
        (graph.value(one, ODRL.leftOperand), graph.value(one, ODRL.operator)): graph.value(one, ODRL.rightOperand)
        for one in graph.objects(permission, ODRL.constraint)
    }
    assert said == {
        (ODRL.dateTime, ODRL.gteq): Literal(signed.starts_on, datatype=XSD.date),
        (ODRL.dateTime, ODRL.lteq): Literal(signed.ends_on, datatype=XSD.date),
        (ODRL.purpose, ODRL.eq): Literal("Prévenir les crues"),
    }
    part = graph.value(permission, ODRL.target)
    assert str(graph.value(part, ODRL.source)).endswith("/explore/dataset/secret/")
    limits = {str(graph.value(one, ODRL.leftOperand)).rpartition("#")[2]: graph.value(one, ODRL.rightOperand)
              for one in graph.objects(part, ODRL.refinement)}  # fmt: skip
    assert [str(name) for name in Collection(graph, limits["odrl-columns"])] == ["nom", "places"]
    assert str(limits["odrl-rows"]) == "places > 1"
    basis = URIRef("https://w3id.org/dpv/legal/eu/gdpr#A6-1-e")
    assert graph.value(node, URIRef("https://w3id.org/dpv#hasLegalBasis")) == basis
    [duty] = graph.objects(node, ODRL.obligation)
    assert str(graph.value(duty, DCTERMS.description)) == "Citer la source."


def test_what_is_not_signed_is_an_offer_and_its_standing_is_told(territory, signed):
    status = URIRef("http://www.w3.org/ns/adms#status")
    reader = territory.viewers["coordinator here"]

    def standing(graph: Graph) -> str:
        return str(next(graph.objects(None, status))).rpartition("#odrl-")[2]

    assert standing(policy(reader, signed)) == "in-force"
    ended = take_step(viewer=OPERATOR, agreement=signed, step=Step.END, organization=territory.here, note="x")
    graph = policy(reader, ended)
    assert standing(graph) == "ended"
    assert list(graph.subjects(RDF.type, ODRL.Agreement))
    Agreement.objects.filter(pk=signed.pk).update(state="proposed")
    assert list(policy(reader, signed).subjects(RDF.type, ODRL.Offer))


def test_nothing_of_it_elsewhere(territory, signed):
    for viewer in ("nobody", "coordinator above"):
        for part in ("odrl.ttl", "document/", ""):
            assert territory.viewers[viewer].get(f"/console/agreements/{signed.uid}/{part}").status_code == 404
    stranger = territory.viewers["stranger"]
    for address in ("/catalog.ttl", "/catalog.jsonld", "/api/explore/v2.1/catalog/exports/dcat", "/data.json"):
        found = stranger.get(address)
        text = body_of(found).decode() if found.status_code == 200 else ""
        assert signed.uid not in text
        assert signed.number not in text
        assert "crues" not in text


# Its document ---------------------------------------------------------------------------------------------------------------


def upload(client, agreement: Agreement, content: bytes = PDF, name: str = "Convention signée.pdf"):
    file = BytesIO(content)
    file.name = name
    return client.post(f"/console/agreements/{agreement.uid}/document/", {"file": file})


def test_a_document_is_saved_never_shown(territory, agreement):
    chief = territory.viewers["coordinator here"]
    assert upload(chief, agreement).status_code == 302
    answer = chief.get(f"/console/agreements/{agreement.uid}/document/")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(("content", "name"), [
    (b"<html><script>alert(1)</script>", "a.pdf"), (PDF, "a.html"), (PDF, "a"), (b"", "a.pdf"), (b"MZ", "a.exe"),
    (PDF, "a.pdf.svg"), (b"PK\x03\x04", "a.zip"), (b"\x89PNG\r\n\x1a\n", "a.pdf"),
    (PDF + b"x" * (LARGEST_MB * 1024 * 1024), "a.pdf"),
])  # fmt: skip
def test_what_is_no_document(territory, agreement, content, name):
    upload(territory.viewers["coordinator here"], agreement, content, name)
    assert not AgreementDocument.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", 'a"; filename="b.exe.pdf', "é" * 400 + ".pdf"])
def test_names_of_documents(territory, agreement, name):
    chief = territory.viewers["coordinator here"]
    upload(chief, agreement, name=name)
    kept = AgreementDocument.objects.get().filename
    assert not set(kept) & set('/\\\r\n"')
    assert len(kept) <= 150
    assert chief.get(f"/console/agreements/{agreement.uid}/document/").status_code == 200


def test_what_was_signed_is_kept(territory, agreement):
    chief, other = territory.viewers["coordinator here"], territory.viewers["coordinator elsewhere"]
    upload(chief, agreement)
    upload(chief, agreement, b"%PDF-2.0")  # a draft: replaced
    take_step(viewer=OPERATOR, agreement=agreement, step=Step.PROPOSE, organization=territory.here)
    upload(chief, agreement, PDF)
    chief.post(f"/console/agreements/{agreement.uid}/document/remove/")
    assert bytes(AgreementDocument.objects.get().content) == b"%PDF-2.0"
    assert upload(other, agreement).status_code == 403
    assert other.post(f"/console/agreements/{agreement.uid}/document/remove/").status_code == 403
    assert other.get(f"/console/agreements/{agreement.uid}/document/").content == b"%PDF-2.0"
    told = JournalEntry.objects.filter(kind="agreement.document").count()
    assert told == 2


def test_it_may_be_joined_once_signed(territory, signed):
    chief = territory.viewers["coordinator here"]
    upload(chief, signed)
    upload(chief, signed, b"%PDF-2.0")
    assert bytes(AgreementDocument.objects.get().content) == PDF


def test_every_kind_has_its_signature():
    assert all(start and end.startswith(".") for start, _kind, end in KINDS)
