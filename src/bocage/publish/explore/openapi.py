"""`swagger.json`: OpenAPI 3.0.3, made from the table of operations that answers the requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import bocage
from bocage.publish.explore import parameters as p
from bocage.publish.explore.answers import json_answer
from bocage.publish.explore.exports import CATALOGUE_FORMATS
from bocage.publish.explore.openapi_schemas import SCHEMAS, ref
from bocage.publish.explore.operation import SEGMENT
from bocage.publish.files import FORMATS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.explore.call import Call
    from bocage.publish.explore.operation import Operation
    from bocage.publish.explore.parameters import Parameter

Document = dict[str, Any]

KINDS: dict[str, Document] = {
    "text": {"type": "string", "maxLength": p.LONGEST_TEXT},
    "texts": {
        "type": "array",
        "maxItems": p.MOST_REPEATED,
        "items": {"type": "string", "maxLength": p.LONGEST_TEXT},
    },
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "choice": {"type": "string"},
    "timezone": {"type": "string"},
}
ANSWERS = {
    "getRoot": "links", "getCatalog": "links", "getDescription": "", "getMetadataTemplates": "",
    "getDatasets": "datasets", "getDatasetsFacets": "facets",
    "listExportFormats": "links", "getDataset": "dataset", "getRecords": "records", "getRecord": "record",
    "getRecordsFacets": "facets", "getDatasetAttachments": "attachments", "listDatasetExportFormats": "links",
}  # fmt: skip
"""The schema of each operation; an empty one is any object. What is not here answers a file."""
SECURITY: Document = {
    "apikey": {"type": "apiKey", "in": "query", "name": "apikey", "description": "A key of the page “My keys”."},
    "authorization": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Authorization: Apikey <key>`, the first word in any case.",
    },
    "bearer": {"type": "http", "scheme": "bearer", "description": "The same key, for clients that send a token."},
}
_FILE = frozenset(parameter.name for parameter in p.FILE)
_DCAT = frozenset({p.INCLUDE_EXPORTS.name, p.USE_LABELS_IN_EXPORTS.name})
_EVERY = frozenset({p.USE_LABELS.name, p.COMPRESSED.name, p.EPSG.name})
_CSV = frozenset({p.DELIMITER.name, p.LIST_SEPARATOR.name, p.QUOTE_ALL.name, p.WITH_BOM.name})


@dataclass(frozen=True)
class Variant:
    """An export as the standard lists it beside the general one: same operation, its own parameters."""

    of: str
    format: str
    identifier: str
    summary: str
    parameters: frozenset[str]


VARIANTS = (
    Variant("exportDatasets", "csv", "exportCatalogCSV", "Export the catalogue in CSV", _CSV),
    Variant("exportDatasets", "dcat", "exportCatalogDCAT", "Export the catalogue in RDF (DCAT)", _DCAT),
    Variant(
        "exportDatasets", "dcat{dcat_ap_format}", "exportCatalogDCATAP", "Export the catalogue in a DCAT-AP", _DCAT
    ),
    Variant("exportRecords", "csv", "exportRecordsCSV", "Export a dataset in CSV", _EVERY | _CSV),
    Variant(
        "exportRecords", "parquet", "exportRecordsParquet", "Export a dataset in Parquet",
        _EVERY | {p.PARQUET_COMPRESSION.name},
    ),
    Variant(
        "exportRecords", "gpx", "exportRecordsGPX", "Export a dataset in GPX",
        _EVERY | {p.NAME_FIELD.name, p.DESCRIPTION_FIELDS.name, p.USE_EXTENSION.name},
    ),
)  # fmt: skip
GENERAL = {"exportDatasets": frozenset[str](), "exportRecords": _EVERY}


def description(call: Call, operations: Sequence[Operation]) -> HttpResponse:
    """getDescription."""
    key = call.key("openapi", call.root)
    return json_answer(call, key, lambda: document(call.root, operations), open_data=True)


def document(root: str, operations: Sequence[Operation]) -> Document:
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Explore API",
            "version": "2.1",
            "description": "Search, query and export the datasets of this portal.",
            "x-implementation": f"Bocage {bocage.__version__}",
        },
        "servers": [{"url": root}],
        "security": [{}, *({name: []} for name in SECURITY)],
        "tags": [{"name": "Catalog"}, {"name": "Dataset"}],
        "paths": dict(_paths(operations)),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": SECURITY,
            "parameters": _shared(operations),
            "responses": RESPONSES,
        },
    }


def _paths(operations: Sequence[Operation]) -> Iterator[tuple[str, Document]]:
    for operation in operations:
        for variant in VARIANTS:
            if variant.of == operation.identifier:
                path = operation.path.replace("{format}", variant.format)
                yield (
                    "/" + path,
                    _path_item(operation, path, variant.identifier, variant.summary, variant.parameters),
                )
        kept = GENERAL.get(operation.identifier, _FILE | _DCAT)
        yield "/" + operation.path, _path_item(operation, operation.path, operation.identifier, operation.summary, kept)


def _path_item(operation: Operation, path: str, identifier: str, summary: str, kept: frozenset[str]) -> Document:
    """GET, and POST with the same parameters in a form. `kept`: of the parameters of files, those that are of use here."""
    told = [one for one in operation.parameters if one.name in kept or one.name not in _FILE | _DCAT]
    segments = [_segment(operation, name) for name in SEGMENT.findall(path)]
    shared = {
        "summary": summary,
        "tags": ["Dataset" if "{dataset_id}" in path else "Catalog"],
        "responses": {"200": _found(operation)} | {code: _response(code) for code in RESPONSES},
    }
    by_address = {"operationId": identifier, "parameters": [*segments, *map(_reference, told)], **shared}
    by_body = {"operationId": f"{identifier}ByPost", "parameters": segments, **shared}
    if told:
        by_body["requestBody"] = {"content": {kind: {"schema": _form(told)} for kind in BODIES}}
    return {"get": by_address, "post": by_body}


BODIES = ("application/x-www-form-urlencoded", "application/json")


def _form(told: Sequence[Parameter]) -> Document:
    return {"type": "object", "properties": {one.name: schema_of(one) for one in told}}


def _segment(operation: Operation, name: str) -> Document:
    schema: Document = {"type": "string"}
    if name == "format":
        schema["enum"] = list(CATALOGUE_FORMATS if operation.identifier == "exportDatasets" else FORMATS)
    if name == "dcat_ap_format":
        schema["enum"] = [kind.removeprefix("dcat") for kind in CATALOGUE_FORMATS if kind.startswith("dcat_ap")]
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _found(operation: Operation) -> Document:
    name = ANSWERS.get(operation.identifier)
    if name is None:
        return {"description": "The file", "content": {"*/*": {}}}  # JSON among others
    return {"description": "Found", "content": {"application/json": {"schema": ref(name) if name else OBJECT}}}


OBJECT: Document = {"type": "object"}


def _fault(description: str, schema: str = "error") -> Document:
    return {"description": description, "content": {"application/json": {"schema": ref(schema)}}}


RESPONSES: dict[str, Document] = {
    "400": _fault("A parameter or a clause is wrong: `error_code` says which kind, `message` where"),
    "401": {"description": "The key opens nothing: unknown, expired or revoked"},
    "404": _fault("No such thing, or none that the caller may see"),
    "405": _fault("Another method"),
    "410": _fault("It was there, and is no more"),
    "413": _fault("The body is too long"),
    "414": {"description": "The address is too long: send the parameters in the body of a POST"},
    "429": _fault("Too many calls today", "quota_error"),
    "500": _fault("A fault of the server, which is recorded"),
    "503": _fault("The server is busy, or the query takes too long"),
}


def _response(code: str) -> Document:
    return {"$ref": f"#/components/responses/{code}"}


def _key(parameter: Parameter) -> str:
    """`limit` is not the same of a page and of an export."""
    return f"{parameter.name}_export" if parameter == p.EXPORT_LIMIT else parameter.name


def _reference(parameter: Parameter) -> Document:
    return {"$ref": f"#/components/parameters/{_key(parameter)}"}


def _shared(operations: Sequence[Operation]) -> Document:
    return {_key(one): parameter_object(one) for operation in operations for one in operation.parameters}


def schema_of(parameter: Parameter) -> Document:
    schema = dict(KINDS[parameter.kind])
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter == p.LIMIT:
        schema |= {"minimum": -1, "maximum": p.MOST_GROUPS}
    if parameter == p.EXPORT_LIMIT:
        schema["minimum"] = -1
    if parameter == p.OFFSET:
        schema |= {"minimum": 0, "maximum": p.MOST_GROUPS}
    if parameter.default not in ("", ()):
        schema["default"] = parameter.default
    return schema


def parameter_object(parameter: Parameter) -> Document:
    told = {"name": parameter.name, "in": "query", "description": parameter.description, "schema": schema_of(parameter)}
    return told | ({"style": "form", "explode": True} if parameter.kind == "texts" else {})
