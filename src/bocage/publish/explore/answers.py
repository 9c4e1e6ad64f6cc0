"""Answers with their validators."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.utils.http import parse_etags

if TYPE_CHECKING:
    from bocage.publish.explore.call import Call

JSON = "application/json; charset=utf-8"


def answer(call: Call, key: str, body: Callable[[], bytes], *, content_type: str, open_data: bool) -> HttpResponse:
    """`body()` under the strong ETag `key`; 304 without making it when the client already has it."""
    etag = f'"{key}"'
    if call.lasting and etag in parse_etags(call.request.headers.get("If-None-Match", "")):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = HttpResponse(body(), content_type=content_type)
    if call.lasting:
        response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if open_data else "private, no-store"
    if not open_data:
        response["Vary"] = "Accept-Language, Cookie"
    return response


def json_answer(call: Call, key: str, payload: Callable[[], Any], *, open_data: bool) -> HttpResponse:
    """`payload()` as JSON."""

    def body() -> bytes:
        return json.dumps(payload(), cls=DjangoJSONEncoder, ensure_ascii=False).encode()

    return answer(call, key, body, content_type=JSON, open_data=open_data)
