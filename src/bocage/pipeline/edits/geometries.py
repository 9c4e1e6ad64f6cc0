"""Coordinates given in any system that is offered → longitude and latitude on WGS 84, as the store keeps them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from bocage.pipeline.edits.changes import Drawing
from bocage.query.coordinates import STORED, Crs
from bocage.store import engine

Place = tuple[float, float]
SAME_DEGREES = 1e-9
"""A tenth of a millimetre: what a journey through another system and back may move."""

FARTHEST_BACK = 1.0
"""Metres: coordinates that do not come back were nowhere in their system, whatever was computed of them."""

_MOVED = """SELECT ST_X(p), ST_Y(p), ST_X(back), ST_Y(back) FROM (
    SELECT n, p, TRY(ST_Transform(p, $4, $3, always_xy := true)) AS back FROM (
        SELECT n, TRY(ST_Transform(ST_Point(x, y), $3, $4, always_xy := true)) AS p
        FROM (SELECT generate_subscripts($1::DOUBLE[], 1) AS n, unnest($1::DOUBLE[]) AS x, unnest($2::DOUBLE[]) AS y)))
    ORDER BY n"""


def placed(drawings: Sequence[Drawing]) -> list[Any]:
    """The geometry of each, moved, or None where it is nowhere: `NOWHERE` tells it from the absence of a geometry. What is not a
    geometry at all is given back as it is, for the field to refuse it."""
    found: list[Any] = [one.geometry for one in drawings]
    for crs in {one.crs for one in drawings if one.geometry is not None}:
        mine = [rank for rank, one in enumerate(drawings) if one.crs == crs and one.geometry is not None]
        places = [list(_places(found[rank])) for rank in mine]
        moved = iter(_in_store([place for some in places for place in some], crs))
        for rank, some in zip(mine, places, strict=True):
            there = [next(moved) for _place in some]
            whole = all(one is not None for one in there)
            found[rank] = _rebuilt(found[rank], iter(there)) if whole else NOWHERE
    return found


NOWHERE: Any = object()
"""In the place of a geometry whose coordinates are not in their reference system."""


def _places(geometry: Any) -> Iterable[Place]:
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    yield from _positions(coordinates)


def _positions(value: Any) -> Iterable[Place]:
    if _is_position(value):
        yield float(value[0]), float(value[1])
    elif isinstance(value, list):
        for one in value:
            yield from _positions(one)


def _is_position(value: Any) -> bool:
    return (
        isinstance(value, list) and 2 <= len(value) <= 4 and all(isinstance(one, str | float | int) for one in value)
        and all(not isinstance(one, bool) and _is_number(one) for one in value)
    )  # fmt: skip


def _is_number(value: Any) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False


def _in_store(places: list[Place], crs: Crs) -> list[Place | None]:
    """In the order given."""
    straight = [(y, x) for x, y in places] if crs.latitude_first else places
    if not crs.projected or not places:
        return list(straight)
    with engine.session() as session:
        rows = session.execute(_MOVED, [[x for x, _ in straight], [y for _, y in straight], crs.code, STORED])
    return [_there((x, y), back, given) for (x, y, *back), given in zip(rows, straight, strict=True)]


def _there(moved: Sequence[float | None], back: Sequence[float | None], given: Place) -> Place | None:
    if any(one is None or not math.isfinite(one) for one in (*moved, *back)):
        return None
    near = all(abs(one - other) <= FARTHEST_BACK for one, other in zip(back, given, strict=True) if one is not None)
    return (moved[0], moved[1]) if near and moved[0] is not None and moved[1] is not None else None


def _rebuilt(geometry: Any, places: Any) -> Any:
    if not isinstance(geometry, dict) or "coordinates" not in geometry:
        return geometry
    return geometry | {"coordinates": _moved(geometry["coordinates"], places)}


def _moved(value: Any, places: Any) -> Any:
    if _is_position(value):
        return list(next(places))
    return [_moved(one, places) for one in value] if isinstance(value, list) else value


def same_place(one: str | None, other: str | None) -> bool:
    """Are two fitted geometries (GeoJSON texts) the same, but for what computing moves?"""
    if one is None or other is None:
        return one is other
    return one == other or _near(json.loads(one), json.loads(other))


def _near(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return bool(one["type"] == other["type"]) and _near(one["coordinates"], other["coordinates"])
    if isinstance(one, list):
        same = isinstance(other, list) and len(one) == len(other)
        return same and all(_near(left, right) for left, right in zip(one, other, strict=True))
    return not isinstance(other, list) and abs(one - other) <= SAME_DEGREES
