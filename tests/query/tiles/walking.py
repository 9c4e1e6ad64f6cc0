"""All the tiles of a zoom that hold something."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bocage.access.viewer import ANONYMOUS, Viewer
from bocage.query.tiles import WEB_MERCATOR_QUAD, Grid, TileQuery, tile
from tests.query.tiles.reading import Layer, read

Address = tuple[int, int, int]


def layer_at(
    relation: Any, address: Address, grid: Grid = WEB_MERCATOR_QUAD, viewer: Viewer = ANONYMOUS, **asked: Any
) -> Layer:
    content = tile(viewer, relation, TileQuery(grid, *address, **asked)).content
    assert len(content) <= 500_000
    return read(content)


def walk(
    relation: Any, deepest: int, grid: Grid = WEB_MERCATOR_QUAD, **asked: Any
) -> Iterator[tuple[int, dict[Address, Layer]]]:
    """Each zoom with its tiles, from the top: below a tile of nothing there is nothing."""
    here: list[Address] = [(0, 0, 0)]
    for zoom in range(deepest + 1):
        found = {address: layer_at(relation, address, grid, **asked) for address in here}
        full = {address: one for address, one in found.items() if one.features}
        yield zoom, full
        here = [
            (zoom + 1, column, row)
            for _zoom, x, y in full
            for column in (2 * x, 2 * x + 1)
            for row in (2 * y, 2 * y + 1)
        ]


def counted(found: dict[Address, Layer]) -> int:
    """Rows that the tiles of a zoom stand for: a record that is in several of them is one."""
    features = [feature for one in found.values() for feature in one.features]
    alone = {feature.properties["_id"] for feature in features if "_id" in feature.properties}
    return len(alone) + sum(feature.properties.get("_count", 0) for feature in features)
