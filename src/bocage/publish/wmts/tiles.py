"""GetTile: one square of a grid, drawn as WMS draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.publish.ows.errors import invalid
from bocage.publish.ows.painting import PNG, Canvas
from bocage.publish.ows.styling import paint_layer, stamp_of, style_asked
from bocage.publish.ows.systems import east_first
from bocage.publish.validators import validated
from bocage.query.coordinates import crs_of
from bocage.query.tiles import GRIDS
from bocage.query.windows import Window

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.catalog.styles.drawings import Drawing
    from bocage.publish.ogc.call import Subject
    from bocage.publish.ows.call import Call
    from bocage.query.tiles import Grid

PIXELS = 256
NATIONAL = {"PM": "WebMercatorQuad"}
"""Names under which the national platform offers the same grid: configurations are copied from one to the other."""


def get_tile(call: Call) -> HttpResponseBase:
    layer = call.subject(call.need("layer"))
    style = style_asked(layer, call.get("style"), "style")
    if call.get("format", PNG).lower() != PNG:
        raise invalid("format", call.get("format"), _("one of %(names)s") % {"names": PNG})
    grid = _grid(call)
    zoom, row, column = (_whole(call, name) for name in ("tilematrix", "tilerow", "tilecol"))
    grid.require(zoom, column, row)
    key = f"{call.data_key(layer.name)[:32]}{call.key(stamp_of(style))[:32]}"
    image = lambda: _image(call, layer, grid, (zoom, column, row), style)  # noqa: E731
    return validated(call, key, image, open_data=call.open_data(layer.name))


def _grid(call: Call) -> Grid:
    name = call.need("tilematrixset")
    found = GRIDS.get(NATIONAL.get(name, name))
    if found is None:
        raise invalid("tileMatrixSet", name, _("one of %(names)s") % {"names": ", ".join(GRIDS)})
    return found


def _whole(call: Call, name: str) -> int:
    text = call.need(name).rpartition(":")[2]
    if not text.isascii() or not text.isdigit():
        raise invalid(name, text, _("a whole number is expected"))
    return int(text[:12])


def _image(call: Call, layer: Subject, grid: Grid, place: tuple[int, int, int], style: Drawing | None) -> HttpResponse:
    crs = crs_of(grid.crs)
    assert crs is not None  # noqa: S101  grids are in systems that are offered
    window = Window(east_first(crs), *grid.tile_bounds(*place), PIXELS, PIXELS)
    canvas = Canvas(PIXELS, PIXELS)
    paint_layer(canvas, layer, call.viewer, window, style)
    return HttpResponse(canvas.png(), content_type=PNG)
