"""`/api/records/1.0/search/` and `/api/datasets/1.0/{id}/records/{rid}/`: records, with their facets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings

from bocage.publish.files.text import SEPARATOR, lines_of
from bocage.publish.first_version import downloads, parameters
from bocage.publish.first_version.answers import json_answer
from bocage.publish.first_version.facets import facet_groups
from bocage.publish.first_version.records import RecordLine, selected, timestamp_of
from bocage.publish.first_version.refusals import Malformed
from bocage.query import services
from bocage.query.errors import RecordNotFound
from bocage.query.odsql import nodes
from bocage.query.odsql.printing import printed
from bocage.query.plan import ROW_ID
from bocage.query.requests import OdsqlRequest

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.relation import Relation
    from bocage.query.rendering import Rendering

MOST_BYTES = 64 * 1024 * 1024
"""Of the records of one answer, which is whole in memory: shapes may be long."""


def search(inquiry: Inquiry) -> HttpResponseBase:
    """In another format than JSON, a file of these rows."""
    rows, start = parameters.page(inquiry.text("rows"), inquiry.text("start"))
    if inquiry.text("format", "json") not in ("json", "jsonp"):
        return downloads.file_of(inquiry, rows, start)
    scope = inquiry.scope
    order = inquiry.order(scope)
    request = inquiry.odsql(scope, select=selected(inquiry, scope), order_by=order, limit=rows, offset=start)
    line = RecordLine(inquiry.slug, timestamp_of(inquiry, scope))
    nhits, records = found(inquiry, inquiry.relation, request, line)
    told = parameters.echo(inquiry.given, rows=rows, start=start, timezone=inquiry.timezone, format="json")
    answer: dict[str, Any] = {"nhits": nhits, "parameters": told, "records": records}
    if groups := facet_groups(inquiry, inquiry.relation, request, {}):
        answer["facet_groups"] = groups
    return json_answer(inquiry, answer, open_data=inquiry.open_data)


def lookup(inquiry: Inquiry) -> HttpResponse:
    """One record. Raises RecordNotFound."""
    scope, record_id = inquiry.scope, inquiry.segments[2][:100]
    this = printed(nodes.Comparison("=", nodes.Name(ROW_ID), nodes.Text(record_id)))
    request = OdsqlRequest(select=selected(inquiry, scope), where=(this,), limit=1, timezone=inquiry.timezone)
    line = RecordLine(inquiry.slug, timestamp_of(inquiry, scope))
    _, records = found(inquiry, inquiry.relation, request, line)
    if not records:
        raise RecordNotFound(kind="The record", name=record_id, record_id=record_id)
    return json_answer(inquiry, records[0], open_data=inquiry.open_data)


def found(inquiry: Inquiry, relation: Relation, request: OdsqlRequest, line: Rendering) -> tuple[int, list[Any]]:
    """How many rows there are in all, and those of the page, each read from the JSON that `line` writes."""
    rows: list[Any] = []
    if request.limit:
        with services.stream(inquiry.viewer, relation, request, line, seconds=settings.BOCAGE.query_seconds) as stream:
            rows = _read(stream)
        if len(rows) < request.limit and (rows or not request.offset):
            return request.offset + len(rows), rows
    counted = OdsqlRequest(
        select=f"count({printed(nodes.Star())}) as n",
        where=request.where, refine=request.refine, exclude=request.exclude, timezone=request.timezone,
        disjunctive=request.disjunctive, limit=1,
    )  # fmt: skip
    return int(services.records(inquiry.viewer, relation, counted).rows[0]["n"]), rows


def _read(stream: services.Stream) -> list[Any]:
    """The rows; refused when they are too long for one answer."""
    pieces: list[bytes] = []
    size = 0
    for piece in lines_of(stream):
        size += len(piece)
        if size > MOST_BYTES:
            raise Malformed(
                "rows", f"these rows are longer than {MOST_BYTES} bytes; ask for fewer, or use the download"
            )
        pieces.append(piece)
    found: list[Any] = json.loads(b"[" + b"".join(pieces).removeprefix(SEPARATOR.encode()) + b"]")
    return found
