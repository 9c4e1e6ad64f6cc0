"""What answers are made of, for `swagger.json`. A test compares every kind of answer with its schema."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def optional(kind: str, **more: Any) -> Schema:
    return {"type": kind, "nullable": True, **more}


def table(required: str, **properties: Schema) -> Schema:
    """An object with these properties; `required`: the names that are always there."""
    return {"type": "object", "required": required.split(), "properties": properties}


TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TEXTS = optional("array", items=TEXT)
INSTANT = optional("string", format="date-time")

LINK = table("href rel", href={"type": "string", "format": "uri"}, rel=TEXT)
FIELD = table(
    "name label description type annotations",
    name=TEXT,
    label=TEXT,
    description=optional("string"),
    type={
        "type": "string",
        "enum": [
            "text", "int", "double", "boolean", "date", "datetime", "geo_point_2d", "geo_shape", "file", "json_blob",
        ],
    },
    annotations={
        "type": "object",
        "description": "Each annotation with the list of its arguments.",
        "additionalProperties": array(TEXT),
    },
    semantic_type=TEXT,
)  # fmt: skip
METAS = table(
    "records_count modified title description keyword theme publisher license license_url language",
    records_count=COUNT,
    modified=INSTANT,
    title=TEXT,
    description=optional("string"),
    keyword=TEXTS,
    theme=TEXTS,
    publisher=optional("string"),
    license=optional("string"),
    license_url=optional("string"),
    language=optional("string"),
    metadata_languages=TEXTS,
    timezone=optional("string"),
    territory=TEXTS,
    geographic_reference=TEXTS,
    geographic_reference_auto=optional("boolean"),
    geographic_area=optional("object"),
    geographic_area_mode=optional("string"),
    references=optional("string"),
    attributions=TEXTS,
    source_domain=optional("string"),
    source_domain_title=optional("string"),
    source_domain_address=optional("string"),
    source_dataset=optional("string"),
    parent_domain=optional("string"),
    shared_catalog=optional("boolean"),
    federated=optional("boolean"),
    oauth_scope=optional("string"),
    metadata_processed=INSTANT,
    data_processed=INSTANT,
    modified_updates_on_data_change=optional("boolean"),
    modified_updates_on_metadata_change=optional("boolean"),
)
DATASET = table(
    "dataset_id dataset_uid has_records features attachments alternative_exports data_visible visibility fields metas",
    dataset_id=TEXT,
    dataset_uid=TEXT,
    has_records={"type": "boolean"},
    features=array(TEXT),
    attachments=array(table("mimetype url id title", mimetype=TEXT, url=TEXT, id=TEXT, title=TEXT)),
    alternative_exports=array({"type": "object"}),
    data_visible={"type": "boolean"},
    visibility={"type": "string", "enum": ["domain", "restricted"]},
    fields=array(ref("field")),
    metas={
        "type": "object",
        "required": ["default"],
        "properties": {"default": ref("metas")},
        "additionalProperties": {"type": "object"},
    },
    _links=array(ref("link")),
)
RECORD: Schema = {
    "type": "object",
    "description": "One key for each field or expression of `select`; null where there is no value.",
    "additionalProperties": True,
    "properties": {
        "_id": TEXT,
        "_timestamp": INSTANT,
        "_size": optional("integer"),
        "_links": array(ref("link")),
    },
}
FACET_VALUE = table(
    "name value state",
    name=TEXT,
    value=TEXT,
    count=COUNT,
    state={"type": "string", "enum": ["displayed", "refined", "excluded"]},
    facets=array(ref("facet_value")),
)
ATTACHMENT = table(
    "href metas",
    href={"type": "string", "format": "uri"},
    metas={
        "type": "object",
        "required": ["mime-type", "title", "url", "id"],
        "properties": {"mime-type": TEXT, "title": TEXT, "url": TEXT, "id": TEXT},
    },
)
SCHEMAS: dict[str, Schema] = {
    "link": LINK,
    "links": table("links", links=array(ref("link"))),
    "field": FIELD,
    "metas": METAS,
    "dataset": DATASET,
    "datasets": table(
        "total_count results",
        total_count=COUNT,
        results=array({"anyOf": [ref("dataset"), ref("record")]}),
        _links=array(ref("link")),
    ),
    "record": RECORD,
    "records": table("total_count results", total_count=COUNT, results=array(ref("record")), _links=array(ref("link"))),
    "facet_value": FACET_VALUE,
    "facets": table(
        "links facets",
        links=array(ref("link")),
        facets=array(table("name facets", name=TEXT, facets=array(ref("facet_value")))),
    ),
    "attachments": table("links attachments", links=array(ref("link")), attachments=array(ATTACHMENT)),
    "error": table("error_code message", error_code=TEXT, message=TEXT),
    "quota_error": table(
        "errorcode error call_limit limit_time_unit reset_time",
        errorcode={"type": "integer", "enum": [10002, 10005]},
        error=TEXT,
        call_limit=COUNT,
        limit_time_unit={"type": "string", "enum": ["day"]},
        reset_time={"type": "string", "format": "date-time"},
    ),
}
