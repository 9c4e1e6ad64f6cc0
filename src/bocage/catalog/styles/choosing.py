"""What was chosen in a form, as rules: each class with the symbols of every kind of geometry that is there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from django.utils.translation import gettext as _

from bocage.catalog.styles.choices import Band, Choices
from bocage.catalog.styles.palettes import PAPER, edge_of
from bocage.catalog.styles.symbols import (
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
    Shape,
    Stroke,
    Surface,
    Symbol,
)

SHAPES: tuple[Shape, ...] = get_args(Shape)
LINE_OF_SIZE = 0.35
"""Pixels of the width of a line for each pixel across a mark of the same class."""


def rules_of(choices: Choices, kinds: Iterable[str]) -> tuple[Rule, ...]:
    """`kinds`: of the geometries that are there, as GeoJSON calls them; none: all."""
    plain = {kind.removeprefix("Multi") for kind in kinds} & {"Point", "LineString", "Polygon"}
    made = _Making(choices, plain or {"Point", "LineString", "Polygon"})
    found = [*made.classes(), *made.rest()]
    if choices.label:
        found.append(Rule("", (Label(choices.label, 12 if choices.width <= 1 else 13),)))
    return tuple(found)


class _Making:
    def __init__(self, choices: Choices, kinds: set[str]) -> None:
        self.choices, self.kinds = choices, kinds

    def classes(self) -> list[Rule]:
        chosen = self.choices
        match chosen.kind:
            case "one":
                return [Rule("", self._symbols(chosen.color))]
            case "category":
                return [
                    Rule(one.title, self._symbols(one.color, rank), Compare("=", chosen.field, one.value))
                    for rank, one in enumerate(chosen.categories)
                ]
            case _:
                return [self._band(one) for one in chosen.bands]

    def rest(self) -> list[Rule]:
        chosen, found = self.choices, []
        if chosen.kind == "category" and chosen.others.drawn:
            told = tuple(Compare("=", chosen.field, one.value) for one in chosen.categories)
            others: Condition = Group("all", (Not(Missing(chosen.field)), Not(Group("any", told))))
            found.append(Rule(chosen.others.title or _("Other values"), self._symbols(chosen.others.color, -1), others))
        if chosen.kind != "one" and chosen.missing.drawn:
            symbols = self._symbols(chosen.missing.color, -1, pale=True)
            found.append(Rule(chosen.missing.title or _("Not known"), symbols, Missing(chosen.field)))
        return found

    def _band(self, band: Band) -> Rule:
        field, parts = self.choices.field, []
        if band.low is not None:
            parts.append(Compare(">=", field, band.low))
        if band.high is not None:
            parts.append(Compare("<", field, band.high))
        sized = self.choices.kind == "size"
        symbols = self._symbols(band.color, size=band.size if sized else 0)
        whole: Condition = Not(Missing(field))
        condition = Group("all", tuple(parts)) if len(parts) > 1 else parts[0] if parts else whole
        return Rule(band.title, symbols, condition)

    def _symbols(self, color: str, rank: int = 0, *, size: float = 0, pale: bool = False) -> tuple[Symbol, ...]:
        """Surfaces under lines, lines under points."""
        width = self.choices.width
        edge = edge_of(color)
        line, mark = (size * LINE_OF_SIZE, size) if size else (2.4 * width, 9.0 * width)
        opacity = 0.35 if pale else 0.75
        outline = Stroke(color if edge == PAPER else edge, 0.9 * width, 0.9)
        shape = SHAPES[rank % len(SHAPES)] if self.choices.shapes and rank >= 0 else "circle"
        every: dict[str, Symbol] = {
            "Polygon": Surface(Fill(color, opacity), outline),
            "LineString": Line(Stroke(color, line)),
            "Point": Mark(shape, mark, Fill(color, 0.8 if size else 1.0), Stroke(edge, 1.0)),
        }
        if pale:
            every["Point"] = replace(Mark("circle", 7.0 * width), fill=Fill(color), outline=Stroke(PAPER, 1.0))
        return tuple(symbol for kind, symbol in every.items() if kind in self.kinds)
