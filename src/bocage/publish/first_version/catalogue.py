"""`/api/datasets/1.0/…`: the datasets that a question finds, one dataset, its records and files."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.publish.explore.documents import dataset_document
from bocage.publish.first_version import parameters
from bocage.publish.first_version.answers import json_answer
from bocage.publish.first_version.facets import facet_groups
from bocage.publish.first_version.refusals import Absent, Malformed
from bocage.query import services
from bocage.query.catalogue import CatalogueRelation
from bocage.query.facts import all_as_seen
from bocage.query.selection import selection_at
from bocage.store.documents import attachments_by_dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from bocage.publish.explore.call import Call
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.requests import OdsqlRequest
    from bocage.store.models import Attachment

ALIASES = {
    "accrualperiodicity": "update_frequency",
    "issued": "created",
    "download_count": "explore.download_count",
    "popularity": "explore.popularity_score",
}
"""Facets of this version, and the fields of our catalogue that say the same."""
UNKNOWN = ("granularity", "dataquality", "creator", "contributor")
"""Facets of this version that our catalogue does not have: asked for, they have no value."""
DATASETS_AT_ONCE = 500


def search(inquiry: Inquiry) -> HttpResponse:
    """`/api/datasets/1.0/search/`"""
    if inquiry.text("format", "json") not in ("json", "jsonp"):
        raise Malformed("format", "json or jsonp is expected; the exports of the catalogue have the others")
    rows, start = parameters.page(inquiry.text("rows"), inquiry.text("start"))
    relation = CatalogueRelation(selection=selection_at(inquiry.request.get_host()))
    scope = inquiry.scope_of(relation)
    order = inquiry.order(scope, ALIASES)
    call = inquiry.call(scope, path={}, aliases=ALIASES, select="dataset_id", order_by=order)
    request = call.odsql(limit=rows, offset=start)
    nhits, slugs = _slugs(inquiry, relation, request)
    told = parameters.echo(inquiry.given, rows=rows, start=start, timezone=inquiry.timezone, format="json")
    answer: dict[str, Any] = {"nhits": nhits, "parameters": told, "datasets": _documents(call, slugs)}
    if groups := facet_groups(inquiry, relation, request, ALIASES, UNKNOWN):
        answer["facet_groups"] = groups
    return json_answer(inquiry, answer, open_data=inquiry.viewer.user_id is None)


def _slugs(inquiry: Inquiry, relation: CatalogueRelation, request: OdsqlRequest) -> tuple[int, list[str]]:
    """How many datasets are found in all, and those of the page."""
    slugs: list[str] = []
    if request.limit:
        with services.stream(inquiry.viewer, relation, request) as found:
            slugs = [slug for batch in found.batches for slug in batch.column(0).to_pylist()]
    return services.records(inquiry.viewer, relation, _none_of(request)).total_count, slugs


def _none_of(request: OdsqlRequest) -> OdsqlRequest:
    """The same question, to count what it finds."""
    return dataclasses.replace(request, limit=0, offset=0, order_by="")


def _documents(call: Call, slugs: Sequence[str]) -> list[dict[str, Any]]:
    """In this order; rights are asked again, below the list."""
    visible = Dataset.objects.visible_to(call.viewer, Action.SEE).select_related("organization")
    documents: list[dict[str, Any]] = []
    for start in range(0, len(slugs), DATASETS_AT_ONCE):
        some = slugs[start : start + DATASETS_AT_ONCE]
        known = {dataset.slug: dataset for dataset in visible.filter(slug__in=some)}
        documents += _items(call, [known[slug] for slug in some if slug in known])
    return documents


def dataset(inquiry: Inquiry) -> HttpResponse:
    """`/api/datasets/1.0/{id}/`"""
    found = inquiry.announced
    call = inquiry.operation(dataset_id=found.slug)
    return json_answer(inquiry, _items(call, [found])[0], open_data=inquiry.open_data)


def file(inquiry: Inquiry) -> HttpResponse:
    """`/api/datasets/1.0/{id}/files/{fid}/`"""
    inquiry.dataset  # noqa: B018  hidden and absent are the same refusal
    raise Absent(f"file {inquiry.segments[2][:100]}")


def _items(call: Call, found: Sequence[Dataset]) -> list[dict[str, Any]]:
    joined = attachments_by_dataset(call.viewer, found)
    return [_item(call, one, joined.get(one.pk, [])) for one in all_as_seen(call.viewer, found)]


def _item(call: Call, found: Dataset, joined: Sequence[Attachment]) -> dict[str, Any]:
    """A dataset in the words of this version: metadata at one level, annotations as a list; what is missing is not there."""
    item = dataset_document(call, found, joined)
    metas = {name: value for name, value in item["metas"]["default"].items() if value is not None}
    kept = ("has_records", "data_visible", "features", "attachments", "alternative_exports")
    return {
        "datasetid": item["dataset_id"],
        **{name: item[name] for name in kept},
        "metas": {"domain": metas.get("parent_domain", ""), "visibility": item["visibility"], **metas},
        "fields": [_field(field) for field in item["fields"]],
    }


def _field(field: dict[str, Any]) -> dict[str, Any]:
    annotations = [
        {"name": name, "args": args} if args else {"name": name} for name, args in field["annotations"].items()
    ]
    said = {name: value for name, value in field.items() if value is not None}
    return said | {"annotations": annotations}
