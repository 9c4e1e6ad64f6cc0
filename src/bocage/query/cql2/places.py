"""Spatial functions. Against a literal, the bounds of the rows are looked at first."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_noop

from bocage.catalog.vocabulary import FieldType
from bocage.query.cql2 import nodes
from bocage.query.cql2.reading import Reading
from bocage.query.cql2.shapes import corners, shape_of
from bocage.query.plan import Call, Column, Expression, InBox, Operation, Predicate, Related, Relation, Shape, Spatial

_MIRRORED: dict[str, Relation] = {"within": "contains", "contains": "within"}
Literal = nodes.Geometry | nodes.Collection | nodes.Box


def spatial(node: nodes.Operation, reading: Reading) -> Predicate:
    relation = cast("Relation", node.name.removeprefix("s_"))
    left, right = node.arguments
    if isinstance(left, Literal) and not isinstance(right, Literal):
        left, right, relation = right, left, _MIRRORED.get(relation, relation)
    if isinstance(left, Literal):
        return Related(relation, *(_constant(literal_shape(one, reading)) for one in (left, right)))
    column = geographic(left, node.name, reading)
    if not isinstance(right, Literal):
        return Related(relation, column, geographic(right, node.name, reading))
    if relation == "intersects" and isinstance(right, nodes.Box) and (box := _in_box(column, right, reading)):
        return box
    return Spatial(relation, column, literal_shape(right, reading))


def _in_box(column: Column, box: nodes.Box, reading: Reading) -> InBox | None:
    """Plain numbers for positions. None for a box that has no inside, or is none on the globe."""
    if reading.crs.projected:
        return None
    west, south, east, north = corners(box.bounds, reading.crs)
    return InBox(column, west, south, east, north) if south < north and west != east else None


def _constant(shape: Shape) -> Expression:
    return Call(Operation.SHAPE, (), FieldType.GEOMETRY, (shape,))


def literal_shape(node: nodes.Node, reading: Reading) -> Shape:
    if not isinstance(node, Literal):
        raise reading.scope.malformed(gettext_noop("A geometry like POINT(-1.55 47.22) is expected"))
    return shape_of(node, reading.crs, reading.scope)


def geographic(node: nodes.Node, operation: str, reading: Reading) -> Column:
    from bocage.query.cql2.values import value

    found = value(node, reading)
    if not isinstance(found, Column) or not found.type.is_geographic:
        raise reading.scope.wrong(
            operation, gettext_noop("%(operation)s is only possible on a geographic field or a geometry")
        )
    return found
