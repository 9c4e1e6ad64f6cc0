"""What keeps every filter small: its length, how deep it is, its values, its positions."""

from __future__ import annotations

from typing import Any

from bocage.query.cql2 import nodes
from bocage.query.errors import TooComplex
from bocage.query.odsql.scope import DEEPEST, MOST_OPERANDS

LONGEST = 100_000
"""Characters of a filter; those of an address are fewer."""
MOST_POSITIONS = 5_000
"""Of all the geometries of a filter."""


def check_size(root: nodes.Node) -> None:
    """Raises TooComplex. Without recursion."""
    waiting, positions = [(root, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        if depth > DEEPEST:
            raise TooComplex(clause="filter", what="nested expressions", found=depth, most=DEEPEST)
        if isinstance(node, nodes.Geometry):
            positions += _positions(node.coordinates)
            continue
        waiting += [(child, depth + 1) for child in children(node)]
    if positions > MOST_POSITIONS:
        raise TooComplex(clause="filter", what="positions", found=positions, most=MOST_POSITIONS)


def children(node: nodes.Node) -> list[nodes.Node]:
    found: list[nodes.Node] = []
    for value in vars(node).values():
        if isinstance(value, nodes.Node):
            found.append(value)
        elif isinstance(value, tuple):
            if len(value) > MOST_OPERANDS:
                raise TooComplex(clause="filter", what="values", found=len(value), most=MOST_OPERANDS)
            found += [child for child in value if isinstance(child, nodes.Node)]
    return found


def _positions(coordinates: Any) -> int:
    """Three levels at most, by construction."""
    if coordinates and isinstance(coordinates[0], tuple):
        return sum(_positions(one) for one in coordinates)
    return 1
