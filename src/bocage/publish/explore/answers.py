"""JSON answers with their validators."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.utils.http import parse_etags

if TYPE_CHECKING:
    from bocage.publish.explore.call import Call


def json_answer(call: Call, key: str, payload: Callable[[], Any], *, open_data: bool) -> HttpResponse:
    """`payload()` as JSON under the strong ETag `key`; 304 without computing it when the client already has it."""
    etag = f'"{key}"'
    if call.lasting and etag in parse_etags(call.request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = JsonResponse(payload(), safe=False, json_dumps_params={"ensure_ascii": False})
        response["Content-Type"] = "application/json; charset=utf-8"
    if call.lasting:
        response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if open_data else "private, no-store"
    if not open_data:
        response["Vary"] = "Accept-Language, Cookie"
    return response
