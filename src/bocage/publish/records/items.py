"""The records of the catalogue, and one of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from bocage.access.vocabulary import Action
from bocage.catalog.selectors import dataset_for
from bocage.catalog.vocabulary import Licence
from bocage.kernel.errors import NotFound
from bocage.kernel.markdown import excerpt
from bocage.publish.iso.metadata import metadata, standing_alone
from bocage.publish.ogc.documents import Cell, Page, Table, document, itself, link
from bocage.publish.ogc.negotiation import GEOJSON, HTML, JSON, Format
from bocage.publish.ows.xml import document as xml_document
from bocage.publish.records.answers import answered_with
from bocage.publish.records.asked import records_query
from bocage.publish.records.documents import record
from bocage.publish.records.landing import above
from bocage.publish.records.links import ISO_MEDIA_TYPE
from bocage.publish.records.resource import resources_of
from bocage.query.records import known_records, record_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.publish.records.call import RecordsCall
    from bocage.publish.records.resource import Resource
    from bocage.query.records import RecordPage

ISO = Format("iso19139", ISO_MEDIA_TYPE, "ISO 19139", ("application/xml", "text/xml"))
ITEMS = (GEOJSON, HTML)
ITEM = (GEOJSON, HTML, ISO)


def items(call: RecordsCall) -> HttpResponse:
    page = record_page(call.viewer, call.selection, records_query(call))
    resources = resources_of(call.viewer, page.datasets, call.addresses)
    if call.format == HTML:
        return answered_with(call, document(call, {}, _page(call, page, resources)))
    content = {
        "type": "FeatureCollection",
        "features": [record(call, one) for one in resources],
        "numberMatched": page.matched,
        "numberReturned": len(resources),
        "links": _links(call, page),
    }
    return answered_with(call, _json(call, content))


def _json(call: RecordsCall, content: dict[str, Any]) -> HttpResponse:
    body = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)
    return HttpResponse(body, content_type=call.format.media_type)


def _links(call: RecordsCall, page: RecordPage) -> list[dict[str, str]]:
    links = itself(call, ITEMS)
    if page.next:
        links.append(link("next", call.again(cursor=page.next, offset=None), call.format.media_type))
    return [*links, link("collection", call.catalogue(), JSON.media_type, _("Catalogue"))]


def _page(call: RecordsCall, page: RecordPage, resources: Sequence[Resource]) -> Page:
    rows = [
        (
            Cell(one.dataset.title, call.catalogue("items", one.identifier, f="html")),
            Cell(one.organization.name),
            Cell(date_format(localtime(one.updated).date())),
        )
        for one in resources
    ]
    told = _("%(matched)s records, %(returned)s on this page.")
    return Page(
        _("Records"),
        told % {"matched": page.matched, "returned": len(resources)},
        above(call),
        table=Table(_("Records"), (_("Title"), _("Publisher"), _("Changed on")), rows),
        next=call.again(cursor=page.next, offset=None) if page.next else "",
    )


def item(call: RecordsCall, identifier: str) -> HttpResponse:
    """Named by the identifier of the record, or by that of the dataset. Raises NotFound, DatasetGone."""
    resource = found_record(call, identifier)
    if call.format == ISO:
        return answered_with(call, xml_document(standing_alone(metadata(resource)), ISO_MEDIA_TYPE))
    if call.format == HTML:
        return answered_with(call, document(call, {}, _item_page(call, resource)))
    return answered_with(call, _json(call, record(call, resource)))


def found_record(call: RecordsCall, identifier: str) -> Resource:
    found = known_records(call.viewer, [identifier[:100]])
    if not found:
        dataset_for(call.viewer, identifier[:100], Action.SEE)  # what is gone says so
        raise NotFound(kind=_("The metadata record"), name=identifier[:100])
    named = [one for one in found if one.uid == identifier] or found
    return resources_of(call.viewer, named[:1], call.addresses)[0]


def _item_page(call: RecordsCall, resource: Resource) -> Page:
    dataset = resource.dataset
    facts = [
        (_("Identifier of the metadata record"), Cell(resource.identifier)),
        (_("Description"), Cell(excerpt(dataset.description, 600))),
        (_("Publisher"), Cell(resource.organization.name)),
        (_("Licence"), Cell(str(resource.licence.label), Licence(dataset.licence).url)),
        (_("Keywords"), Cell(", ".join(str(one) for one in dataset.keywords))),
        (_("Changed on"), Cell(date_format(localtime(resource.updated).date()))),
    ]
    if dataset.bbox:
        facts.append((_("Extent (west, south, east, north)"), Cell(", ".join(str(one) for one in dataset.bbox))))
    rows = [(Cell(one.title, one.href), Cell(one.protocol), Cell(one.media_type)) for one in resource.links]
    return Page(
        dataset.title,
        trail=above(call, (_("Records"), call.catalogue("items", f="html"))),
        facts=facts,
        table=Table(_("Where the data are"), (_("Title"), _("Protocol"), _("Format")), rows),
        links=[("ISO 19139", resource.iso_address)],
    )
