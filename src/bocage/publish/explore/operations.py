"""The operations of the standard, as one table: dispatch and the OpenAPI document both read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bocage.publish.explore import attachments, catalogue, datasets, exports, openapi
from bocage.publish.explore import parameters as p
from bocage.publish.explore.operation import Operation

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.explore.call import Call


def description(call: Call) -> HttpResponse:
    return openapi.description(call, OPERATIONS)


_DATASET = "catalog/datasets/{dataset_id}"
_META = (p.SELECT, p.LANG, p.TIMEZONE, p.INCLUDE_LINKS, p.INCLUDE_APP_METAS)

OPERATIONS = (
    Operation("", "getRoot", catalogue.landing, "Entry point"),
    Operation("swagger.json", "getDescription", description, "This description"),
    Operation("catalog", "getCatalog", catalogue.catalog, "Parts of the catalogue"),
    Operation("catalog/datasets", "getDatasets", catalogue.datasets, "Query the catalogue", p.RECORDS),
    Operation("catalog/facets", "getDatasetsFacets", catalogue.facets, "Count datasets by facet", p.FACETS),
    Operation("catalog/metadata_templates", "getMetadataTemplates", catalogue.metadata_templates, "Fields of metadata"),
    Operation("catalog/exports", "listExportFormats", exports.catalogue_formats, "Export formats of the catalogue"),
    Operation(
        "catalog/exports/{format}",
        "exportDatasets",
        exports.catalogue_export,
        "Export the catalogue",
        p.CATALOGUE_EXPORT,
    ),
    Operation(_DATASET, "getDataset", datasets.dataset, "Describe a dataset", _META),
    Operation(f"{_DATASET}/records", "getRecords", datasets.records, "Query records", p.PAST_RECORDS),
    Operation(
        f"{_DATASET}/records/{{record_id}}",
        "getRecord",
        datasets.record,
        "Read one record",
        (p.SELECT, p.LANG, p.TIMEZONE, p.AS_OF),
    ),
    Operation(f"{_DATASET}/facets", "getRecordsFacets", datasets.facets, "Count records by facet", p.PAST_FACETS),
    Operation(f"{_DATASET}/attachments", "getDatasetAttachments", attachments.attachments, "List attached files"),
    Operation(
        f"{_DATASET}/attachments/{{attachment_id}}", "getDatasetAttachment", attachments.attachment, "Attached file"
    ),
    Operation(
        f"{_DATASET}/exports", "listDatasetExportFormats", exports.dataset_formats, "Export formats of a dataset"
    ),
    Operation(
        f"{_DATASET}/exports/{{format}}", "exportRecords", exports.dataset_export, "Export a dataset", p.PAST_EXPORT
    ),
)


def find_operation(path: str) -> tuple[Operation, Mapping[str, str]] | None:
    """The operation at `path`, however many slashes it has, and the values of its variable segments."""
    plain = "/".join(part for part in path.split("/") if part)
    for operation in OPERATIONS:
        if match := operation.pattern.fullmatch(plain):
            return operation, match.groupdict()
    return None
