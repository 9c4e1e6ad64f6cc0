"""Grids of tiles (OGC Two Dimensional Tile Matrix Set, 17-083r4): one square at zoom 0, each tile cut in four at the next zoom.

Columns go east, rows go south, both from the top left corner. A tile is 256 pixels wide for the scale of its zoom; its
coordinates are integers from 0 to 4096.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bocage.query.tiles.errors import TileOutside

PIXELS = 256
STANDARD_PIXEL = 0.000_28
"""Metres: the size of a pixel of which scale denominators are made."""


@dataclass(frozen=True)
class Grid:
    """`crs`: code for the engine, easting first; all distances are in its unit, the metre. `left`, `top`: the corner where tile
    0/0/0 begins; `side`: its width and height. `domain`: west, south, east, north in degrees (CRS84): what is beyond is not drawn.

    `pyramid`: below this zoom, large datasets are drawn from a generalisation made beforehand."""

    identifier: str
    title: str
    crs: str
    left: float
    top: float
    side: float
    domain: tuple[float, float, float, float]
    highest: int
    pyramid: int
    lowest: int = 0
    well_known: str = ""
    """URI of the well-known scale set, or of the registered grid, if there is one."""

    @property
    def crs_uri(self) -> str:
        authority, _, code = self.crs.partition(":")
        return f"http://www.opengis.net/def/crs/{authority}/0/{code}"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of the whole grid."""
        return (self.left, self.top - self.side, self.left + self.side, self.top)

    def require(self, zoom: int, column: int, row: int) -> None:
        """Raises TileOutside."""
        inside = self.lowest <= zoom <= self.highest and 0 <= column < 1 << zoom and 0 <= row < 1 << zoom
        if not inside:
            raise TileOutside(
                grid=self.identifier, zoom=zoom, column=column, row=row, lowest=self.lowest, highest=self.highest
            )

    def tile_side(self, zoom: int) -> float:
        """Of a tile, in metres of the grid."""
        return self.side / (1 << zoom)

    def cell_size(self, zoom: int) -> float:
        """Of a pixel, in metres of the grid."""
        return self.tile_side(zoom) / PIXELS

    def scale_denominator(self, zoom: int) -> float:
        return self.cell_size(zoom) / STANDARD_PIXEL

    def tile_bounds(self, zoom: int, column: int, row: int) -> tuple[float, float, float, float]:
        """Left, bottom, right, top. The side that two tiles share is the same number in both."""
        side = self.tile_side(zoom)
        left, right = (self.left + one * side for one in (column, column + 1))
        top, bottom = (self.top - one * side for one in (row, row + 1))
        return (left, bottom, right, top)


_HALF = math.pi * 6_378_137.0
_NORTHERNMOST = math.degrees(2 * math.atan(math.exp(math.pi)) - math.pi / 2)

WEB_MERCATOR_QUAD = Grid(
    "WebMercatorQuad",
    "Google Maps Compatible for the World",
    "EPSG:3857",
    left=-_HALF,
    top=_HALF,
    side=2 * _HALF,
    domain=(-180.0, -_NORTHERNMOST, 180.0, _NORTHERNMOST),
    highest=22,
    pyramid=13,
    well_known="http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
)
LAMB93 = Grid(
    "LAMB93",
    "Lambert-93",
    "EPSG:2154",
    left=-350_000.0,
    top=7_600_000.0,
    side=2.0**21,
    domain=(-9.86, 41.15, 10.38, 51.56),
    highest=18,
    pyramid=9,
)
"""Of metropolitan France. A pixel measures 8,192 metres at zoom 0, 1 metre at zoom 13, 1/32 at zoom 18."""

GRIDS: Mapping[str, Grid] = MappingProxyType({grid.identifier: grid for grid in (WEB_MERCATOR_QUAD, LAMB93)})
