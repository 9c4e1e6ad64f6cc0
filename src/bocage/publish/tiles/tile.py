"""A tile: compressed once, under a strong ETag, 204 where nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

from bocage.kernel.etags import is_known
from bocage.publish.tiles.asked import grid_named, tile_asked
from bocage.publish.tiles.formats import MVT
from bocage.publish.tiles.keeping import SMALL, accepts_gzip, tell_caches
from bocage.query import tiles

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call
    from bocage.query.tiles import TileQuery

PLAIN_GRID = "WebMercatorQuad"


def plain_tile(call: Call, zoom: str, column: str, row: str) -> HttpResponseBase:
    """`/tiles/{dataset}/{z}/{x}/{y}.mvt`"""
    return _answer(call, tile_asked(call, grid_named(PLAIN_GRID), zoom, column, row))


def ogc_tile(call: Call, grid: str, matrix: str, row: str, column: str) -> HttpResponseBase:
    """`/ogc/collections/{id}/tiles/{grid}/{tileMatrix}/{tileRow}/{tileCol}`: the row comes first."""
    return _answer(call, tile_asked(call, grid_named(grid), matrix, column, row))


def _answer(call: Call, query: TileQuery) -> HttpResponseBase:
    asked = tiles.Asked(call.viewer, call.relation, query)
    squeezed = accepts_gzip(call.request)
    response = _known(call, asked.etag, squeezed) or _made(asked.tile(), squeezed)
    patch_vary_headers(response, ("Accept-Encoding",))
    tell_caches(call, response)
    return response


def _known(call: Call, etag: str, squeezed: bool) -> HttpResponseBase | None:
    """304 when the client has it, as it would be sent."""
    found = [one for one in (f'"{etag}-gzip"' if squeezed else "", f'"{etag}"') if one and is_known(call.request, one)]
    if not found:
        return None
    response = HttpResponse(status=304)
    del response["Content-Type"]
    response["ETag"] = found[0]
    return response


def _made(made: tiles.Tile, squeezed: bool) -> HttpResponse:
    if not made.content:
        response = HttpResponse(status=204)
        del response["Content-Type"]
        response["ETag"] = f'"{made.etag}"'
        return response
    if not squeezed or len(made.content) < SMALL:
        response = HttpResponse(made.content, content_type=MVT.media_type)
        response["ETag"] = f'"{made.etag}"'
        return response
    response = HttpResponse(made.compressed, content_type=MVT.media_type)
    response["Content-Encoding"] = "gzip"
    response["ETag"] = f'"{made.etag}-gzip"'
    return response
