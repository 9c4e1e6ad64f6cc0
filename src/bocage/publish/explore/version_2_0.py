"""Version 2.0 of the standard, to which old programs are pinned: the operations of 2.1, in the envelopes that it had around each
dataset, each record and each list of groups."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from bocage.publish.explore.call import ROOT

if TYPE_CHECKING:
    from django.http import QueryDict
    from django.http.response import HttpResponseBase

ALIKE = re.compile(r"(?:catalog(?:/(?:datasets/[^/]+/)?(?:exports(?:/[^/]+)?|facets|attachments))?)?")
"""Operations whose answers 2.0 already wrote as 2.1 does."""
AGGREGATES = re.compile(r"(catalog(/datasets/[^/]+)?)/aggregates")
RECORD = re.compile(r"catalog/datasets/[^/]+/records/[^/]+")
OLDER_NAMES = {"rows": "limit", "start": "offset", "sort": "order_by"}
OLDER_FORMATS = {"xls": "xlsx"}
ALL_GROUPS = "-1"

CARRIED = ("id", "timestamp", "size")
"""What each record says beside its fields; `_id`… in 2.1."""

Document = dict[str, Any]
Links = list[dict[str, str]]
Envelope = Callable[[Document, str], Document]


def asked_in_2_1(path: str, given: QueryDict) -> tuple[str, Envelope | None] | None:
    """The operation of 2.1 that answers `path`, and the envelope of its answer; `given` is written in its words. None: there is
    none."""
    plain = "/".join(part for part in path.split("/") if part)
    for older, newer in OLDER_NAMES.items():
        if values := given.getlist(older):
            given.setlistdefault(newer, values)
    if ALIKE.fullmatch(plain):
        given.setdefault("with_bom", "false")
        start, _slash, name = plain.rpartition("/")
        return f"{start}/{OLDER_FORMATS.get(name, name)}", None
    given["include_links"] = "true"
    if aggregates := AGGREGATES.fullmatch(plain):
        given.setdefault("limit", ALL_GROUPS)
        return f"{aggregates[1]}/{'records' if aggregates[2] else 'datasets'}", _aggregations
    if RECORD.fullmatch(plain):
        given["select"] = ", ".join([given.get("select") or "*", *(f"_{name}" for name in CARRIED)])
        return plain, _record
    return next(((plain, envelope) for pattern, envelope in WRAPPED if pattern.fullmatch(plain)), None)


def in_envelope(response: HttpResponseBase, envelope: Envelope, root: str) -> HttpResponseBase:
    """The answer of 2.1 as 2.0 wrote it, its links below `root`. Refusals and answers without a body are alike."""
    if response.status_code == 200 and isinstance(response, HttpResponse) and response.content:
        document = envelope(json.loads(response.content), root)
        response.content = json.dumps(document, ensure_ascii=False).encode()
    return response


def _links(document: Document, root: str) -> Links:
    """Taken out of the document. Values are left as they are: one may well speak of an address of 2.1."""
    links: Links = document.pop("_links", [])
    return [{**link, "href": link["href"].replace(ROOT, root, 1)} for link in links]


def _dataset(item: Document, root: str) -> Document:
    return {"links": _links(item, root), "dataset": item}


def _datasets(page: Document, root: str) -> Document:
    found = [_dataset(item, root) for item in page["results"]]
    return {"total_count": page["total_count"], "links": _links(page, root), "datasets": found}


def _record(record: Document, root: str) -> Document:
    """A group has fields, and nothing else."""
    links = _links(record, root)
    said = {name: record.pop(f"_{name}") for name in CARRIED if f"_{name}" in record}
    return {"links": links, "record": said | {"fields": record}}


def _records(page: Document, root: str) -> Document:
    found = [_record(record, root) for record in page["results"]]
    return {"total_count": page["total_count"], "links": _links(page, root), "records": found}


def _aggregations(page: Document, _root: str) -> Document:
    return {"aggregations": page["results"]}


WRAPPED: tuple[tuple[re.Pattern[str], Envelope], ...] = (
    (re.compile(r"catalog/datasets"), _datasets),
    (re.compile(r"catalog/datasets/[^/]+"), _dataset),
    (re.compile(r"catalog/datasets/[^/]+/records"), _records),
)
