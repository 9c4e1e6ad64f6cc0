"""What the answers of the standard are made of, written again from the facts of its reference (explore-api 3.5, 3.6, 3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

STRING, INTEGER, BOOLEAN = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
COUNT = {"type": "integer", "minimum": 0}
TEXTS = {"type": "array", "items": STRING}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$"}
NAME = {"type": "string", "minLength": 1}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def made_of(required: Mapping[str, Schema], **others: Schema) -> Schema:
    """Nothing else may be there."""
    return {
        "type": "object", "required": sorted(required), "properties": {**required, **others}, "additionalProperties": False,
    }  # fmt: skip


LINK = made_of({"href": {"type": "string", "pattern": "^https?://"}, "rel": NAME})
LINKS = many(LINK)
TYPES = ("text", "int", "double", "boolean", "date", "datetime", "geo_point_2d", "geo_shape", "file", "json_blob")
ANNOTATIONS = {
    "type": "object",
    "propertyNames": {
        "enum": [
            "facet", "facetsort", "disjunctive", "hierarchical", "sortable", "multivalued", "id", "timeserie_precision", "unit",
        ]
    },
    "additionalProperties": TEXTS,
}  # fmt: skip
FIELD = made_of(
    {"name": NAME, "label": NAME, "description": maybe(STRING), "type": {"enum": TYPES}, "annotations": ANNOTATIONS},
    semantic_type=STRING,
)
METAS = made_of(
    {
        "records_count": COUNT, "modified": INSTANT, "title": NAME, "description": maybe(STRING), "keyword": maybe(TEXTS),
        "theme": maybe(TEXTS), "publisher": NAME, "license": NAME, "license_url": maybe(STRING), "language": STRING,
        "metadata_languages": TEXTS, "timezone": maybe(STRING), "territory": maybe(TEXTS),
        "geographic_reference": maybe(TEXTS), "geographic_reference_auto": BOOLEAN, "geographic_area": {},
        "geographic_area_mode": maybe(STRING), "references": maybe(STRING), "attributions": maybe(TEXTS),
        "source_domain": maybe(STRING), "source_domain_title": maybe(STRING), "source_domain_address": maybe(STRING),
        "source_dataset": maybe(STRING), "parent_domain": maybe(STRING), "shared_catalog": maybe(STRING),
        "federated": BOOLEAN, "oauth_scope": maybe(STRING), "metadata_processed": INSTANT, "data_processed": maybe(INSTANT),
        "modified_updates_on_data_change": BOOLEAN, "modified_updates_on_metadata_change": BOOLEAN,
    }
)  # fmt: skip
ATTACHMENT = made_of({"mimetype": NAME, "url": {"type": "string", "pattern": "^odsfile://"}, "id": NAME, "title": NAME})
DATASET = made_of(
    {
        "dataset_id": NAME, "dataset_uid": {"type": "string", "pattern": "^da_"}, "attachments": many(ATTACHMENT),
        "alternative_exports": {"type": "array"}, "has_records": BOOLEAN, "data_visible": BOOLEAN,
        "visibility": {"enum": ["domain", "restricted"]},
        "features": many({"enum": ["analyze", "timeserie", "geo", "calendar", "image", "apiproxy"]}),
        "fields": many(FIELD),
        "metas": {"type": "object", "required": ["default"], "properties": {"default": METAS, "explore": {"type": "object"}}},
    },
    _links=LINKS,
)  # fmt: skip
DATASETS = made_of({"total_count": COUNT, "results": many(DATASET)}, _links=LINKS)
RECORDS = made_of({"total_count": COUNT, "results": many({"type": "object"})}, _links=LINKS)
VALUE: dict[str, Any] = {
    "type": "object",
    "required": ["name", "value", "state"],
    "properties": {
        "name": STRING, "value": STRING, "count": COUNT, "state": {"enum": ["displayed", "refined", "excluded"]},
        "facets": {"type": "array", "items": {"$ref": "#/$defs/value"}},
    },
    "additionalProperties": False,
    "if": {"properties": {"state": {"const": "excluded"}}},
    "then": {"not": {"required": ["count"]}},
    "else": {"required": ["count"]},
}  # fmt: skip
FACETS = made_of(
    {"links": LINKS, "facets": many(made_of({"name": NAME, "facets": many({"$ref": "#/$defs/value"})}))}
) | {"$defs": {"value": VALUE}}
FORMATS = made_of({"links": {**LINKS, "minItems": 1}})
ATTACHMENTS = made_of(
    {
        "links": LINKS,
        "attachments": many(
            made_of({"href": NAME, "metas": made_of({"mime-type": NAME, "title": NAME, "url": NAME, "id": NAME})})
        ),
    }
)
ERROR = made_of({"error_code": NAME, "message": NAME})

POINT = made_of({"lon": {"type": "number"}, "lat": {"type": "number"}})
SHAPE = made_of(
    {
        "type": {"const": "Feature"},
        "geometry": {"type": "object", "required": ["type", "coordinates"]},
        "properties": {"type": "object"},
    }
)
VALUES: dict[str, Schema] = {
    "nom": STRING, "quartier": STRING, "chemin": STRING, "services": STRING, "places": INTEGER, "taux": {"type": "number"},
    "ouvert": BOOLEAN, "jour": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}, "maj": INSTANT, "tags": TEXTS,
    "brut": {"type": ["object", "array"]}, "centre": POINT, "contour": SHAPE,
}  # fmt: skip
RECORD = made_of({name: maybe(schema) for name, schema in VALUES.items()})
"""A record of the dataset of conftest: every field is there, missing values are null."""
