"""Rules as Styled Layer Descriptor 1.0.0 (02-070), which QGIS, GeoServer and desktop software read."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from bocage.catalog.styles.symbols import (
    Between,
    Compare,
    Condition,
    Fill,
    Group,
    Label,
    Line,
    Mark,
    Missing,
    Not,
    Rule,
    Stroke,
    Surface,
    Symbol,
    Value,
)
from bocage.kernel.xml import writable

SLD, OGC = "http://www.opengis.net/sld", "http://www.opengis.net/ogc"
COMPARISONS = {
    "=": "PropertyIsEqualTo",
    "!=": "PropertyIsNotEqualTo",
    "<": "PropertyIsLessThan",
    "<=": "PropertyIsLessThanOrEqualTo",
    ">": "PropertyIsGreaterThan",
    ">=": "PropertyIsGreaterThanOrEqualTo",
}


def sld_of(rules: Sequence[Rule], layer: str, title: str, abstract: str = "") -> bytes:
    """The document, in UTF-8. `layer`: name of the layer that it is for. `abstract`: what is to be known of it."""
    root = ET.Element("StyledLayerDescriptor", {"version": "1.0.0", "xmlns": SLD, "xmlns:ogc": OGC})
    named = ET.SubElement(root, "NamedLayer")
    _text(named, "Name", layer)
    style = ET.SubElement(named, "UserStyle")
    _text(style, "Title", title)
    if abstract:
        _text(style, "Abstract", abstract)
    _text(style, "IsDefault", "1")
    drawn = ET.SubElement(style, "FeatureTypeStyle")
    for rule in rules:
        _rule(drawn, rule)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _text(parent: ET.Element, tag: str, text: str) -> ET.Element:
    found = ET.SubElement(parent, tag)
    found.text = writable(text)
    return found


def _rule(parent: ET.Element, rule: Rule) -> None:
    found = ET.SubElement(parent, "Rule")
    _text(found, "Title", rule.title)
    if rule.condition is not None:
        _condition(ET.SubElement(found, "ogc:Filter"), rule.condition)
    if rule.nearest:
        _text(found, "MinScaleDenominator", _number(rule.nearest))
    if rule.farthest:
        _text(found, "MaxScaleDenominator", _number(rule.farthest))
    for symbol in rule.symbols:
        _symbol(found, symbol)


def _symbol(parent: ET.Element, symbol: Symbol) -> None:
    match symbol:
        case Surface(fill=fill, outline=outline):
            found = ET.SubElement(parent, "PolygonSymbolizer")
            _fill(found, fill)
            _stroke(found, outline)
        case Line(stroke=stroke):
            _stroke(ET.SubElement(parent, "LineSymbolizer"), stroke)
        case Mark():
            graphic = ET.SubElement(ET.SubElement(parent, "PointSymbolizer"), "Graphic")
            mark = ET.SubElement(graphic, "Mark")
            _text(mark, "WellKnownName", symbol.shape)
            _fill(mark, symbol.fill)
            _stroke(mark, symbol.outline)
            _text(graphic, "Size", _number(symbol.size))
        case Label():
            _label(ET.SubElement(parent, "TextSymbolizer"), symbol)


def _label(parent: ET.Element, label: Label) -> None:
    _text(ET.SubElement(parent, "Label"), "ogc:PropertyName", label.field)
    _parameters(ET.SubElement(parent, "Font"), (("font-family", "sans-serif"), ("font-size", _number(label.size))))
    if label.halo:
        halo = ET.SubElement(parent, "Halo")
        _text(halo, "Radius", "1")
        _fill(halo, Fill(label.halo))
    _fill(parent, Fill(label.color))


def _fill(parent: ET.Element, fill: Fill | None) -> None:
    if fill is not None:
        _parameters(ET.SubElement(parent, "Fill"), (("fill", fill.color), *_opacity("fill-opacity", fill.opacity)))


def _stroke(parent: ET.Element, stroke: Stroke | None) -> None:
    if stroke is None:
        return
    told = [("stroke", stroke.color), ("stroke-width", _number(stroke.width))]
    told += _opacity("stroke-opacity", stroke.opacity)
    if stroke.dashes:
        told.append(("stroke-dasharray", " ".join(_number(one) for one in stroke.dashes)))
    _parameters(ET.SubElement(parent, "Stroke"), told)


def _opacity(name: str, value: float) -> list[tuple[str, str]]:
    return [] if value == 1 else [(name, _number(value))]


def _parameters(parent: ET.Element, told: Iterable[tuple[str, str]]) -> None:
    for name, value in told:
        _text(parent, "CssParameter", value).set("name", name)


def _condition(parent: ET.Element, condition: Condition) -> None:
    match condition:
        case Compare(operator=operator, field=name, value=value):
            found = ET.SubElement(parent, f"ogc:{COMPARISONS[operator]}")
            _text(found, "ogc:PropertyName", name)
            _text(found, "ogc:Literal", _value(value))
        case Between(field=name, low=low, high=high):
            found = ET.SubElement(parent, "ogc:PropertyIsBetween")
            _text(found, "ogc:PropertyName", name)
            for tag, value in (("LowerBoundary", low), ("UpperBoundary", high)):
                _text(ET.SubElement(found, f"ogc:{tag}"), "ogc:Literal", _value(value))
        case Missing(field=name):
            _text(ET.SubElement(parent, "ogc:PropertyIsNull"), "ogc:PropertyName", name)
        case Group(kind=kind, parts=parts):
            found = ET.SubElement(parent, "ogc:And" if kind == "all" else "ogc:Or")
            for part in parts:
                _condition(found, part)
        case Not(part=part):
            _condition(ET.SubElement(parent, "ogc:Not"), part)


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    return f"{value:.10g}"
