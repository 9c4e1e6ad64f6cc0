"""The validator of an answer is made of what it says: records follow the words of people, facts of data, rules of rights and what
the door shows; one of these left out of a key would be an answer that lies."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from bocage.kernel.etags import is_known

if TYPE_CHECKING:
    from bocage.publish.records.call import RecordsCall


def answered_with(call: RecordsCall, response: HttpResponse) -> HttpResponse:
    """`response`, or 304 when the client already has it. What is told to somebody in particular is kept by nobody."""
    private = bool(call.viewer.user_id)
    etag = f'"{hashlib.sha256(_unvarying(response)).hexdigest()}"'
    if is_known(call.request, etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store" if private else "no-cache"
    if private:
        patch_vary_headers(response, ("Cookie",))
    return response


def _unvarying(response: HttpResponse) -> bytes:
    return response.headers["Content-Type"].encode() + b"\n" + response.content
