"""Vector tiles (Mapbox Vector Tile 2) of a relation, as one reader sees it.

    tile(viewer, relation, TileQuery(GRIDS["WebMercatorQuad"], zoom, column, row)) -> Tile
    etag(viewer, relation, query) -> str
    Asked(viewer, relation, query): both, of one question

Rights are below: whoever asks is given to these functions, and what is hidden is in no tile, no count and no validator.
"""

from bocage.query.tiles.errors import TileOutside
from bocage.query.tiles.grids import GRIDS, LAMB93, WEB_MERCATOR_QUAD, Grid
from bocage.query.tiles.requests import EXTENT, Tile, TileQuery
from bocage.query.tiles.serving import Asked, etag, tile

__all__ = [
    "EXTENT", "GRIDS", "LAMB93", "WEB_MERCATOR_QUAD", "Asked", "Grid", "Tile", "TileOutside", "TileQuery", "etag", "tile",
]  # fmt: skip
