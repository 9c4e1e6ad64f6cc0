"""The style of a dataset as QGIS keeps it: one symbol, categories, classes of a number, or rules when it is none of these; labels.

Of a style written as layers of MapLibre, what cannot be said so is told in the summary of the layer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement

from bocage.catalog.styles.maplibre import SCALE_AT_ZERO
from bocage.catalog.styles.symbols import Compare, Group, Label, Line, Mark, Missing, Not, Rule, Surface, Symbol
from bocage.publish.projects.expressions import expression_of, name_of
from bocage.publish.projects.symbols import GROUP_STYLE, KINDS, symbol, symbol_of, tile_style

DRAWN_ON = {"Point": Mark, "Line": Line, "Polygon": Surface}
UNBOUND = "1e+300"


@dataclass(frozen=True)
class Look:
    """`numbers`: names of the fields that hold some. `kind`: Point, Line or Polygon, of the features of the layer."""

    rules: tuple[Rule, ...]
    kind: str
    numbers: frozenset[str] = frozenset()

    @property
    def drawn(self) -> list[tuple[Rule, Symbol]]:
        """Rules that draw features of this kind, each with the symbol that does."""
        wanted = DRAWN_ON[self.kind]
        found = [(rule, [one for one in rule.symbols if _draws(one, wanted)]) for rule in self.rules]
        return [(rule, symbols[0]) for rule, symbols in found if symbols]

    @property
    def labels(self) -> list[tuple[Rule, Label]]:
        return [(rule, one) for rule in self.rules for one in rule.symbols if isinstance(one, Label)]


def _draws(one: Symbol, wanted: type) -> bool:
    """Lines are also drawn along the edges of surfaces."""
    return isinstance(one, wanted) or (wanted is Surface and isinstance(one, Line))


def feature_renderer(parent: Element, look: Look) -> None:
    """Raises ValueError when no rule draws features of this kind."""
    drawn = look.drawn
    if not drawn:
        raise ValueError(look.kind)
    if _categories(parent, look, drawn) or _classes(parent, look, drawn):
        return
    if len(drawn) == 1 and drawn[0][0].condition is None and not (drawn[0][0].nearest or drawn[0][0].farthest):
        renderer = _renderer(parent, "singleSymbol")
        symbol_of(SubElement(renderer, "symbols"), "0", drawn[0][1], look.kind)
        return
    _rules(parent, look, drawn)


def _renderer(parent: Element, kind: str, **told: str) -> Element:
    return SubElement(parent, "renderer-v2", {"type": kind, "symbollevels": "0", "enableorderby": "0", **told})


def _categories(parent: Element, look: Look, drawn: Sequence[tuple[Rule, Symbol]]) -> bool:
    """Values of one field, each of which has its symbol, and whatever is left."""
    told = [
        (rule, one) for rule, one in drawn if isinstance(rule.condition, Compare) and rule.condition.operator == "="
    ]
    fields = {rule.condition.field for rule, _one in told if isinstance(rule.condition, Compare)}
    left = [rule for rule, _one in drawn if not isinstance(rule.condition, Compare)]
    if len(fields) != 1 or not all(_is_left(rule, fields) for rule in left) or _scaled(drawn):
        return False
    if len(left) > 1:  # QGIS has one category for whatever is left, records without a value among them
        return False
    renderer = _renderer(parent, "categorizedSymbol", attr=name_of(next(iter(fields))))
    listed, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for rank, (rule, one) in enumerate([*told, *((rule, one) for rule, one in drawn if rule in left)]):
        value = str(rule.condition.value) if isinstance(rule.condition, Compare) else ""
        SubElement(listed, "category", symbol=str(rank), value=value, type="string", label=rule.title, render="true")
        symbol_of(symbols, str(rank), one, look.kind)
    return True


def _is_left(rule: Rule, fields: set[str]) -> bool:
    """Whether it is about what no category is about."""
    match rule.condition:
        case Missing(field=name):
            return {name} == fields
        case Not(part=Compare() | Group(kind="any")):
            return True
        case Group(kind="all", parts=(Not(part=Missing()), Not(part=Compare() | Group(kind="any")))):
            return True
    return False


def _scaled(drawn: Sequence[tuple[Rule, Symbol]]) -> bool:
    return any(rule.nearest or rule.farthest for rule, _one in drawn)


def _classes(parent: Element, look: Look, drawn: Sequence[tuple[Rule, Symbol]]) -> bool:
    """Classes of one number; what has none is not drawn by QGIS in such a layer, so that a class of it asks for rules."""
    bounds = [_bounds(rule) for rule, _one in drawn]
    if not bounds or None in bounds or _scaled(drawn):
        return False
    fields = {one[0] for one in bounds if one}
    if len(fields) != 1 or not fields <= look.numbers:
        return False
    renderer = _renderer(parent, "graduatedSymbol", attr=name_of(next(iter(fields))), graduatedMethod="GraduatedColor")
    ranges, symbols = SubElement(renderer, "ranges"), SubElement(renderer, "symbols")
    for rank, ((rule, one), bound) in reversed(list(enumerate(zip(drawn, bounds, strict=True)))):
        _field, low, high = bound or ("", "", "")
        SubElement(ranges, "range", lower=low, upper=high, symbol=str(rank), label=rule.title, render="true")
        symbol_of(symbols, str(rank), one, look.kind)
    return True


def _bounds(rule: Rule) -> tuple[str, str, str] | None:
    """Field, lower and upper bounds of a class. In QGIS both ends are in, and the first class that holds a value has it: they are
    written from the greatest down, so that a value between two of them is in the upper one, as on our maps."""
    match rule.condition:
        case Group(
            kind="all",
            parts=(Compare(operator=">=", field=name, value=low), Compare(operator="<", field=other, value=high)),
        ):
            return (name, _number(low), _number(high)) if name == other else None
        case Compare(operator=">=", field=name, value=low):
            return name, _number(low), UNBOUND
        case Compare(operator="<", field=name, value=high):
            return name, f"-{UNBOUND}", _number(high)
    return None


def _number(value: object) -> str:
    return f"{float(value):.15g}"  # type: ignore[arg-type]


def _rules(parent: Element, look: Look, drawn: Sequence[tuple[Rule, Symbol]]) -> None:
    renderer = _renderer(parent, "RuleRenderer")
    top, symbols = SubElement(renderer, "rules", key="root"), SubElement(renderer, "symbols")
    for rank, (rule, one) in enumerate(drawn):
        told = {
            "key": f"rule{rank}",
            "symbol": str(rank),
            "label": rule.title,
            "filter": expression_of(rule.condition, look.numbers),
        }
        SubElement(top, "rule", told | _scales(rule))
        symbol_of(symbols, str(rank), one, look.kind)


def _scales(rule: Rule) -> dict[str, str]:
    """QGIS names them by what they are denominators of: the greatest denominator is the smallest scale."""
    found = {"scalemaxdenom": rule.farthest, "scalemindenom": rule.nearest}
    return {name: f"{value:.0f}" for name, value in found.items() if value}


def labeling(parent: Element, look: Look) -> None:
    """The first label, where rules have several: QGIS would write them one over the other."""
    if not look.labels:
        return
    _rule, label = look.labels[0]
    settings = SubElement(SubElement(parent, "labeling", type="simple"), "settings", calloutType="simple")
    style = SubElement(settings, "text-style", {
        "fieldName": label.field, "isExpression": "0", "fontSize": f"{label.size * 0.75:.3g}", "fontSizeUnit": "Point",
        "textColor": _rgba(label.color), "fontFamily": "Open Sans", "textOpacity": "1",
    })  # fmt: skip
    if label.halo:
        SubElement(style, "text-buffer", {
            "bufferDraw": "1", "bufferSize": "0.7", "bufferSizeUnits": "MM", "bufferColor": _rgba(label.halo), "bufferOpacity": "1",
        })  # fmt: skip
    SubElement(settings, "placement", placement="6" if look.kind == "Point" else "2" if look.kind == "Line" else "1")
    SubElement(settings, "rendering", drawLabels="1", obstacle="1")


def _rgba(color: str) -> str:
    return ",".join(str(int(color[start : start + 2], 16)) for start in (1, 3, 5)) + ",255"


def tile_renderer(parent: Element, layer: str, look: Look) -> None:
    """Of tiles, where kinds may be mixed, and where a feature may stand for several (`_count`)."""
    styles = SubElement(SubElement(parent, "renderer", type="basic"), "styles")
    for rank, rule in enumerate(look.rules):
        for number in (2, 1, 0):
            one = next((one for one in rule.symbols if isinstance(one, DRAWN_ON[KINDS[number]])), None)
            if one is not None:
                condition = " AND ".join(
                    filter(None, ('"_count" IS NULL', expression_of(rule.condition, look.numbers)))
                )
                name = f"{rank + 1} {rule.title}".strip()
                made = tile_style(styles, layer, name, number, condition, _zooms(rule))
                symbol_of(SubElement(made, "symbols"), "0", one, KINDS[number])
    for number in (2, 1, 0):
        made = tile_style(styles, layer, f"Group {KINDS[number]}", number, '"_count" IS NOT NULL')
        symbol(SubElement(made, "symbols"), "0", *GROUP_STYLE[number])


def _zooms(rule: Rule) -> dict[str, str]:
    """Of a map of tiles of QGIS, whose world is 256 pixels wide at zoom 0."""
    found = {"min-zoom": rule.farthest, "max-zoom": rule.nearest}
    return {name: str(max(0, round(_zoom(value)))) for name, value in found.items() if value}


def _zoom(denominator: float) -> float:
    return math.log2(2 * SCALE_AT_ZERO / denominator)
