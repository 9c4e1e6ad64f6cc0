"""The catalogue: the landing pages, the list of datasets, its facets, its exports. Only what the viewer may know of is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from bocage.access.vocabulary import Action
from bocage.catalog.models import Dataset
from bocage.catalog.selectors import catalogue_revision
from bocage.catalog.uses.selectors import NEVER_USED, uses_of
from bocage.publish.explore.answers import json_answer
from bocage.publish.explore.documents import TYPE_NAMES, dataset_document, page_links
from bocage.publish.explore.facets import facet_requests, facets_document
from bocage.publish.explore.parameters import check_page
from bocage.publish.explore.parts import ITEM, read_select
from bocage.query import services
from bocage.query.catalogue_table import FIELDS, USES
from bocage.query.facts import all_as_seen
from bocage.store.documents import attachments_by_dataset

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bocage.publish.explore.call import Call
    from bocage.publish.explore.parts import Chosen

DEFAULT_FACETS = ("features", "modified", "publisher", "keyword", "theme")
"""What a catalogue is filtered by when the client names no facet."""


def landing(call: Call) -> HttpResponse:
    """The root of the interface."""
    links = [
        {"href": call.root + "/", "rel": "self"},
        {"href": call.address("catalog"), "rel": "catalog"},
        {"href": call.address("swagger.json"), "rel": "service-desc"},
    ]
    return json_answer(call, call.key("landing", call.root), lambda: {"links": links}, open_data=True)


def catalog(call: Call) -> HttpResponse:
    links = [{"href": call.address("catalog"), "rel": "self"}] + [
        {"href": call.address("catalog", name), "rel": name}
        for name in ("datasets", "facets", "exports", "metadata_templates")
    ]
    return json_answer(call, call.key("catalog", call.root), lambda: {"links": links}, open_data=True)


TEMPLATES = {"default": "Basic metadata", "explore": "Use of the dataset"}


def metadata_templates(call: Call) -> HttpResponse:
    """The templates of metadata and their fields, as a query names them after the name of their template."""

    def template(name: str, title: str) -> dict[str, Any]:
        counted = {one: one.removeprefix("explore.") for one in USES}
        fields = [one for one in FIELDS if (one.name in counted) == (name == "explore")]
        described = [
            {"name": counted.get(one.name, one.name), "label": one.label or one.name, "type": TYPE_NAMES[one.type]}
            for one in fields
        ]
        return {"name": name, "title": title, "fields": described}

    def payload() -> dict[str, Any]:
        links = [{"href": call.address("catalog", "metadata_templates"), "rel": "self"}]
        found = [template(name, title) for name, title in TEMPLATES.items()]
        return {"links": links, "total_count": len(found), "metadata_templates": found}

    return json_answer(call, call.key("templates", call.root), payload, open_data=True)


def catalogue_key(call: Call, what: str) -> str:
    """The catalogue as this viewer sees it by this door: its revision is read before the data, so never newer than it."""
    shown = call.catalogue.selection.key
    return call.key(what, str(catalogue_revision()), call.viewer.key, call.root, shown)


def is_public(call: Call) -> bool:
    """A stranger's catalogue is anybody's; a member's is theirs alone."""
    return call.viewer.user_id is None


def datasets(call: Call) -> HttpResponse:
    """getDatasets. Without select and group_by, whole catalogue items; with either, what was asked and nothing else."""
    limit, offset = check_page(call.given)
    whole = is_whole(call) and not call.given["group_by"]

    def payload() -> dict[str, Any]:
        chosen = None if whole or call.given["group_by"] else read_select(call.given["select"])
        joined = chosen if chosen and chosen.names_parts else None
        select = f"dataset_id as {ITEM}" if whole else joined.columns if joined else None
        page = services.records(call.viewer, call.catalogue, call.odsql(limit=limit, offset=offset, select=select))
        results = items(call, page.rows, joined) if whole or joined else page.rows
        answer: dict[str, Any] = {"total_count": page.total_count, "results": results}
        if call.given["include_links"]:
            answer["_links"] = page_links(call, ("catalog", "datasets"), page.total_count, limit, offset)
        return answer

    return json_answer(call, catalogue_key(call, "datasets"), payload, open_data=is_public(call))


def is_whole(call: Call) -> bool:
    """Nothing is chosen of the items."""
    return call.given["select"].strip() in ("", "*")


def items(call: Call, rows: Sequence[Mapping[str, Any]], chosen: Chosen | None) -> list[dict[str, Any]]:
    """The catalogue items that the rows name, whole or as chosen of each; rights are asked again, below the list."""
    whole = {document["dataset_id"]: document for document in documents(call, [row[ITEM] for row in rows])}
    found = [(row, whole[row[ITEM]]) for row in rows if row[ITEM] in whole]
    return [chosen.of(row, document) if chosen else document for row, document in found]


def documents(call: Call, slugs: Sequence[str]) -> list[dict[str, Any]]:
    """Catalogue items, in this order; rights are asked again, below the list."""
    visible = Dataset.objects.visible_to(call.viewer, Action.SEE).select_related("organization")
    found = {dataset.slug: dataset for dataset in visible.filter(slug__in=slugs)}
    joined = attachments_by_dataset(call.viewer, list(found.values()))
    seen = all_as_seen(call.viewer, (found[slug] for slug in slugs if slug in found))
    uses = uses_of(seen) if call.given.get("include_app_metas") else {}
    return [dataset_document(call, one, joined.get(one.pk, ()), uses.get(one.pk, NEVER_USED)) for one in seen]


def facets(call: Call) -> HttpResponse:
    """getDatasetsFacets."""

    def payload() -> dict[str, Any]:
        wanted = facet_requests(call.given["facet"] or DEFAULT_FACETS)
        return facets_document(services.facets(call.viewer, call.catalogue, call.odsql(), wanted))

    return json_answer(call, catalogue_key(call, "facets"), payload, open_data=is_public(call))
