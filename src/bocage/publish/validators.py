"""Answers under a validator: who has one already is told so, and it is not made again (RFC 9110, 13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from bocage.kernel.etags import is_known

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class Asked(Protocol):
    @property
    def request(self) -> HttpRequest: ...


def validated(
    call: Asked, key: str, make: Callable[[], HttpResponseBase], *, open_data: bool, dated: bool = False
) -> HttpResponseBase:
    """`make()` under the ETag `key`; 304 without making it when the client already has it. `dated`: the answer says when it was
    made, so that two of the same key differ by that."""
    etag = f'W/"{key}"' if dated else f'"{key}"'
    if is_known(call.request, etag):
        response: HttpResponseBase = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        response = make()
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache" if open_data else "private, no-store"
    if not open_data:
        patch_vary_headers(response, ("Cookie",))
    return response
