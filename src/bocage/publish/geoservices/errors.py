"""Errors in the envelope of the interface: {"error": {"code", "message", "details"}}, with the status 200."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.access.errors import KeyRefused
from bocage.kernel.errors import AccessDenied, BocageError, NotFound, TransientError

if TYPE_CHECKING:
    from collections.abc import Sequence

logger = logging.getLogger(__name__)

INVALID_TOKEN, TOKEN_REQUIRED, NOT_ALLOWED = 498, 499, 403


class EsriError(Exception):
    """A refusal of the interface itself, in the language of the reader."""

    def __init__(self, code: int, message: str, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = list(details)


class Invalid(EsriError):
    def __init__(self, parameter: str, expected: str) -> None:
        sentence = _("“%(parameter)s” is not understood: %(expected)s.")
        super().__init__(400, sentence % {"parameter": parameter, "expected": expected})


CODES: tuple[tuple[type[BocageError], int], ...] = (
    (KeyRefused, INVALID_TOKEN), (AccessDenied, NOT_ALLOWED), (TransientError, 503), (BocageError, 400),
)  # fmt: skip


def envelope(error: Exception, path: str) -> dict[str, Any]:
    """What becomes of every fault. Hidden and absent are the same."""
    if isinstance(error, EsriError):
        return _told(error.code, error.message, error.details)
    if isinstance(error, NotFound):
        return _told(404, _("There is nothing at this address, or you may not see it."))
    if isinstance(error, BocageError):
        code = next(code for kind, code in CODES if isinstance(error, kind))
        faults = error.fields.get("faults", ())
        return _told(code, str(error), [one["reason"] for one in faults])
    logger.error("geoservices.failed", exc_info=error, extra={"path": path})
    return _told(500, _("The server met an unexpected error; it has been recorded."))


def _told(code: int, message: str, details: Sequence[str] = ()) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": list(details)}}


def of_feature(error: BocageError) -> dict[str, Any]:
    """Of one feature of applyEdits."""
    return {"code": 1000, "description": str(error)}
