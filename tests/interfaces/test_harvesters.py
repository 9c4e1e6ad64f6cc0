"""National catalogues harvest our feed: udata (data.gouv.fr) and CKAN, unmodified, each in an environment of its own."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from rdflib import Graph
from rdflib.namespace import DCTERMS

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import create_dataset, update_metadata
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.publish.dcat import views
from bocage.publish.dcat.namespaces import HYDRA
from tests.interfaces.conftest import CLIENTS, publish
from tests.oracles import CKAN, UDATA

pytestmark = pytest.mark.django_db

ROOT = "https://data.example.org"
SLUGS = [f"parkings-{number}" for number in range(5)]


@pytest.fixture
def feed(client, settings, tmp_path, monkeypatch):
    """Pages of the feed of five open datasets and of a private one: address → body and type."""
    settings.DATA_DIR = tmp_path / "data"
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"public_url": ROOT})
    monkeypatch.setattr(views, "DATASETS_PER_PAGE", 2)
    organization = create_organization(
        slug="metropole", name="Métropole", kind=OrganizationKind.EPCI, email="data@example.org"
    )
    for slug in [*SLUGS, "agents"]:
        publish(create_dataset(viewer=OPERATOR, organization=organization, slug=slug, title=slug, visibility="private"))
    for slug in SLUGS:
        update_metadata(
            viewer=OPERATOR,
            dataset=Dataset.objects.get(slug=slug),
            visibility=Visibility.OPEN,
            title=f"Places de parking à Nantes, {slug}",
            description="Le nombre de places de chaque parc, relevé par les agents. " * 3,
            keywords=["mobilité", "voiture"],
            themes=["mobilite"],
            update_frequency="DAILY",
            licence="odc-odbl",
            temporal_start=dt.date(2024, 1, 1),
            temporal_end=dt.date(2024, 12, 31),
            conforms_to="https://schema.data.gouv.fr/schemas/etalab/schema-stationnement/0.1.5/schema.json",
        )
    return pages(client, "/catalog.rdf", "xml")


def pages(client, path, parser):
    found = {}
    while path:
        answer = client.get(path)
        found[ROOT + path] = {"body": answer.content.decode(), "type": answer["Content-Type"]}
        following = next(Graph().parse(data=answer.content, format=parser).objects(None, HYDRA.next), None)
        path = str(following).removeprefix(ROOT) if following else ""
    return found


def test_udata_harvests_twice_without_a_duplicate(feed, tmp_path):
    assert len(feed) == 3
    given = tmp_path / "pages.json"
    given.write_text(json.dumps(feed), encoding="utf-8")
    said = json.loads(UDATA.run(CLIENTS / "harvest_udata.py", f"{ROOT}/catalog.rdf", str(given)))
    for harvest in said["harvests"]:
        assert (harvest["status"], harvest["errors"]) == ("done", [])
        assert {item["status"] for item in harvest["items"]} == {"done"}, "no item skipped, none failed"
    datasets = {dataset["id"]: dataset for dataset in said["datasets"]}
    assert len(said["datasets"]) == len(SLUGS), "harvested twice, there once"
    assert set(datasets) == {f"{ROOT}/explore/dataset/{slug}/" for slug in SLUGS}
    for dataset in datasets.values():
        assert dataset["licence"] == "odc-odbl"
        assert dataset["frequency"] == "daily"
        assert dataset["quality"]["score"] == 1.0, dataset["quality"]
        assert "mobilite" in dataset["tags"]
        assert dataset["schema"]
        assert {one["format"] for one in dataset["resources"]} == {"csv", "xlsx", "json", "geojson", "shp", "parquet"}
    [service] = said["services"]
    assert service["url"] == f"{ROOT}/api/explore/v2.1/"
    assert service["datasets"] == len(SLUGS)


def test_ckan_reads_every_dataset_and_file(feed, tmp_path):
    found = []
    for number, page in enumerate(feed.values()):
        file = tmp_path / f"{number}.rdf"
        file.write_text(page["body"], encoding="utf-8")
        found += json.loads(CKAN.run(CLIENTS / "read_ckan.py", str(file)))
    identifiers = {dataset["extras"]["identifier"] for dataset in found}
    assert identifiers == {f"{ROOT}/explore/dataset/{slug}/" for slug in SLUGS}
    for dataset in found:
        assert dataset["extras"]["frequency"].endswith("/frequency/DAILY")
        assert json.loads(dataset["extras"]["spatial"])["type"] == "Polygon"
        assert len(dataset["resources"]) == 6
        assert {one["url"].split("/exports/")[1] for one in dataset["resources"]} >= {"csv?use_labels=true", "geojson"}


def test_identifiers_of_the_whole_feed_are_unique(feed):
    graph = Graph()
    for page in feed.values():
        graph.parse(data=page["body"], format="xml")
    identifiers = list(graph.objects(None, DCTERMS.identifier))
    assert len(identifiers) == len(set(identifiers))
