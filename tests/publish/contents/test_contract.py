"""Answers of every operation, in every language of the standard, against the schemas of `contract`."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator

from bocage.access.viewer import OPERATOR
from bocage.catalog.annotations import Annotations
from bocage.catalog.services import annotate_fields, create_dataset
from bocage.publish.explore.parameters import LANGUAGES
from bocage.store.documents import attach
from tests.publish.contents import contract
from tests.publish.contents.conftest import CATALOG

DATASET = f"{CATALOG}/datasets/lieux"
OPERATIONS = [
    (f"{CATALOG}/datasets?include_links=true", contract.DATASETS),
    (f"{CATALOG}/datasets?include_app_metas=true&order_by=modified desc", contract.DATASETS),
    (f"{CATALOG}/datasets?select=dataset_id, title", contract.RECORDS),
    (f"{CATALOG}/datasets?group_by=publisher&select=count(*) as n", contract.RECORDS),
    (f"{CATALOG}/facets", contract.FACETS),
    (f"{CATALOG}/facets?facet=publisher&exclude=publisher:x", contract.FACETS),
    (f"{CATALOG}/exports", contract.FORMATS),
    (DATASET, contract.DATASET),
    (f"{CATALOG}/datasets/vide?include_links=true", contract.DATASET),
    (f"{DATASET}/records?include_links=true", contract.RECORDS),
    (f"{DATASET}/records?group_by=quartier, year(maj)&select=count(*)", contract.RECORDS),
    (f"{DATASET}/facets", contract.FACETS),
    (f"{DATASET}/facets?facet=maj&refine=maj:2026/05&exclude=quartier:Sud&facet=quartier", contract.FACETS),
    (f"{DATASET}/exports", contract.FORMATS),
    (f"{DATASET}/attachments", contract.ATTACHMENTS),
]
REFUSED = [
    (f"{CATALOG}/datasets?where=absent = 1", 400), (f"{CATALOG}/datasets?limit=101", 400),
    (f"{CATALOG}/datasets/absent", 404), (f"{CATALOG}/datasets/vide/records", 404), (f"{DATASET}/records/absent", 404),
    (f"{DATASET}/records?select=absent", 400), (f"{DATASET}/facets?facet=centre", 400), (f"{DATASET}/exports/docx", 404),
    (f"{DATASET}/exports/csv?limit=-2", 400), (f"{DATASET}/attachments/absent", 404), (f"{CATALOG}/exports/shp", 404),
]  # fmt: skip


@pytest.fixture
def everything(lieux, organization, tmp_path):
    """A dataset of every type, with a document and filters; another without data."""
    create_dataset(viewer=OPERATOR, organization=organization, slug="vide", title="Vide", visibility="open")
    notice = tmp_path / "notice.txt"
    notice.write_text("À lire")
    attach(viewer=OPERATOR, dataset=lieux, title="Notice", file=notice)
    said = {"quartier": Annotations(facet=True, disjunctive=True), "chemin": Annotations(facet=True, separator="/")}
    return annotate_fields(viewer=OPERATOR, dataset=lieux, annotations=said)


def validate(answer: object, schema: contract.Schema) -> None:
    Draft202012Validator(schema).validate(answer)


def test_every_operation_in_every_language(everything, client):
    for lang in LANGUAGES:
        for address, schema in OPERATIONS:
            answer = client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
            assert answer.status_code == 200, (address, answer.content)
            assert answer["Content-Type"] == "application/json; charset=utf-8"
            validate(answer.json(), schema)


def test_records_of_every_type(everything, client):
    page = client.get(f"{DATASET}/records").json()
    assert page["total_count"] == len(page["results"]) == 4
    for record in page["results"]:
        validate(record, contract.RECORD)
    exported = json.loads(b"".join(client.get(f"{DATASET}/exports/json").streaming_content))
    assert exported == page["results"], "a bare array of the same records"
    (identifier,) = (one["_id"] for one in client.get(f"{DATASET}/records?select=_id&limit=1").json()["results"])
    validate(client.get(f"{DATASET}/records/{identifier}").json(), contract.RECORD)


def test_refusals(everything, client):
    for address, status in REFUSED:
        answer = client.get(address)
        assert answer.status_code == status, address
        validate(answer.json(), contract.ERROR)


@pytest.mark.parametrize(
    "clause",
    [
        "datasetid = 'lieux'", 'datasetid:"lieux"', "features = 'geo'", "has_records", "default.title like 'lieux'",
        "publisher:'Métropole'", "modified > date'2020'", "default.modified > date'2020'", "records_count = 4",
        "not (explore.download_count > 100)", "not federated and not default.source_domain = 'x'", "'fr' in metadata_languages",
    ],
)  # fmt: skip
def test_documented_fields_of_the_catalogue(everything, client, clause):
    found = client.get(f"{CATALOG}/datasets", {"where": clause, "order_by": "dataset_id"}).json()
    assert "lieux" in [one["dataset_id"] for one in found["results"]], found


def test_templates_name_every_field(everything, client):
    answer = client.get(f"{CATALOG}/metadata_templates").json()
    for template in answer["metadata_templates"]:
        for field in template["fields"]:
            named = f"{template['name']}.{field['name']}"
            assert client.get(f"{CATALOG}/datasets", {"where": f"{named} is null", "limit": 0}).status_code == 200, (
                named
            )
