"""Errors as rows keep them: a code and its fields; the sentence is made when it is shown, in the reader's language."""

from __future__ import annotations

import errno
import json
from typing import Any

import structlog
from django.db import OperationalError
from django.utils.translation import override

from bocage.kernel.errors import BocageError
from bocage.kernel.ids import new_uid
from bocage.pipeline.errors import DiskFull, ServerOverloaded, UnexpectedFault

log = structlog.get_logger("bocage.pipeline")

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
OVERLOADED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN})


def as_fault(error: Exception) -> BocageError:
    """Any exception as an error with a reason. What nobody foresaw is logged with a reference that the person can quote."""
    if isinstance(error, BocageError):
        return error
    if isinstance(error, OSError) and error.errno in FULL:
        return DiskFull()
    if isinstance(error, OperationalError) or (isinstance(error, OSError) and error.errno in OVERLOADED):
        return ServerOverloaded()
    reference = new_uid(length=8)
    log.error("run.unexpected_fault", reference=reference, exc_info=error)
    return UnexpectedFault(kind=type(error).__name__, reference=reference)


def as_record(error: BocageError) -> dict[str, Any]:
    """What a row keeps: `BocageError.as_dict()`, in JSON types. Its sentence, in English, serves if the code disappears."""
    with override("en"):
        record: dict[str, Any] = json.loads(json.dumps(error.as_dict(), default=str))
    return record


def from_record(record: dict[str, Any]) -> dict[str, Any]:
    """The same record, its sentence and its advice in the active language."""
    kind = _kinds().get(record.get("code", ""))
    if kind is None:
        return record
    try:
        return kind(**record.get("fields", {})).as_dict()
    except (KeyError, TypeError, ValueError):
        return record  # written by a release whose sentence had other fields


def _kinds() -> dict[str, type[BocageError]]:
    """Every error class by its code; of classes that share one, the first declared."""
    found: dict[str, type[BocageError]] = {}
    waiting: list[type[BocageError]] = [BocageError]
    while waiting:
        kind = waiting.pop(0)
        found.setdefault(kind.code, kind)
        waiting.extend(kind.__subclasses__())
    return found
