"""Refusals of edits, each with the status that clients know it by; None for what is told as everywhere (`errors`)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bocage.kernel.errors import BocageError
from bocage.pipeline.edits import errors as edits
from bocage.pipeline.pushes import errors as pushes
from bocage.publish.ogc.errors import RETRY_SECONDS, OgcError, answer

if TYPE_CHECKING:
    from django.http import HttpResponse

STATUSES: tuple[tuple[type[BocageError], int, str], ...] = (
    (edits.NotEditable, 403, "Forbidden"),
    (edits.FeatureAbsent, 404, "NotFound"),
    (edits.KeyTaken, 409, "Conflict"),
    (edits.StateChanged, 412, "PreconditionFailed"),
    (edits.TooManyEdits, 413, "ContentTooLarge"),
    (pushes.PayloadTooLarge, 413, "ContentTooLarge"),
    (pushes.ValueFault, 422, "UnprocessableContent"),
    (edits.EditsRefused, 422, "UnprocessableContent"),
    (edits.StateWanted, 428, "PreconditionRequired"),
    (edits.DatasetBusy, 503, "ServiceUnavailable"),
)


def refusal(error: Exception) -> HttpResponse | None:
    if isinstance(error, OgcError) and error.status == 401:
        response = answer(error.status, error.code, error.description)
        response["WWW-Authenticate"] = 'Apikey realm="OGC API"'
        return response
    for kind, status, code in STATUSES:
        if isinstance(error, kind):
            return _told(error, status, code)
    return None


def _told(error: BocageError, status: int, code: str) -> HttpResponse:
    response = answer(status, code, str(error))
    if "faults" in error.fields:
        response.content = json.dumps(
            json.loads(response.content) | {"faults": error.fields["faults"]}, ensure_ascii=False
        )
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response
