"""The collections: one for each dataset that the viewer may read and that has data, with the facts that exist for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bocage.access.restrictions import restrictions_for
from bocage.catalog.models import Dataset
from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.documents import REL, Cell, Page, Table, above, document, itself, link
from bocage.publish.ogc.negotiation import DOCUMENTS, HTML, ITEMS, JSON, SCHEMA
from bocage.publish.ogc.validators import told_key
from bocage.publish.tiles.links import tile_links
from bocage.publish.validators import validated
from bocage.query.coordinates import CRS84_URI, SYSTEMS
from bocage.query.facts import all_as_seen

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call

SYSTEMS_URIS = [one.uri for one in SYSTEMS]


def readable(call: Call) -> QuerySet[Dataset]:
    """Those that the viewer may read among those that this door shows, in a stable order."""
    published = Dataset.objects.visible_to(call.viewer).filter(call.selection.filter, version_number__isnull=False)
    return published.select_related("organization").order_by("title", "pk")


def collections(call: Call) -> HttpResponseBase:
    limit = p.whole_number(call.given, p.COLLECTIONS_LIMIT)
    offset = p.whole_number(call.given, p.OFFSET) if "offset" in call.given else 0
    found = list(readable(call)[offset : offset + limit + 1])
    more, datasets = len(found) > limit, found[:limit]
    following = call.again(offset=offset + limit) if more else ""
    limits = restrictions_for(call.viewer, datasets)
    stamps = [
        (
            one.uid,
            one.version_number,
            one.metadata_updated_at.isoformat(),
            one.organization.name,
            limits[one.uid].key,
        )
        for one in datasets
    ]

    def make() -> HttpResponseBase:
        seen = all_as_seen(call.viewer, datasets)
        links = itself(call, DOCUMENTS)
        if following:
            links.append(link("next", following, call.format.media_type))
        content = {
            "links": links,
            "crs": SYSTEMS_URIS,
            "numberMatched": readable(call).count(),
            "numberReturned": len(seen),
            "collections": [described(call, one, brief=True) for one in seen],
        }
        return document(call, content, _page(call, seen, following))

    return validated(
        call,
        call.key("collections", get_language(), call.selection.key, stamps, more),
        make,
        open_data=not call.viewer.user_id,
    )


def _page(call: Call, seen: list[Dataset], following: str) -> Page:
    rows = [
        (
            Cell(one.title, call.address("collections", one.slug, f="html")),
            Cell(one.organization.name),
            Cell("" if one.row_count is None else str(one.row_count)),
        )
        for one in seen
    ]
    table = Table(_("Collections"), (_("Title"), _("Publisher"), _("Features of the collection")), rows)
    return Page(
        _("Collections"),
        _("Each dataset of the catalogue that has data is a collection of features."),
        above(call),
        table=table,
        next=following,
    )


def collection(call: Call) -> HttpResponseBase:
    seen = call.seen
    content = described(call, seen) | {"links": [*itself(call, DOCUMENTS), *_links(call, seen)]}
    page = Page(
        seen.title,
        seen.organization.name,
        above(call, (_("Collections"), call.address("collections", f="html"))),
        _facts(seen),
        links=[
            (_("Features of the collection"), call.address("collections", seen.slug, "items", f="html")),
            (_("Fields"), call.address("collections", seen.slug, "schema", f="html")),
            *((one.title, call.address("collections", seen.slug, "items", f=one.name)) for one in ITEMS if one != HTML),
        ],
    )
    return validated(call, told_key(call), lambda: document(call, content, page), open_data=call.open_data)


def _facts(seen: Dataset) -> list[tuple[str, Cell]]:
    told = [(_("Identifier"), Cell(seen.slug))]
    if seen.row_count is not None:
        told.append((_("Features of the collection"), Cell(str(seen.row_count))))
    if seen.bbox:
        told.append((_("Extent (west, south, east, north)"), Cell(", ".join(str(one) for one in seen.bbox))))
    return [*told, (_("Reference system of the data"), Cell(CRS84_URI, CRS84_URI))]


def described(call: Call, seen: Dataset, *, brief: bool = False) -> dict[str, Any]:
    """`seen`: with the facts that exist for the viewer. `brief`: in a list, where systems are said once."""
    told: dict[str, Any] = {
        "id": seen.slug,
        "title": seen.title,
        "description": seen.description,
        "attribution": seen.organization.name,
        "itemType": "feature",
        "links": _links(call, seen),
    }
    if seen.row_count is not None:
        told["itemCount"] = seen.row_count
    if seen.keywords:
        told["keywords"] = list(seen.keywords)
    if seen.is_geographic:
        told |= {"crs": ["#/crs"] if brief else SYSTEMS_URIS, "storageCrs": CRS84_URI}
    if seen.bbox:
        told["extent"] = {"spatial": {"bbox": [list(seen.bbox)], "crs": CRS84_URI}}
    return told


def _links(call: Call, seen: Dataset) -> list[dict[str, str]]:
    here = ("collections", seen.slug)
    formats = [one for one in ITEMS if seen.is_geographic or one.name not in ("fgb", "jsonfg")]
    return [
        link("collection", call.address(*here), JSON.media_type, seen.title),
        *tile_links(call, seen),
        *(link("items", call.address(*here, "items", f=one.name), one.media_type, one.title) for one in formats),
        *(
            link(rel, call.address(*here, name), SCHEMA.media_type, title)
            for rel, name, title in (
                (f"{REL}queryables", "queryables", _("What filters may name")),
                (f"{REL}sortables", "sortables", _("What the order may name")),
                (f"{REL}schema", "schema", _("Fields")),
                ("describedby", "schema", _("Fields")),
            )
        ),
    ]
