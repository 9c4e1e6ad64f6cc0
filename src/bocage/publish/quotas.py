"""Calls of a day, counted by account or by address, and the limit on them.

The counters are a sparse file a day, which all the processes of the machine read and write under a lock on four bytes: exact,
a few microseconds, no request of the database, nothing to write back when a process dies. It holds numbers only: an address
is a place in the file, drawn again every day, from which it cannot be found back.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from allauth.core.internal.ratelimit import get_ip
from django.conf import settings

from bocage.kernel.clock import now
from bocage.kernel.tallies import WIDTH, add_one

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from bocage.access.viewer import Viewer

SLOTS = 1 << 20
"""Of one kind in one day. Two addresses in the same place share their calls: one chance in a million for each pair."""
DOMAIN, ANONYMOUS = 10002, 10005
"""`errorcode` of the standard: the calls of an account, those of strangers."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Quota:
    """What is left of the day. `limit` 0: no limit, nothing was counted."""

    limit: int
    used: int
    resets_at: datetime
    errorcode: int = ANONYMOUS

    @property
    def exceeded(self) -> bool:
        return 0 < self.limit < self.used

    def announce(self, response: HttpResponseBase) -> None:
        """The headers of the standard, with the instant as a live portal writes it."""
        if self.limit:
            response["X-RateLimit-Limit"] = str(self.limit)
            response["X-RateLimit-Remaining"] = str(max(0, self.limit - self.used))
            response["X-RateLimit-Reset"] = f"{self.resets_at:%Y-%m-%d %H:%M:%S}+00:00"


def consume(request: HttpRequest, viewer: Viewer) -> Quota:
    """Count one call of this viewer, unless the limit is passed already."""
    today = now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)
    if viewer.user_id is not None:
        limit, slot, errorcode = settings.BOCAGE.calls_per_account, viewer.user_id % SLOTS, DOMAIN
    else:
        limit, errorcode = settings.BOCAGE.calls_per_address, ANONYMOUS
        slot = _slot_of(get_ip(request), today) if limit else 0
    used = _counters.count(_folder() / f"{today:%Y%m%d}-{errorcode}", slot, limit) if limit else 0
    return Quota(limit, used, tomorrow, errorcode)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "calls"


def _slot_of(address: str, day: datetime) -> int:
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{day:%Y%m%d} {address}".encode(), hashlib.sha256)
    return int.from_bytes(digest[:8]) % SLOTS


class Counters:
    """Open files of this process. A lock between its threads, one of the system between processes."""

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}
        self._lock = threading.Lock()

    def count(self, path: Path, slot: int, limit: int) -> int:
        """The number of calls with this one; at most `limit` + 1, written no more. 0 when the disk refuses: better served."""
        try:
            with self._lock:
                return add_one(self._descriptor(path), slot, limit + 1)
        except OSError as error:
            logger.warning("quota.not-counted", extra={"fault": type(error).__name__})
            return 0

    def _descriptor(self, path: Path) -> int:
        """The file of the day, opened once; those of other days are forgotten."""
        if path not in self._open:
            self._forget_others(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._open[path] = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            os.ftruncate(self._open[path], SLOTS * WIDTH)
        return self._open[path]

    def _forget_others(self, path: Path) -> None:
        day = path.name.partition("-")[0]
        for other in [other for other in self._open if other.parent != path.parent or not other.name.startswith(day)]:
            os.close(self._open.pop(other))
        for old in path.parent.glob("*-*") if path.parent.is_dir() else ():
            if old.name.partition("-")[0] < day:
                old.unlink(missing_ok=True)


_counters = Counters()
