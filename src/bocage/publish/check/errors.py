"""What becomes of every fault: a status, and a body that says what and how to mend it."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, JsonResponse

from bocage.kernel.errors import AccessDenied, BocageError, Gone, NotFound, TransientError
from bocage.pipeline.checking.errors import RequestTooLarge, TooBusy, TooLong, TooOften

logger = logging.getLogger(__name__)
RETRY_SECONDS = 60


STATUSES: tuple[tuple[type[BocageError], int], ...] = (
    (AccessDenied, 403),
    (Gone, 410),
    (NotFound, 404),
    (RequestTooLarge, 413),
    (TooLong, 422),
    (TooOften, 429),
    (TooBusy, 503),
    (TransientError, 502),  # the address to check, or that of the schema, does not answer
)


def status_of(error: BocageError) -> int:
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 400)


def error_answer(request: HttpRequest, error: BocageError) -> JsonResponse:
    status = status_of(error)
    response = json_answer({"error": body_of(error)}, status)
    if status in (429, 503):
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def body_of(error: BocageError) -> dict[str, Any]:
    """With `type` beside `code`: clients of the reference read it."""
    said = error.as_dict()
    return {"type": said["code"]} | said


def failed(request: HttpRequest, error: Exception) -> JsonResponse:
    """A fault of ours: recorded, never shown."""
    logger.error("check.failed", exc_info=error, extra={"path": request.path})
    message = "The server met an unexpected error; it has been recorded."
    return json_answer({"error": {"type": "server-error", "code": "server-error", "message": message}}, 500)


def json_answer(data: Any, status: int = 200) -> JsonResponse:
    response = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/json; charset=utf-8"
    response["Cache-Control"] = "no-store"
    return response
