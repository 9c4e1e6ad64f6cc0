"""Styled Layer Descriptor 1.0 and 1.1 (02-070, 05-078) as rules: what is common of them, as QGIS and GeoServer write it.

What has no place in a rule (pictures, computed values, displacements) is left out, and told: `Reading.ignored`. A style of which
nothing is left is refused.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field, replace
from typing import get_args

from django.utils.translation import gettext as _

from bocage.catalog.styles.errors import StyleFromElsewhere, StyleNotRead, StyleOfQgis, StyleTooLarge
from bocage.catalog.styles.sld_filters import condition_of
from bocage.catalog.styles.symbols import (
    Condition,
    Fill,
    Group,
    Label,
    Line,
    Mark,
    Not,
    Rule,
    Shape,
    Stroke,
    Surface,
    Symbol,
)
from bocage.catalog.styles.xml_reading import XmlRefused, child, children, local, read_xml, text_in

MOST_RULES = 200
LARGEST_LENGTH = 1_000.0
QML = re.compile(rb"<!DOCTYPE\s+qgis\b|<qgis[\s>]")
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
FRAME = {"Name", "Title", "Description", "Abstract", "LegendGraphic", "IsDefault", "FeatureTypeName",
         "SemanticTypeIdentifier", "Filter", "ElseFilter", "MinScaleDenominator", "MaxScaleDenominator"}  # fmt: skip
"""What is in a rule beside its symbolizers."""
DRAWN = {
    "PolygonSymbolizer": {"Fill", "Stroke"},
    "LineSymbolizer": {"Stroke"},
    "PointSymbolizer": {"Graphic"},
    "TextSymbolizer": {"Label", "Font", "Halo", "Fill"},
}
"""Symbolizers, and what is read in each."""


@dataclass
class Reading:
    """`ignored`: names of what was left out, in the order of the document, each once."""

    rules: tuple[Rule, ...] = ()
    ignored: dict[str, None] = field(default_factory=dict)

    def leave(self, name: str) -> None:
        self.ignored[name[:100]] = None


def read_sld(content: bytes) -> Reading:
    """Raises StyleNotRead, StyleTooLarge, StyleFromElsewhere, StyleOfQgis."""
    if QML.search(content[:2_000]):
        raise StyleOfQgis
    try:
        root = read_xml(content)
    except XmlRefused:
        raise StyleNotRead(reason=_("it is not XML, or it declares a document type, or it is too deep.")) from None
    if local(root) != "StyledLayerDescriptor":
        raise StyleNotRead(reason=_("its root is not a StyledLayerDescriptor."))
    _refuse_addresses(root)
    styles = [one for layer in children(root, "NamedLayer", "UserLayer") for one in children(layer, "UserStyle")]
    if not styles:
        raise StyleNotRead(reason=_("it has no UserStyle."))
    reading = Reading()
    chosen = next((one for one in styles if text_in(child(one, "IsDefault")) in ("1", "true")), styles[0])
    rules = [rule for drawn in children(chosen, "FeatureTypeStyle") for rule in _rules(drawn, reading)]
    if len(rules) > MOST_RULES:
        raise StyleTooLarge(found=len(rules), most=MOST_RULES)
    if not any(rule.symbols for rule in rules):
        raise StyleNotRead(reason=_("none of its symbols can be drawn here."))
    reading.rules = tuple(rule for rule in rules if rule.symbols)
    return reading


def _refuse_addresses(root: ET.Element) -> None:
    """Pictures, fonts, styles of somewhere else."""
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] in ("href", "src") and value.strip():
                raise StyleFromElsewhere(address=value[:200])


def _rules(drawn: ET.Element, reading: Reading) -> list[Rule]:
    """`ElseFilter` is what no other rule of the same group is about."""
    found: list[Rule] = []
    others: list[int] = []
    for element in children(drawn, "Rule"):
        condition = child(element, "Filter")
        if child(element, "ElseFilter") is not None:
            others.append(len(found))
        found.append(
            Rule(
                _title(element),
                tuple(_symbols(element, reading)),
                None if condition is None else condition_of(condition),
                _scale(element, "MinScaleDenominator"),
                _scale(element, "MaxScaleDenominator"),
            )
        )
    told = tuple(rule.condition for rule in found if rule.condition is not None)
    for rank in others:
        rest: Condition | None = Not(Group("any", told)) if told else None
        found[rank] = replace(found[rank], condition=rest)
    return found


def _title(rule: ET.Element) -> str:
    written = (text_in(child(rule, *path)) for path in (("Title",), ("Description", "Title"), ("Name",)))
    return next((one for one in written if one), "")[:200]


def _scale(rule: ET.Element, name: str) -> float | None:
    text = text_in(child(rule, name))
    if not text:
        return None
    number = _number(text, most=1e12)
    return number or None


def _symbols(rule: ET.Element, reading: Reading) -> list[Symbol]:
    found: list[Symbol] = []
    for element in rule:
        for part in children(element) if local(element) in DRAWN else ():
            if local(part) not in DRAWN[local(element)]:
                reading.leave(local(part))
        match local(element):
            case "PolygonSymbolizer":
                fill, outline = _fill(element, reading), _stroke(element, reading)
                found += [Surface(fill, outline)] if fill or outline else []
            case "LineSymbolizer":
                stroke = _stroke(element, reading)
                found += [Line(stroke)] if stroke else []
            case "PointSymbolizer":
                mark = _mark(element, reading)
                found += [mark] if mark else []
            case "TextSymbolizer":
                label = _label(element, reading)
                found += [label] if label else []
            case name if name not in FRAME:
                reading.leave(name)
    return found


def _mark(element: ET.Element, reading: Reading) -> Mark | None:
    graphic = child(element, "Graphic")
    mark = child(graphic, "Mark")
    if graphic is None or mark is None:
        reading.leave("Graphic")
        return None
    for part in children(graphic):
        if local(part) not in ("Mark", "Size"):
            reading.leave(local(part))
    shape = text_in(child(mark, "WellKnownName")) or "square"
    known = shape in get_args(Shape)
    if not known:
        reading.leave(shape)
    size = text_in(child(graphic, "Size"))
    return Mark(
        shape if known else "circle",  # type: ignore[arg-type]
        _number(size, least=0.5) if size else 6.0,
        _fill(mark, reading),
        _stroke(mark, reading),
    )


def _label(element: ET.Element, reading: Reading) -> Label | None:
    name = text_in(child(element, "Label", "PropertyName"))
    if not name:
        reading.leave("Label")
        return None
    size = _parameters(child(element, "Font"), reading).get("font-size", "")
    fill, halo = _fill(element, reading), child(element, "Halo")
    around = _fill(halo, reading) if halo is not None else None
    return Label(
        name[:200],
        _number(size, least=1) if size else 10.0,
        fill.color if fill else "#000000",
        "" if halo is None else around.color if around else "#ffffff",
    )


def _fill(parent: ET.Element, reading: Reading) -> Fill | None:
    element = child(parent, "Fill")
    if element is None:
        return None
    told = _parameters(element, reading)
    return Fill(_color(told.get("fill", "#808080")), _opacity(told.get("fill-opacity", "1")))


def _stroke(parent: ET.Element, reading: Reading) -> Stroke | None:
    element = child(parent, "Stroke")
    if element is None:
        return None
    told = _parameters(element, reading)
    dashes = tuple(_number(one) for one in told.get("stroke-dasharray", "").replace(",", " ").split()[:10])
    return Stroke(
        _color(told.get("stroke", "#000000")),
        _number(told.get("stroke-width", "1")),
        _opacity(told.get("stroke-opacity", "1")),
        dashes if any(dashes) else (),
    )


def _parameters(element: ET.Element | None, reading: Reading) -> dict[str, str]:
    """Name → value. One that is computed from the record is left out."""
    found: dict[str, str] = {}
    for one in children(element) if element is not None else ():
        if local(one) not in ("CssParameter", "SvgParameter"):
            reading.leave(local(one))
        elif any(local(inner) != "Literal" for inner in one):
            reading.leave(one.get("name", ""))
        else:
            found[one.get("name", "")] = text_in(one)
    return found


def _color(text: str) -> str:
    if not COLOR.fullmatch(text):
        raise StyleNotRead(reason=_("“%(text)s” is not a colour such as #1f6b4a.") % {"text": text[:50]})
    return text.lower()


def _opacity(text: str) -> float:
    return min(1.0, _number(text))


def _number(text: str, *, least: float = 0.0, most: float = LARGEST_LENGTH) -> float:
    """Within its bounds. Raises StyleNotRead."""
    try:
        found = float(text[:50])
    except ValueError:
        found = math.nan
    if not math.isfinite(found) or found < 0:
        raise StyleNotRead(reason=_("“%(text)s” is not a length or a share.") % {"text": text[:50]})
    return min(most, max(least, found))
