"""GetRecords and GetRecordById."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bocage.kernel.clock import now
from bocage.publish.csw.asked import check_types, identifiers_of, query_of, result_type, shape_of
from bocage.publish.csw.names import NAMESPACES, SCHEMA, VERSION
from bocage.publish.csw.records import written
from bocage.publish.ows.xml import declared, document, element
from bocage.publish.records.resource import resources_of
from bocage.query.records import known_records, record_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.publish.csw.asked import Shape
    from bocage.publish.ows.posted import Posted
    from bocage.publish.ows.xml import Element
    from bocage.publish.records.call import RecordsCall
    from bocage.query.features import FeatureQuery
    from bocage.query.records import RecordPage


def get_records(call: RecordsCall, sent: Posted) -> HttpResponse:
    check_types(sent.given)
    shape, kind, query = shape_of(sent.given), result_type(sent.given), query_of(sent.given, sent.filter)
    page = record_page(call.viewer, call.selection, query if kind == "results" else dataclasses.replace(query, limit=0))
    root = element(
        "csw:GetRecordsResponse",
        element("csw:RequestId", sent.given["requestid"]) if sent.given.get("requestid") else None,
        element("csw:SearchStatus", timestamp=f"{now():%Y-%m-%dT%H:%M:%SZ}"),
        _results(call, page, shape, query),
        version=VERSION,
        xsi__schemaLocation=SCHEMA,
    )
    return document(declared(root, NAMESPACES))


def _results(call: RecordsCall, page: RecordPage, shape: Shape, query: FeatureQuery) -> Element:
    """A record that is hidden between the search and the reading is counted as given: positions do not move."""
    resources = resources_of(call.viewer, page.datasets, call.addresses)
    following = query.offset + len(resources) + 1
    more = bool(page.next) if page.datasets else query.offset < page.matched
    return element(
        "csw:SearchResults",
        *(written(one, shape) for one in resources),
        numberOfRecordsMatched=str(page.matched),
        numberOfRecordsReturned=str(len(resources)),
        nextRecord=str(following if more else 0),
        elementSet=shape.elements,
        recordSchema=shape.schema,
    )


def get_record_by_id(call: RecordsCall, sent: Posted) -> HttpResponse:
    """Whichever the door: one dataset is asked for by its rights alone. What is hidden is left out, as what is absent."""
    shape = shape_of(sent.given)
    resources = resources_of(call.viewer, known_records(call.viewer, identifiers_of(sent.given)), call.addresses)
    root = element("csw:GetRecordByIdResponse", *(written(one, shape) for one in resources), xsi__schemaLocation=SCHEMA)
    return document(declared(root, NAMESPACES))
