"""Refusals, in the envelope of the first version: `{"errorcode", "error"}`; and ours beside: `code`, `faults`."""

from __future__ import annotations

import logging
from typing import Any

from django.http import JsonResponse

from bocage.kernel.errors import BocageError, TransientError
from bocage.pipeline.errors import UnexpectedFault
from bocage.pipeline.faults import as_fault
from bocage.pipeline.pushes import errors

logger = logging.getLogger(__name__)

RETRY_SECONDS = 10
TOO_MANY = 10002
"""What the reference calls the exhaustion of a quota; clients switch on it."""

STATUSES: tuple[tuple[type[BocageError], int], ...] = (
    (errors.KeyRefused, 401),
    (errors.AddressPaused, 403),
    (errors.RecordAbsent, 404),
    (errors.NothingPublished, 409),
    (errors.LengthRequired, 411),
    (errors.PayloadTooLarge, 413),
    (errors.EncodingNotAccepted, 415),
    (errors.JournalFull, 429),
    (TransientError, 503),
    (UnexpectedFault, 500),
)


def refusal(error: Exception) -> JsonResponse:
    """What becomes of every fault. One that nobody foresaw is recorded, and told by its reference."""
    fault = as_fault(error)
    status = next((status for kind, status in STATUSES if isinstance(fault, kind)), 400)
    body: dict[str, Any] = {
        "errorcode": TOO_MANY if status == 429 else status,
        "error": str(fault),
        "code": fault.code,
    }
    if "faults" in fault.fields:
        body["faults"] = fault.fields["faults"]
    response = answer(body, status)
    if status in (429, 503):
        response["Retry-After"] = str(RETRY_SECONDS)
    if status == 401:
        response["WWW-Authenticate"] = "Pushkey"
    return response


def not_allowed(methods: str) -> JsonResponse:
    response = answer({"errorcode": 405, "error": f"Only {methods} is answered here.", "code": "push.method"}, 405)
    response["Allow"] = methods
    return response


def answer(body: dict[str, Any], status: int = 200) -> JsonResponse:
    response = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response
