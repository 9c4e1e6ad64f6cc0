"""Answers with their validators."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from pydantic_core import to_json

from bocage.kernel.etags import is_known

if TYPE_CHECKING:
    from bocage.publish.explore.call import Call

JSON = "application/json; charset=utf-8"
R = TypeVar("R", bound=HttpResponseBase)


def answer(call: Call, key: str, make: Callable[[], R], *, open_data: bool) -> R | HttpResponse:
    """`make()` under the strong ETag `key`; 304 without making it when the client already has it."""
    etag = f'"{key}"'
    response: R | HttpResponse
    if call.lasting and is_known(call.request, etag):
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = make()
    if call.lasting:
        response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if open_data else "private, no-store"
    if not open_data:
        response["Vary"] = "Accept-Language, Cookie"
    return response


def json_answer(call: Call, key: str, payload: Callable[[], Any], *, open_data: bool) -> HttpResponse:
    """`payload()` as JSON: written by what Ninja brings, five times as fast as Python's own, which would be a sixth of the time of
    a page."""

    def make() -> HttpResponse:
        return HttpResponse(to_json(payload(), fallback=DjangoJSONEncoder().default), content_type=JSON)

    return answer(call, key, make, open_data=open_data)
