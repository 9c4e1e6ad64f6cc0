"""The three addresses. The key is looked at before the payload is read: a stranger cannot make us read five megabytes.

Plain views, as in `publish.explore`: the standard fixes the bodies, and any number of slashes is accepted without a redirect.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from bocage.pipeline.pushes.accepting import accept, accept_deletion
from bocage.pipeline.pushes.errors import EncodingNotAccepted, LengthRequired, NotJson, PayloadTooLarge
from bocage.pipeline.pushes.keys import opened_by
from bocage.pipeline.pushes.payload import LIMIT_BYTES
from bocage.publish.push.errors import answer, not_allowed, refusal

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.pipeline.pushes.models import PushKey

OK = {"status": "OK"}
SCHEME = re.compile(r"(?:push|api)key\s+(\S+)", re.IGNORECASE)


@csrf_exempt  # no cookie opens these addresses: a forged request would need the key
def push(request: HttpRequest, dataset: str, resource: str) -> HttpResponse:
    """`POST …/{dataset}/{resource}/push/`: one record, or an array of them."""
    return _answered(request, "POST", lambda: accept(_key(request, dataset, resource), _body(request), "p"))


@csrf_exempt
def delete(request: HttpRequest, dataset: str, resource: str) -> HttpResponse:
    """`POST …/{dataset}/{resource}/delete/`: the records that have these values."""
    return _answered(request, "POST", lambda: accept(_key(request, dataset, resource), _body(request), "d"))


@csrf_exempt
def delete_record(request: HttpRequest, dataset: str, resource: str, record_id: str) -> HttpResponse:
    """`GET …/{dataset}/{resource}/{record_id}/delete/`: the method is the standard's."""
    return _answered(request, "GET, POST", lambda: accept_deletion(_key(request, dataset, resource), record_id))


def _answered(request: HttpRequest, methods: str, action: Callable[[], object]) -> HttpResponse:
    if request.method == "OPTIONS":
        response: HttpResponse = HttpResponse(status=204)
        response["Access-Control-Allow-Methods"] = f"{methods}, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response["Access-Control-Max-Age"] = "86400"
    elif request.method not in methods.split(", "):
        response = not_allowed(methods)
    else:
        try:
            action()
            response = answer(OK)
        except Exception as error:  # noqa: BLE001  every fault has its envelope, the unknown ones are recorded
            response = refusal(error)
    # A form of anybody's page may push, with its key; no cookie is ever looked at.
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _key(request: HttpRequest, dataset: str, resource: str) -> PushKey:
    """From `pushkey=`, `apikey=` or the header `Authorization: Pushkey …` (or `Apikey …`). Raises KeyRefused."""
    header = SCHEME.fullmatch(request.headers.get("Authorization", "").strip())
    given = request.GET.get("pushkey") or request.GET.get("apikey") or (header[1] if header else "")
    return opened_by(given, dataset=dataset, name=resource)


def _body(request: HttpRequest) -> bytes:
    """Raises LengthRequired, EncodingNotAccepted, PayloadTooLarge, NotJson."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise EncodingNotAccepted
    if "Content-Length" not in request.headers and "Transfer-Encoding" in request.headers:
        raise LengthRequired
    if int(request.META.get("CONTENT_LENGTH") or 0) > LIMIT_BYTES:
        raise PayloadTooLarge(limit_mb=LIMIT_BYTES >> 20)
    try:
        return request.body
    except UnreadablePostError:
        raise NotJson(detail="the connection was closed") from None
