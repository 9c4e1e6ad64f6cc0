"""The legend of a style: its classes in plain words, each with a little drawing of its symbols.

Drawings are SVG whose attributes are colours and lengths: a policy that refuses styles in pages lets them be drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bocage.catalog.styles.symbols import Fill, Label, Line, Mark, Rule, Stroke, Surface, Symbol

SIDE = 22
"""Pixels across a drawing."""
MOST = 60
ORDER = (Surface, Line, Mark)


@dataclass(frozen=True)
class Entry:
    title: str
    symbols: tuple[Symbol, ...]

    @property
    def drawn(self) -> SafeString:
        return swatch(self.symbols)


def legend_of(rules: Sequence[Rule], fallback: str = "") -> list[Entry]:
    """Rules that draw something, in their order; the same class at several scales is told once, as it is seen closely.
    `fallback`: the words of what is drawn whatever the record."""
    found: dict[str, Entry] = {}
    for rule in rules[:MOST]:
        symbols = tuple(one for one in rule.symbols if not isinstance(one, Label))
        if symbols:
            title = rule.title if rule.condition is not None else fallback or rule.title
            found[title] = Entry(title, symbols)
    return list(found.values())


def swatch(symbols: Iterable[Symbol]) -> SafeString:
    """One of each kind, the way they are laid on a map."""
    parts = format_html_join("", "{}", ((_part(one),) for one in sorted(symbols, key=_rank)))
    return format_html(
        '<svg class="legend__swatch" width="{0}" height="{0}" viewBox="0 0 {0} {0}" aria-hidden="true" focusable="false">{1}</svg>',
        SIDE,
        parts,
    )


def _rank(symbol: Symbol) -> int:
    return next((rank for rank, kind in enumerate(ORDER) if isinstance(symbol, kind)), len(ORDER))


def _part(symbol: Symbol) -> SafeString:
    match symbol:
        case Surface(fill=fill, outline=outline):
            return format_html('<rect x="3" y="3" width="16" height="16"{}{}/>', _fill(fill), _stroke(outline))
        case Line(stroke=stroke):
            return format_html('<path d="M2 17 8 8l6 6 6-9" fill="none"{}/>', _stroke(stroke))
        case Mark():
            return _mark(symbol)
        case _:
            return SafeString("")


def _mark(mark: Mark) -> SafeString:
    radius = f"{min(mark.size, SIDE - 3) / 2:.2f}"
    told = SafeString(_fill(mark.fill) + _stroke(mark.outline))
    if mark.shape == "circle":
        return format_html('<circle cx="11" cy="11" r="{}"{}/>', radius, told)
    return format_html('<path d="{}"{}/>', _PATHS[mark.shape], told)


_PATHS = {
    "square": "M5 5h12v12H5z",
    "triangle": "M11 4l7 13H4z",
    "star": "M11 3l2.4 5.2 5.6.6-4.2 3.8 1.2 5.6-5-2.9-5 2.9 1.2-5.6L3 8.8l5.6-.6z",
    "cross": "M8.5 4h5v4.5H18v5h-4.5V18h-5v-4.5H4v-5h4.5z",
    "x": "M6 4l5 5 5-5 2 2-5 5 5 5-2 2-5-5-5 5-2-2 5-5-5-5z",
}


def _fill(fill: Fill | None) -> SafeString:
    if fill is None:
        return SafeString(' fill="none"')
    return format_html(' fill="{}" fill-opacity="{}"', fill.color, f"{fill.opacity:.3g}")


def _stroke(stroke: Stroke | None) -> SafeString:
    if stroke is None:
        return SafeString("")
    told = format_html(
        ' stroke="{}" stroke-width="{}" stroke-opacity="{}"',
        stroke.color, f"{min(stroke.width, 6):.3g}", f"{stroke.opacity:.3g}",
    )  # fmt: skip
    if not stroke.dashes:
        return told
    return SafeString(told + format_html(' stroke-dasharray="{}"', " ".join(f"{one:.3g}" for one in stroke.dashes)))
