"""A tile, as its address names it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bocage.kernel.errors import NotFound
from bocage.publish.ogc.asked import query_of
from bocage.publish.ogc.errors import OgcError
from bocage.publish.tiles.formats import VERSION
from bocage.query.rendering import main_geometry
from bocage.query.tiles import GRIDS, Grid, TileOutside, TileQuery

if TYPE_CHECKING:
    from bocage.publish.ogc.call import Call

LONGEST_NUMBER = 10
NOWHERE = -1
"""Of what is no number: outside every grid."""


def grid_named(identifier: str) -> Grid:
    """Raises NotFound."""
    found = GRIDS.get(identifier)
    if found is None:
        raise NotFound(kind="tile matrix set", name=identifier[:100])
    return found


def require_drawn(call: Call) -> None:
    """Raises NotFound for a collection in which the caller sees no geometry: hidden or absent, it has no tiles."""
    if main_geometry(list(call.subject.fields)) is None:
        raise NotFound(kind="tiles", name=call.collection)


def tile_asked(call: Call, grid: Grid, zoom: str, column: str, row: str) -> TileQuery:
    """Raises NotFound, OgcError: 404 outside the grid, 400 for parameters."""
    require_drawn(call)
    z, x, y = (_number(one) for one in (zoom, column, row))
    try:
        grid.require(z, x, y)
    except TileOutside as outside:
        raise OgcError(404, "NotFound", str(outside)) from None
    asked = query_of(without_version(call))
    return TileQuery(grid, z, x, y, condition=asked.condition, properties=asked.properties)


def without_version(call: Call) -> Call:
    """The version is told to caches: it chooses nothing."""
    return dataclasses.replace(call, given={name: one for name, one in call.given.items() if name != VERSION.name})


def _number(written: str) -> int:
    plain = written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER
    return int(written) if plain else NOWHERE
