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
from bocage.check.quality.criteria import lamps
from bocage.check.quality.gathering import facts_of
from bocage.kernel.clock import now
from bocage.organizations.services import create_organization
from bocage.organizations.vocabulary import OrganizationKind
from bocage.publish.dcat import views
from bocage.publish.dcat.namespaces import HYDRA
from bocage.store.models import Head, Version
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
    given.write_text(json.dumps([feed, feed]), encoding="utf-8")
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


def harvested(tmp_path, *passes):
    given = tmp_path / "passes.json"
    given.write_text(json.dumps(passes), encoding="utf-8")
    return json.loads(UDATA.run(CLIENTS / "harvest_udata.py", f"{ROOT}/catalog.rdf", str(given)))


def identity(slug):
    return f"{ROOT}/explore/dataset/{slug}/"


def remove(dataset):
    Head.objects.filter(dataset=dataset).delete()
    Version.objects.filter(dataset=dataset).delete()
    dataset.delete()


def changed_between_two_passes():
    """One closed, one removed, one given another identifier, one updated; the last one is left as it is."""
    closed, removed, renamed, updated, _same = (Dataset.objects.get(slug=slug) for slug in SLUGS)
    update_metadata(viewer=OPERATOR, dataset=closed, visibility=Visibility.PRIVATE, title="Signalements nominatifs")
    remove(removed)
    update_metadata(viewer=OPERATOR, dataset=renamed, slug="stationnement")
    update_metadata(viewer=OPERATOR, dataset=updated, title="Places de parking, autrement")


def test_udata_archives_what_is_gone_and_nothing_else(feed, client, tmp_path):
    changed_between_two_passes()
    after = pages(client, "/catalog.rdf", "xml")
    assert "Tombstone" in "".join(page["body"] for page in after.values())
    said = harvested(tmp_path, feed, after)
    for harvest in said["harvests"]:
        assert (harvest["status"], harvest["errors"]) == ("done", [])
        assert {item["status"] for item in harvest["items"]} <= {"done", "archived"}, "none skipped, none failed"
    datasets = {dataset["id"]: dataset for dataset in said["datasets"]}
    assert len(said["datasets"]) == len(datasets) == len(SLUGS) + 1
    archived = {name for name, dataset in datasets.items() if dataset["archived"]}
    assert archived == {identity(slug) for slug in SLUGS[:3]}
    assert {datasets[name]["archived"] for name in archived} == {"not-on-remote"}
    assert datasets[identity("stationnement")]["quality"]["score"] == 1.0
    assert datasets[identity(SLUGS[3])]["title"] == "Places de parking, autrement"
    assert not any("nominatifs" in dataset["title"] for dataset in said["datasets"])


def test_udata_takes_back_what_is_open_again(feed, client, tmp_path):
    dataset = Dataset.objects.get(slug=SLUGS[0])
    update_metadata(viewer=OPERATOR, dataset=dataset, visibility=Visibility.PRIVATE)
    away = pages(client, "/catalog.rdf", "xml")
    update_metadata(viewer=OPERATOR, dataset=dataset, visibility=Visibility.OPEN)
    said = harvested(tmp_path, feed, away, pages(client, "/catalog.rdf", "xml"))
    assert len(said["datasets"]) == len(SLUGS)
    assert not any(dataset["archived"] for dataset in said["datasets"])
    assert identity(SLUGS[0]) in {item["id"] for item in said["harvests"][1]["items"] if item["status"] == "archived"}


def test_ckan_finds_neither_what_is_gone_nor_its_tombstone(feed, client, tmp_path):
    changed_between_two_passes()
    found = []
    for number, page in enumerate(pages(client, "/catalog.rdf", "xml").values()):
        file = tmp_path / f"{number}.rdf"
        file.write_text(page["body"], encoding="utf-8")
        found += json.loads(CKAN.run(CLIENTS / "read_ckan.py", str(file)))
    identifiers = [dataset["extras"]["identifier"] for dataset in found]
    assert sorted(identifiers) == sorted(identity(slug) for slug in (*SLUGS[3:], "stationnement"))


OURS = {  # our lamp: the criterion of udata
    "license": "license", "temporal_coverage": "temporal_coverage", "spatial": "spatial",
    "update_frequency": "update_frequency", "update_fulfilled_in_time": "update_fulfilled_in_time",
    "dataset_description_quality": "dataset_description_quality", "has_open_format": "has_open_format",
    "all_resources_available": "all_resources_available", "has_resources_documentation": "resources_documentation",
}  # fmt: skip

# Ours ask for more: fields described or a schema; a licence, where udata is content with "not specified".
STRICTER = {"license", "has_resources_documentation"}


def test_the_lamps_are_those_of_udata(feed, client, tmp_path):
    """Each dataset lacks something else: what we say before publication is what the national catalogue says after."""
    lacking = (
        {"licence": "notspecified", "description": "x" * 100},
        {"temporal_start": None, "temporal_end": None, "update_frequency": "UNKNOWN"},
        {"temporal_start": None, "description": "x" * 101},
        {"update_frequency": "IRREG", "conforms_to": "", "keywords": [], "themes": []},
        {"update_frequency": "WEEKLY"},
    )
    for slug, changed in zip(SLUGS, lacking, strict=True):
        update_metadata(viewer=OPERATOR, dataset=Dataset.objects.get(slug=slug), **changed)
    Dataset.objects.filter(slug=SLUGS[1]).update(bbox=None)
    Dataset.objects.filter(slug__in=SLUGS[3:]).update(data_updated_at=now() - dt.timedelta(days=900))
    said = harvested(tmp_path, pages(client, "/catalog.rdf", "xml"))
    theirs = {dataset["id"]: dataset["quality"] for dataset in said["datasets"]}
    seen = set()
    for dataset in Dataset.objects.filter(slug__in=SLUGS):
        for lamp in lamps(facts_of([dataset], now())[dataset.pk]):
            criterion = bool(theirs[identity(dataset.slug)].get(OURS[lamp.code]))
            seen.add((lamp.code, criterion))
            if lamp.code in STRICTER:
                assert not lamp.lit or criterion
            else:
                assert lamp.lit == criterion, (dataset.slug, lamp.code)
    assert {code for code, criterion in seen if not criterion} >= {
        "temporal_coverage", "spatial", "update_frequency", "dataset_description_quality", "update_fulfilled_in_time",
    }  # fmt: skip
