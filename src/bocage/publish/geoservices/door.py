"""What every address has in common: parameters, key, quota, faults, headers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from bocage.publish import quotas
from bocage.publish.geoservices.call import Call, parameters_of
from bocage.publish.geoservices.errors import TOKEN_REQUIRED, EsriError, Invalid, envelope
from bocage.publish.viewers import PARAMETERS, key_of, key_used, viewer_for

if TYPE_CHECKING:
    from django.http import HttpRequest

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
WRITING = ("POST", "OPTIONS")
KEYS = ("token", *PARAMETERS)
Operation = Callable[[Call], "bytes | dict[str, Any]"]
JSON, GEOJSON = "application/json", "application/geo+json"


def view(operation: Operation, *, writes: bool = False, also: str = "") -> Callable[..., HttpResponse]:
    """The view of an operation. `writes`: by POST, with a key. `also`: a format beside JSON."""

    @csrf_exempt  # no cookie changes anything here: a forged request would need the key
    def answer(request: HttpRequest, name: str = "") -> HttpResponse:
        methods = WRITING if writes else METHODS
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
            response["Allow"] = response["Access-Control-Allow-Methods"] = ", ".join(methods)
            response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        elif request.method not in methods:
            response = HttpResponse(status=405)
            response["Allow"] = ", ".join(methods)
        else:
            response = _answered(request, name, operation, writes=writes, also=also)
        response["Access-Control-Allow-Origin"] = "*"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    return answer


def _answered(request: HttpRequest, name: str, operation: Operation, *, writes: bool, also: str) -> HttpResponse:
    quota, private, kind, indent = None, True, JSON, None
    try:
        given = parameters_of(request)
        kind, indent = _form(given, also)
        sent = _sent(given)
        viewer = viewer_for(request, sent, KEYS)
        quota = quotas.consume(request, viewer)
        if quota.exceeded:
            raise EsriError(429, _("Too many requests today; the counter starts again at midnight UTC."))
        call = Call(request, viewer, given, name)
        if name:
            call.require_layer()  # hidden and absent are told before anything else
        if writes:
            _require_writer(request, sent)
        content = operation(call)
        private = writes or viewer.user_id is not None or (bool(name) and not call.open_data)
    except Exception as error:  # noqa: BLE001  every fault has its envelope, the unknown ones are recorded
        content, kind = envelope(error, request.path), JSON
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False, indent=indent).encode()
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    response["Cache-Control"] = "private, no-store" if private or key_used(request) else "no-cache"
    patch_vary_headers(response, ("Authorization", "Cookie"))
    if quota is not None:
        quota.announce(response)
    return response


def _form(given: dict[str, str], also: str) -> tuple[str, int | None]:
    """Media type and indentation. Raises Invalid."""
    wanted = given.get("f", "").lower() or "json"
    if wanted == "geojson" and also == "geojson":
        return GEOJSON, None
    if wanted not in ("json", "pjson"):
        raise Invalid("f", _("json, pjson and, for features, geojson are offered"))
    return JSON, 2 if wanted == "pjson" else None


def _sent(given: dict[str, str]) -> QueryDict:
    """Where a key may be: in the address or in a form of any kind."""
    found = QueryDict(mutable=True)
    found.update({name: value for name, value in given.items() if name in KEYS})
    return found


def _require_writer(request: HttpRequest, sent: QueryDict) -> None:
    """Raises EsriError."""
    if not key_of(request, sent, KEYS):
        raise EsriError(TOKEN_REQUIRED, _("A key is needed to edit: send it as the parameter token."))
