"""An address that is read by everyone who may, and written by those who may."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.views.decorators.csrf import csrf_exempt

from bocage.publish.ogc.door import METHODS
from bocage.publish.ogc.writing import ALL, HEADERS, ON_ITEM, ON_ITEMS, PATCHES, POSTS, allowed, written

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


def editable(read: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """`read` for the methods that read; OPTIONS says what the caller may do; the others are edits."""

    @csrf_exempt  # no cookie changes anything here: a forged request would need the key
    def answer(request: HttpRequest, collection: str, **segments: Any) -> HttpResponseBase:
        if request.method in ALL:
            return _shared(written(request, collection, segments.get("identifier", "")))
        response = read(request, collection, **segments)
        if request.method == "OPTIONS":
            response.status_code = 200  # of part 4; elsewhere an answer without a body is a 204
            told = allowed(request, collection, ON_ITEM if segments else ON_ITEMS)
            response["Allow"] = ", ".join(told)
            if "POST" in told:
                response["Accept-Post"] = POSTS
            if "PATCH" in told:
                response["Accept-Patch"] = PATCHES
            response["Access-Control-Allow-Methods"] = ", ".join((*METHODS, *ALL))
            response["Access-Control-Allow-Headers"] += HEADERS
        return response

    return answer


def _shared(response: HttpResponseBase) -> HttpResponseBase:
    """The page of anybody may write with the key that it holds."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "Location, ETag, Retry-After"
    response["X-Content-Type-Options"] = "nosniff"
    return response
