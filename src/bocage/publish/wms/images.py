"""GetMap and GetLegendGraphic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bocage.publish.ows.errors import invalid
from bocage.publish.ows.legend_images import legend_image
from bocage.publish.ows.painting import PNG, Canvas, Style
from bocage.publish.ows.styling import paint_layer, stamp_of, style_asked
from bocage.publish.validators import validated
from bocage.publish.wms.asked import condition_asked, layer_named, map_asked
from bocage.query.drawings import Drawing as Painted
from bocage.query.drawings import dots_schema

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from bocage.catalog.styles.drawings import Drawing
    from bocage.publish.ogc.call import Subject
    from bocage.publish.ows.call import Call
    from bocage.publish.wms.asked import MapAsked

FORMATS = (PNG, "image/png8", "image/png; mode=8bit", "image/png; mode=24bit")
SWATCH = 20
"""Pixels of a side of the legend of a layer; the capabilities say it."""


def require_png(call: Call) -> None:
    written = call.get("format", PNG)
    if written.lower() not in FORMATS:
        raise invalid("format", written, _("one of %(names)s") % {"names": PNG}, code="InvalidFormat")


def get_map(call: Call) -> HttpResponseBase:
    require_png(call)
    asked = map_asked(call)
    names = [one.name for one in asked.layers]
    key = f"{call.data_key(*names)[:32]}{call.key([stamp_of(one) for one in asked.styles])[:32]}"
    return validated(call, key, lambda: _image(call, asked), open_data=call.open_data(*names))


def _image(call: Call, asked: MapAsked) -> HttpResponse:
    canvas = Canvas(asked.window.width, asked.window.height, asked.ground)
    condition = condition_asked(call)
    for layer, style in zip(asked.layers, asked.styles, strict=True):
        paint_layer(canvas, layer, call.viewer, asked.window, style, condition)
    return HttpResponse(canvas.png(), content_type=PNG)


def get_legend(call: Call) -> HttpResponseBase:
    require_png(call)
    layer = layer_named(call, call.need("layer"), "layer")
    style = style_asked(layer, call.get("style", call.get("styles")), "style")
    key = f"{call.data_key(layer.name)[:32]}{call.key(stamp_of(style))[:32]}"
    return validated(call, key, lambda: _legend(layer, style), open_data=call.open_data(layer.name))


def _legend(layer: Subject, style: Drawing | None) -> HttpResponse:
    """What the layer is drawn like. Of the plain look, clients write the title beside, in their own letters."""
    if style is not None:
        return HttpResponse(legend_image(style.translation.rules, layer.seen.title).png(), content_type=PNG)
    swatch = Canvas(SWATCH, SWATCH)
    swatch.paint(_sample(layer), Style.of(layer.name))
    return HttpResponse(swatch.png(), content_type=PNG)


def _sample(layer: Subject) -> Painted:
    """One of what the layer has."""
    kinds = {kind.removeprefix("Multi") for kind in layer.seen.geometry_types}
    nothing = dots_schema().empty_table()
    middle = {"x": [SWATCH / 2], "y": [SWATCH / 2], "count": [1], "small": [False]}
    dot = nothing if kinds & {"Polygon", "LineString"} else type(nothing).from_pydict(middle, schema=dots_schema())
    low, high = 3, SWATCH - 3
    areas = (f"M {low} {low} L {high} {low} {high} {high} {low} {high} Z",) if "Polygon" in kinds else ()
    lines = (f"M {low} {high} L 8 8 12 12 {high} {low}",) if "LineString" in kinds else ()
    return Painted(dot, areas, lines)
