"""`swagger.json`: sound for an independent validator, complete for the standard, true of every answer."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from bocage.publish.explore.console_words import OPERATIONS as WORDS
from bocage.publish.explore.console_words import PARAMETERS as HELP
from bocage.publish.explore.openapi import ANSWERS
from bocage.publish.explore.operations import OPERATIONS
from tests.interfaces.conftest import CLIENTS
from tests.oracles import OPENAPI

ROOT = "/api/explore/v2.1"
STANDARD = {
    "getDatasets", "listExportFormats", "exportDatasets", "exportCatalogCSV", "exportCatalogDCAT", "getDatasetsFacets",
    "getRecords", "listDatasetExportFormats", "exportRecords", "exportRecordsCSV", "exportRecordsParquet",
    "exportRecordsGPX", "getDataset", "getRecordsFacets", "getDatasetAttachments", "getRecord",
}  # fmt: skip
"""The operationIds of explore-api 3.3: generated clients name their functions after them."""


@pytest.fixture
def description(client, db) -> dict[str, Any]:
    return client.get(f"{ROOT}/swagger.json").json()


def test_an_independent_validator_finds_it_sound(description, tmp_path):
    path = tmp_path / "swagger.json"
    path.write_text(json.dumps(description), encoding="utf-8")
    assert json.loads(OPENAPI.run(CLIENTS / "validate_openapi.py", str(path))) == []
    broken = description | {"paths": {"/x/{id}": {"get": {"responses": {"200": {}}}}}}
    path.write_text(json.dumps(broken), encoding="utf-8")
    assert json.loads(OPENAPI.run(CLIENTS / "validate_openapi.py", str(path)))  # it does look


def test_every_operation_of_the_standard_is_there_once(description):
    named = [way["operationId"] for path in description["paths"].values() for way in path.values()]
    assert len(named) == len(set(named))
    assert set(named) >= STANDARD
    for path in description["paths"].values():
        assert set(path) == {"get", "post"}
        for way in path.values():
            assert {"200", "400", "401", "404", "429", "500"} <= set(way["responses"])


def test_what_is_declared_is_what_is_read(description):
    """Parameters by operation, as the standard lists them (explore-api 3.3)."""
    shared = description["components"]["parameters"]

    def names(path: str) -> set[str]:
        told = description["paths"][path]["get"]["parameters"]
        return {shared[one["$ref"].rpartition("/")[2]]["name"] if "$ref" in one else one["name"] for one in told}

    clauses = {"select", "where", "order_by", "group_by", "refine", "exclude", "lang", "timezone"}
    dataset = "/catalog/datasets/{dataset_id}"
    assert names("/catalog/datasets") >= clauses | {"limit", "offset", "include_links", "include_app_metas"}
    assert names(f"{dataset}/records") >= clauses | {
        "limit",
        "offset",
        "include_links",
        "include_app_metas",
        "dataset_id",
    }
    assert names("/catalog/facets") >= {"facet", "refine", "exclude", "where", "timezone"}
    assert names(f"{dataset}/exports/{{format}}") >= clauses | {"limit", "use_labels", "compressed", "epsg", "format"}
    csv = {"delimiter", "list_separator", "quote_all", "with_bom"}
    assert names(f"{dataset}/exports/csv") >= csv | {"use_labels", "compressed", "epsg"}
    assert names("/catalog/exports/csv") >= csv
    assert names(f"{dataset}/exports/parquet") & (csv | {"parquet_compression"}) == {"parquet_compression"}
    assert names(f"{dataset}/exports/gpx") >= {"name_field", "description_field_list", "use_extension"}
    assert names("/catalog/exports/dcat{dcat_ap_format}") >= {
        "include_exports",
        "use_labels_in_exports",
        "dcat_ap_format",
    }
    assert names(f"{dataset}/records/{{record_id}}") == {
        "dataset_id",
        "record_id",
        "select",
        "lang",
        "timezone",
        "as_of",
    }
    assert shared["limit"]["schema"]["default"] == 10
    assert shared["limit_export"]["schema"]["default"] == -1
    assert shared["with_bom"]["schema"]["default"] is True


def test_people_are_told_of_every_operation_and_parameter():
    told = {parameter.name for operation in OPERATIONS for parameter in operation.parameters}
    assert told <= set(HELP)
    of_documents = {"getRoot", "getCatalog", "getDescription", "getMetadataTemplates"}
    ways = {operation.identifier for operation in OPERATIONS}
    assert ways - of_documents - {"getDatasetAttachment"} == set(WORDS)
    assert set(ANSWERS) | {"exportDatasets", "exportRecords", "getDatasetAttachment"} == ways


def nullable(schema: Any) -> Any:
    """OpenAPI 3.0 writes `nullable` where JSON Schema lists the type null; nothing unknown is let in."""
    if isinstance(schema, list):
        return [nullable(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    written = {name: nullable(value) for name, value in schema.items() if name != "nullable"}
    if schema.get("nullable") is True:
        written["type"] = [schema["type"], "null"]
    if "properties" in written and "required" in written and "additionalProperties" not in written:
        written["additionalProperties"] = False
    return written


def check(description: dict[str, Any], name: str, answer: Any) -> None:
    schemas = nullable(description["components"]["schemas"])
    document = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
    checker = jsonschema.Draft202012Validator(document, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(answer)] == []


DATASET = "/catalog/datasets/lieux"
ASKED = [
    ("links", "", {}), ("links", "/catalog", {}), ("links", "/catalog/exports", {}), ("links", f"{DATASET}/exports", {}),
    ("datasets", "/catalog/datasets", {"include_links": "true", "include_app_metas": "true"}),
    ("datasets", "/catalog/datasets", {"select": "count(*) as n"}), ("facets", "/catalog/facets", {}),
    ("dataset", DATASET, {}), ("dataset", DATASET, {"include_links": "true", "include_app_metas": "true"}),
    ("records", f"{DATASET}/records", {"include_links": "true", "include_app_metas": "true"}),
    ("records", f"{DATASET}/records", {"select": "_id, nom"}),
    ("records", f"{DATASET}/records", {"group_by": "quartier", "select": "count(*)"}),
    ("facets", f"{DATASET}/facets", {"facet": ["jour", "nom", "quartier"], "refine": "jour:2026", "exclude": "nom:Port"}),
    ("attachments", f"{DATASET}/attachments", {}),
    ("error", f"{DATASET}/records", {"limit": "x"}), ("error", f"{DATASET}/records", {"select": "absent"}),
    ("error", "/catalog/datasets/absent", {}), ("error", "/nowhere", {}),
]  # fmt: skip


def test_every_answer_is_as_described(description, client, places):
    for name, path, given in ASKED:
        answer = client.get(ROOT + path, given)
        assert (answer.status_code == 200) == (name != "error"), path
        check(description, name, answer.json())
    first = client.get(f"{ROOT}{DATASET}/records", {"select": "_id", "limit": "1"}).json()["results"][0]
    check(description, "record", client.get(f"{ROOT}{DATASET}/records/{first['_id']}").json())


def test_a_quota_is_as_described(description, client, places, settings, tmp_path):
    settings.BOCAGE = settings.BOCAGE.model_copy(update={"calls_per_address": 1})
    settings.DATA_DIR = tmp_path
    assert client.get(ROOT).status_code == 200
    check(description, "quota_error", client.get(ROOT).json())


def test_the_check_of_answers_would_see_a_difference(description):
    with pytest.raises(AssertionError):
        check(description, "records", {"total_count": -1, "results": []})
    with pytest.raises(AssertionError):
        check(description, "facets", {"links": [], "facets": [{"name": "a", "facets": [], "more": 1}]})
