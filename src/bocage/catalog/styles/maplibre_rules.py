"""Layers of a MapLibre style as rules: what a rule can say of them. They can then be told as SLD, drawn on the server,
opened by QGIS.

A colour or a size may be one value, or chosen by a field (`match`, `step`, `case`): each of its values is then a rule. What is
computed otherwise is left out, and told; a layer whose filter is not understood is left out whole: it would draw more than it says.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bocage.catalog.styles.maplibre import COUNT, GLYPHS, SCALE_AT_ZERO, Layer
from bocage.catalog.styles.maplibre_conditions import NotARule, condition_of, values_by
from bocage.catalog.styles.sld_reading import MOST_RULES, Reading
from bocage.catalog.styles.symbols import (
    Condition,
    Fill,
    Group,
    Label,
    Line,
    Mark,
    Not,
    Rule,
    Stroke,
    Surface,
    Symbol,
)

HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*(?:,\s*[\d.]+\s*)?\)")
NAMES = {"black": "#000000", "white": "#ffffff", "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "yellow": "#ffff00",
         "orange": "#ffa500", "purple": "#800080", "gray": "#808080", "grey": "#808080", "brown": "#a52a2a"}  # fmt: skip
DRAWN = {
    "fill": {"fill-color", "fill-opacity", "fill-outline-color"},
    "line": {"line-color", "line-width", "line-opacity", "line-dasharray"},
    "circle": {"circle-color", "circle-radius", "circle-opacity", "circle-stroke-color", "circle-stroke-width",
               "circle-stroke-opacity"},
    "symbol": {"text-field", "text-size", "text-color", "text-halo-color", "text-halo-width", "text-opacity"},
}  # fmt: skip
SILENT = {
    "text-font", "text-allow-overlap", "text-variable-anchor", "text-radial-offset", "text-padding", "text-anchor", "text-offset",
    "line-cap", "line-join", "visibility", "circle-sort-key", "fill-sort-key", "line-sort-key", "symbol-sort-key",
}  # fmt: skip
"""How symbols are laid, which other software does its own way: nothing is lost of what is told."""


def rules_in(layers: Sequence[Layer]) -> Reading:
    """Of layers that `read_maplibre` read."""
    found = Reading()
    rules: list[Rule] = []
    for layer in layers:
        if layer.get("layout", {}).get("visibility") == "none" or _is_of_groups(layer):
            continue
        try:
            rules += _rules(layer, found)
        except (NotARule, KeyError, TypeError, ValueError):
            found.leave(str(layer["id"]))
    if len(rules) > MOST_RULES:
        found.leave(str(len(rules)))
        rules = []
    found.rules = tuple(rules)
    return found


def _is_of_groups(layer: Layer) -> bool:
    """Of features that stand for several: other software has no such features."""
    return ["has", COUNT] in (
        layer.get("filter"),
        *(layer.get("filter") or () if isinstance(layer.get("filter"), list) else ()),
    )


def _rules(layer: Layer, found: Reading) -> Iterator[Rule]:
    kind = layer["type"]
    told = layer.get("paint", {}) | layer.get("layout", {})
    if kind not in DRAWN:
        raise NotARule
    for name in told:
        if name not in DRAWN[kind] and name not in SILENT:
            found.leave(name)
    base, shape = condition_of(layer.get("filter"))
    scales = {"nearest": _scale(layer.get("maxzoom")), "farthest": _scale(layer.get("minzoom"))}
    for title, condition, plain in _cases(told, DRAWN[kind], found):
        symbol = _symbol(kind, plain, shape)
        if symbol is not None:
            yield Rule(title or str(layer["id"])[:200], (symbol,), _both(base, condition), **scales)


def _cases(
    told: dict[str, Any], known: set[str], found: Reading
) -> Iterator[tuple[str, Condition | None, dict[str, Any]]]:
    """Title, condition, values of each of the cases of the one property that is chosen by a field."""
    plain: dict[str, Any] = {}
    chosen: list[tuple[str, list[tuple[str, Condition | None, Any]]]] = []
    for name in sorted(known & set(told)):
        value = told[name]
        if not isinstance(value, list) or name in ("line-dasharray", "text-field"):
            plain[name] = value
            continue
        try:
            chosen.append((name, values_by(value)))
        except NotARule:
            if name.endswith("-color"):  # another colour would tell something else
                raise
            found.leave(name)
    chosen.sort(key=lambda one: not one[0].endswith("-color"))
    for name, values in chosen[1:]:
        found.leave(name)
        plain[name] = values[-1][2]
    if not chosen:
        yield "", None, plain
        return
    name, cases = chosen[0]
    earlier: list[Condition] = []
    for title, condition, value in cases:
        rest: Condition | None = Not(Group("any", tuple(earlier))) if condition is None and earlier else condition
        yield title, rest, plain | {name: value}
        if condition is not None:
            earlier.append(condition)


def _both(one: Condition | None, other: Condition | None) -> Condition | None:
    if one is None or other is None:
        return other if one is None else one
    return Group("all", (one, other))


def _scale(zoom: Any) -> float | None:
    return SCALE_AT_ZERO / 2 ** float(zoom) if zoom else None


def _symbol(kind: str, told: dict[str, Any], shape: str) -> Symbol | None:
    match kind:
        case "fill":
            edge = told.get("fill-outline-color")
            fill = Fill(_color(told.get("fill-color", "#000000")), _share(told.get("fill-opacity", 1)))
            return Surface(fill, Stroke(_color(edge), 1.0) if edge else None)
        case "line":
            stroke = _line(told)
            return Surface(None, stroke) if shape == "Polygon" else Line(stroke)
        case "circle":
            return _circle(told)
        case _:
            return _text(told)


def _line(told: dict[str, Any]) -> Stroke:
    width = _length(told.get("line-width", 1))
    dashes = tuple(_length(one) * width for one in told.get("line-dasharray", ())[:10])
    return Stroke(_color(told.get("line-color", "#000000")), width, _share(told.get("line-opacity", 1)), dashes)


def _circle(told: dict[str, Any]) -> Mark:
    edge = _length(told.get("circle-stroke-width", 0))
    outline = Stroke(
        _color(told.get("circle-stroke-color", "#000000")), edge, _share(told.get("circle-stroke-opacity", 1))
    )
    fill = Fill(_color(told.get("circle-color", "#000000")), _share(told.get("circle-opacity", 1)))
    return Mark("circle", 2 * _length(told.get("circle-radius", 5)), fill, outline if edge else None)


def _text(told: dict[str, Any]) -> Symbol | None:
    """A label by a field; a letter that stands for a mark."""
    text, size = told.get("text-field"), _length(told.get("text-size", 16))
    color, halo = _color(told.get("text-color", "#000000")), told.get("text-halo-color")
    if isinstance(text, list) and text[:1] == ["to-string"] and len(text) == 2:
        text = text[1]
    if isinstance(text, list) and len(text) == 2 and text[0] == "get" and isinstance(text[1], str):
        return Label(text[1], size, color, _color(halo) if halo else "")
    if isinstance(text, str):
        shape = next((name for name, letter in GLYPHS.items() if letter == text), None)
        if shape is not None:
            mark = Mark(shape, round(size / 1.4, 3), Fill(color, _share(told.get("text-opacity", 1))))  # type: ignore[arg-type]
            return (
                replace(mark, outline=Stroke(_color(halo), _length(told.get("text-halo-width", 1)))) if halo else mark
            )
        named = re.fullmatch(r"\{([^{}]+)\}", text)
        if named:
            return Label(named[1], size, color, _color(halo) if halo else "")
    raise NotARule


def _color(value: Any) -> str:
    if isinstance(value, str):
        text = value.strip().lower()
        if HEX.fullmatch(text):
            return text if len(text) == 7 else "#" + "".join(2 * one for one in text[1:])
        found = RGB.fullmatch(text)
        if found and all(int(one) < 256 for one in found.groups()):
            return "#" + "".join(f"{int(one):02x}" for one in found.groups())
        if text in NAMES:
            return NAMES[text]
    raise NotARule


def _share(value: Any) -> float:
    return min(1.0, _length(value))


def _length(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise NotARule
    return min(1_000.0, float(value))
