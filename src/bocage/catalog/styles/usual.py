"""The style of a dataset for which nobody wrote one: sober, of one colour, told apart by shape and by lightness alone, so that who
sees no colour loses nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bocage.catalog.styles.symbols import Fill, Line, Mark, Rule, Stroke, Surface, Symbol

ACCENT, DARK, PAPER = "#1f6b4a", "#12372a", "#ffffff"
"""Of the platform's own look (`organizations.rules.DEFAULT_THEME`): five to one at least on white and on plain base maps."""

SURFACE = Surface(Fill(ACCENT, 0.28), Stroke(ACCENT, 1.2, 0.9))
LINE = Line(Stroke(ACCENT, 2.0))
POINT = Mark("circle", 9.0, Fill(ACCENT), Stroke(PAPER, 1.5))


def usual_rules(kinds: Iterable[str]) -> tuple[Rule, ...]:
    """`kinds`: of the geometries that are there, as GeoJSON calls them. Surfaces are under lines, lines under points."""
    plain = {kind.removeprefix("Multi") for kind in kinds}
    anything = plain & {"GeometryCollection", "Geometry"} or not plain
    symbols: list[Symbol] = [
        symbol
        for kind, symbol in (("Polygon", SURFACE), ("LineString", LINE), ("Point", POINT))
        if kind in plain or anything
    ]
    return (Rule(_("All the records"), tuple(symbols)),)
