"""What may be asked of a tile, and what is answered."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bocage.catalog.fields import Field
    from bocage.query.odsql.scope import Scope
    from bocage.query.plan import Predicate
    from bocage.query.tiles.grids import Grid

EXTENT = 4096
"""Units across a tile."""
MEDIA_TYPE = "application/vnd.mapbox-vector-tile"
LEVEL = 6
"""Of compression."""


@dataclass(frozen=True)
class TileQuery:
    """`condition` is made out of the names that the viewer may use, as is `properties`: None for all the fields; those that are
    geographic are never among the properties."""

    grid: Grid
    zoom: int
    column: int
    row: int
    condition: Callable[[Scope], Predicate | None] = lambda _scope: None
    properties: Callable[[Scope], tuple[Field, ...] | None] = lambda _scope: None


@dataclass(frozen=True)
class Tile:
    """`content`: a Mapbox Vector Tile, not compressed; empty when nothing is there. `etag`: strong, not quoted.

    One layer, named by the identifier of the dataset. Properties of a feature: those asked, with `_id` (text) when it is one
    record, or with `_count` alone (integer, 2 or more) when it stands for several. A missing value is not written."""

    content: bytes
    etag: str

    @cached_property
    def compressed(self) -> bytes:
        """The content by gzip, made once: a tile that is kept keeps it."""
        return gzip.compress(self.content, LEVEL, mtime=0)
