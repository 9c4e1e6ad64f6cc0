"""The window of a map image: a rectangle of a reference system, as so many pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bocage.query.coordinates import Crs, NotPlaced, stored_wkt
from bocage.query.cql2.shapes import corners
from bocage.query.odsql.geometries import read_shape

if TYPE_CHECKING:
    from bocage.query.cql2 import nodes

Bounds = tuple[float, float, float, float]
WORLD: Bounds = (-180.0, -90.0, 180.0, 90.0)
SIDES = 32
"""Positions along each side of the window, by which its bounds in degrees are found."""


@dataclass(frozen=True)
class Window:
    """`west`, `south`, `east`, `north`: in the unit of `crs`, easting or longitude first; never without width or height."""

    crs: Crs
    west: float
    south: float
    east: float
    north: float
    width: int
    height: int

    @classmethod
    def of(cls, box: nodes.Box, crs: Crs, width: int, height: int) -> Window:
        """Axes of the box in the order of `crs`."""
        return cls(crs, *corners(box.bounds, crs), width, height)

    @property
    def pixel(self) -> tuple[float, float]:
        """Width and height of one, in the unit of the system."""
        return (self.east - self.west) / self.width, (self.north - self.south) / self.height

    def around(self, pixels: float) -> Bounds:
        """The window and so many pixels beyond each of its sides."""
        wide, high = (side * pixels for side in self.pixel)
        return (self.west - wide, self.south - high, self.east + wide, self.north + high)

    def degrees(self, pixels: float) -> Bounds:
        """West, south, east, north of the window and of so many pixels around it, in longitude and latitude. The whole world
        when a part of the window is nowhere on it."""
        bounds = self.around(pixels)
        if not self.crs.projected:
            return _on_earth(bounds)
        try:
            moved = read_shape(stored_wkt(_outline(bounds), self.crs)).bounds
        except (NotPlaced, ValueError):
            return WORLD
        return _on_earth(moved)

    @cached_property
    def pixel_degrees(self) -> tuple[float, float]:
        """About how wide and how high a pixel is, in degrees; never nothing."""
        west, south, east, north = self.degrees(0)
        return max((east - west) / self.width, 1e-12), max((north - south) / self.height, 1e-12)


def _on_earth(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    return (max(west, -360.0), max(south, -90.0), min(east, 360.0), min(north, 90.0))


def _outline(bounds: Bounds) -> str:
    """Its sides cut in pieces: what is straight here is curved there."""
    west, south, east, north = bounds
    shares = [rank / SIDES for rank in range(SIDES)]
    ring = [
        *((west + (east - west) * share, south) for share in shares),
        *((east, south + (north - south) * share) for share in shares),
        *((east - (east - west) * share, north) for share in shares),
        *((west, north - (north - south) * share) for share in shares),
        (west, south),
    ]
    return f"POLYGON (({', '.join(f'{x!r} {y!r}' for x, y in ring)}))"
