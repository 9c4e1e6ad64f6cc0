"""Tiles made already, in the memory of this process: of what is read whole, by readers from whom nothing is kept."""

from __future__ import annotations

import threading
from collections import OrderedDict

MOST_BYTES = 32 * 1024 * 1024
OVERHEAD = 400
"""Bytes that an entry takes beside its content, about."""


class TileCache:
    """Contents by validator, the least recently used forgotten beyond `most` bytes."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def find(self, key: str) -> bytes | None:
        with self._lock:
            content = self._kept.get(key)
            if content is not None:
                self._kept.move_to_end(key)
            return content

    def keep(self, key: str, content: bytes) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = content
            self._size += len(content) + OVERHEAD
            while self._size > self._most:
                _key, forgotten = self._kept.popitem(last=False)
                self._size -= len(forgotten) + OVERHEAD

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0


tiles = TileCache()
