"""Rules as layers of the MapLibre (Mapbox GL, version 8) style: what web maps draw vector tiles with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from bocage.catalog.styles.palettes import UNKNOWN
from bocage.catalog.styles.symbols import (
    Between,
    Compare,
    Condition,
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
from bocage.catalog.styles.usual import ACCENT, DARK, PAPER
from bocage.catalog.vocabulary import FieldType

LIGHT = "#4f9673"
"""Of groups of two or three: three to one at least on the ground of the map."""
WORTH_TELLING = 50
"""Records of a group whose number is written: the disc of a smaller one is too small to hold it."""
COUNT = "_count"
"""Of features that stand for several records."""
SCALE_AT_ZERO = 279_541_132.014
"""Denominator at zoom 0 of MapLibre, whose world is then 512 pixels wide."""
OPERATORS = {"=": "=="}
NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
Layer = dict[str, Any]
GLYPHS = {"square": "■", "triangle": "▲", "star": "★", "cross": "✚", "x": "✖"}
"""Marks that are no circles, as letters: a style then needs no picture from elsewhere."""


def layers_of(rules: Sequence[Rule], types: Mapping[str, FieldType], source: str, layer: str) -> list[Layer]:
    """`types`: of the fields, by which values are compared. `source`, `layer`: where the records are."""
    found: list[Layer] = []
    for rank, rule in enumerate(rules, 1):
        for position, symbol in enumerate(rule.symbols, 1):
            for part, drawn in enumerate(_drawn(symbol), 1):
                kind, shapes, told = drawn
                one: Layer = {"id": f"{rank}-{position}-{part}", "type": kind, "source": source, "source-layer": layer}
                conditions = [_shape(shapes), _expression(rule.condition, types)]
                if isinstance(symbol, Mark) or rule.condition is not None:
                    conditions.append(["!", ["has", COUNT]])
                found.append(one | _zooms(rule) | {"filter": _all(conditions)} | told)
    return [*_blocks(rules, source, layer), *found, *_groups(rules, source, layer)]


def _drawn(symbol: Symbol) -> list[tuple[str, str, Layer]]:
    """Type of the layer, shapes that it draws, and how."""
    match symbol:
        case Surface(fill=fill, outline=outline):
            found: list[tuple[str, str, Layer]] = []
            if fill is not None:
                found.append(("fill", "Polygon", {"paint": {"fill-color": fill.color, "fill-opacity": fill.opacity}}))
            if outline is not None:
                found.append(("line", "Polygon", _line(outline)))
            return found
        case Line(stroke=stroke):
            return [("line", "", _line(stroke))]
        case Mark():
            return [_mark(symbol)]
        case Label():
            return [("symbol", "any", _label(symbol))]


def _line(stroke: Stroke) -> Layer:
    paint: Layer = {"line-color": stroke.color, "line-width": stroke.width, "line-opacity": stroke.opacity}
    if stroke.dashes:  # in widths of the line
        paint["line-dasharray"] = [round(one / (stroke.width or 1), 3) for one in stroke.dashes]
    return {"layout": {"line-cap": "butt" if stroke.dashes else "round", "line-join": "round"}, "paint": paint}


def _mark(mark: Mark) -> tuple[str, str, Layer]:
    paint: Layer
    if mark.shape == "circle":
        paint = {
            "circle-radius": mark.size / 2,
            "circle-color": mark.fill.color if mark.fill else PAPER,
            "circle-opacity": mark.fill.opacity if mark.fill else 0,
        }
        if mark.outline:
            paint |= {
                "circle-stroke-color": mark.outline.color,
                "circle-stroke-width": mark.outline.width,
                "circle-stroke-opacity": mark.outline.opacity,
            }
        return "circle", "Point", {"paint": paint}
    color = mark.fill or mark.outline
    layout = {"text-field": GLYPHS[mark.shape], "text-size": mark.size * 1.4, "text-allow-overlap": True}
    paint = {"text-color": color.color if color else DARK, "text-opacity": color.opacity if color else 1}
    if mark.fill and mark.outline:
        paint |= {"text-halo-color": mark.outline.color, "text-halo-width": mark.outline.width}
    return "symbol", "Point", {"layout": layout | {"text-font": ["sans-serif"]}, "paint": paint}


def _label(label: Label) -> Layer:
    layout = {
        "text-field": ["to-string", ["get", label.field]],
        "text-size": label.size,
        "text-font": ["sans-serif"],
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 0.8,
    }
    paint: Layer = {"text-color": label.color}
    if label.halo:
        paint |= {"text-halo-color": label.halo, "text-halo-width": 1.5}
    return {"layout": layout, "paint": paint}


def _blocks(rules: Sequence[Rule], source: str, layer: str) -> list[Layer]:
    """Of surfaces and lines that stand for several at small scales: their values differ, and no class is theirs. They are grey."""
    symbols = [symbol for rule in rules if rule.condition is not None for symbol in rule.symbols]
    here: Layer = {"source": source, "source-layer": layer}
    found: list[Layer] = []
    if any(isinstance(one, Surface) for one in symbols):
        grouped = {"filter": ["all", _shape("Polygon"), ["has", COUNT]]}
        paint = {"fill-color": UNKNOWN, "fill-opacity": 0.4}
        found.append({"id": "groups-area", "type": "fill", **here, **grouped, "paint": paint})
    if any(isinstance(one, Line) for one in symbols):
        grouped = {"filter": ["all", _shape("LineString"), ["has", COUNT]]}
        paint = {"line-color": UNKNOWN, "line-width": 1, "line-opacity": 0.6}
        found.append({"id": "groups-line", "type": "line", **here, **grouped, "paint": paint})
    return found


def _groups(rules: Sequence[Rule], source: str, layer: str) -> list[Layer]:
    """Of points that stand for several, at small scales: a disc, larger and darker with their number, which is written where there
    is room. Groups are as near to one another as fifteen pixels: discs that told every number would hide the map."""
    if not any(isinstance(symbol, Mark) for rule in rules for symbol in rule.symbols):
        return []
    here: Layer = {"source": source, "source-layer": layer, "filter": ["all", _shape("Point"), ["has", COUNT]]}
    short = ["case", [">=", ["get", COUNT], 1_000_000], _thousands(1_000_000, "M"),
             [">=", ["get", COUNT], 1_000], _thousands(1_000, "k"), ["to-string", ["get", COUNT]]]  # fmt: skip
    many = [">=", ["get", COUNT], WORTH_TELLING]
    return [
        {"id": "groups", "type": "circle", **here, "layout": {"circle-sort-key": ["get", COUNT]}, "paint": {
            "circle-color": _by_count(2, LIGHT, 20, ACCENT, 500, DARK),
            "circle-radius": _by_count(2, 3.5, 20, 5.5, 200, 7.5, 5_000, 9.5, 100_000, 13),
            "circle-stroke-color": PAPER, "circle-stroke-width": 0.75, "circle-stroke-opacity": 0.8,
        }},
        {"id": "groups-count", "type": "symbol", **here, "filter": [*here["filter"], many], "layout": {
            "text-field": short, "text-font": ["sans-serif"], "text-size": _by_count(WORTH_TELLING, 10, 1_000, 12),
            "text-padding": 4, "symbol-sort-key": ["-", 0, ["get", COUNT]],
        }, "paint": {"text-color": PAPER, "text-halo-color": DARK, "text-halo-width": 1.5}},
    ]  # fmt: skip


def _by_count(*stops: Any) -> list[Any]:
    """Numbers, each with what is drawn from there on, by their orders of magnitude."""
    pairs = zip(stops[::2], stops[1::2], strict=True)
    return ["interpolate", ["linear"], ["log10", ["get", COUNT]],
            *(one for number, drawn in pairs for one in (round(math.log10(number), 3), drawn))]  # fmt: skip


def _thousands(unit: int, letter: str) -> list[Any]:
    return ["concat", ["to-string", ["round", ["/", ["get", COUNT], unit]]], f" {letter}"]


def _shape(shapes: str) -> list[Any] | None:
    """A `Line` is drawn on lines and on the edges of surfaces, never on points."""
    if shapes == "any":
        return None
    return ["==", ["geometry-type"], shapes] if shapes else ["!=", ["geometry-type"], "Point"]


def _all(conditions: Sequence[list[Any] | None]) -> list[Any]:
    kept = [one for one in conditions if one is not None]
    return kept[0] if len(kept) == 1 else ["all", *kept]


def _zooms(rule: Rule) -> Layer:
    found: Layer = {}
    if rule.farthest:
        found["minzoom"] = _zoom(rule.farthest)
    if rule.nearest:
        found["maxzoom"] = _zoom(rule.nearest)
    return found


def _zoom(denominator: float) -> float:
    return round(min(24.0, max(0.0, math.log2(SCALE_AT_ZERO / denominator))), 2)


def _expression(condition: Condition | None, types: Mapping[str, FieldType]) -> list[Any] | None:
    match condition:
        case None:
            return None
        case Compare(operator=operator, field=name, value=value):
            typed = typed_value(value, types.get(name))
            compared = [OPERATORS.get(operator, operator), ["get", name], typed]
            return compared if operator == "=" else ["all", ["has", name], compared]
        case Between(field=name, low=low, high=high):
            parts = Group("all", (Compare(">=", name, low), Compare("<=", name, high)))
            return _expression(parts, types)
        case Missing(field=name):
            return ["!", ["has", name]]
        case Group(kind=kind, parts=parts_):
            return [kind, *(_expression(part, types) for part in parts_)]
        case Not(part=part):
            return ["!", _expression(part, types)]


def typed_value(value: Value, kind: FieldType | None) -> Value:
    """A text of a document, in the type of the field that it is compared with; as it is when it cannot be."""
    if not isinstance(value, str):
        return value
    if kind in NUMBERS:
        try:
            number = float(value)
        except ValueError:
            return value
        return number if math.isfinite(number) else value
    if kind == FieldType.BOOLEAN and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return value
