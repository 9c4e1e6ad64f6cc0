"""Errors in the standard's body: `code`, `description`, with the status and title of RFC 9457 beside."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.access.errors import KeyRefused
from bocage.catalog.errors import DataOnRequest
from bocage.kernel.clock import now
from bocage.kernel.errors import AccessDenied, BocageError, Gone, NotFound, TransientError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bocage.publish.quotas import Quota

RETRY_SECONDS = 5

logger = logging.getLogger(__name__)


class OgcError(Exception):
    """A refusal of the interface itself. `description`: in the language of the reader."""

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.code = code
        self.description = description


class InvalidParameterValue(OgcError):
    def __init__(self, name: str, found: str, expected: str) -> None:
        sentence = _("“%(found)s” is not a value for “%(name)s”: %(expected)s.")
        super().__init__(
            400, "InvalidParameterValue", sentence % {"found": found[:100], "name": name, "expected": expected}
        )


def answer(status: int, code: str, description: str) -> HttpResponse:
    title = HTTPStatus(status).phrase
    body = {"code": code, "description": description, "status": status, "title": title, "detail": description}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def error_answer(error: Exception, request: HttpRequest) -> HttpResponse:
    """What becomes of every fault. Hidden and absent are the same 404."""
    match error:
        case KeyRefused():
            response = answer(401, "Unauthorized", str(error))
            response["WWW-Authenticate"] = 'Apikey realm="OGC API"'
            return response
        case OgcError():
            return answer(error.status, error.code, error.description)
        case BocageError():
            return _of_ours(error)
        case SuspiciousOperation():  # of Django: more parameters, or a longer body, than it reads
            return answer(400, "InvalidRequest", _("The request is too long, or holds too many parameters."))
    logger.error("ogc.failed", exc_info=error, extra={"path": request.path})
    return answer(500, "InternalServerError", _("The server met an unexpected error; it has been recorded."))


def _of_ours(error: BocageError) -> HttpResponse:
    match error:
        case DataOnRequest():
            return answer(403, "Forbidden", str(error))
        case Gone():
            return answer(410, "Gone", str(error))
        case NotFound() | AccessDenied():
            return answer(404, "NotFound", _("There is nothing at this address, or you may not see it."))
        case TransientError():
            response = answer(503, "ServiceUnavailable", str(error))
            response["Retry-After"] = str(error.fields.get("retry_after", RETRY_SECONDS))
            return response
    return answer(400, "InvalidParameterValue", str(error))


def too_many_calls(quota: Quota) -> HttpResponse:
    response = answer(429, "TooManyRequests", _("Too many requests today; the counter starts again at midnight UTC."))
    response["Retry-After"] = str(max(1, round((quota.resets_at - now()).total_seconds())))
    return response
