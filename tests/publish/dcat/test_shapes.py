"""The shapes of DCAT-AP 3.0.1, and those of its profile for high-value datasets, hold on every feed and export."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.utils import timezone
from rdflib import Graph
from rdflib.namespace import DCAT, RDF

from bocage.access.viewer import OPERATOR
from bocage.access.vocabulary import Visibility
from bocage.catalog.models import Dataset
from bocage.catalog.services import update_metadata
from bocage.check.models import Score
from bocage.publish.dcat.namespaces import DCATAP
from bocage.store.models import Attachment
from tests.interfaces.conftest import CLIENTS
from tests.oracles import SHACL
from tests.publish.conftest import published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exports_folder")]

SHAPES = Path(__file__).parent / "shapes" / "dcat-ap-3.0.1-shapes.ttl"
EXPORTS = "/api/explore/v2.1/catalog/exports"
VARIANTS = ("dcat", "dcat_ap_ch", "dcat_ap_de", "dcat_ap_se", "dcat_ap_sp", "dcat_ap_it", "dcat_ap_vl", "dcat_ap_benap")
EVERYTHING = {
    "description": "Deux phrases.\n\n<b>Et de l’HTML</b> & « des guillemets ».",
    "keywords": ["été", "a,b"],
    "themes": ["culture", "mobilite"],
    "update_frequency": "MONTHLY",
    "licence": "odc-odbl",
    "contact_name": "Service culture",
    "contact_email": "culture@example.org",
    "source": "Relevé de terrain",
    "conforms_to": "https://schema.example/lieux/1.0.0/schema.json",
    "hvd_category": "c_ac64a52d",
}


@pytest.fixture
def calls():
    """Not the stand-in of the neighbouring tests: the catalogue is queried for good."""


@pytest.fixture
def catalogue(organization):
    """One dataset of each kind; a measured one, with a document; a private one; one that was withdrawn."""
    full = published(organization, "complet", Visibility.OPEN, 3)
    update_metadata(viewer=OPERATOR, dataset=full, temporal_start=dt.date(2024, 1, 1), **EVERYTHING)
    Dataset.objects.filter(pk=full.pk).update(bbox=[-1.6, 47.1, -1.5, 47.3])
    Score.objects.create(
        dataset=full, day=dt.date(2026, 1, 1), total=0.75, dimensions={"freshness": {"value": 0.5, "reasons": []}}
    )
    Attachment.objects.create(
        dataset=full, identifier="manuel d’emploi.pdf", title="Manuel", filename="manuel.pdf",
        media_type="application/pdf", size_bytes=3, sha256="cd" * 32, created_at=timezone.now(),
    )  # fmt: skip
    bare = published(organization, "nu", Visibility.OPEN, 3)
    update_metadata(viewer=OPERATOR, dataset=bare, licence="notspecified")
    Dataset.objects.filter(pk=bare.pk).update(geometry_types=[])
    update_metadata(
        viewer=OPERATOR, dataset=published(organization, "seul", Visibility.OPEN, 3), temporal_end=dt.date(2024, 1, 1)
    )
    published(organization, "agents", Visibility.PRIVATE, 3)
    update_metadata(
        viewer=OPERATOR, dataset=published(organization, "parti", Visibility.OPEN, 3), visibility=Visibility.SHARED
    )


def broken(shapes: Path, tmp_path: Path, answers) -> dict[str, list[str]]:
    for name, answer in answers.items():
        assert answer.status_code == 200, name
        (tmp_path / name).write_bytes(answer.getvalue())
    said = json.loads(SHACL.run(CLIENTS / "validate_shacl.py", str(shapes), *(str(tmp_path / one) for one in answers)))
    return {Path(path).name: found for path, found in said.items() if found}


def test_the_shapes_hold_on_feeds_and_exports(client, catalogue, member, tmp_path):
    answers = {f"feed.{suffix}": client.get(f"/catalog.{suffix}") for suffix in ("ttl", "rdf", "jsonld")}
    answers["organization.rdf"] = client.get("/organizations/metropole/catalog.rdf")
    answers["ttl.ttl"] = client.get(f"{EXPORTS}/ttl")
    answers |= {f"{name}.rdf": client.get(f"{EXPORTS}/{name}") for name in VARIANTS}
    client.force_login(member)
    answers["member.rdf"] = client.get(f"{EXPORTS}/dcat")
    assert broken(SHAPES, tmp_path, answers) == {}
    assert "agents" in (tmp_path / "member.rdf").read_text()
    assert "Tombstone" in (tmp_path / "feed.ttl").read_text()


def test_the_shapes_can_fail(client, catalogue, tmp_path):
    """A gate that nothing closes proves nothing."""
    graph = Graph().parse(data=client.get("/catalog.ttl").content, format="turtle")
    [one] = [node for node in graph.subjects(RDF.type, DCAT.Dataset) if "complet" in str(node)]
    graph.remove((one, None, None))
    graph.add((one, RDF.type, DCAT.Dataset))
    (tmp_path / "wrong.ttl").write_text(graph.serialize(format="turtle"))
    said = json.loads(SHACL.run(CLIENTS / "validate_shacl.py", str(SHAPES), str(tmp_path / "wrong.ttl")))
    assert len(said[str(tmp_path / "wrong.ttl")]) == 2, "title and description"


def test_the_profile_of_high_value_datasets(client, catalogue, shared_data, tmp_path):
    """Its shapes are of catalogues that hold nothing else."""
    Dataset.objects.exclude(slug="complet").update(visibility=Visibility.PRIVATE)
    shapes = shared_data / "schemas" / "dcat-ap" / "dcat-ap-hvd-3.0.0-base.ttl"
    assert broken(shapes, tmp_path, {"feed.rdf": client.get("/catalog.rdf")}) == {}
    feed = Graph().parse(data=client.get("/catalog.rdf").content, format="xml")
    service = feed.value(predicate=RDF.type, object=DCAT.DataService)
    assert feed.value(service, DCATAP.hvdCategory) is not None
