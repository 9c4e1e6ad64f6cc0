"""The feed that national catalogues harvest: identities that never change, pages, syntaxes, rights."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic, to_canonical_graph
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

from bocage.access.models import DataRule
from bocage.access.viewer import OPERATOR
from bocage.catalog.models import Dataset, ReferenceLayer, ReferenceLink
from bocage.catalog.services import touch_catalogue, update_metadata
from bocage.publish.dcat import views
from bocage.publish.dcat.namespaces import ACTIVITY, DCATAP, DQV, HYDRA

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("exports_folder"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated"),  # rdflib's own reader of JSON-LD
]

PARSERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml"}
ROOT = "http://testserver"
PLACES = URIRef(f"{ROOT}/explore/dataset/lieux/")


def read(answer, suffix="ttl"):
    return Graph().parse(data=answer.content, format=PARSERS[suffix])


@pytest.fixture
def feed(client, dataset):
    return read(client.get("/catalog.ttl"))


def test_the_identity_of_a_dataset_is_its_page(feed):
    assert set(feed.subjects(RDF.type, DCAT.Dataset)) == {PLACES}
    assert feed.value(PLACES, DCTERMS.identifier) == Literal(str(PLACES))
    assert feed.value(PLACES, DCAT.landingPage) == PLACES
    assert set(feed.objects(None, DCAT.dataset)) == {PLACES}


def test_the_identity_of_a_distribution_is_its_address_pinned_for_ever(feed):
    """Harvesters know a resource by its address: one character more, and all of them are twice in the national catalogue."""
    exports = f"{ROOT}/api/explore/v2.1/catalog/datasets/lieux/exports"
    found = {str(one) for one in feed.objects(PLACES, DCAT.distribution)}
    assert found == {
        f"{exports}/csv?use_labels=true", f"{exports}/json", f"{exports}/shp", f"{exports}/geojson",
        f"{exports}/parquet", f"{exports}/xlsx?use_labels=true",
    }  # fmt: skip
    for one in found:
        assert feed.value(URIRef(one), DCAT.downloadURL) == URIRef(one)
        assert feed.value(URIRef(one), DCAT.accessURL) == URIRef(one)
    csv = URIRef(f"{exports}/csv?use_labels=true")
    assert feed.value(csv, DCTERMS.title) == Literal("lieux.csv")
    assert feed.value(csv, DCAT.mediaType) == URIRef("https://www.iana.org/assignments/media-types/text/csv")


def test_every_distribution_of_the_feed_answers(client, feed):
    for address in feed.objects(PLACES, DCAT.distribution):
        answer = client.head(str(address).removeprefix(ROOT))
        answer.close()
        assert answer.status_code in (200, 503), address  # 503: these versions have no file behind them


def test_the_three_syntaxes_say_the_same(client, dataset):
    graphs = {}
    for suffix in PARSERS:
        answer = client.get(f"/catalog.{suffix}")
        assert answer["Content-Type"].endswith("; charset=utf-8")
        graphs[suffix] = read(answer, suffix)
    for graph in graphs.values():  # the page itself is named after the address asked
        for node in {
            *graph.subjects(RDF.type, HYDRA.Collection),
            *graph.subjects(RDF.type, HYDRA.PartialCollectionView),
        }:
            graph.remove((node, None, None))
    canonical = {suffix: to_canonical_graph(graph) for suffix, graph in graphs.items()}
    assert isomorphic(canonical["ttl"], canonical["jsonld"])
    assert isomorphic(canonical["ttl"], canonical["rdf"])
    assert len(canonical["ttl"]) > 40


def test_what_is_written_of_a_dataset_is_in_the_feed(client, dataset):
    update_metadata(
        viewer=OPERATOR,
        dataset=dataset,
        description="Les lieux où l’on se retrouve, relevés à pied.",
        keywords=["été", "lieux"],
        themes=["culture"],
        update_frequency="MONTHLY",
        licence="odc-odbl",
        temporal_start=dt.date(2024, 1, 1),
        temporal_end=dt.date(2024, 12, 31),
        contact_name="Service culture",
        contact_email="culture@example.org",
        conforms_to="https://schema.example/lieux/1.0.0/schema.json",
        hvd_category="c_ac64a52d",
    )
    feed = read(client.get("/catalog.ttl"))
    assert feed.value(PLACES, DCTERMS.description) == Literal(
        "Les lieux où l’on se retrouve, relevés à pied.", lang="fr"
    )
    assert Literal("été", lang="fr") in set(feed.objects(PLACES, DCAT.keyword))
    frequency = URIRef("http://publications.europa.eu/resource/authority/frequency/MONTHLY")
    assert feed.value(PLACES, DCTERMS.accrualPeriodicity) == frequency
    assert feed.value(PLACES, DCTERMS.license) == URIRef("https://opendatacommons.org/licenses/odbl/1-0/")
    assert feed.value(PLACES, DCTERMS.conformsTo) == URIRef("https://schema.example/lieux/1.0.0/schema.json")
    period = feed.value(PLACES, DCTERMS.temporal)
    assert str(feed.value(period, DCAT.startDate)) == "2024-01-01"
    assert feed.value(PLACES, DCATAP.hvdCategory) == URIRef("http://data.europa.eu/bna/c_ac64a52d")
    labels = {str(feed.value(theme, SKOS.prefLabel)) for theme in feed.objects(PLACES, DCAT.theme)}
    assert "Culture, sport et patrimoine" in labels
    publisher = feed.value(PLACES, DCTERMS.publisher)
    assert feed.value(publisher, FOAF.name) == Literal("Métropole")


def test_what_is_not_open_is_nowhere_in_it(client, dataset, private, member):
    client.force_login(member)  # a session changes nothing: the feed is that of a stranger
    for address in ("/catalog.ttl", "/organizations/metropole/catalog.ttl"):
        assert b"agents" not in client.get(address).content


def test_an_organization_has_a_feed_of_its_own(client, dataset):
    feed = read(client.get("/organizations/metropole/catalog.rdf"), "rdf")
    assert set(feed.subjects(RDF.type, DCAT.Catalog)) == {URIRef(f"{ROOT}/organizations/metropole/")}
    assert set(feed.subjects(RDF.type, DCAT.Dataset)) == {PLACES}
    assert client.get("/organizations/absente/catalog.rdf").status_code == 404


def test_pages_lead_to_each_other_and_end(client, organization, calls, monkeypatch):
    from bocage.access.vocabulary import Visibility
    from tests.publish.conftest import published

    monkeypatch.setattr(views, "DATASETS_PER_PAGE", 2)
    slugs = {f"jeu-{rank}" for rank in range(5)}
    for slug in sorted(slugs):
        published(organization, slug, Visibility.OPEN, 3)
    address, seen, pages, served = "/catalog.jsonld", [], [], set()
    while address:
        assert len(pages) < 10
        pages.append(address)
        feed = read(client.get(address), "jsonld")
        seen += [str(one).split("/")[-2] for one in feed.subjects(RDF.type, DCAT.Dataset)]
        served |= set(feed.objects(None, DCAT.servesDataset))
        view = feed.value(predicate=RDF.type, object=HYDRA.PartialCollectionView)
        following = feed.value(view, HYDRA.next)
        assert following != view
        address = str(following).removeprefix(ROOT) if following else None
    assert pages == ["/catalog.jsonld", "/catalog.jsonld?page=2", "/catalog.jsonld?page=3"]
    assert sorted(seen) == sorted(slugs)
    assert len(served) == len(slugs), "the interface serves every dataset, said on the first page"
    for wrong in ("4", "0", "-1", "x", "²", "9" * 40, ""):
        assert client.get("/catalog.jsonld", {"page": wrong}).status_code == 404


def test_an_unchanged_feed_is_not_sent_again(client, dataset):
    first = client.get("/catalog.ttl")
    again = client.get("/catalog.ttl", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    update_metadata(viewer=OPERATOR, dataset=dataset, title="Autrement")
    assert client.get("/catalog.ttl", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_date_to_come_is_brought_back_to_now(client, dataset):
    from bocage.catalog.models import Dataset
    from bocage.kernel.clock import now

    Dataset.objects.update(data_updated_at=now() + dt.timedelta(days=900))
    modified = read(client.get("/catalog.ttl")).value(PLACES, DCTERMS.modified).toPython()
    assert modified <= now()


@pytest.mark.parametrize("hostile", ["a\u0000b", "<script>&\"'", "\u202e", "]]>", "x" * 300, "\ufffe"])
@pytest.mark.parametrize("suffix", PARSERS)
def test_no_title_breaks_the_feed(client, dataset, hostile, suffix):
    from bocage.catalog.models import Dataset

    Dataset.objects.update(title=hostile, description=hostile, keywords=[hostile])
    feed = read(client.get(f"/catalog.{suffix}"), suffix)
    assert feed.value(PLACES, DCTERMS.title) is not None


def test_measures_of_quality_lead_to_what_they_mean(client, dataset):
    from bocage.check.models import Score
    from bocage.check.vocabulary import Dimension

    for day, total in ((1, 0.2), (2, 0.75)):
        kept = {one.value: {"value": total, "reasons": []} for one in Dimension}
        Score.objects.create(dataset=dataset, day=dt.date(2026, 1, day), total=total, dimensions=kept)
    feed = read(client.get("/catalog.ttl"))
    measured = list(feed.objects(PLACES, DQV.hasQualityMeasurement))
    assert len(measured) == len(Dimension) + 1
    assert {feed.value(one, DQV.value).toPython() for one in measured} == {0.75}, "the last score, not an older one"
    page = client.get("/help/").content.decode()
    for one in measured:
        metric = str(feed.value(one, DQV.isMeasurementOf))
        assert metric.startswith(f"{ROOT}/help/#")
        assert f'id="{metric.partition("#")[2]}"' in page
    assert len(set(feed.subjects(RDF.type, DQV.Metric))) == len(Dimension)


def test_a_new_score_makes_a_new_feed(client, dataset):
    from bocage.check.models import Score

    first = client.get("/catalog.ttl")["ETag"]
    Score.objects.create(dataset=dataset, day=dt.date(2026, 1, 1), total=0.5)
    assert client.get("/catalog.ttl", headers={"If-None-Match": first}).status_code == 200


def test_the_feed_takes_as_many_queries_for_many_as_for_few(client, organization, calls, monkeypatch):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from bocage.access.vocabulary import Visibility
    from tests.publish.conftest import published

    def asked(address):
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    published(organization, "jeu-0", Visibility.OPEN, 3)
    few = asked("/catalog.rdf")
    for rank in range(1, 12):
        dataset = published(organization, f"jeu-{rank}", Visibility.OPEN, 3)
        if rank % 3 == 0:
            update_metadata(viewer=OPERATOR, dataset=dataset, visibility=Visibility.PRIVATE)
    assert asked("/catalog.rdf") == few
    monkeypatch.setattr(views, "DATASETS_PER_PAGE", 4)
    assert asked("/catalog.rdf?page=2") <= few


def test_what_was_withdrawn_is_said_for_a_while_and_is_no_dataset(client, dataset):
    from bocage.access.vocabulary import Visibility
    from bocage.catalog.models import Tombstone
    from bocage.catalog.tombstones import REMEMBERED

    first = client.get("/catalog.ttl")["ETag"]
    update_metadata(viewer=OPERATOR, dataset=dataset, visibility=Visibility.PRIVATE, title="Secret")
    answer = client.get("/catalog.ttl", headers={"If-None-Match": first})
    feed = read(answer)
    assert (PLACES, RDF.type, ACTIVITY.Tombstone) in feed
    assert (PLACES, RDF.type, DCAT.Dataset) not in feed
    assert feed.value(PLACES, DCTERMS.title) == Literal("Titre de lieux", lang="fr")
    assert feed.value(PLACES, DCTERMS.identifier) is None
    assert list(feed.subjects(RDF.type, DCAT.Dataset)) == []
    theirs = read(client.get("/organizations/metropole/catalog.ttl"))
    assert (PLACES, RDF.type, ACTIVITY.Tombstone) in theirs
    Tombstone.objects.update(withdrawn_at=timezone.now() - REMEMBERED - dt.timedelta(days=1))
    assert b"Tombstone" not in client.get("/catalog.ttl").content
    assert client.get("/explore/dataset/lieux/").status_code == 410, "the page says it for ever"


def test_the_feed_of_an_organization_has_nothing_of_those_below_nor_of_others(client, dataset, organization):
    from bocage.access.vocabulary import Visibility
    from bocage.organizations.models import Organization
    from tests.publish.conftest import published

    below = Organization.objects.create(
        slug="commune", name="Commune", kind="commune", parent=organization, path="/1/2/"
    )
    gone = published(below, "parti", Visibility.OPEN, 3)
    published(below, "ecoles", Visibility.OPEN, 3)
    update_metadata(viewer=OPERATOR, dataset=gone, visibility=Visibility.PRIVATE)
    above = client.get("/organizations/metropole/catalog.ttl").content
    assert b"dataset/ecoles/" not in above
    assert b"dataset/parti/" not in above
    assert b"dataset/ecoles/" in client.get("/organizations/commune/catalog.ttl").content


def test_a_renamed_organization_keeps_the_feed_under_its_former_name(client, dataset, organization):
    from bocage.organizations.models import FormerOrganization

    FormerOrganization.objects.create(slug="ancien-nom", name="Ancien nom", organization=organization)
    answer = client.get("/organizations/ancien-nom/catalog.ttl")
    assert answer.status_code == 200, "harvesters follow no redirect"
    assert PLACES in set(read(answer).subjects(RDF.type, DCAT.Dataset))


def test_a_portal_is_a_door_on_the_same_catalogue(client, dataset, organization, settings):
    from bocage.organizations.models import Organization, Portal

    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": ROOT})
    settings.ALLOWED_HOSTS = ["*"]
    other = Organization.objects.create(slug="reze", name="Ville de Rezé", kind="commune", path="/9/")
    Portal.objects.create(organization=organization, domain="*", name="Données de la métropole")
    Portal.objects.create(organization=other, domain="data.reze.example", name="Rezé ouvre ses données")
    ours, theirs = (client.get("/catalog.ttl", headers={"host": host}) for host in ("testserver", "data.reze.example"))
    assert ours["ETag"] != theirs["ETag"]
    for answer, title, publisher in (
        (ours, "Données de la métropole", "Métropole"),
        (theirs, "Rezé ouvre ses données", "Ville de Rezé"),
    ):
        feed = read(answer)
        catalogue = URIRef(f"{ROOT}/explore/")
        assert str(feed.value(catalogue, DCTERMS.title)) == title
        assert str(feed.value(feed.value(catalogue, DCTERMS.publisher), FOAF.name)) == publisher
        assert set(feed.subjects(RDF.type, DCAT.Dataset)) == {PLACES}, "identities do not change with the door"


@pytest.fixture
def pointing(dataset):
    """What points to the places, each by another column."""
    layer = ReferenceLayer.objects.create(dataset=dataset, kind="other", key="nom", marked_at=timezone.now())
    made = []
    for slug, visibility in (("courses", "open"), ("secrets", "private")):
        other = Dataset.objects.create(
            slug=slug,
            organization=dataset.organization,
            title=slug,
            visibility=visibility,
            version_number=1,
            row_count=1,
        )
        ReferenceLink.objects.create(dataset=other, field="lieu", reference=layer, declared_at=timezone.now())
        made.append(other)
    touch_catalogue()
    return made


def test_what_points_to_what_is_told_by_both_ends(client, pointing):
    answer = client.get("/catalog.ttl")
    found, races = read(answer), URIRef(f"{ROOT}/explore/dataset/courses/")
    assert set(found.objects(races, DCTERMS.relation)) == {PLACES}
    assert set(found.objects(PLACES, DCTERMS.isReferencedBy)) == {races}
    assert b"secrets" not in answer.content


def test_what_points_by_a_hidden_column_is_not_told(client, pointing):
    DataRule.objects.create(
        dataset=pointing[0].uid, audience="everyone", reason="RGPD", columns={"lieu": {"mask": "hide"}}
    )
    touch_catalogue()
    found = read(client.get("/catalog.ttl"))
    assert not set(found.subject_objects(DCTERMS.relation))
    assert not set(found.subject_objects(DCTERMS.isReferencedBy))
