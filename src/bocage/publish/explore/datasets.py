"""One dataset: what it is, its records, one record, its facets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bocage.access.restrictions import restrictions_for
from bocage.catalog.selectors import catalogue_revision
from bocage.catalog.uses.selectors import NEVER_USED, uses_of
from bocage.publish.explore.answers import json_answer
from bocage.publish.explore.catalogue import is_whole
from bocage.publish.explore.documents import dataset_document, page_links
from bocage.publish.explore.errors import NotFoundResource
from bocage.publish.explore.facets import MOST_FACETS, facet_requests, facets_document
from bocage.publish.explore.parameters import check_page
from bocage.publish.explore.parts import read_select
from bocage.publish.explore.record_items import carried, carries, select_carried
from bocage.query import services
from bocage.query.catalogue import CatalogueRelation
from bocage.query.facts import as_seen
from bocage.query.odsql import nodes
from bocage.query.odsql.printing import printed
from bocage.query.requests import FacetRequest
from bocage.query.restricted import seen_by
from bocage.store.documents import attachments_by_dataset

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.explore.call import Call


def dataset(call: Call) -> HttpResponse:
    """getDataset."""
    found = call.announced
    restriction = restrictions_for(call.viewer, [found])[found.uid]
    seen = as_seen(call.viewer, found)
    facts = (found.uid, str(seen.version_number), found.metadata_updated_at.isoformat(), found.organization.name)
    whole = is_whole(call)
    still = whole and not call.given["include_app_metas"]
    key = call.key("dataset", *facts, restriction.key, call.root, *(() if still else (str(catalogue_revision()),)))

    def payload() -> dict[str, Any]:
        joined = attachments_by_dataset(call.viewer, [found])
        uses = uses_of([found]) if call.given["include_app_metas"] else {}
        document = dataset_document(call, seen, joined.get(found.pk, ()), uses.get(found.pk, NEVER_USED))
        return document if whole else _chosen(call, document)

    return json_answer(call, key, payload, open_data=call.open_data)


def _chosen(call: Call, document: dict[str, Any]) -> dict[str, Any]:
    """What `select` keeps of an item: its parts, and what the engine computes of it as of any dataset of the catalogue."""
    chosen = read_select(call.given["select"])
    this = f"dataset_id = {printed(nodes.Text(document['dataset_id']))}"
    select = chosen.columns if chosen.names_parts else None
    request = replace(call.odsql(limit=1, select=select), where=(this,))
    rows = services.records(call.viewer, CatalogueRelation(), request).rows
    if not rows:
        raise NotFoundResource("dataset", document["dataset_id"])
    return chosen.of(rows[0], document) if chosen.names_parts else rows[0]


def _key(call: Call, what: str) -> str:
    relation = call.relation
    return call.key(what, relation.key, relation.description_key, relation.restriction(call.viewer).key, call.root)


def records(call: Call) -> HttpResponse:
    """getRecords."""
    limit, offset = check_page(call.given)
    more = carries(call)

    def payload() -> dict[str, Any]:
        request = call.odsql(limit=limit, offset=offset, select=select_carried(call) if more else None)
        page = services.records(call.viewer, call.relation, request)
        answer: dict[str, Any] = {
            "total_count": page.total_count,
            "results": carried(call, page.rows) if more else page.rows,
        }
        if call.given["include_links"]:
            path = ("catalog", "datasets", call.dataset.slug, "records")
            answer["_links"] = [
                *page_links(call, path, page.total_count, limit, offset),
                {"href": call.address(*path[:3]), "rel": "dataset"},
                {"href": call.address("catalog", "datasets"), "rel": "catalog"},
            ]
        return answer

    return json_answer(call, _key(call, "records"), payload, open_data=call.open_data)


def record(call: Call) -> HttpResponse:
    """getRecord."""

    def payload() -> dict[str, Any]:
        return services.record(call.viewer, call.relation, call.path["record_id"], call.given["select"])

    return json_answer(call, _key(call, "record"), payload, open_data=call.open_data)


def facets(call: Call) -> HttpResponse:
    """getRecordsFacets. Any field may be asked, declared as a facet or not; the declared ones answer when none is."""

    def payload() -> dict[str, Any]:
        wanted = facet_requests(call.given["facet"]) if call.given["facet"] else declared_facets(call)
        return facets_document(services.facets(call.viewer, call.relation, call.odsql(), wanted))

    return json_answer(call, _key(call, "facets"), payload, open_data=call.open_data)


def declared_facets(call: Call) -> list[FacetRequest]:
    """The filters of the dataset, in the order of its fields, among those that the viewer may see."""
    shown = [one for one in seen_by(call.viewer, call.relation).fields if one.annotations.facet]
    return [FacetRequest(one.name) for one in shown[:MOST_FACETS]]
