"""Geometries of a filter → shapes of the plan, in longitude and latitude whatever they were written in."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_noop

from bocage.query.coordinates import Crs, NotPlaced, stored_wkt
from bocage.query.cql2 import nodes
from bocage.query.odsql.geometries import NotAGeometry, read_shape
from bocage.query.odsql.scope import Scope
from bocage.query.plan import Shape

STEP = 200.0
"""Metres between the positions of a side that is moved: a straight line of a projection then stays within a millimetre of
its curve on the globe."""
MOST_ADDED = 5_000
Point = tuple[float, float]


def shape_of(node: nodes.Node, crs: Crs, scope: Scope) -> Shape:
    """Of a Geometry, a Collection or a Box."""
    try:
        if isinstance(node, nodes.Box):
            return _moved(_box(node, crs), crs)
        assert isinstance(node, nodes.Geometry | nodes.Collection)  # noqa: S101  callers look
        return _moved(_wkt(node, crs, _Sides(node, crs)), crs)
    except NotAGeometry as error:
        raise scope.malformed(gettext_noop("Invalid geometry: %(error)s"), error=str(error)) from None
    except NotPlaced:
        raise scope.malformed(
            gettext_noop("These coordinates are nowhere in the reference system %(crs)s"), crs=crs.code
        ) from None


def corners(bounds: tuple[float, ...], crs: Crs) -> tuple[float, float, float, float]:
    """West, south, east, north: heights left out, axes in our order."""
    half = len(bounds) // 2
    low, high = bounds[:2], bounds[half : half + 2]
    if crs.latitude_first:
        low, high = low[::-1], high[::-1]
    return (low[0], low[1], high[0], high[1])


def _box(node: nodes.Box, crs: Crs) -> str:
    """A box whose west is east of its east crosses the antimeridian: two boxes. Without width or height, a line or a point."""
    west, south, east, north = corners(node.bounds, crs)
    if south > north or (west > east and crs.projected):
        raise NotAGeometry("the lower corner of the box is above its upper corner")
    if west > east:
        halves = (_rectangle(west, south, 180.0, north, crs), _rectangle(-180.0, south, east, north, crs))
        return f"MULTIPOLYGON ({', '.join(halves)})"
    if (west, south) == (east, north):
        return f"POINT ({west!r} {south!r})"
    if west == east or south == north:
        return f"LINESTRING ({_line(((west, south), (east, north)), _Sides(node, crs))})"
    return f"POLYGON {_rectangle(west, south, east, north, crs)}"


def _rectangle(west: float, south: float, east: float, north: float, crs: Crs) -> str:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    length = 2 * (east - west + north - south)
    return f"(({_line(ring, _Sides.of(length, crs))}))"


class _Sides:
    """How the sides of a geometry are cut before they are moved. `step` 0: not at all."""

    def __init__(self, node: nodes.Node, crs: Crs) -> None:
        length = sum(_lengths(node)) if crs.projected else 0.0
        self.step = _step(length) if crs.projected else 0.0

    @classmethod
    def of(cls, length: float, crs: Crs) -> _Sides:
        found = cls.__new__(cls)
        found.step = _step(length) if crs.projected else 0.0
        return found


def _step(length: float) -> float:
    return max(STEP, length / MOST_ADDED)


def _lengths(node: nodes.Node) -> list[float]:
    if isinstance(node, nodes.Collection):
        return [length for member in node.members for length in _lengths(member)]
    return _length(node.coordinates) if isinstance(node, nodes.Geometry) and "Point" not in node.kind else []


def _length(coordinates: Any) -> list[float]:
    if coordinates and isinstance(coordinates[0][0], tuple):
        return [length for part in coordinates for length in _length(part)]
    return [math.dist(one[:2], other[:2]) for one, other in pairwise(coordinates)]


def _wkt(node: nodes.Node, crs: Crs, sides: _Sides) -> str:
    if isinstance(node, nodes.Collection):
        return f"GEOMETRYCOLLECTION ({', '.join(_wkt(member, crs, sides) for member in node.members)})"
    assert isinstance(node, nodes.Geometry)  # noqa: S101  nothing else is a member
    return f"{node.kind.upper()} {_body(node.kind, node.coordinates, crs, sides)}"


def _body(kind: str, value: Any, crs: Crs, sides: _Sides) -> str:
    if kind == "Point":
        return f"({_position(_plane(value, crs))})"
    if not isinstance(value[0][0], tuple):
        line = tuple(_plane(position, crs) for position in value)
        return f"({_line(line, _NONE) if kind == 'MultiPoint' else _line(line, sides)})"
    return f"({', '.join(_body(kind, part, crs, sides) for part in value)})"


def _plane(position: nodes.Position, crs: Crs) -> Point:
    """Without height, easting or longitude first."""
    return (position[1], position[0]) if crs.latitude_first else (position[0], position[1])


def _position(point: Point) -> str:
    return f"{point[0]!r} {point[1]!r}"


def _line(points: tuple[Point, ...], sides: _Sides) -> str:
    written = [_position(points[0])]
    for one, other in pairwise(points):
        pieces = math.ceil(math.dist(one, other) / sides.step) if sides.step else 1
        for piece in range(1, pieces):
            share = piece / pieces
            written.append(_position((one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)))
        written.append(_position(other))
    return ", ".join(written)


def _moved(wkt: str, crs: Crs) -> Shape:
    return read_shape(stored_wkt(wkt, crs) if crs.projected else wkt)


_NONE = _Sides.of(0.0, Crs("", "", projected=False))
