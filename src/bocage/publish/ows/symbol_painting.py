"""Symbols of styles, painted: surfaces, lines and marks of the rules that hold at the scale of the image.

Labels are not written on images: clients that want them read the features or the tiles.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import aggdraw
import numpy as np
from PIL import Image, ImageColor

from bocage.catalog.styles.symbols import Line, Mark, Surface
from bocage.publish.ows.painting import DENSITIES, SMALL, Canvas, Stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bocage.catalog.styles.symbols import Fill, Rule, Shape, Stroke, Symbol
    from bocage.query.drawings import Drawing
    from bocage.query.windows import Window

PIXEL_M = 0.00028
"""Side of a pixel, in metres, as the standards count scales."""
DEGREE_M = 111_319.490_793
WIDEST = 120.0
"""Pixels across a mark, and of the width of a stroke: they are painted around every place."""
CORNERS: dict[Shape, tuple[tuple[float, float], ...]] = {
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "triangle": ((0, -1), (0.95, 0.8), (-0.95, 0.8)),
    "star": tuple(
        (reach * math.sin(rank * math.pi / 5), -reach * math.cos(rank * math.pi / 5))
        for rank in range(10) for reach in (1 if rank % 2 == 0 else 0.42,)
    ),
    "cross": ((-0.32, -1), (0.32, -1), (0.32, -0.32), (1, -0.32), (1, 0.32), (0.32, 0.32), (0.32, 1), (-0.32, 1), (-0.32, 0.32),
              (-1, 0.32), (-1, -0.32), (-0.32, -0.32)),
    "x": ((-0.8, -1), (0, -0.3), (0.8, -1), (1, -0.8), (0.3, 0), (1, 0.8), (0.8, 1), (0, 0.3), (-0.8, 1), (-1, 0.8), (-0.3, 0),
          (-1, -0.8)),
}  # fmt: skip
"""Of a half side of one, downwards."""


def scale_of(window: Window) -> float:
    """The denominator."""
    across = (window.east - window.west) / window.width
    return across * (1.0 if window.crs.projected else DEGREE_M) / PIXEL_M


def rules_at(rules: Sequence[Rule], scale: float) -> list[Rule]:
    return [one for one in rules if (one.nearest or 0) <= scale < (one.farthest or math.inf)]


def paint_symbols(canvas: Canvas, drawing: Drawing, symbols: Sequence[Symbol]) -> None:
    """What a rule draws of the records that fulfil its condition."""
    for symbol in symbols:
        match symbol:
            case Surface():
                _surface(canvas, drawing, symbol)
            case Line(stroke=stroke):
                _stroke(canvas, [*drawing.lines, *drawing.areas], stroke)
                _specks(canvas, drawing, stroke.color, stroke.opacity)
            case Mark():
                _marks(canvas, drawing, symbol)


def _surface(canvas: Canvas, drawing: Drawing, surface: Surface) -> None:
    if surface.fill is not None:
        if drawing.areas:
            canvas.lay(canvas.traced(drawing.areas, 0), _rgb(surface.fill.color), surface.fill.opacity)
        _specks(canvas, drawing, surface.fill.color, surface.fill.opacity)
    if surface.outline is not None:
        _stroke(canvas, drawing.areas, surface.outline)


def _stroke(canvas: Canvas, paths: Sequence[str], stroke: Stroke) -> None:
    if paths and stroke.width:
        canvas.lay(canvas.traced(paths, min(stroke.width, WIDEST)), _rgb(stroke.color), stroke.opacity)


def _specks(canvas: Canvas, drawing: Drawing, color: str, opacity: float) -> None:
    """Shapes that are too small to have a form."""
    x, y, _count, small = _columns(drawing)
    if small.any():
        canvas.lay(canvas.stamped(x[small], y[small], SMALL), _rgb(color), opacity)


def _marks(canvas: Canvas, drawing: Drawing, mark: Mark) -> None:
    """Places that stand for more are darker, above those that stand for less."""
    x, y, count, small = _columns(drawing)
    x, y, count = x[~small], y[~small], count[~small]
    if not len(x):
        return
    radius = min(mark.size, WIDEST) / 2
    if mark.outline is not None:
        around = radius + min(mark.outline.width, WIDEST)
        canvas.lay(_stamped(canvas, x, y, around, mark.shape), _rgb(mark.outline.color), mark.outline.opacity)
    if mark.fill is None:
        return
    ranks = np.searchsorted(DENSITIES, count, side="right")
    for rank in np.unique(ranks):
        chosen = ranks == rank
        mask = _stamped(canvas, x[chosen], y[chosen], radius, mark.shape)
        canvas.lay(mask, _darker(mark.fill, int(rank)), mark.fill.opacity)


def _stamped(
    canvas: Canvas, x: NDArray[np.float64], y: NDArray[np.float64], radius: float, shape: Shape
) -> Image.Image:
    return canvas.stamped(x, y, radius, None if shape == "circle" else stamp_of(shape, radius))


def stamp_of(shape: Shape, radius: float) -> Stamp:
    reach = math.ceil(radius) + 1
    side = 2 * reach + 1
    mask = Image.new("L", (side, side), 0)
    surface = aggdraw.Draw(mask)
    middle = reach + 0.5
    surface.polygon(
        [middle + radius * one for corner in CORNERS[shape] for one in corner], None, aggdraw.Brush("white")
    )
    surface.flush()
    pixels = np.asarray(mask)
    found = [
        (int(down) - reach, int(right) - reach, int(pixels[down, right])) for down, right in np.argwhere(pixels > 0)
    ]
    return sorted(found, key=lambda one: one[2])


def _columns(
    drawing: Drawing,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    x, y, count, small = (
        drawing.dots.column(name).to_numpy(zero_copy_only=False) for name in ("x", "y", "count", "small")
    )
    return x, y, count, small.astype(bool)


def _rgb(color: str) -> tuple[int, int, int]:
    red, green, blue = ImageColor.getrgb(color)[:3]
    return red, green, blue


def _darker(fill: Fill, rank: int) -> tuple[int, int, int]:
    left = 1 - 0.4 * rank / len(DENSITIES)
    red, green, blue = (round(one * left) for one in _rgb(fill.color))
    return red, green, blue
