"""Symbols of QGIS: those of a style, and those of the house, legible over a base map and without it."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from bocage.catalog.styles.symbols import Fill, Line, Mark, Stroke, Surface, Symbol
from bocage.organizations.rules import DEFAULT_THEME

ACCENT, HEADER, PAPER = (DEFAULT_THEME[f"color-{name}"] for name in ("accent", "header", "paper"))
KINDS = ("Point", "Line", "Polygon")
"""In the order of the numbers that QGIS gives to kinds of geometries: 0, 1, 2."""


def kind_of(geometry_type: str) -> str:
    """The kind of a GeoJSON type: MultiLineString is a Line."""
    plain = geometry_type.removeprefix("Multi")
    return {"LineString": "Line", "Polygon": "Polygon"}.get(plain, "Point")


def _color(color: str, alpha: int = 255) -> str:
    return ",".join(str(int(color[start : start + 2], 16)) for start in (1, 3, 5)) + f",{alpha}"


HOUSE: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "Point": (
        "marker", "SimpleMarker",
        {"name": "circle", "size": "2.6", "size_unit": "MM", "color": _color(ACCENT), "outline_color": _color(PAPER),
         "outline_width": "0.4", "outline_width_unit": "MM"},
    ),
    "Line": (
        "line", "SimpleLine",
        {"line_color": _color(ACCENT), "line_width": "0.66", "line_width_unit": "MM", "capstyle": "round",
         "joinstyle": "round"},
    ),
    "Polygon": (
        "fill", "SimpleFill",
        {"color": _color(ACCENT, 64), "outline_color": _color(ACCENT), "outline_width": "0.4",
         "outline_width_unit": "MM", "style": "solid"},
    ),
}  # fmt: skip
_GROUP: Mapping[str, str] = {
    "name": "circle", "size": "5", "size_unit": "MM", "color": _color(HEADER, 225), "outline_color": _color(PAPER),
    "outline_width": "0.5", "outline_width_unit": "MM",
}  # fmt: skip
_BLOCK = {"color": "138,147,142,90", "outline_style": "no", "style": "solid"}
_MESH = {"line_color": "138,147,142,160", "line_width": "0.3", "line_width_unit": "MM"}
GROUP_STYLE: Mapping[int, tuple[str, str, Mapping[str, str]]] = {
    0: ("marker", "SimpleMarker", _GROUP),
    1: ("line", "SimpleLine", _MESH),
    2: ("fill", "SimpleFill", _BLOCK),
}
"""Of features of tiles that stand for several, whose values are not told, by the number of their kind."""
PIXEL_MM = 0.28
SHAPES = {
    "circle": "circle",
    "square": "square",
    "triangle": "triangle",
    "star": "star",
    "cross": "cross_fill",
    "x": "cross2",
}


def symbol(symbols: Element, name: str, kind: str, family: str, properties: Mapping[str, str]) -> None:
    """`symbols`: what holds them; `name`: by which it is found there."""
    one = SubElement(symbols, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(one, "layer", {"class": family, "enabled": "1", "locked": "0", "pass": "0"})
    for key, value in properties.items():
        SubElement(layer, "prop", k=key, v=value)


def house_symbol(symbols: Element, kind: str) -> None:
    symbol(symbols, "0", *HOUSE[kind])


def symbol_of(symbols: Element, name: str, drawn: Symbol, kind: str) -> None:
    """`kind`: of the features, as KINDS. A line on surfaces is their outline."""
    match drawn:
        case Surface(fill=fill, outline=outline):
            symbol(symbols, name, "fill", "SimpleFill", _surface(fill, outline))
        case Line(stroke=stroke) if kind == "Polygon":
            symbol(symbols, name, "fill", "SimpleFill", _surface(None, stroke))
        case Line(stroke=stroke):
            symbol(symbols, name, "line", "SimpleLine", _line(stroke))
        case Mark():
            symbol(symbols, name, "marker", "SimpleMarker", _mark(drawn))


def _surface(fill: Fill | None, outline: Stroke | None) -> dict[str, str]:
    found = (
        {"style": "no"} if fill is None else {"style": "solid", "color": _color(fill.color, round(255 * fill.opacity))}
    )
    return found | _outline(outline)


def _mark(mark: Mark) -> dict[str, str]:
    color = "0,0,0,0" if mark.fill is None else _color(mark.fill.color, round(255 * mark.fill.opacity))
    return {"name": SHAPES[mark.shape], "size": _mm(mark.size), "size_unit": "MM", "color": color} | _outline(
        mark.outline
    )


def _outline(stroke: Stroke | None) -> dict[str, str]:
    if stroke is None:
        return {"outline_style": "no"}
    color = _color(stroke.color, round(255 * stroke.opacity))
    told = {"outline_color": color, "outline_width": _mm(stroke.width), "outline_width_unit": "MM"}
    return told | {"outline_style": "dash" if stroke.dashes else "solid"}


def _line(stroke: Stroke) -> dict[str, str]:
    told = {"line_color": _color(stroke.color, round(255 * stroke.opacity)), "line_width": _mm(stroke.width)}
    told |= {"line_width_unit": "MM", "capstyle": "flat" if stroke.dashes else "round", "joinstyle": "round"}
    if stroke.dashes:
        pattern = ";".join(_mm(one) for one in stroke.dashes)
        told |= {"use_custom_dash": "1", "customdash": pattern, "customdash_unit": "MM"}
    return told


def _mm(pixels: float) -> str:
    return f"{pixels * PIXEL_MM:.4g}"


def house_renderer(parent: Element, kind: str) -> None:
    """The same symbol for every feature of a layer."""
    renderer = SubElement(parent, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    house_symbol(SubElement(renderer, "symbols"), kind)


def house_tile_renderer(parent: Element, layer: str) -> None:
    """Of tiles, where kinds may be mixed, and where a feature may stand for several (`_count`)."""
    styles = SubElement(SubElement(parent, "renderer", type="basic"), "styles")
    for number in (2, 1, 0):
        made = tile_style(styles, layer, KINDS[number], number, '"_count" IS NULL' if number == 0 else "")
        house_symbol(SubElement(made, "symbols"), KINDS[number])
    made = tile_style(styles, layer, "Group", 0, '"_count" IS NOT NULL')
    symbol(SubElement(made, "symbols"), "0", *GROUP_STYLE[0])


def tile_style(
    styles: Element, layer: str, name: str, number: int, expression: str, zooms: Mapping[str, str] | None = None
) -> Element:
    """`number`: of the kind of geometry."""
    geometry = f"geometry_type($geometry)='{KINDS[number]}'"
    told = {
        "name": name, "layer": layer, "geometry": str(number), "enabled": "1", "min-zoom": "-1", "max-zoom": "-1",
        "expression": f"{geometry} AND {expression}" if expression else geometry,
    }  # fmt: skip
    return SubElement(styles, "style", told | dict(zooms or {}))
