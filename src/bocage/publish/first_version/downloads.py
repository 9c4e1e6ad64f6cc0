"""`/api/records/1.0/download/` and `/explore/dataset/{id}/download/`: files of records, in every format of the exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict

from bocage.publish.explore import exports
from bocage.publish.explore import parameters as p
from bocage.publish.explore.parameters import read_parameters
from bocage.publish.files import FORMATS
from bocage.publish.files.delivery import deliver
from bocage.publish.first_version import parameters
from bocage.publish.first_version.answers import JAVASCRIPT, callback_of
from bocage.publish.first_version.records import (
    RecordLine,
    Records,
    fields_of,
    selected,
    timestamp_of,
    tolerance_at,
)
from bocage.publish.first_version.refusals import Absent

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.explore.call import Call
    from bocage.publish.files.formats import ExportFormat, Options
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.rendering import Rendering
    from bocage.query.reprojection import Part
    from bocage.query.services import Stream

RENAMED = {"csv_separator": "delimiter", "use_labels_for_header": "use_labels"}
"""Parameters of a file, and what they are called since."""
ALIASES = {"jsonp": "json", "geojsonp": "geojson", "xls": "xlsx"}
EVERY_ROW = 10**12


def download(inquiry: Inquiry) -> HttpResponseBase:
    """Every row, unless `rows` says otherwise."""
    rows = parameters.whole("rows", inquiry.text("rows"), -1, -1, EVERY_ROW)
    start = parameters.whole("start", inquiry.text("start"), 0, 0, EVERY_ROW)
    return file_of(inquiry, rows, start)


def file_of(inquiry: Inquiry, rows: int, start: int) -> HttpResponseBase:
    asked = inquiry.text("format", "csv")
    name = ALIASES.get(asked, asked)
    if name not in FORMATS:
        raise Absent(f"format {name[:50]}")
    order = inquiry.order(inquiry.scope)
    given = _options(inquiry) | {"limit": rows, "offset": start, "order_by": order}
    callback = callback_of(inquiry) if asked.endswith("jsonp") or inquiry.text("callback") else ""
    if name == "json":
        return _records(inquiry, callback, given)
    call = _call(inquiry, name, given | {"select": _fields(inquiry)})
    return _geojsonp(inquiry, call, callback) if callback and name == "geojson" else exports.dataset_export(call)


def _options(inquiry: Inquiry) -> dict[str, Any]:
    """What concerns the file alone, read as the exports of the Explore API do. No byte-order mark, unless asked."""
    query = QueryDict(mutable=True)
    query["with_bom"] = "false"
    for name, values in inquiry.given.lists():
        query.setlist(RENAMED.get(name, name), values)
    return read_parameters(query, p.FILE)


def _fields(inquiry: Inquiry) -> str:
    """Empty for everything: the same words are the same file."""
    return ", ".join(fields_of(inquiry, inquiry.scope)) if inquiry.text("fields") else ""


def _call(inquiry: Inquiry, name: str, given: dict[str, Any]) -> Call:
    return inquiry.call(inquiry.scope, path={"dataset_id": inquiry.slug, "format": name}, **given)


def _records(inquiry: Inquiry, callback: str, given: dict[str, Any]) -> HttpResponseBase:
    zoom = parameters.whole("geo_simplify_zoom", inquiry.text("geo_simplify_zoom"), 22, 0, 30)
    tolerance = tolerance_at(zoom) if inquiry.flag("geo_simplify") else 0.0
    line = RecordLine(inquiry.slug, timestamp_of(inquiry, inquiry.scope), tolerance)
    call = _call(inquiry, "json", given | {"select": selected(inquiry, inquiry.scope)})
    return _deliver(inquiry, call, _wrapped(Records(line), callback), f"{zoom if tolerance else ''}")


def _geojsonp(inquiry: Inquiry, call: Call, callback: str) -> HttpResponseBase:
    return _deliver(inquiry, call, _wrapped(FORMATS.get("geojson"), callback), "")


def _deliver(inquiry: Inquiry, call: Call, kind: ExportFormat, detail: str) -> HttpResponseBase:
    """A file that the Explore API does not have."""
    relation = inquiry.relation
    facts = (relation.key, relation.description_key, relation.restriction(inquiry.viewer).key)
    stamp = timestamp_of(inquiry, inquiry.scope)
    export = exports.export_of(
        call,
        relation,
        kind,
        inquiry.slug,
        key=call.key("first version", kind.name, kind.media_type, getattr(kind, "callback", ""), detail, stamp, *facts),
        version=relation.version.uid,
        modified_at=inquiry.dataset.data_updated_at or relation.version.created_at,
        open_data=inquiry.open_data,
    )
    return deliver(inquiry.request, export)


def _wrapped(kind: ExportFormat, callback: str) -> ExportFormat:
    return Wrapped(kind, callback) if callback else kind


@dataclass(frozen=True)
class Wrapped:
    """A file of JSON as the argument of a function."""

    kind: ExportFormat
    callback: str
    media_type: str = JAVASCRIPT

    @property
    def name(self) -> str:
        return self.kind.name

    @property
    def geographic(self) -> bool:
        return self.kind.geographic

    @property
    def reprojects(self) -> Part:
        return self.kind.reprojects

    def rendering(self, options: Options) -> Rendering | None:
        return self.kind.rendering(options)

    def chunks(self, stream: Stream, options: Options) -> Iterator[bytes]:
        yield f"/**/{self.callback}(".encode()
        yield from self.kind.chunks(stream, options)
        yield b");"
