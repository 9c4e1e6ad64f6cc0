"""The catalogue as an Arrow table: one row per dataset, built by one query of the database for each revision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from django.conf import settings
from django.db.models import Count, Max
from django.utils import translation
from django.utils.translation import gettext_noop

from bocage.access.restrictions import kept_from_somebody
from bocage.access.vocabulary import Visibility
from bocage.catalog.fields import Field
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import catalogue_revision
from bocage.catalog.uses.selectors import faded, last_counted
from bocage.catalog.vocabulary import FieldType, Licence, Theme
from bocage.query.facts import announced_facts, seen_facts

T = FieldType
USES = {"explore.download_count": T.INTEGER, "explore.api_call_count": T.INTEGER, "explore.popularity_score": T.NUMBER}
"""What is counted of the use of a dataset, and clients sort by; missing where data are given on request."""
FIELDS: tuple[Field, ...] = (
    Field("dataset_id", T.STRING, gettext_noop("Identifier")),
    Field("datasetid", T.STRING),
    Field("dataset_uid", T.STRING),
    Field("title", T.STRING, gettext_noop("Title")),
    Field("description", T.STRING, gettext_noop("Description")),
    Field("keyword", T.ARRAY, gettext_noop("Keywords")),
    Field("theme", T.ARRAY, gettext_noop("Themes")),
    Field("theme_code", T.ARRAY),
    Field("publisher", T.STRING, gettext_noop("Publisher")),
    Field("organization", T.STRING, gettext_noop("Organisation")),
    Field("organization_kind", T.STRING),
    Field("territory", T.ARRAY, gettext_noop("Territory")),
    Field("license", T.STRING, gettext_noop("Licence")),
    Field("license_code", T.STRING),
    Field("license_url", T.STRING),
    Field("language", T.STRING),
    Field("modified", T.DATETIME, gettext_noop("Last change")),
    Field("data_processed", T.DATETIME),
    Field("metadata_processed", T.DATETIME),
    Field("created", T.DATETIME),
    Field("records_count", T.INTEGER, gettext_noop("Number of records")),
    Field("has_records", T.BOOLEAN),
    Field("visibility", T.STRING),
    Field("update_frequency", T.STRING, gettext_noop("Update frequency")),
    Field("features", T.ARRAY, gettext_noop("Features")),
    Field("field_names", T.STRING),
    Field("attributions", T.STRING),
    Field("references", T.STRING),
    Field("bbox", T.OBJECT),
    Field("metadata_languages", T.ARRAY),
    Field("timezone", T.STRING),
    Field("geographic_reference", T.ARRAY),
    Field("geographic_reference_auto", T.BOOLEAN),
    Field("geographic_area_mode", T.STRING),
    Field("source_domain", T.STRING),
    Field("source_domain_title", T.STRING),
    Field("source_domain_address", T.STRING),
    Field("source_dataset", T.STRING),
    Field("shared_catalog", T.STRING),
    Field("federated", T.BOOLEAN),
    Field("oauth_scope", T.STRING),
    Field("modified_updates_on_data_change", T.BOOLEAN),
    Field("modified_updates_on_metadata_change", T.BOOLEAN),
    *(Field(name, kind) for name, kind in USES.items()),
)
"""What a query may name, in the order of `*`."""

_ARROW: dict[FieldType, pa.DataType] = {
    T.STRING: pa.string(),
    T.ARRAY: pa.list_(pa.string()),
    T.DATETIME: pa.timestamp("us", "UTC"),
    T.INTEGER: pa.int64(),
    T.NUMBER: pa.float64(),
    T.BOOLEAN: pa.bool_(),
    T.OBJECT: pa.string(),
}
_BESIDE: dict[str, pa.DataType] = {
    "_row": pa.int64(), "organization_id": pa.int64(), "_visibility": pa.string(), "_published": pa.bool_(),
    "_begins": pa.date32(), "_ends": pa.date32(),
}  # fmt: skip
"""Columns that no query may name: the order, what the rule of rights asks, what `record_table` reads. `_published`: there are data,
whoever may read them."""
_SCHEMA = pa.schema([*_BESIDE.items(), *((field.name, _ARROW[field.type]) for field in FIELDS)])
_READ = (
    "uid", "slug", "title", "description", "keywords", "themes", "organization_id", "organization__name",
    "organization__slug", "organization__kind", "territory", "licence", "language", "data_updated_at",
    "metadata_updated_at", "created_at", "row_count", "visibility", "update_frequency", "schema", "geometry_types",
    "attributions", "source", "bbox", "version_number", "temporal_start", "temporal_end",
    "use__downloads", "use__calls", "use__score", "use__counted_on",
)  # fmt: skip
_CHUNK = 5_000


def current_key() -> str:
    """Grows with every change; the facts after the revision tell apart two histories that reached the same number."""
    facts = Dataset.objects.aggregate(number=Count("pk"), last=Max("metadata_updated_at"))
    return f"catalogue {catalogue_revision()} {facts['number']} {facts['last']}"


def catalogue_table() -> pa.Table:
    """Columns of FIELDS, `organization_id` for the rule of rights, `_row` in the order of titles. One table for all readers: of a
    dataset with rules, or whose data are given on request, it says what can be told to any.

    Labels of codes are in the language of the platform, as every reader of the API must see the same."""
    with translation.override(settings.LANGUAGE_CODE):
        batches = list(_batches())
    return pa.Table.from_batches(batches, _SCHEMA)


def _batches() -> Iterator[pa.RecordBatch]:
    rows = Dataset.objects.order_by("title", "slug").values_list(*_READ).iterator(chunk_size=_CHUNK)
    themes = {theme.value: str(theme.label) for theme in Theme}
    licences = {licence.value: (str(licence.label), licence.url) for licence in Licence}
    kept, last = kept_from_somebody(), last_counted()
    waiting: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        read = dict(zip(_READ, row, strict=True))
        read["published"] = read["version_number"] is not None
        if read["uid"] in kept:
            read |= seen_facts(read, kept[read["uid"]])
        if read["visibility"] == Visibility.REQUEST:
            read |= announced_facts(read)
        waiting.append(_row(number, read, themes, licences) | _uses(read, last))
        if len(waiting) == _CHUNK:
            yield pa.RecordBatch.from_pylist(waiting, _SCHEMA)
            waiting = []
    if waiting:
        yield pa.RecordBatch.from_pylist(waiting, _SCHEMA)


def _row(
    number: int, read: dict[str, Any], themes: dict[str, str], licences: dict[str, tuple[str, str]]
) -> dict[str, Any]:
    label, url = licences.get(read["licence"], (read["licence"], ""))
    codes = [str(code) for code in read["themes"]]
    return {
        "_row": number,
        "organization_id": read["organization_id"],
        "_visibility": read["visibility"],
        "_published": read["published"],
        "_begins": read["temporal_start"],
        "_ends": read["temporal_end"],
        "dataset_id": read["slug"],
        "datasetid": read["slug"],
        "dataset_uid": read["uid"],
        "title": read["title"],
        "description": read["description"],
        "keyword": [str(keyword) for keyword in read["keywords"]],
        "theme": [themes.get(code, code) for code in codes],
        "theme_code": codes,
        "publisher": read["organization__name"],
        "organization": read["organization__slug"],
        "organization_kind": read["organization__kind"],
        "territory": [str(code) for code in read["territory"]],
        "license": label,
        "license_code": read["licence"],
        "license_url": url or None,
        "language": read["language"],
        "modified": _modified(read),
        "data_processed": read["data_updated_at"],
        "metadata_processed": read["metadata_updated_at"],
        "created": read["created_at"],
        "records_count": read["row_count"],
        "has_records": bool(read["row_count"] if read["row_count"] is not None else read["version_number"]),
        "visibility": "domain" if read["visibility"] == Visibility.OPEN else "restricted",
        "update_frequency": read["update_frequency"],
        "features": _features(read),
        "field_names": " ".join(f"{field['name']} {field.get('label', '')}" for field in read["schema"]),
        "attributions": read["attributions"] or None,
        "references": read["source"] or None,
        "bbox": json.dumps(read["bbox"]) if read["bbox"] else None,
        "metadata_languages": [read["language"]],
        "geographic_reference_auto": False,
        "federated": False,
        "modified_updates_on_data_change": True,
        "modified_updates_on_metadata_change": False,
    }


def _uses(read: dict[str, Any], last: date | None) -> dict[str, Any]:
    """`last`: the last day counted. Of data on request, nothing that depends on who reads them."""
    if read["visibility"] == Visibility.REQUEST:
        return dict.fromkeys(USES)
    score = faded(read["use__score"], read["use__counted_on"], last) if read["use__counted_on"] and last else 0.0
    return dict(zip(USES, (read["use__downloads"] or 0, read["use__calls"] or 0, round(score, 1)), strict=True))


def _modified(read: dict[str, Any]) -> datetime:
    """Of the data when there is some, of its description otherwise."""
    modified: datetime = read["data_updated_at"] or read["metadata_updated_at"]
    return modified


def _features(read: dict[str, Any]) -> list[str]:
    """What can be made of the data, in the words of the Explore API; nothing of data that are not there for everyone."""
    if read["visibility"] == Visibility.REQUEST:
        return []
    kinds = {field["type"] for field in read["schema"]}
    features = ["analyze"] if read["schema"] else []
    if kinds & {T.DATE.value, T.DATETIME.value}:
        features.append("timeserie")
    if read["geometry_types"] or kinds & {T.GEOPOINT.value, T.GEOMETRY.value}:
        features.append("geo")
    return features
