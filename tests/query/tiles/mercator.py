"""Both projections from their formulas, apart from ours (EPSG guidance note 7-2), and what a tile should show, by GEOS."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import shapely

from bocage.query.tiles import EXTENT, WEB_MERCATOR_QUAD, Grid

_A, _F = 6_378_137.0, 1 / 298.257222101
_E = math.sqrt(2 * _F - _F * _F)


def to_mercator(points: np.ndarray) -> np.ndarray:
    lon, lat = np.radians(points).T
    return np.column_stack([_A * lon, _A * np.log(np.tan(math.pi / 4 + lat / 2))])


def _t(lat: Any) -> Any:
    sine = _E * np.sin(lat)
    return np.tan(math.pi / 4 - lat / 2) / ((1 - sine) / (1 + sine)) ** (_E / 2)


def to_lambert_93(points: np.ndarray) -> np.ndarray:
    """Conic with the parallels 44° and 49°, from 46.5° north and 3° east."""
    lon, lat = np.radians(points).T
    first, second, origin = (math.radians(one) for one in (44.0, 49.0, 46.5))
    m1, m2 = (math.cos(one) / math.sqrt(1 - (_E * math.sin(one)) ** 2) for one in (first, second))
    n = math.log(m1 / m2) / math.log(_t(first) / _t(second))
    scale = _A * m1 / (n * _t(first) ** n)
    radius, base = scale * _t(lat) ** n, scale * _t(origin) ** n
    turn = n * (lon - math.radians(3))
    return np.column_stack([700_000 + radius * np.sin(turn), 6_600_000 + base - radius * np.cos(turn)])


def in_tile(shape: Any, grid: Grid, address: tuple[int, int, int]) -> Any:
    """The shape in the units of a tile, y going down, not cut and not rounded."""
    left, _bottom, right, top = grid.tile_bounds(*address)
    project = to_mercator if grid is WEB_MERCATOR_QUAD else to_lambert_93
    scale = EXTENT / (right - left)

    def moved(points: np.ndarray) -> np.ndarray:
        x, y = project(points).T
        return np.column_stack([(x - left) * scale, (top - y) * scale])

    return shapely.transform(shape, moved)


def shape_of(feature: Any) -> Any:
    """A feature of a tile as shapely has it, in units."""
    if feature.kind == 1:
        return shapely.MultiPoint([position for part in feature.parts for position in part])
    if feature.kind == 2:
        return shapely.MultiLineString(feature.parts)
    polygons: list[list[Any]] = []
    for ring in feature.parts:
        turn = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring))
        if turn > 0:
            polygons.append([ring, []])
        else:
            polygons[-1][1].append(ring)
    return shapely.MultiPolygon([shapely.Polygon(outer, holes) for outer, holes in polygons])
