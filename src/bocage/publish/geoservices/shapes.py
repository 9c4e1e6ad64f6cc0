"""Geometries of this interface ↔ GeoJSON. Rings that turn as a clock are outer ones, the others are holes."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.pipeline.edits.changes import Drawing
from bocage.publish.geoservices.errors import Invalid
from bocage.publish.geoservices.systems import system_of
from bocage.query.cql2 import making, nodes
from bocage.query.cql2.bounds import MOST_POSITIONS as MOST_COMPARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.query.coordinates import Crs

MOST_POSITIONS = 100_000
MOST_LOOKED_AT = 10_000_000
"""Positions looked at to find which outer ring each hole is in: a second or two."""
Ring = list[list[float]]
_GEOJSON = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")


def document_of(text: str, parameter: str) -> Any:
    """Raises Invalid."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid(parameter, _("JSON is expected")) from None


def _no_constant(_written: str) -> Any:
    raise ValueError


def filter_of(given: str, kind: str, system: str) -> tuple[nodes.Node, Crs]:
    """The geometry of a filter, and its system. Raises Invalid, NotCql2."""
    simple = [part.strip() for part in given.split(",")]
    written = given.lstrip().startswith(("{", "["))
    shape = document_of(given, "geometry") if written else _from_numbers(simple, kind)
    if not isinstance(shape, dict):
        raise Invalid("geometry", _("a geometry is expected"))
    crs = system_of(system or shape.get("spatialReference"), "inSR")
    if "xmin" in shape:
        bounds = tuple(_number(shape.get(name)) for name in ("xmin", "ymin", "xmax", "ymax"))
        return nodes.Box(bounds), crs
    if _positions(shape.get("points", shape.get("paths", shape.get("rings")))) > MOST_COMPARED:
        raise Invalid("geometry", _("it is too large"))
    found = geojson_of(shape)
    if found is None:
        raise Invalid("geometry", _("a geometry is expected"))
    return making.geometry(found["type"], _tuples(found["coordinates"])), crs


def _positions(parts: Any) -> int:
    """Of lists of lists, whatever is in them."""
    if not isinstance(parts, list):
        return 0
    return sum(len(one) if isinstance(one, list) and one and isinstance(one[0], list) else 1 for one in parts)


def _from_numbers(parts: Sequence[str], kind: str) -> dict[str, Any]:
    names = ("x", "y") if kind.endswith("Point") else ("xmin", "ymin", "xmax", "ymax")
    if len(parts) != len(names):
        raise Invalid("geometry", _("a geometry is expected"))
    try:
        return dict(zip(names, (float(one) for one in parts), strict=True))
    except ValueError:
        raise Invalid("geometry", _("numbers are expected")) from None


def drawing_of(shape: Any, system: Any) -> Drawing | None:
    """Of a feature that is sent; None when it says nothing of its geometry. Raises Invalid."""
    if shape is None:
        return None
    if not isinstance(shape, dict):
        raise Invalid("geometry", _("a geometry is expected"))
    crs = system_of(shape.get("spatialReference") or system, "spatialReference")
    return Drawing(geojson_of(shape), crs)


def geojson_of(shape: dict[str, Any]) -> dict[str, Any] | None:
    """None for an empty geometry. Raises Invalid."""
    if "x" in shape:
        if shape["x"] in (None, "NaN"):
            return None
        return {"type": "Point", "coordinates": [_number(shape["x"]), _number(shape.get("y"))]}
    for name, single, several in (("points", "", "MultiPoint"), ("paths", "LineString", "MultiLineString")):
        if name in shape:
            parts = _parts(shape[name], 1 if name == "points" else 2)
            if not parts:
                return None
            if single and len(parts) == 1:
                return {"type": single, "coordinates": parts[0]}
            return {"type": several, "coordinates": parts}
    if "rings" in shape:
        return _polygon(_parts(shape["rings"], 2))
    raise Invalid("geometry", _("a geometry is expected"))


def _parts(value: Any, depth: int) -> Any:
    """Lists of positions, `depth` deep, without heights."""
    if not isinstance(value, list):
        raise Invalid("geometry", _("lists of coordinates are expected"))
    if depth == 0:
        return [_number(one) for one in value[:2]]
    if len(value) > MOST_POSITIONS:
        raise Invalid("geometry", _("it is too large"))
    return [_parts(one, depth - 1) for one in value]


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Invalid("geometry", _("numbers are expected"))
    return float(value)


def _polygon(rings: list[Ring]) -> dict[str, Any] | None:
    """Each hole goes into the outer ring that holds it. Alone, a ring is an outer one however it turns. No ring is no geometry; one
    that is no ring is refused: nobody means to lose an outline."""
    if any(len(ring) < 4 or any(len(one) != 2 for one in ring) for ring in rings):
        raise Invalid("geometry", _("a ring has four positions at least"))
    outer = [ring for ring in rings if _area(ring) <= 0] or rings[:1]
    outside = {id(ring) for ring in outer}
    holes = [ring for ring in rings if id(ring) not in outside]
    if len(holes) * sum(map(len, outer)) > MOST_LOOKED_AT:
        raise Invalid("geometry", _("it is too large"))
    polygons = [[ring] for ring in outer]
    for hole in holes:
        next((one for one in polygons if _holds(one[0], hole[0])), polygons[0]).append(hole)
    if not polygons:
        return None
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def _area(ring: Ring) -> float:
    """Twice, positive against the clock."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))


def _holds(ring: Ring, position: list[float]) -> bool:
    x, y, inside = position[0], position[1], False
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
