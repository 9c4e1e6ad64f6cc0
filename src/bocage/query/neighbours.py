"""The rows of a small box, read from the table of the tiles: along the Hilbert curve neighbours lie side by side, and a few blocks
hold them. In the order of the file they are anywhere, and a page of a hundred among a million reads all of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.query.feature_pages import SHORT
from bocage.query.places import METRES_PER_DEGREE
from bocage.query.plan import And, InBox, Near, Spatial
from bocage.query.relation import DatasetRelation
from bocage.query.tiles.columns import RECORD
from bocage.query.tiles.grids import WEB_MERCATOR_QUAD
from bocage.query.tiles.pyramid import PlacedRelation, placed_relation, side_name, tables
from bocage.store import engine

if TYPE_CHECKING:
    from bocage.access.restrictions import Restriction
    from bocage.access.viewer import Viewer
    from bocage.query.compile import Source
    from bocage.query.plan import Plan, Predicate
    from bocage.query.relation import Relation
    from bocage.store.engine import Session

Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""
MANY = 20_000
"""Rows from which a look at all of them costs more than another table to open."""
SMALL = 0.05
"""Of the extent of the dataset: what a larger box holds is too much to be sorted before a page of it is known."""
HELD_FEATURES, HELD_BYTES = 10_000, 4 * 1024 * 1024
"""Of one page: features, and bytes of them as the version keeps them, compressed."""


@dataclass(frozen=True)
class NeighbourRelation(DatasetRelation):
    """The same rows, those that are near each other side by side, each with its identifier. For readers of the whole."""

    placed: PlacedRelation
    plain: DatasetRelation

    def restriction(self, viewer: Viewer) -> Restriction:
        return self.plain.restriction(viewer)

    def source(self, session: Session, viewer: Viewer) -> str:
        return f"{tables(session, self.placed)}.rows"


def neighbours(seen: Relation, plan: Plan) -> NeighbourRelation | None:
    """What the plan is best read from, when it asks for a small part of a large dataset, of which its reader sees everything. None
    otherwise, and while the table is not made: nobody waits for it."""
    if type(seen) is not DatasetRelation or plan.sort or plan.summarised or (seen.version.row_count or 0) < MANY:
        return None
    placed = placed_relation(seen, WEB_MERCATOR_QUAD)
    extent = seen.version.geometry.get("bbox")
    if placed is None or not extent:
        return None
    boxes = _boxes(plan.condition, placed.drawn.name)
    small = any(_shared(box, tuple(extent)) <= SMALL for box in boxes)
    if not small or not engine.side_copy_is_there(seen.version, side_name(placed.grid)):
        return None
    return NeighbourRelation(seen.dataset, seen.version, placed, seen)


def beside_each_other(source: Source) -> Source:
    """As the tables of tiles are: identifiers are a column, and rows are not in the order of the file."""
    return dataclasses.replace(source, in_order=False, row_count=None, identifier=RECORD.strip('"'))


def held_at_once(relation: NeighbourRelation) -> int:
    """Features of this dataset that may be read before they are sent, at least as many as of any other."""
    version = relation.version
    return max(SHORT, min(HELD_FEATURES, HELD_BYTES * version.row_count // max(1, version.size_bytes)))


def _boxes(condition: Predicate | None, name: str) -> list[Box]:
    """In which the geometry of this name has to be, at least in part."""
    if isinstance(condition, And):
        return [box for one in condition.operands for box in _boxes(one, name)]
    if not isinstance(condition, InBox | Spatial | Near) or condition.operand.name != name:
        return []
    if isinstance(condition, InBox):
        return [(condition.west, condition.south, condition.east, condition.north)]
    west, south, east, north = condition.shape.bounds
    if isinstance(condition, Spatial):
        return [] if condition.relation == "disjoint" else [(west, south, east, north)]
    far = condition.metres / METRES_PER_DEGREE
    return [(west - far, south - far, east + far, north + far)]


def _shared(box: Box, extent: tuple[float, ...]) -> float:
    """The part of the extent that the box covers, a side that has no length being covered whole."""
    west, south, east, north = box
    if west > east:  # across the antimeridian: two boxes, of which nothing is said here
        return 1.0
    return _covered(west, east, extent[0], extent[2]) * _covered(south, north, extent[1], extent[3])


def _covered(low: float, high: float, least: float, most: float) -> float:
    return max(0.0, min(high, most) - max(low, least)) / (most - least) if most > least else 1.0
