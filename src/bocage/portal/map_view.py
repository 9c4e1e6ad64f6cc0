"""What is seen of a map, as its address says it: `view=zoom/latitude/longitude`, and the rectangle that a list is asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass

CLOSEST = 22
HIGHEST_LATITUDE = 85.0
TILE_PIXELS = 512
"""Side of the world at zoom 0, as MapLibre counts zooms."""
EQUATOR_M = 40_075_016.686
PIXEL_M = 0.0254 / 96
"""Side of a pixel of style sheets on paper, in metres."""
WINDOW = (1200, 700)
"""Pixels of a map on a desk: what is listed around a view where no script says how large it is."""


def _numbers(text: str, separator: str, count: int) -> tuple[float, ...] | None:
    try:
        found = tuple(float(one) for one in text[:200].split(separator))
    except ValueError:
        return None
    return found if len(found) == count and all(math.isfinite(one) for one in found) else None


@dataclass(frozen=True)
class Box:
    """Degrees; latitudes are ascending, and a box whose west is east of its east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def read(cls, text: str) -> Box | None:
        """`west,south,east,north`, as a map gives them: longitudes may have gone round the world. None for what is no box, and
        for the whole world."""
        found = _numbers(text, ",", 4)
        if found is None or found[1] > found[3] or found[0] > found[2] or found[2] - found[0] >= 360:
            return None
        south, north = (max(-90.0, min(90.0, one)) for one in (found[1], found[3]))
        return cls(_around(found[0]), south, _around(found[2]), north)

    @property
    def text(self) -> str:
        return ",".join(f"{one:.6f}" for one in (self.west, self.south, self.east, self.north))


def _around(longitude: float) -> float:
    """Between -180 and 180."""
    return (longitude + 180) % 360 - 180 if abs(longitude) > 180 else longitude


@dataclass(frozen=True)
class MapView:
    """`zoom` as MapLibre counts it; the centre in degrees."""

    zoom: float
    latitude: float
    longitude: float

    @classmethod
    def read(cls, text: str) -> MapView | None:
        found = _numbers(text, "/", 3)
        if found is None:
            return None
        zoom, latitude, longitude = found
        if not (0 <= zoom <= CLOSEST and abs(latitude) <= HIGHEST_LATITUDE and abs(longitude) <= 540):
            return None
        return cls(zoom, latitude, _around(longitude))

    @property
    def text(self) -> str:
        return f"{self.zoom:.2f}/{self.latitude:.5f}/{self.longitude:.5f}"

    @property
    def metres_per_pixel(self) -> float:
        """On the ground, at the centre."""
        return EQUATOR_M * math.cos(math.radians(self.latitude)) / (TILE_PIXELS * 2**self.zoom)

    @property
    def scale(self) -> float:
        """Metres of the ground for one of paper."""
        return self.metres_per_pixel / PIXEL_M

    @property
    def around(self) -> Box | None:
        """About what a desk shows of it; None where that is the whole world."""
        degrees = 360 / (TILE_PIXELS * 2**self.zoom)
        width, height = WINDOW[0] * degrees / 2, WINDOW[1] * degrees * math.cos(math.radians(self.latitude)) / 2
        sides = (self.longitude - width, self.latitude - height, self.longitude + width, self.latitude + height)
        return Box.read(",".join(str(one) for one in sides))
