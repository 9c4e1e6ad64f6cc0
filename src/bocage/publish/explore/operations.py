"""The operations of the standard, as one table: dispatch and the OpenAPI document both read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bocage.publish.explore import catalogue, datasets, exports, openapi
from bocage.publish.explore import parameters as p

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.explore.call import Call

SEGMENT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    """`path` is below the root of the interface, without slashes at its ends; `{name}` is one segment."""

    path: str
    identifier: str
    view: Callable[[Call], HttpResponseBase]
    summary: str
    parameters: tuple[p.Parameter, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(SEGMENT.sub(r"(?P<\1>[^/]+)", self.path))


_DATASET = "catalog/datasets/{dataset_id}"
_META = (p.SELECT, p.LANG, p.TIMEZONE, p.INCLUDE_LINKS, p.INCLUDE_APP_METAS)

OPERATIONS = (
    Operation("", "getRoot", catalogue.landing, "Entry point"),
    Operation("swagger.json", "getDescription", openapi.description, "This description"),
    Operation("catalog", "getCatalog", catalogue.catalog, "Parts of the catalogue"),
    Operation("catalog/datasets", "getDatasets", catalogue.datasets, "Query the catalogue", p.RECORDS),
    Operation("catalog/facets", "getDatasetsFacets", catalogue.facets, "Count datasets by facet", p.FACETS),
    Operation("catalog/exports", "listExportFormats", exports.catalogue_formats, "Export formats of the catalogue"),
    Operation(
        "catalog/exports/{format}",
        "exportDatasets",
        exports.catalogue_export,
        "Export the catalogue",
        p.CATALOGUE_EXPORT,
    ),
    Operation(_DATASET, "getDataset", datasets.dataset, "Describe a dataset", _META),
    Operation(f"{_DATASET}/records", "getRecords", datasets.records, "Query records", p.RECORDS),
    Operation(
        f"{_DATASET}/records/{{record_id}}",
        "getRecord",
        datasets.record,
        "Read one record",
        (p.SELECT, p.LANG, p.TIMEZONE),
    ),
    Operation(f"{_DATASET}/facets", "getRecordsFacets", datasets.facets, "Count records by facet", p.FACETS),
    Operation(f"{_DATASET}/attachments", "getDatasetAttachments", datasets.attachments, "List attached files"),
    Operation(
        f"{_DATASET}/exports", "listDatasetExportFormats", exports.dataset_formats, "Export formats of a dataset"
    ),
    Operation(f"{_DATASET}/exports/{{format}}", "exportRecords", exports.dataset_export, "Export a dataset", p.EXPORT),
)


def find_operation(path: str) -> tuple[Operation, Mapping[str, str]] | None:
    """The operation at `path`, however many slashes it has, and the values of its variable segments."""
    plain = "/".join(part for part in path.split("/") if part)
    for operation in OPERATIONS:
        if match := operation.pattern.fullmatch(plain):
            return operation, match.groupdict()
    return None
