"""Exports of the catalogue as its items: whole, in JSON, as programs read them; in a table, under the names that portals give
to the columns (`default.title`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header

from bocage.publish.explore.answers import JSON, answer
from bocage.publish.explore.catalogue import catalogue_key, is_public, is_whole, items
from bocage.publish.explore.documents import METAS
from bocage.publish.explore.parts import ITEM, read_select
from bocage.publish.files.delivery import gzipped
from bocage.publish.files.text import SEPARATOR
from bocage.query import services
from bocage.query.catalogue_table import FIELDS
from bocage.query.rendering import JsonLine

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.explore.call import Call
    from bocage.publish.explore.parts import Chosen

ITEMS_AT_ONCE = 100
OPENING, CLOSING = b"[\n", b"\n]\n"
ITSELF = ("datasetid", "dataset_uid", "features", "has_records", "visibility")
"""Columns that are of the item, not of its metadata: the only ones without the name of a template."""
LEFT_OUT = frozenset({"dataset_id", "field_names"})
"""Columns of the catalogue that a table would say twice, or that are there to be searched."""


def names_items(call: Call) -> bool:
    """Whole items are asked, or parts of them that are no column."""
    if call.given["group_by"]:
        return False
    return is_whole(call) or read_select(call.given["select"]).names_parts


def items_export(call: Call, limit: int, offset: int) -> HttpResponseBase:
    """An array of the items, batch after batch. Nothing is kept on the disk: rules show an item differently to each."""
    packed = call.given["compressed"]

    def make() -> StreamingHttpResponse:
        chosen = None if is_whole(call) else read_select(call.given["select"])
        rows = _rows(call, f"dataset_id as {ITEM}" if chosen is None else chosen.columns, limit, offset)
        pieces = _written(call, rows, chosen, translation.get_language())
        body = () if call.request.method == "HEAD" else gzipped(pieces) if packed else pieces
        response = StreamingHttpResponse(body, content_type="application/gzip" if packed else JSON)
        filename = f"catalogue.json{'.gz' if packed else ''}"
        response["Content-Disposition"] = content_disposition_header(True, filename) or ""
        response["X-Bocage-Row-Count"] = str(len(rows))
        return response

    return answer(call, catalogue_key(call, "items"), make, open_data=is_public(call))


def _rows(call: Call, select: str, limit: int, offset: int) -> list[dict[str, Any]]:
    """What the engine computes of each item; every fault of the request is known once they are there."""
    request = call.odsql(limit=limit, offset=offset, select=select)
    with services.stream(call.viewer, call.catalogue, request, JsonLine()) as found:
        return [json.loads(line) for batch in found.batches for line in batch.column(0).to_pylist()]


def _written(
    call: Call, rows: Sequence[Mapping[str, Any]], chosen: Chosen | None, language: str | None
) -> Iterator[bytes]:
    """`language`: of the call; what is streamed is written outside of it. Rights are asked again, batch after batch."""
    before = OPENING
    for start in range(0, len(rows), ITEMS_AT_ONCE):
        with translation.override(language):
            found = items(call, rows[start : start + ITEMS_AT_ONCE], chosen)
        for item in found:
            yield before + json.dumps(item, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
            before = SEPARATOR.encode()
    yield (OPENING if before == OPENING else b"") + CLOSING


def columns_of_table(*, labelled: bool) -> str:
    """`select` of a table of the catalogue in which nothing is chosen. Its columns are named as portals name them, unless they
    are labelled. What the standard does not know is of the template `custom`."""
    names = [name for name in (field.name for field in FIELDS) if name not in LEFT_OUT]
    rest = [name for name in names if name not in ITSELF]
    if labelled:
        return ", ".join((*ITSELF, *map(_quoted, rest)))
    return ", ".join((*ITSELF, *(f"{_quoted(name)} as {_quoted(_full(name))}" for name in rest)))


def _full(name: str) -> str:
    if "." in name:
        return name
    return f"{'default' if name in METAS else 'custom'}.{name}"


def _quoted(name: str) -> str:
    return f"`{name}`"
