"""The documents joined to a dataset: their list, and each of them. Nothing of what they hold ever runs in a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import FileResponse, HttpResponse
from django.utils.http import content_disposition_header

from bocage.kernel.errors import NotFound
from bocage.kernel.etags import is_known
from bocage.publish.explore.answers import json_answer
from bocage.publish.explore.documents import dataset_links, file_url
from bocage.publish.explore.errors import NotFoundResource
from bocage.store.documents import attachment_for, attachments_of, open_document
from bocage.store.media_types import SHOWN

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.explore.call import Call
    from bocage.store.models import Attachment

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"


def attachments(call: Call) -> HttpResponse:
    """getDatasetAttachments."""
    dataset = call.dataset

    def payload() -> dict[str, Any]:
        items = [_item(call, one) for one in attachments_of(call.viewer, dataset)]
        return {"links": dataset_links(call, dataset.slug)[:1], "attachments": items}

    key = call.key("attachments", dataset.uid, dataset.metadata_updated_at.isoformat(), call.root)
    return json_answer(call, key, payload, open_data=call.open_data)


def _item(call: Call, one: Attachment) -> dict[str, Any]:
    href = call.address("catalog", "datasets", call.dataset.slug, "attachments", one.identifier)
    metas = {"mime-type": one.media_type, "title": one.title, "url": file_url(one), "id": one.identifier}
    return {"href": href, "metas": metas}


def attachment(call: Call) -> HttpResponseBase:
    """The document itself. A picture may be shown; everything else is saved."""
    try:
        found = attachment_for(call.viewer, call.dataset, call.path["attachment_id"])
    except NotFound:
        raise NotFoundResource("attachment", call.path["attachment_id"][:100]) from None
    etag = f'"{found.sha256}"'
    response: HttpResponseBase
    if is_known(call.request, etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    elif call.request.method == "HEAD":
        response = HttpResponse(content_type=found.media_type)
        response["Content-Length"] = str(found.size_bytes)
    else:
        path = open_document(call.viewer, call.dataset, found)
        response = FileResponse(path.open("rb"), content_type=found.media_type)
        response["Content-Length"] = str(found.size_bytes)
    saved = found.media_type not in SHOWN
    response["Content-Disposition"] = content_disposition_header(saved, found.filename) or "attachment"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if call.open_data else "private, no-store"
    if not call.open_data:
        response["Vary"] = "Accept-Language, Cookie"
    return response
