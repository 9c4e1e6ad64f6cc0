"""A dataset in the words of the standard (explore-api 3.5): the catalogue item, its fields, its `metas`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bocage.access.rules import decide
from bocage.access.vocabulary import Action, Visibility
from bocage.catalog.uses.selectors import NEVER_USED
from bocage.catalog.vocabulary import FieldType, Licence

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.catalog.models import Dataset
    from bocage.catalog.uses.selectors import Told
    from bocage.publish.explore.call import Call
    from bocage.store.models import Attachment

TYPE_NAMES = {
    FieldType.STRING: "text",
    FieldType.INTEGER: "int",
    FieldType.NUMBER: "double",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.GEOPOINT: "geo_point_2d",
    FieldType.GEOMETRY: "geo_shape",
    FieldType.ARRAY: "text",
    FieldType.OBJECT: "json_blob",
}

METAS = (
    "records_count",
    "modified",
    "title",
    "description",
    "keyword",
    "theme",
    "publisher",
    "license",
    "license_url",
    "language",
    "metadata_languages",
    "timezone",
    "territory",
    "geographic_reference",
    "geographic_reference_auto",
    "geographic_area",
    "geographic_area_mode",
    "references",
    "attributions",
    "source_domain",
    "source_domain_title",
    "source_domain_address",
    "source_dataset",
    "parent_domain",
    "shared_catalog",
    "federated",
    "oauth_scope",
    "metadata_processed",
    "data_processed",
    "modified_updates_on_data_change",
    "modified_updates_on_metadata_change",
)
"""Keys of the template `default`, in the order of the standard."""

PRECISIONS = {FieldType.DATE: "day", FieldType.DATETIME: "second"}


def field_document(field: Field, primary_key: list[str]) -> dict[str, Any]:
    document = {
        "name": field.name,
        "label": field.label or field.name,
        "description": field.description or None,
        "type": TYPE_NAMES[field.type],
        "annotations": annotations_of(field, primary_key),
    }
    if field.annotations.semantic_type:
        document["semantic_type"] = field.annotations.semantic_type
    return document


def annotations_of(field: Field, primary_key: list[str]) -> dict[str, list[str]]:
    """Each annotation with its arguments, none being an empty list (explore-api 3.5)."""
    said = field.annotations
    precision = said.timeserie_precision or PRECISIONS.get(field.type, "")
    multivalued = (said.multivalued or ",") if field.type == FieldType.ARRAY else ""
    flags = {
        "facet": said.facet,
        "disjunctive": said.disjunctive,
        "sortable": said.sortable,
        "id": field.name in primary_key,
    }
    arguments = {
        "facetsort": said.facet_sort,
        "hierarchical": said.separator,
        "multivalued": multivalued,
        "timeserie_precision": precision,
        "unit": said.unit,
    }
    told: dict[str, list[str]] = {name: [] for name, told in flags.items() if told}
    return told | {name: [argument] for name, argument in arguments.items() if argument}


def features_of(fields: list[Field]) -> list[str]:
    """What can be done with the data, by the types that are in it."""
    if not fields:
        return []
    kinds = {field.type for field in fields}
    features = ["analyze"]
    if kinds & {FieldType.DATE, FieldType.DATETIME}:
        features.append("timeserie")
    if any(kind.is_geographic for kind in kinds):
        features.append("geo")
    return features


def metas_of(dataset: Dataset, domain: str) -> dict[str, Any]:
    """Every key of the `default` template, null when there is nothing to say: clients read them without looking."""
    modified = dataset.data_updated_at or dataset.metadata_updated_at
    processed = dataset.data_updated_at.isoformat() if dataset.data_updated_at else None
    licence = Licence(dataset.licence)
    return {
        "records_count": dataset.row_count or 0,
        "modified": modified.isoformat(),
        "title": dataset.title,
        "description": dataset.description or None,
        "keyword": list(dataset.keywords) or None,
        "theme": dataset.theme_labels or None,
        "publisher": dataset.organization.name,
        "license": str(licence.label),
        "license_url": licence.url or None,
        "language": dataset.language,
        "metadata_languages": [dataset.language],
        "timezone": None,
        "territory": list(dataset.territory) or None,
        "geographic_reference": None,
        "geographic_reference_auto": False,
        "geographic_area": None,
        "geographic_area_mode": None,
        "references": dataset.source or None,
        "attributions": [dataset.attributions] if dataset.attributions else None,
        "source_domain": None,
        "source_domain_title": None,
        "source_domain_address": None,
        "source_dataset": None,
        "parent_domain": domain,
        "shared_catalog": None,
        "federated": False,
        "oauth_scope": None,
        "metadata_processed": dataset.metadata_updated_at.isoformat(),
        "data_processed": processed,
        "modified_updates_on_data_change": True,
        "modified_updates_on_metadata_change": False,
    }


def app_metas_of(use: Told | None) -> dict[str, Any]:
    """Template `explore`: what is counted of the use of a dataset. None: it is not for the viewer to know."""
    if use is None:
        return {"download_count": None, "api_call_count": None, "popularity_score": None}
    return {"download_count": use.downloads, "api_call_count": use.calls, "popularity_score": use.popularity}


def dataset_document(
    call: Call, dataset: Dataset, attachments: Sequence[Attachment], use: Told = NEVER_USED
) -> dict[str, Any]:
    """The catalogue item, of a dataset as the viewer sees it (`query.facts`)."""
    fields, readable = dataset.fields, bool(decide(call.viewer, Action.READ, dataset))
    document: dict[str, Any] = {
        "visibility": "domain" if dataset.visibility == Visibility.OPEN else "restricted",
        "dataset_id": dataset.slug,
        "dataset_uid": dataset.uid,
        "has_records": dataset.version_number is not None,
        "features": features_of(fields) if readable else [],
        "attachments": [attachment_document(one) for one in attachments],
        "alternative_exports": [],
        "data_visible": readable,
        "fields": [field_document(field, dataset.primary_key) for field in fields],
        "metas": {"default": metas_of(dataset, urlsplit(call.root).netloc)},
    }
    if call.given.get("include_app_metas"):
        document["metas"]["explore"] = app_metas_of(use if readable else None)
    if call.given.get("include_links"):
        document["_links"] = dataset_links(call, dataset.slug)
    return document


def attachment_document(one: Attachment) -> dict[str, str]:
    """A document joined to a dataset. Clients find its bytes by its identifier; `odsfile` is what they know it by."""
    return {"mimetype": one.media_type, "url": file_url(one), "id": one.identifier, "title": one.title}


def file_url(one: Attachment) -> str:
    return f"odsfile://{one.filename}"


def dataset_links(call: Call, slug: str) -> list[dict[str, str]]:
    base = ("catalog", "datasets", slug)
    return [
        {"href": call.address(*base), "rel": "self"},
        {"href": call.address("catalog", "datasets"), "rel": "datasets"},
        {"href": call.address(*base, "records"), "rel": "records"},
        {"href": call.address(*base, "exports"), "rel": "exports"},
        {"href": call.address(*base, "facets"), "rel": "facets"},
    ]


def page_links(call: Call, segments: tuple[str, ...], total: int, limit: int, offset: int) -> list[dict[str, str]]:
    """self, first, last, next and previous of a page; the other parameters are kept as they were given."""

    def link(rel: str, start: int) -> dict[str, str]:
        query = call.again
        query["limit"], query["offset"] = str(limit), str(start)
        return {"href": f"{call.address(*segments)}?{query.urlencode()}", "rel": rel}

    links = [link("self", offset), link("first", 0)]
    if limit > 0:
        links.append(link("last", max(total - 1, 0) // limit * limit))
        if offset + limit < total:
            links.append(link("next", offset + limit))
        if offset > 0:
            links.append(link("prev", max(offset - limit, 0)))
    return links
