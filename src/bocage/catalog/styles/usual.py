"""The style of a dataset for which nobody wrote one: sober, of one colour, told apart by shape and by lightness alone, so that who
sees no colour loses nothing. From afar, symbols are thin: a territory is not covered by the outlines of its parcels."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from bocage.catalog.styles.symbols import Fill, Line, Mark, Rule, Stroke, Surface, Symbol

ACCENT, DARK, PAPER = "#1f6b4a", "#12372a", "#ffffff"
"""Of the platform's own look (`organizations.rules.DEFAULT_THEME`): five to one at least on white and on plain base maps."""
NEAR = 100_000
"""Denominator of the scale under which symbols are wide: a commune fills the screen."""

AFAR: dict[str, Symbol] = {
    "Polygon": Surface(Fill(ACCENT, 0.35), Stroke(ACCENT, 0.5, 0.7)),
    "LineString": Line(Stroke(ACCENT, 1.0, 0.9)),
    "Point": Mark("circle", 6.0, Fill(ACCENT), Stroke(PAPER, 1.0)),
}
CLOSE: dict[str, Symbol] = {
    "Polygon": Surface(Fill(ACCENT, 0.28), Stroke(ACCENT, 1.2, 0.9)),
    "LineString": Line(Stroke(ACCENT, 2.2)),
    "Point": Mark("circle", 10.0, Fill(ACCENT), Stroke(PAPER, 1.5)),
}
"""Surfaces are under lines, lines under points."""


def usual_rules(kinds: Iterable[str]) -> tuple[Rule, ...]:
    """`kinds`: of the geometries that are there, as GeoJSON calls them."""
    plain = {kind.removeprefix("Multi") for kind in kinds} & set(CLOSE) or set(CLOSE)
    afar, close = (tuple(one for kind, one in symbols.items() if kind in plain) for symbols in (AFAR, CLOSE))
    return (Rule(_("Seen from afar"), afar, nearest=NEAR), Rule(_("Seen closely"), close, farthest=NEAR))
