"""Legends as images: a symbol and its words for each class. The letters are those of the pages, when these are built."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PIL import ImageDraw, ImageFont

from bocage.catalog.styles.legends import legend_of
from bocage.catalog.styles.symbols import Line, Mark, Surface
from bocage.kernel.templatetags.assets import BUILD
from bocage.publish.ows.painting import Canvas
from bocage.publish.ows.symbol_painting import paint_symbols
from bocage.query.drawings import Drawing, dots_schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bocage.catalog.styles.legends import Entry
    from bocage.catalog.styles.symbols import Rule, Symbol

ROW, LEFT, MOST_WIDE = 24, 30, 600
LETTERS = "source-sans-3-latin-wght-normal.woff2"
SIZE = 14
INK = "#16261f"
LONGEST = 80


def legend_image(rules: Sequence[Rule], title: str) -> Canvas:
    """`title`: words of what has none."""
    entries = legend_of(rules, title)
    words = [_short(one.title) for one in entries]
    wide = max((int(_letters().getlength(one)) for one in words), default=0)
    canvas = Canvas(min(LEFT + wide + 8, MOST_WIDE), max(ROW * len(entries), 1), "#ffffff")
    for rank, entry in enumerate(entries):
        _symbols(canvas, entry, rank * ROW)
    drawn = ImageDraw.Draw(canvas.image)
    for rank, told in enumerate(words):
        drawn.text((LEFT, rank * ROW + 3), told, fill=INK, font=_letters())
    return canvas


def _short(title: str) -> str:
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 1]}…"


def _symbols(canvas: Canvas, entry: Entry, top: int) -> None:
    for symbol in entry.symbols:
        paint_symbols(canvas, _sample(symbol, top), [symbol])


def _sample(symbol: Symbol, top: int) -> Drawing:
    """A record of the kind that the symbol draws, in its row."""
    nothing = dots_schema().empty_table()
    match symbol:
        case Surface():
            low, high = top + 4, top + ROW - 4
            return Drawing(nothing, (f"M 5 {low} L 25 {low} 25 {high} 5 {high} Z",))
        case Line():
            return Drawing(nothing, (), (f"M 4 {top + 18} L 11 {top + 8} 18 {top + 15} 26 {top + 5}",))
        case Mark():
            middle = {"x": [15.0], "y": [top + ROW / 2], "count": [1], "small": [False]}
            return Drawing(type(nothing).from_pydict(middle, schema=dots_schema()))
        case _:
            return Drawing(nothing)


@lru_cache(maxsize=1)
def _letters() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Those of the pages; where the front end is not built, those of the library, which lack accents."""
    try:
        found = ImageFont.truetype(str(BUILD / LETTERS), SIZE)
        found.set_variation_by_axes([400])
    except OSError:
        return ImageFont.load_default(SIZE)
    return found
