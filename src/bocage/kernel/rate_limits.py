"""How long a server asks its callers to wait, in the headers that servers use for it.

`Retry-After` (RFC 9110 10.2.3) is a number of seconds or a date; `X-RateLimit-Reset` is, by vendor, a number of seconds, the
seconds since 1970, or a date. Nothing here trusts them: a wait is between nothing and a day.
"""

from __future__ import annotations

import contextlib
import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bocage.kernel.clock import now

LONGEST_SECONDS = 86_400.0
_OLDEST_EPOCH = 1_000_000_000
"""Smaller numbers are seconds to wait, larger ones are dates."""


@dataclass(frozen=True)
class Allowance:
    """`remaining`: calls left, None when the server does not say; `reset_seconds`: until there are more, None likewise."""

    remaining: int | None = None
    reset_seconds: float | None = None


UNSAID = Allowance()


def allowance_of(headers: Mapping[str, str]) -> Allowance:
    """What an answer says of the calls that are left: of the whole server, or of one data set where that is less."""
    found = [_allowance(headers, prefix) for prefix in ("X-RateLimit", "X-RateLimit-dataset")]
    said = [one for one in found if one.remaining is not None]
    return min(said, key=lambda one: one.remaining or 0) if said else UNSAID


def wait_asked(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait after a refusal for too many calls; None when the server does not say."""
    asked = seconds_until(headers.get("Retry-After", ""))
    return asked if asked is not None else seconds_until(headers.get("X-RateLimit-Reset", ""))


def seconds_until(said: str) -> float | None:
    """From a number of seconds, an epoch, or a date as HTTP or ISO 8601 write it; None when it is none of these."""
    text = said.strip()[:64]
    if re.fullmatch(r"\d{1,13}(\.\d{1,6})?", text):
        number = float(text)
        return _bounded(number - now().timestamp() if number > _OLDEST_EPOCH else number)
    instant = _instant(text)
    return None if instant is None else _bounded((instant - now()).total_seconds())


def _allowance(headers: Mapping[str, str], prefix: str) -> Allowance:
    remaining = headers.get(f"{prefix}-Remaining", "").strip()
    known = int(remaining) if re.fullmatch(r"\d{1,12}", remaining) else None
    return Allowance(known, seconds_until(headers.get(f"{prefix}-Reset", "")))


def _instant(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, email.utils.parsedate_to_datetime):
        with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
            instant = read(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_SECONDS)
