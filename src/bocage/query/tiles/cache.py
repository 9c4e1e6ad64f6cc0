"""Tiles made already, in the memory of this process: of what is read whole, by readers from whom nothing is kept.

They are found by what they are made of (their validator), or by their address, which asks nothing of anybody: whoever does so has
made sure that the reader sees everything.
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from bocage.query.relation import Relation

OVERHEAD = 1_000
"""Bytes that an entry takes beside its content, about."""
COMPRESSED = 2
"""An entry also holds its content compressed, once somebody asked for it: it is counted from the beginning."""
LEVEL = 6


@dataclass(frozen=True)
class Address:
    """`part`: as `part_of` says it. `properties`: names of the fields that were asked; None for all of them."""

    part: str
    grid: str
    zoom: int
    column: int
    row: int
    properties: frozenset[str] | None = None


@dataclass(frozen=True)
class Finished:
    """A tile as it is sent. `content` is empty where nothing is."""

    content: bytes
    etag: str

    @cached_property
    def compressed(self) -> bytes:
        """By gzip, once."""
        return gzip.compress(self.content, LEVEL, mtime=0)


def part_of(relation: Relation) -> str:
    """Names the rows of a relation and all that its tiles say of them to those who see everything: what changes in the description
    of the dataset changes it. To be computed once for a state of the dataset, and kept beside it."""
    slugs = [version.dataset.slug for version in relation.versions]
    fields = [(field.name, field.type.value) for field in relation.fields]
    return repr((relation.key, slugs, relation.identity, fields))


class TileCache:
    """The least recently used are forgotten beyond `most` bytes; by default, those of the settings."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[Finished, Address | None]] = OrderedDict()
        self._etags: dict[Address, str] = {}
        self._size = 0

    @property
    def most(self) -> int:
        return settings.BOCAGE.tile_cache_mb * 1024 * 1024 if self._most is None else self._most

    def find(self, etag: str) -> Finished | None:
        with self._lock:
            known = self._kept.get(etag)
            if known is None:
                return None
            self._kept.move_to_end(etag)
            return known[0]

    def find_at(self, address: Address) -> Finished | None:
        etag = self._etags.get(address)
        return None if etag is None else self.find(etag)

    def keep(self, tile: Finished, address: Address | None = None) -> None:
        """`address`: of a tile without condition."""
        with self._lock:
            if tile.etag in self._kept:
                return
            self._kept[tile.etag] = (tile, address)
            if address is not None:
                self._etags[address] = tile.etag
            self._size += _room(tile)
            while self._size > self.most:
                self._forget_oldest()

    def _forget_oldest(self) -> None:
        _etag, (tile, address) = self._kept.popitem(last=False)
        if address is not None:
            self._etags.pop(address, None)
        self._size -= _room(tile)

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self._etags.clear()
            self._size = 0


def _room(tile: Finished) -> int:
    return len(tile.content) * COMPRESSED + OVERHEAD


tiles = TileCache()


def finished(address: Address) -> Finished | None:
    """A tile that was made already, for a reader from whom nothing is kept. Nothing is read, and nothing is told to the journal.

    Whoever asks has decided, for this very request, that the reader may see every row and column of the part."""
    return tiles.find_at(address)
