"""The addresses of datasets and files, letter for letter: they are how catalogues that already harvest a portal know them.

When a vendor added `use_labels=` to them, 9,400 datasets of the national catalogue had each file twice."""

from __future__ import annotations

import re

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.services import update_metadata
from tests.publish.conftest import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exports_folder")]

EXPORT = "/api/explore/v2.1/catalog/exports/dcat"
ROOT = "https://data.rennesmetropole.fr"
SLUGS = ("prenoms@rennes", "lignes_du_reseau", "044-arbres", "v2_2024-comptages")

PINNED = {
    "csv": ("csv?use_labels=true", "csv", "text/csv"),
    "json": ("json", "json", "application/json"),
    "shp": ("shp", "shp", "application/zip"),
    "geojson": ("geojson", "geojson", "application/geo+json"),
}


@pytest.fixture
def calls():
    """Not the stand-in of the neighbouring tests: the catalogue is queried for good."""


@pytest.fixture
def catalogue(organization, settings):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": ROOT})
    for slug in SLUGS:
        dataset = published(organization, slug, Visibility.OPEN, 3)
        update_metadata(viewer=OPERATOR, dataset=dataset, themes=["mobilite"])


def feed(client, name="dcat", **asked) -> Graph:
    answer = client.get(EXPORT.replace("dcat", name) + "/", {"lang": "fr", **asked})
    assert answer.status_code == 200
    return Graph().parse(data=answer.getvalue(), format="xml")


def test_what_the_national_catalogue_asks(client, catalogue):
    """`?include_exports=json,csv,shp,geojson&lang=fr`: the address under which it harvests portals of the Explore API."""
    graph = feed(client, include_exports="json,csv,shp,geojson")
    datasets = {
        "https://data.rennesmetropole.fr/explore/dataset/prenoms@rennes/",
        "https://data.rennesmetropole.fr/explore/dataset/lignes_du_reseau/",
        "https://data.rennesmetropole.fr/explore/dataset/044-arbres/",
        "https://data.rennesmetropole.fr/explore/dataset/v2_2024-comptages/",
    }
    assert {str(one) for one in graph.subjects(RDF.type, DCAT.Dataset)} == datasets
    for address in datasets:
        node = URIRef(address)
        assert list(graph.objects(node, DCTERMS.identifier)) == [Literal(address)]
        assert list(graph.objects(node, DCAT.landingPage)) == [node]
    files = {
        "https://data.rennesmetropole.fr/api/explore/v2.1/catalog/datasets/prenoms@rennes/exports/csv?use_labels=true",
        "https://data.rennesmetropole.fr/api/explore/v2.1/catalog/datasets/prenoms@rennes/exports/json",
        "https://data.rennesmetropole.fr/api/explore/v2.1/catalog/datasets/prenoms@rennes/exports/shp",
        "https://data.rennesmetropole.fr/api/explore/v2.1/catalog/datasets/prenoms@rennes/exports/geojson",
    }
    node = URIRef("https://data.rennesmetropole.fr/explore/dataset/prenoms@rennes/")
    assert {str(one) for one in graph.objects(node, DCAT.distribution)} == files


@pytest.mark.parametrize("slug", SLUGS)
def test_a_file_is_its_address(client, catalogue, slug):
    graph = feed(client, include_exports=",".join(PINNED))
    for end, extension, media_type in PINNED.values():
        node = URIRef(f"{ROOT}/api/explore/v2.1/catalog/datasets/{slug}/exports/{end}")
        assert list(graph.objects(node, DCAT.accessURL)) == [node]
        assert list(graph.objects(node, DCAT.downloadURL)) == [node]
        assert list(graph.objects(node, DCTERMS.title)) == [Literal(f"{slug}.{extension}")]
        said = list(graph.objects(node, DCTERMS.description))
        assert said == [Literal(f"Titre de {slug} ({extension})", lang="fr")]
        iana = URIRef(f"https://www.iana.org/assignments/media-types/{media_type}")
        assert list(graph.objects(node, DCAT.mediaType)) == [iana]


