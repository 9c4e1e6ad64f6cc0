"""A tile, for a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bocage.access.viewer import Viewer
    from bocage.query.relation import Relation
    from bocage.query.tiles.requests import Tile, TileQuery


def tile(viewer: Viewer, relation: Relation, query: TileQuery) -> Tile:
    """Raises AccessDenied, the errors of the language of the condition, TileOutside, and those of `engine.session`."""
    query.grid.require(query.zoom, query.column, query.row)
    raise NotImplementedError


def etag(viewer: Viewer, relation: Relation, query: TileQuery) -> str:
    """Of the tile that would be answered, without making it: for `If-None-Match`. Nothing is read, and nothing is told to the
    journal. The same errors."""
    query.grid.require(query.zoom, query.column, query.row)
    raise NotImplementedError
