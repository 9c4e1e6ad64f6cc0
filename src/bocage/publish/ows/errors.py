"""Faults of the older services, before they are written: OWS reports, or the service exceptions of WMS."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from bocage.access.errors import KeyRefused
from bocage.catalog.errors import DataOnRequest
from bocage.kernel.errors import AccessDenied, BocageError, Gone, NotFound, TransientError
from bocage.query.tiles import TileOutside

if TYPE_CHECKING:
    from django.http import HttpRequest

logger = logging.getLogger(__name__)


class OwsError(Exception):
    """A refusal of the service itself. `code`: of the standard. `locator`: the parameter that is at fault. `text`: in the
    language of the reader."""

    def __init__(self, code: str, text: str, *, locator: str = "", status: int = 400) -> None:
        super().__init__(text)
        self.fault = Fault(status, code, text, locator)


@dataclass(frozen=True)
class Fault:
    status: int
    code: str
    text: str
    locator: str = ""


def missing(name: str) -> OwsError:
    return OwsError("MissingParameterValue", _("The parameter “%(name)s” is missing.") % {"name": name}, locator=name)


def invalid(name: str, found: str, expected: str, *, code: str = "InvalidParameterValue") -> OwsError:
    sentence = _("“%(found)s” is not a value for “%(name)s”: %(expected)s.")
    return OwsError(code, sentence % {"found": found[:100], "name": name, "expected": expected}, locator=name)


def not_offered(operation: str) -> OwsError:
    sentence = _("The operation “%(operation)s” is not offered; GetCapabilities lists those that are.")
    return OwsError("OperationNotSupported", sentence % {"operation": operation[:100]}, locator="request")


def fault_of(error: Exception, request: HttpRequest) -> Fault:
    """What becomes of every error. Hidden and absent are the same fault."""
    if isinstance(error, OwsError):
        return error.fault
    if isinstance(error, NotFound | AccessDenied) and not isinstance(error, DataOnRequest | Gone):
        return Fault(404, "NotFound", _("There is nothing at this address, or you may not see it."))
    for kind, status, code in _STATUSES:
        if isinstance(error, kind):
            return Fault(status, code, str(error))
    logger.error("ows.failed", exc_info=error, extra={"path": request.path})
    return Fault(500, "NoApplicableCode", _("The server met an unexpected error; it has been recorded."))


_STATUSES: tuple[tuple[type[Exception], int, str], ...] = (
    (KeyRefused, 401, "NoApplicableCode"),
    (DataOnRequest, 403, "NoApplicableCode"),
    (Gone, 410, "NoApplicableCode"),
    (TransientError, 503, "NoApplicableCode"),
    (TileOutside, 400, "TileOutOfRange"),
    (BocageError, 400, "InvalidParameterValue"),
)


def too_many_calls() -> Fault:
    return Fault(429, "NoApplicableCode", _("Too many requests today; the counter starts again at midnight UTC."))