@pytest.mark.parametrize("name", ["csv", "xlsx"])
@pytest.mark.parametrize(("labels", "end"), [("true", "?use_labels=true"), ("false", ""), (None, "?use_labels=true")])
def test_labels_are_in_the_address_of_tables_only(client, catalogue, name, labels, end):
    given = {} if labels is None else {"use_labels_in_exports": labels}
    graph = feed(client, include_exports=f"{name},json", **given)
    bare = f"{ROOT}/api/explore/v2.1/catalog/datasets/044-arbres/exports"
    node = URIRef(f"{ROOT}/explore/dataset/044-arbres/")
    assert {str(one) for one in graph.objects(node, DCAT.distribution)} == {f"{bare}/{name}{end}", f"{bare}/json"}


def test_neither_order_nor_language_nor_variant_changes_an_address(client, catalogue):
    def named(graph):
        return {str(one) for one in graph.subjects() if isinstance(one, URIRef) and "refine.theme" not in str(one)}

    whole = named(feed(client, include_exports="json,csv,shp,geojson"))
    for asked in ("geojson,shp,csv,json", " csv , json,shp,geojson,", "csv,csv,json,shp,geojson"):
        assert named(feed(client, include_exports=asked)) == whole
    assert named(feed(client, include_exports="json,csv,shp,geojson", lang="en")) == whole
    for variant in ("ch", "de", "se", "sp", "it", "vl", "benap"):
        assert named(feed(client, f"dcat_ap_{variant}", include_exports="json,csv,shp,geojson")) == whole


def test_the_rest_of_the_identities(client, catalogue):
    graph = feed(client, include_exports="csv")
    assert list(graph.subjects(RDF.type, DCAT.Catalog)) == [URIRef("https://data.rennesmetropole.fr/explore/")]
    [service] = graph.subjects(RDF.type, DCAT.DataService)
    assert str(service) == "https://data.rennesmetropole.fr/api/explore/v2.1/"
    assert str(graph.value(service, DCTERMS.identifier)) == "https://data.rennesmetropole.fr/api/explore/v2.1/"
    assert str(graph.value(service, DCAT.endpointURL)) == "https://data.rennesmetropole.fr/api/explore/v2.1/"
    described = "https://data.rennesmetropole.fr/api/explore/v2.1/swagger.json"
    assert str(graph.value(service, DCAT.endpointDescription)) == described
    console = "https://data.rennesmetropole.fr/api/explore/v2.1/console"
    assert str(graph.value(service, DCAT.landingPage)) == console
    node = URIRef("https://data.rennesmetropole.fr/explore/dataset/044-arbres/")
    publisher = graph.value(node, DCTERMS.publisher)
    assert str(publisher) == "https://data.rennesmetropole.fr/explore/?refine.publisher=M%C3%A9tropole"
    assert graph.value(publisher, RDF.type) == FOAF.Agent
    themes = [one for one in graph.objects(node, DCAT.theme) if (one, RDF.type, SKOS.Concept) in graph]
    assert [str(one) for one in themes] == ["https://data.rennesmetropole.fr/explore/?refine.theme=Mobilit%C3%A9"]


def test_the_page_of_a_dataset_answers_at_its_identity(client, catalogue):
    graph = feed(client, include_exports="json")
    for node in graph.subjects(RDF.type, DCAT.Dataset):
        path = str(node).removeprefix(ROOT)
        page = client.get(f"{path}schema/")
        assert page.status_code in (200, 503), path  # 503: these versions have no file behind them
    for node in graph.subjects(RDF.type, DCAT.Distribution):
        answer = client.head(str(node).removeprefix(ROOT))
        answer.close()
        assert answer.status_code in (200, 503), node


def test_nothing_in_an_address_is_escaped_in_passing(client, catalogue):
    """In the very bytes: what compares text, not graphs, sees the same."""
    body = b"".join(client.get(f"{EXPORT}/", {"include_exports": "csv,xlsx"}).streaming_content).decode()
    found = set(re.findall(r'rdf:about="([^"]*/exports/[^"]*)"', body))
    assert found == {
        f"{ROOT}/api/explore/v2.1/catalog/datasets/{slug}/exports/{name}?use_labels=true"
        for slug in SLUGS
        for name in ("csv", "xlsx")
    }
