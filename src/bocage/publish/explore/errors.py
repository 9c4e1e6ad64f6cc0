"""Errors in the standard's own envelope: `{"error_code", "message"}` (explore-api 3.8). Clients compare these strings."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse

from bocage.access.errors import KeyRefused
from bocage.catalog.errors import DataOnRequest, DatasetGone
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, BocageError, NotFound, TransientError
from bocage.query.errors import QueryError, RecordNotFound

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.publish.quotas import Quota

logger = logging.getLogger(__name__)

JSON = "application/json; charset=utf-8"


class ExploreError(Exception):
    """A refusal of the interface itself."""

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message


class InvalidRESTParameter(ExploreError):
    """A parameter that is not what it should be: `InvalidRESTParameterError`."""

    def __init__(self, name: str, found: object, expected: str) -> None:
        message = f"Invalid value for {name} API parameter: {found} was found but {expected} is expected."
        super().__init__(400, "InvalidRESTParameterError", message)


class NotFoundResource(ExploreError):
    def __init__(self, kind: str, name: str) -> None:
        super().__init__(404, "NotFoundResource", f"The requested {kind} {name} does not exist.")


def answer(status: int, error_code: str, message: str) -> JsonResponse:
    envelope = {"error_code": error_code, "message": message}
    response = JsonResponse(envelope, status=status, json_dumps_params={"ensure_ascii": False}, content_type=JSON)
    response["Cache-Control"] = "no-store"
    return response


def error_answer(error: Exception, request: HttpRequest, dataset_id: str) -> HttpResponse:
    """One screen: what becomes of every fault. Hidden and absent are the same 404."""
    match error:
        case KeyRefused():
            return key_refused()
        case ExploreError():
            found = (error.status, error.error_code, error.message)
        case RecordNotFound():
            found = (404, error.error_code, error.api_message)
        case DatasetGone():
            found = (410, "GoneResource", _gone(error))
        case DataOnRequest():
            found = (403, "ForbiddenResource", _on_request(error))
        case NotFound() | AccessDenied():
            found = (404, "NotFoundResource", f"The requested dataset {dataset_id} does not exist.")
        case QueryError():
            found = (400, error.error_code, error.api_message)
        case TransientError():
            found = (503, error.code, str(error))
        case BocageError():
            found = (400, error.code, str(error))
        case _:
            logger.error("explore.failed", exc_info=error, extra={"path": request.path})
            found = (500, "InternalServerError", "The server met an unexpected error; it has been recorded.")
    return answer(*found)


def _gone(error: DatasetGone) -> str:
    """English, like every sentence of the standard."""
    told = error.fields
    since = f"The dataset {told['slug']} is not published here any more, since {error.withdrawn_at.date().isoformat()}."
    if error.replacement:
        return f"{since} It is now {error.replacement}."
    return f"{since} It was published by {' '.join(filter(None, (told['publisher'], told['contact'])))}."


def _on_request(error: DataOnRequest) -> str:
    """English, like every sentence of the standard: why, and how to ask."""
    told = error.fields
    who = " ".join(filter(None, (told["publisher"], told["contact"])))
    return (
        f"The data of {told['slug']} are given on request. Ask for them at /explore/dataset/{told['slug']}/, "
        f"or write to who publishes them: {who}."
    )


def key_refused() -> HttpResponse:
    """A bare 401, as the standard answers it: no body, in which a client would look for an envelope."""
    response = HttpResponse(status=401)
    del response["Content-Type"]
    response["WWW-Authenticate"] = 'Apikey realm="Explore API"'
    response["Cache-Control"] = "no-store"
    return response


def too_many_calls(quota: Quota) -> JsonResponse:
    """429, with the body that clients of both versions read."""
    body = {
        "errorcode": quota.errorcode,
        "error": "Too many requests on the domain. Please contact the domain administrator.",
        "call_limit": quota.limit,
        "limit_time_unit": "day",
        "reset_time": f"{quota.resets_at:%Y-%m-%dT%H:%M:%SZ}",
    }
    response = JsonResponse(body, status=429, content_type=JSON)
    response["Retry-After"] = str(max(1, round((quota.resets_at - now()).total_seconds())))
    response["Cache-Control"] = "no-store"
    return response


def first_version(response: HttpResponseBase) -> HttpResponseBase:
    """The same refusal in the envelope of the first version: `{"errorcode", "error"}`, which its clients read."""
    if isinstance(response, HttpResponse) and response.content:
        refusal = json.loads(response.content)
        if "errorcode" in refusal:  # a quota is told alike in both versions
            return response
        response.content = json.dumps({"errorcode": response.status_code, "error": refusal["message"]}).encode()
    return response
