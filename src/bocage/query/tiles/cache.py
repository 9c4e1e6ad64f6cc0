"""Tiles made already, in the memory of this process: of what is read whole, by readers from whom nothing is kept.

They are found by what they are made of, their validator: it takes the rights of who asks to know it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from bocage.query.tiles.requests import Tile

OVERHEAD = 1_000
"""Bytes that an entry takes beside its content, about."""
COMPRESSED = 2
"""An entry also holds its content compressed, once somebody asked for it: it is counted from the beginning."""


class TileCache:
    """The least recently used are forgotten beyond `most` bytes; by default, those of the settings."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Tile] = OrderedDict()
        self._size = 0

    @property
    def most(self) -> int:
        return settings.BOCAGE.tile_cache_mb * 1024 * 1024 if self._most is None else self._most

    def find(self, etag: str) -> Tile | None:
        with self._lock:
            known = self._kept.get(etag)
            if known is not None:
                self._kept.move_to_end(etag)
            return known

    def keep(self, tile: Tile) -> None:
        with self._lock:
            if tile.etag in self._kept:
                return
            self._kept[tile.etag] = tile
            self._size += _room(tile)
            while self._size > self.most:
                _etag, oldest = self._kept.popitem(last=False)
                self._size -= _room(oldest)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._size = 0


def _room(tile: Tile) -> int:
    return len(tile.content) * COMPRESSED + OVERHEAD


tiles = TileCache()
