"""GetCapabilities: the layers that the caller may see on a map, and the grids along which they are cut."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from bocage.kernel.public_address import public_address
from bocage.publish.ows import service
from bocage.publish.ows.painting import PNG
from bocage.publish.ows.styling import offered
from bocage.publish.ows.xml import declared, document, element
from bocage.publish.viewers import PARAMETERS
from bocage.publish.wmts.tiles import PIXELS
from bocage.query.tiles import GRIDS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bocage.catalog.models import Dataset
    from bocage.publish.ows.call import Call
    from bocage.publish.ows.xml import Element
    from bocage.query.tiles import Grid

VERSION = "1.0.0"
NAMESPACES = {
    "": "http://www.opengis.net/wmts/1.0",
    "ows": service.OWS,
    "xlink": service.XLINK,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
SCHEMA = "http://www.opengis.net/wmts/1.0 http://schemas.opengis.net/wmts/1.0/wmtsGetCapabilities_response.xsd"


def capabilities(call: Call) -> HttpResponse:
    operations = [service.operation(name, call.operations, ("Get",), {}) for name in ("GetCapabilities", "GetTile")]
    root = element(
        "Capabilities",
        service.identification(call, "OGC WMTS", (VERSION,)),
        service.provider(call),
        element("ows:OperationsMetadata", *operations),
        element("Contents", *(_layer(call, one) for one in call.layers), *(_grid(one) for one in GRIDS.values())),
        element(
            "ServiceMetadataURL", xlink__href=f"{call.operations}service=WMTS&version={VERSION}&request=GetCapabilities"
        ),
        version=VERSION,
        xsi__schemaLocation=SCHEMA,
    )
    return document(declared(root, NAMESPACES))


def _layer(call: Call, seen: Dataset) -> Element:
    return element(
        "Layer",
        element("ows:Title", seen.title),
        element("ows:Abstract", seen.description) if seen.description else None,
        service.keywords(seen),
        service.bounds(seen),
        element("ows:Identifier", seen.slug),
        element("Style", element("ows:Identifier", "default"), isDefault="true"),
        *(element("Style", element("ows:Identifier", one.identifier)) for one in offered(call)),
        element("Format", PNG),
        *(element("TileMatrixSetLink", element("TileMatrixSet", name)) for name in GRIDS),
        element("ResourceURL", format=PNG, resourceType="tile", template=_template(call, seen)),
    )


def _template(call: Call, seen: Dataset) -> str:
    """With the key that came in the address, as `Call.operations`."""
    keys = urlencode({name: value for name, value in call.given.items() if name in PARAMETERS and value})
    path = f"/wmts/{quote(seen.slug)}/{{Style}}/{{TileMatrixSet}}/{{TileMatrix}}/{{TileRow}}/{{TileCol}}.png"
    return public_address(call.request, "/").rstrip("/") + path + (f"?{keys}" if keys else "")


def _grid(grid: Grid) -> Element:
    authority, _colon, code = grid.crs.partition(":")
    return element(
        "TileMatrixSet",
        element("ows:Title", grid.title),
        element("ows:Identifier", grid.identifier),
        element("ows:SupportedCRS", f"urn:ogc:def:crs:{authority}::{code}"),
        element("WellKnownScaleSet", _scales(grid)) if grid.well_known else None,
        *(_matrix(grid, zoom) for zoom in range(grid.lowest, grid.highest + 1)),
    )


def _scales(grid: Grid) -> str:
    """As clients of this service know them: by their URN."""
    return f"urn:ogc:def:wkss:OGC:1.0:{grid.well_known.rpartition('/')[2]}"


def _matrix(grid: Grid, zoom: int) -> Element:
    side = str(1 << zoom)
    return element(
        "TileMatrix",
        element("ows:Identifier", str(zoom)),
        element("ScaleDenominator", repr(grid.scale_denominator(zoom))),
        element("TopLeftCorner", f"{grid.left!r} {grid.top!r}"),
        element("TileWidth", str(PIXELS)),
        element("TileHeight", str(PIXELS)),
        element("MatrixWidth", side),
        element("MatrixHeight", side),
    )
