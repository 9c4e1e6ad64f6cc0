"""Predicates on places, with the older names that clients still use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.odsql import nodes
from bocage.query.odsql.literals import shape
from bocage.query.odsql.scope import Scope
from bocage.query.odsql.types import NUMBERS
from bocage.query.odsql.values import arguments, geographic, value
from bocage.query.plan import Constant, InBox, Near, Predicate, Spatial

METRES = {
    "mi": 1609.344, "yd": 0.9144, "ft": 0.3048, "m": 1.0, "cm": 0.01, "km": 1000.0, "mm": 0.001,
}  # fmt: skip
Relation = Literal["intersects", "within", "disjoint"]


def _within_distance(node: nodes.Function, scope: Scope) -> Predicate:
    field, geometry, radius = arguments(node, scope, 3)
    if not isinstance(radius, nodes.Quantity) or radius.unit not in METRES:
        raise scope.malformed(
            gettext_noop("The distance of %(name)s needs a unit among %(units)s, like 10km"),
            name=node.name,
            units=", ".join(METRES),
        )
    metres = float(radius.number) * METRES[radius.unit]
    return Near(geographic(field, node.name, scope), shape(geometry, scope), metres)


def _in_bbox(node: nodes.Function, scope: Scope) -> Predicate:
    """Latitude first. The corners come in any order, but a box whose west is east of its east crosses the antimeridian."""
    field, *corners = arguments(node, scope, 5)
    south, west, north, east = (_degrees(corner, scope) for corner in corners)
    if south > north:
        south, north, west, east = north, south, min(west, east), max(west, east)
    return InBox(geographic(field, node.name, scope), west, south, east, north)


def _degrees(node: nodes.Node, scope: Scope) -> float:
    number = value(node, scope)
    if not isinstance(number, Constant) or number.type not in NUMBERS:
        raise scope.malformed(gettext_noop("The corners of in_bbox must be numbers"))
    return float(number.value)


def _relation(relation: Relation) -> Callable[[nodes.Function, Scope], Predicate]:
    def read(node: nodes.Function, scope: Scope) -> Predicate:
        field, geometry = arguments(node, scope, 2)
        return Spatial(relation, geographic(field, node.name, scope), shape(geometry, scope))

    return read


def _geometry(node: nodes.Function, scope: Scope) -> Predicate:
    """The last argument may be left out, as in the reference's own example."""
    field, geometry, *relation = arguments(node, scope, 2, 3)
    name = getattr(relation[0], "name", "").lower() if relation else "intersects"
    if name not in ("intersects", "within", "disjoint"):
        raise scope.malformed(gettext_noop("The last argument of geometry must be INTERSECTS, DISJOINT or WITHIN"))
    return Spatial(name, geographic(field, node.name, scope), shape(geometry, scope))  # type: ignore[arg-type]


def _polygon(node: nodes.Function, scope: Scope) -> Predicate:
    """`polygon(geo, geom)`: within for positions, touching for shapes."""
    field, geometry = arguments(node, scope, 2)
    column = geographic(field, node.name, scope)
    relation: Relation = "within" if column.type == FieldType.GEOPOINT else "intersects"
    return Spatial(relation, column, shape(geometry, scope))


def _distance(node: nodes.Function, scope: Scope) -> Predicate:
    if len(node.arguments) != 3:
        raise scope.malformed(gettext_noop("In where, distance expects a field, a geometry and a distance like 10km"))
    return _within_distance(node, scope)


PLACES: dict[str, Callable[[nodes.Function, Scope], Predicate]] = {
    "within_distance": _within_distance,
    "distance": _distance,
    "in_bbox": _in_bbox,
    "intersects": _relation("intersects"),
    "within": _relation("within"),
    "disjoint": _relation("disjoint"),
    "geometry": _geometry,
    "polygon": _polygon,
}
