"""Addresses of tiles. They never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import re_path

from bocage.publish.ogc import parameters as p
from bocage.publish.ogc.negotiation import DOCUMENTS, FLATGEOBUF
from bocage.publish.ogc.urls import ONE, view
from bocage.publish.tiles import files, matrix_sets, tile, tilejson, tilesets
from bocage.publish.tiles.formats import CONTENT, MVT, PMTILES, TILE, TILEJSON

if TYPE_CHECKING:
    from django.urls import URLPattern

PLAIN = r"^(?P<collection>[^/]+)"
TILES = rf"{ONE}/tiles"
NUMBERS = r"(?P<matrix>[^/]+)/(?P<row>[^/]+)/(?P<column>[^/]+)"

plain: list[URLPattern] = [
    re_path(
        rf"{PLAIN}/(?P<zoom>[^/]+)/(?P<column>[^/]+)/(?P<row>[^/]+)\.mvt$",
        view(tile.plain_tile, (MVT,), TILE, by_field=True),
        name="tile",
    ),
    re_path(
        rf"{PLAIN}\.json$",
        view(tilejson.tilejson, (TILEJSON,), (*CONTENT, *p.DOCUMENT), by_field=True),
        name="tilejson",
    ),
    *(
        re_path(rf"{PLAIN}{number}\.{form.name}$", view(operation, (form,), p.DOCUMENT), name=f"{form.name}{named}")
        for number, named in ((r"", ""), (r"/(?P<number>[0-9]{1,10})", "-of-version"))
        for form, operation in ((PMTILES, files.tile_archive), (FLATGEOBUF, files.features_file))
    ),
]
"""Below `tiles/`. Asked more often than all the others, they are looked for before them."""

urlpatterns: list[URLPattern] = [
    re_path(r"^ogc/tileMatrixSets/?$", view(matrix_sets.matrix_sets, DOCUMENTS, p.DOCUMENT), name="ogc-matrix-sets"),
    re_path(
        r"^ogc/tileMatrixSets/(?P<grid>[^/]+)/?$",
        view(matrix_sets.matrix_set, DOCUMENTS, p.DOCUMENT),
        name="ogc-matrix-set",
    ),
    re_path(rf"{TILES}/?$", view(tilesets.tilesets, DOCUMENTS, p.DOCUMENT), name="ogc-tilesets"),
    re_path(rf"{TILES}/(?P<grid>[^/]+)/?$", view(tilesets.tileset, DOCUMENTS, p.DOCUMENT), name="ogc-tileset"),
    re_path(
        rf"{TILES}/(?P<grid>[^/]+)/{NUMBERS}/?$", view(tile.ogc_tile, (MVT,), TILE, by_field=True), name="ogc-tile"
    ),
]
