"""Vector tiles (Mapbox Vector Tile 2) of a relation, as one reader sees it.

    tile(viewer, relation, TileQuery(GRIDS["WebMercatorQuad"], zoom, column, row)) -> Tile
    etag(viewer, relation, query) -> str

Rights are below: whoever asks is given to these functions, and what is hidden is in no tile, no count and no validator. One
function asks nothing of anybody, for tiles made already and readers that are known to see everything:

    finished(Address(part_of(relation), "WebMercatorQuad", zoom, column, row)) -> Finished | None
"""

from bocage.query.tiles.cache import Address, Finished, finished, part_of
from bocage.query.tiles.errors import TileOutside
from bocage.query.tiles.grids import GRIDS, LAMB93, WEB_MERCATOR_QUAD, Grid
from bocage.query.tiles.requests import EXTENT, Tile, TileQuery
from bocage.query.tiles.serving import etag, tile

__all__ = [
    "EXTENT", "GRIDS", "LAMB93", "WEB_MERCATOR_QUAD", "Address", "Finished", "Grid", "Tile", "TileOutside", "TileQuery", "etag",
    "finished", "part_of", "tile",
]  # fmt: skip
