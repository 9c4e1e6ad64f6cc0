"""`geofilter.distance`, `geofilter.polygon`, `geofilter.bbox`, `geo_digest`: conditions on where records are."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.publish.first_version.refusals import Malformed
from bocage.query.odsql import nodes
from bocage.query.odsql.printing import printed
from bocage.query.plan import ROW_ID, Column

if TYPE_CHECKING:
    from bocage.publish.first_version.inquiry import Inquiry
    from bocage.query.odsql.scope import Scope

_NUMBER = r"\s{0,9}[+-]?\d{1,20}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,3})?\s{0,9}"
_POINT = re.compile(rf"\(({_NUMBER}),({_NUMBER})\)\s{{0,9}},?\s{{0,9}}")
MOST_POINTS = 400
AT_THE_POINT = 1.0
"""Metres around a position given without a distance: maps ask so for the records at a marker."""


def geographic_field(inquiry: Inquiry, scope: Scope) -> Column:
    """The field named, else the first position, else the first shape. Raises Malformed, UnknownField."""
    if asked := inquiry.text("geo_field"):
        found = scope.column(nodes.Name(asked), "geo_field")
        if not found.type.is_geographic:
            raise Malformed("geo_field", f"{asked[:50]!r} is neither a position nor a shape")
        return found
    for kind in (FieldType.GEOPOINT, FieldType.GEOMETRY):
        for field in scope.fields.values():
            if field.type == kind:
                return Column(field.name, kind)
    raise Malformed("dataset", "it has neither a position nor a shape")


def shape_field(inquiry: Inquiry, scope: Scope) -> Column:
    """The same, shapes first."""
    if not inquiry.text("geo_field"):
        for field in scope.fields.values():
            if field.type == FieldType.GEOMETRY:
                return Column(field.name, field.type)
    return geographic_field(inquiry, scope)


def conditions(inquiry: Inquiry, scope: Scope) -> list[str]:
    """ODSQL of every filter of place."""
    found: list[nodes.Node] = []
    for name, read in _FILTERS.items():
        if text := inquiry.text(name):
            found.append(read(text, nodes.Name(geographic_field(inquiry, scope).name)))
    found += [
        nodes.Comparison("=", nodes.Name(ROW_ID), nodes.Text(digest[:100]))
        for name in inquiry.given
        if name.split(".")[0] == "geo_digest" and (digest := inquiry.text(name))
    ]
    return [printed(node) for node in found]


def centre(inquiry: Inquiry, scope: Scope) -> str:
    """ODSQL of the distance to the centre of `geofilter.distance`; empty without it."""
    text = inquiry.text("geofilter.distance")
    if not text:
        return ""
    latitude, longitude, _ = _circle(text)
    name = nodes.Name(geographic_field(inquiry, scope).name)
    return printed(nodes.Function("distance", (name, _point(latitude, longitude))))


def _numbers(name: str, text: str, counts: tuple[int, ...]) -> list[float]:
    parts = text.split(",")
    if len(parts) in counts and all(re.fullmatch(_NUMBER, part, re.ASCII) for part in parts):
        numbers = [float(part) for part in parts]
        if all(math.isfinite(number) for number in numbers):
            return numbers
    raise Malformed(name, f"{text[:100]!r} was found, {' or '.join(map(str, counts))} numbers are expected")


def _circle(text: str) -> tuple[float, float, float]:
    latitude, longitude, *metres = _numbers("geofilter.distance", text, (2, 3))
    if abs(latitude) > 90 or abs(longitude) > 360 or (metres and metres[0] < 0):
        raise Malformed("geofilter.distance", "latitude, longitude and a distance in metres are expected")
    return latitude, longitude, max(metres[0], AT_THE_POINT) if metres else AT_THE_POINT


def _distance(text: str, field: nodes.Name) -> nodes.Node:
    latitude, longitude, metres = _circle(text)
    radius = nodes.Quantity(_plain(min(metres, 1e9)), "m")
    return nodes.Function("within_distance", (field, _point(latitude, longitude), radius))


def _polygon(text: str, field: nodes.Name) -> nodes.Node:
    """`(lat,lon),(lat,lon)…`, between brackets or not; closed when it is not."""
    inner = text.strip()
    if inner.startswith("((") and inner.endswith("))"):
        inner = inner[1:-1]
    points: list[tuple[float, float]] = []
    at = 0
    while at < len(inner):
        found = _POINT.match(inner, at)
        if found is None or len(points) == MOST_POINTS:
            raise Malformed(
                "geofilter.polygon", f"up to {MOST_POINTS} points like (47.2,-1.6),(47.3,-1.6) are expected"
            )
        points.append((float(found[2]), float(found[1])))
        at = found.end()
    if len(set(points)) < 3 or any(abs(lat) > 90 or abs(lon) > 540 for lon, lat in points):
        raise Malformed("geofilter.polygon", "at least three points, each a latitude and a longitude, are expected")
    ring = [*points, points[0]] if points[0] != points[-1] else points
    wkt = ", ".join(f"{_plain(lon)} {_plain(lat)}" for lon, lat in ring)
    return nodes.Function("polygon", (field, nodes.GeometryText(f"POLYGON (({wkt}))")))


def _bbox(text: str, field: nodes.Name) -> nodes.Node:
    """South, west, north, east, as maps say them: beyond the poles, and round the world more than once."""
    south, west, north, east = _numbers("geofilter.bbox", text, (4,))
    if west > east:
        west, east = (west, east + 360) if west - east > 180 else (east, west)
    if east - west >= 360:
        west, east = -180.0, 180.0
    elif west < -180 or east > 180:
        west, east = ((side + 180) % 360 - 180 for side in (west, east))
    corners = (max(-90.0, min(south, 90.0)), west, max(-90.0, min(north, 90.0)), east)
    return nodes.Function("in_bbox", (field, *(nodes.Number(_plain(corner)) for corner in corners)))


_FILTERS: dict[str, Callable[[str, nodes.Name], nodes.Node]] = {
    "geofilter.distance": _distance,
    "geofilter.polygon": _polygon,
    "geofilter.bbox": _bbox,
}


def _point(latitude: float, longitude: float) -> nodes.GeometryText:
    return nodes.GeometryText(f"POINT ({_plain(longitude)} {_plain(latitude)})")


def _plain(number: float) -> str:
    """Without an exponent, which not every reader knows."""
    return format(number, ".12f").rstrip("0").rstrip(".")
