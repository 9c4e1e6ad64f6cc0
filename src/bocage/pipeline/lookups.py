"""Lookups of versions that were published before there were any, or whose lookup left the cache: made while nothing else waits."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from bocage.pipeline.warming import warm_version
from bocage.query.lookups.writing import MANY, MOST, lacks_lookup
from bocage.query.relation import DatasetRelation
from bocage.store.models import Head

if TYPE_CHECKING:
    from bocage.store.models import Version

LOOK_AGAIN = 300.0
"""Seconds after which versions are looked at again when none lacked anything."""
MOST_LOOKED_AT = 500
"""Of the present versions, those that were published last."""


class Lacking:
    """What one process found. A version of which nothing could be made is not tried again by it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0.0
        self._tried: set[str] = set()

    def make_next(self) -> bool:
        """One lookup; False when no version lacks one, or another thread is at it."""
        if time.monotonic() < self._next or not self._lock.acquire(blocking=False):
            return False
        try:
            version = self._first()
            if version is None:
                self._next = time.monotonic() + LOOK_AGAIN
                return False
            self._tried.add(version.uid)
            return warm_version(version)
        finally:
            self._lock.release()

    def _first(self) -> Version | None:
        heads = Head.objects.filter(version__row_count__range=(MANY, MOST)).order_by("-moved_at")
        for head in heads.select_related("version__dataset__organization")[:MOST_LOOKED_AT]:
            version = head.version
            if version.uid not in self._tried and lacks_lookup(DatasetRelation(version.dataset, version)):
                return version
        return None


_lacking = Lacking()
make_next = _lacking.make_next
