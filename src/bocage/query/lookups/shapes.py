"""Shapes of a lookup, a few at a time: their coordinates as GeoJSON, and what they are to another shape, without the engine."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bocage.query.lookups.conditions import At
    from bocage.query.lookups.lookup import Bools, Lookup


_ONE_WAY = ("within", "contains")


class Undecided(Exception):
    """A shape of which the library says nothing: the engine is asked."""


@dataclass(frozen=True)
class Related:
    """A column of shapes and one more: `relation` as in `places.RELATIONS`. For few rows: each shape is read.

    GEOS decides, as it does in the engine. It is loaded when first asked: many processes never are."""

    lookup: Lookup
    name: str
    relation: str
    wkt: str

    def holds(self, at: At) -> Bools:
        """Raises Undecided."""
        assert not isinstance(at, slice)  # noqa: S101  of few rows
        shapely: Any = import_module("shapely")
        try:
            column = self.lookup.take(at, [self.name]).column(0)
            shapes = shapely.from_wkb(column.to_numpy(zero_copy_only=False))
            pair = (shapes, self._other) if self.relation in _ONE_WAY else (self._other, shapes)
            found: Bools = getattr(shapely, self.relation)(*pair)
        except shapely.errors.ShapelyError as broken:
            raise Undecided from broken
        return found

    @cached_property
    def _other(self) -> Any:
        """Prepared, as the engine prepares what does not change from row to row: of shapes that are not valid, GEOS may say
        otherwise when it was not."""
        shapely: Any = import_module("shapely")
        other = shapely.from_wkt(self.wkt)
        shapely.prepare(other)
        return other


# --- GeoJSON -----------------------------------------------------------------------------------------------------------

_COUNT = struct.Struct("<I")
_HEAD, _POSITION = struct.Struct("<BI"), struct.Struct("<2d")
_LITTLE_ENDIAN = 1
_NAMES = ("", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")


def geojson(wkb: bytes) -> str | None:
    """As `ST_AsGeoJSON` writes it: RFC 7946, two dimensions. None for what it may write otherwise."""
    try:
        kind, coordinates, end = _geometry(wkb, 0)
    except (KeyError, struct.error, ValueError):
        return None
    if end != len(wkb) or "e" in coordinates or "n" in coordinates:  # an exponent, no number
        return None
    return f'{{"type":"{_NAMES[kind]}","coordinates":{coordinates}}}'


def _geometry(wkb: bytes, start: int) -> tuple[int, str, int]:
    """Its kind, its coordinates as JSON, and where it ends. Raises KeyError, struct.error, ValueError."""
    order, kind = _HEAD.unpack_from(wkb, start)
    if order != _LITTLE_ENDIAN:
        raise ValueError(order)
    return kind, *_COORDINATES[kind](wkb, start + _HEAD.size)


def _point(wkb: bytes, start: int) -> tuple[str, int]:
    x, y = _POSITION.unpack_from(wkb, start)
    return f"[{x!r},{y!r}]", start + _POSITION.size


def _line(wkb: bytes, start: int) -> tuple[str, int]:
    (count,) = _COUNT.unpack_from(wkb, start)
    start += _COUNT.size
    end = start + 16 * count
    if end > len(wkb):
        raise ValueError(end)
    return _pattern(count) % struct.unpack_from(f"<{2 * count}d", wkb, start), end


@lru_cache(maxsize=1000)
def _pattern(count: int) -> str:
    return f"[{','.join(['[%r,%r]'] * count)}]"


def _several(part: Callable[[bytes, int], tuple[str, int]]) -> Callable[[bytes, int], tuple[str, int]]:
    def read(wkb: bytes, start: int) -> tuple[str, int]:
        (count,) = _COUNT.unpack_from(wkb, start)
        end, parts = start + _COUNT.size, []
        for _rank in range(count):
            one, end = part(wkb, end)
            parts.append(one)
        return f"[{','.join(parts)}]", end

    return read


def _part(wkb: bytes, start: int) -> tuple[str, int]:
    _kind, coordinates, end = _geometry(wkb, start)
    return coordinates, end


_COORDINATES = {
    1: _point, 2: _line, 3: _several(_line), 4: _several(_part), 5: _several(_part), 6: _several(_part),
}  # fmt: skip
"""By kind of WKB (OGC 06-103r4, 8.2.3): collections, and what has more dimensions, are left to the engine."""
