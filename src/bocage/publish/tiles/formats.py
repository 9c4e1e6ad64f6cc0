"""The representations of tiles, and the parameters of their addresses."""

from __future__ import annotations

from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.negotiation import Format
from bocage.query.tiles.requests import MEDIA_TYPE

MVT = Format("mvt", MEDIA_TYPE, "Mapbox Vector Tile", ("application/x-protobuf", "application/octet-stream"))
TILEJSON = Format("json", "application/json", "TileJSON", ("application/vnd.mapbox.tilejson+json",))
PMTILES = Format("pmtiles", "application/vnd.pmtiles", "PMTiles", ("application/octet-stream",))

VERSION = p.Parameter(
    "version", "What the TileJSON says of the data: with it, the answer may be kept without asking again.", p.TEXT
)
CONTENT = (p.DATETIME, p.FILTER, p.FILTER_LANG, p.FILTER_CRS, p.PROPERTIES)
"""What decides the features of a tile; the names of the fields are parameters too."""
TILE = (*CONTENT, VERSION, p.F, p.LANG)

SPEC = "http://www.opengis.net/spec/"
CONFORMS_TO = (
    *(
        f"{SPEC}ogcapi-tiles-1/1.0/conf/{one}"
        for one in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "json", "oas30", "datetime")
    ),
    *(
        f"{SPEC}tms/2.0/conf/{one}"
        for one in ("tilematrixset", "json-tilematrixset", "tilesetmetadata", "json-tilesetmetadata")
    ),
)
