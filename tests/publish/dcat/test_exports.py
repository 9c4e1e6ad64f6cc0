"""Exports of the catalogue through the Explore API, as documents: DCAT, Dublin Core, data.json, RSS."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DC, DCAT, DCTERMS, RDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exports_folder")]

EXPORTS = "/api/explore/v2.1/catalog/exports"
PLACES = URIRef("http://testserver/explore/dataset/lieux/")


@pytest.fixture
def catalogue(organization, calls):
    """Real rows of the catalogue: one open dataset, one private."""
    from bocage.access.vocabulary import Visibility
    from tests.publish.conftest import published

    return [
        published(organization, "lieux", Visibility.OPEN, 3),
        published(organization, "agents", Visibility.PRIVATE, 3),
    ]


@pytest.fixture
def calls():
    """Not the stand-in of the neighbouring tests: the catalogue is queried for good."""


@pytest.mark.parametrize("name", ["dcat", "dcat_ap_ch", "dcat_ap_benap", "rdf"])
def test_dcat_as_the_portals_replaced_give_it(client, catalogue, name):
    answer = client.get(f"{EXPORTS}/{name}/", {"include_exports": "json,csv,geojson", "lang": "fr"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/rdf+xml; charset=utf-8"
    feed = Graph().parse(data=answer.getvalue(), format="xml")
    assert set(feed.subjects(RDF.type, DCAT.Dataset)) == {PLACES}
    exports = "http://testserver/api/explore/v2.1/catalog/datasets/lieux/exports"
    assert {str(one) for one in feed.objects(PLACES, DCAT.distribution)} == {
        f"{exports}/json", f"{exports}/csv?use_labels=true", f"{exports}/geojson",
    }  # fmt: skip
    service = feed.value(predicate=RDF.type, object=DCAT.DataService)
    assert service == URIRef("http://testserver/api/explore/v2.1/")
    assert feed.value(service, DCAT.endpointDescription) == URIRef("http://testserver/api/explore/v2.1/swagger.json")


def test_labels_in_exports_are_a_choice(client, catalogue):
    answer = client.get(f"{EXPORTS}/ttl", {"include_exports": "csv", "use_labels_in_exports": "false"})
    feed = Graph().parse(data=answer.getvalue(), format="turtle")
    [address] = feed.objects(PLACES, DCAT.distribution)
    assert str(address).endswith("/exports/csv")


def test_clauses_hold_as_in_every_export(client, catalogue):
    empty = client.get(f"{EXPORTS}/ttl", {"where": "dataset_id = 'rien'"})
    assert not list(Graph().parse(data=empty.getvalue(), format="turtle").subjects(RDF.type, DCAT.Dataset))
    wrong = client.get(f"{EXPORTS}/dcat", {"where": "nothing = 'here'"})
    assert (wrong.status_code, wrong.json()["error_code"]) == (400, "ODSQLError")
    assert client.get(f"{EXPORTS}/dcat", {"include_exports": "csv,../x"}).status_code == 400
    assert client.get(f"{EXPORTS}/dcat", {"limit": "-2"}).status_code == 400


def test_a_member_exports_what_they_may_see_and_no_cache_shares_it(client, catalogue, member):
    stranger = client.get(f"{EXPORTS}/ttl")
    known = stranger.getvalue()
    client.force_login(member)
    theirs = client.get(f"{EXPORTS}/ttl", headers={"If-None-Match": stranger["ETag"]})
    assert theirs.status_code == 200
    assert b"dataset/agents/" in theirs.getvalue()
    assert b"dataset/agents/" not in known
    assert theirs["Cache-Control"] == "private, no-store"


def test_the_other_vocabularies(client, catalogue):
    simple = Graph().parse(data=client.get(f"{EXPORTS}/dublin_core").getvalue(), format="xml")
    assert simple.value(PLACES, DC.title) == Literal("Titre de lieux")
    described = client.get(f"{EXPORTS}/data.json").json()
    assert [one["identifier"] for one in described["dataset"]] == [str(PLACES)]
    assert described["dataset"][0]["accessLevel"] == "public"
    channel = ET.fromstring(client.get(f"{EXPORTS}/rss").content).find("channel")
    assert [item.findtext("link") for item in channel.iter("item")] == [str(PLACES)]


def test_every_format_listed_answers_and_no_other(client, catalogue):
    listed = {link["rel"] for link in client.get(EXPORTS).json()["links"]}
    assert listed >= {"csv", "xlsx", "json", "rss", "ttl", "rdf", "data.json", "dcat", "dcat_ap_it", "dublin_core"}
    for name in listed:
        answer = client.get(f"{EXPORTS}/{name}")
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert (answer.status_code, bool(body)) == (200, True), name
    assert client.get(f"{EXPORTS}/dcat_ap_xx").status_code == 404


def test_identifiers_are_the_same_in_both_feeds(client, catalogue):
    one = Graph().parse(data=client.get(f"{EXPORTS}/ttl").getvalue(), format="turtle")
    other = Graph().parse(data=client.get("/catalog.ttl").getvalue(), format="turtle")
    assert set(one.objects(None, DCTERMS.identifier)) >= set(other.objects(None, DCTERMS.identifier))


def test_the_italian_profile_has_all_that_it_wants(client, catalogue):
    feed = Graph().parse(data=client.get(f"{EXPORTS}/dcat_ap_it").getvalue(), format="xml")
    it = "http://dati.gov.it/onto/dcatapit#"
    for name, kind in (("Dataset", DCAT.Dataset), ("Distribution", DCAT.Distribution), ("Catalog", DCAT.Catalog)):
        assert set(feed.subjects(RDF.type, URIRef(it + name))) == set(feed.subjects(RDF.type, kind)) != set()
    publisher = feed.value(PLACES, DCTERMS.publisher)
    assert feed.value(PLACES, DCTERMS.rightsHolder) == publisher
    assert (publisher, RDF.type, URIRef(f"{it}Agent")) in feed
    assert feed.value(publisher, DCTERMS.identifier) is not None
    for name in (DCAT.theme, DCTERMS.accrualPeriodicity, DCTERMS.modified):
        assert feed.value(PLACES, name) is not None, name


def test_the_german_profile_knows_its_own_licences(client, catalogue):
    feed = Graph().parse(data=client.get(f"{EXPORTS}/dcat_ap_de").getvalue(), format="xml")
    licences = {feed.value(one, DCTERMS.license) for one in feed.objects(PLACES, DCAT.distribution)}
    assert licences == {URIRef("http://dcat-ap.de/def/licenses/other-open")}
    assert feed.value(PLACES, DCTERMS.license) == URIRef("https://www.etalab.gouv.fr/licence-ouverte-open-licence/")
