"""The grids, in the JSON of the two-dimensional tile matrix sets (17-083r4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from bocage.publish.ogc.documents import REL, Cell, Page, Table, above, document, itself, link
from bocage.publish.ogc.negotiation import DOCUMENTS, JSON
from bocage.publish.tiles.asked import grid_named
from bocage.publish.validators import validated
from bocage.query.tiles import GRIDS
from bocage.query.tiles.grids import PIXELS

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.publish.ogc.call import Call
    from bocage.query.tiles import Grid

REGISTERED = {"WebMercatorQuad": "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"}
"""Those that the register of the OGC names."""
SCHEME, SCHEMES = f"{REL}tiling-scheme", f"{REL}tiling-schemes"


def uri(grid: Grid) -> dict[str, str]:
    """`tileMatrixSetURI`, if the grid has one."""
    return {"tileMatrixSetURI": REGISTERED[grid.identifier]} if grid.identifier in REGISTERED else {}


def scheme(call: Call, grid: Grid) -> dict[str, str]:
    """The link to its definition."""
    return link(SCHEME, call.address("tileMatrixSets", grid.identifier), JSON.media_type, grid.title)


def matrix_sets(call: Call) -> HttpResponseBase:
    content = {
        "links": itself(call, DOCUMENTS),
        "tileMatrixSets": [
            {
                "id": one.identifier,
                "title": one.title,
                "crs": one.crs_uri,
                "links": [
                    link("self", call.address("tileMatrixSets", one.identifier), JSON.media_type),
                    scheme(call, one),
                ],
            }
            | ({"uri": REGISTERED[one.identifier]} if one.identifier in REGISTERED else {})
            for one in GRIDS.values()
        ],
    }
    rows = [
        (
            Cell(one.identifier, call.address("tileMatrixSets", one.identifier, f="html")),
            Cell(one.title),
            Cell(one.crs_uri, one.crs_uri),
        )
        for one in GRIDS.values()
    ]
    page = Page(
        _("Grids of tiles"),
        _("How maps are cut into squares, zoom after zoom."),
        above(call),
        table=Table(_("Grids of tiles"), (_("Identifier"), _("Title"), _("Reference system")), rows),
    )
    return validated(call, call.key("tileMatrixSets"), lambda: document(call, content, page), open_data=True)


def matrix_set(call: Call, grid: str) -> HttpResponseBase:
    found = grid_named(grid)
    content = definition(found) | {"links": itself(call, DOCUMENTS)}
    rows = [
        (
            Cell(one["id"]),
            Cell(f"1:{_grouped(one['scaleDenominator'])}"),
            Cell(f"{one['cellSize']:.6g}"),
            Cell(_grouped(one["matrixWidth"])),
        )
        for one in content["tileMatrices"]
    ]
    page = Page(
        found.title,
        trail=above(call, (_("Grids of tiles"), call.address("tileMatrixSets", f="html"))),
        facts=[(_("Identifier"), Cell(found.identifier)), (_("Reference system"), Cell(found.crs_uri, found.crs_uri))],
        table=Table(_("Zooms"), (_("Zoom"), _("Scale"), _("Metres of a pixel"), _("Tiles across")), rows),
    )
    return validated(call, call.key("tileMatrixSet"), lambda: document(call, content, page), open_data=True)


def definition(grid: Grid) -> dict[str, Any]:
    """Of a tile matrix set (schema `tileMatrixSet.json`)."""
    told: dict[str, Any] = {
        "id": grid.identifier,
        "title": grid.title,
        "crs": grid.crs_uri,
        "orderedAxes": ["X", "Y"],
        "tileMatrices": [_matrix(grid, zoom) for zoom in range(grid.lowest, grid.highest + 1)],
    }
    if grid.identifier in REGISTERED:
        told["uri"] = REGISTERED[grid.identifier]
    if grid.well_known:
        told["wellKnownScaleSet"] = grid.well_known
    return told


def _grouped(number: float) -> str:
    """To the unit, by thousands."""
    return f"{number:,.0f}".replace(",", "\u202f")


def _matrix(grid: Grid, zoom: int) -> dict[str, Any]:
    return {
        "id": str(zoom),
        "scaleDenominator": grid.scale_denominator(zoom),
        "cellSize": grid.cell_size(zoom),
        "cornerOfOrigin": "topLeft",
        "pointOfOrigin": [grid.left, grid.top],
        "tileWidth": PIXELS,
        "tileHeight": PIXELS,
        "matrixWidth": 1 << zoom,
        "matrixHeight": 1 << zoom,
    }
