"""Symbols of QGIS in the colours of the house: a marker, a line or a surface, legible over a base map and without it."""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

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


_SYMBOLS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
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


def _symbol(parent: Element, kind: str, family: str, properties: Mapping[str, str]) -> None:
    symbols = SubElement(parent, "symbols")
    symbol = SubElement(symbols, "symbol", name="0", type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(symbol, "layer", {"class": family, "enabled": "1", "locked": "0", "pass": "0"})
    for name, value in properties.items():
        SubElement(layer, "prop", k=name, v=value)


def feature_renderer(parent: Element, kind: str) -> None:
    """The same symbol for every feature of a layer."""
    renderer = SubElement(parent, "renderer-v2", type="singleSymbol", symbollevels="0", enableorderby="0")
    _symbol(renderer, *_SYMBOLS[kind])


def tile_renderer(parent: Element, layer: str) -> None:
    """Of tiles, where kinds may be mixed, and where a feature may stand for several (`_count`)."""
    styles = SubElement(SubElement(parent, "renderer", type="basic"), "styles")
    for number in (2, 1, 0):
        _tile_style(styles, layer, KINDS[number], number, '"_count" IS NULL' if number == 0 else "", KINDS[number])
    _tile_style(styles, layer, "Group", 0, '"_count" IS NOT NULL', "")


def _tile_style(styles: Element, layer: str, name: str, number: int, expression: str, kind: str) -> None:
    geometry = f"geometry_type($geometry)='{KINDS[number]}'"
    style = SubElement(
        styles, "style", {"name": name, "layer": layer, "geometry": str(number), "enabled": "1", "min-zoom": "-1",
        "max-zoom": "-1", "expression": f"{geometry} AND {expression}" if expression else geometry},
    )  # fmt: skip
    if kind:
        _symbol(style, *_SYMBOLS[kind])
    else:
        _symbol(style, "marker", "SimpleMarker", _GROUP)
