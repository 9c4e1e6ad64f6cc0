"""Drawings → images. Shapes are filled by Anti-Grain Geometry (aggdraw), from the paths that the engine wrote; dots are stamped all
at once by numpy; Pillow puts the masks one above the other, and writes PNG."""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aggdraw
import numpy as np
from PIL import Image, ImageColor

from bocage.query.drawings import AROUND, Drawing

if TYPE_CHECKING:
    from numpy.typing import NDArray

PNG = "image/png"
PALETTE = ("#1f6f5c", "#2b5f9e", "#b4532a", "#7a4b94", "#8a6a10", "#a8324a", "#2f7d8c", "#4a6274")
"""Sober, apart from one another, and readable on light and on dark grounds."""
DENSITIES = (2, 10, 100, 1_000)
"""Rows that a dot stands for, from which it is darker."""
DOT, HALO, SMALL = 3.2, 4.4, 1.1
"""Radii, in pixels."""
FILL, OUTLINE, LINE = 0.28, 1.2, 1.8
"""How opaque areas are; how wide their outline and lines are, in pixels."""
BAND = 512
Stamp = list[tuple[int, int, int]]
"""Offsets of pixels (down, right), and how much of each is covered (0 to 255); the palest first."""


@dataclass(frozen=True)
class Style:
    """The default one: one colour, chosen by the name of the layer, the same on every image and in the legend."""

    color: str

    @classmethod
    def of(cls, name: str) -> Style:
        return cls(PALETTE[hashlib.sha256(name.encode()).digest()[0] % len(PALETTE)])

    def shade(self, rank: int) -> tuple[int, int, int]:
        """Darker with the rank, from 0 to len(DENSITIES)."""
        left = 1 - 0.55 * rank / len(DENSITIES)
        red, green, blue = ImageColor.getrgb(self.color)[:3]
        return (round(red * left), round(green * left), round(blue * left))


class Canvas:
    """An image that layers are painted on, transparent unless a ground is given."""

    def __init__(self, width: int, height: int, ground: str = "") -> None:
        self.size = (width, height)
        self.image = Image.new("RGBA", self.size, (*ImageColor.getrgb(ground)[:3], 255) if ground else (0, 0, 0, 0))

    def paint(self, drawing: Drawing, style: Style) -> None:
        if drawing.areas:
            self.lay(self.traced(drawing.areas, 0), style.shade(0), FILL)
            self.lay(self.traced(drawing.areas, OUTLINE), style.shade(0))
        dots = {name: drawing.dots.column(name).to_numpy(zero_copy_only=False) for name in drawing.dots.column_names}
        of_shapes = dots["small"].astype(bool)
        if of_shapes.any():
            self.lay(self.stamped(dots["x"][of_shapes], dots["y"][of_shapes], SMALL), style.shade(1), 0.75)
        if drawing.lines:
            self.lay(self.traced(drawing.lines, LINE), style.shade(0))
        if not of_shapes.all():
            positions = {name: values[~of_shapes] for name, values in dots.items()}
            self._positions(positions["x"], positions["y"], positions["count"], style)

    def png(self) -> bytes:
        written = io.BytesIO()
        self.image.save(written, "PNG", compress_level=4)
        return written.getvalue()

    def _positions(
        self, x: NDArray[np.float64], y: NDArray[np.float64], count: NDArray[np.int64], style: Style
    ) -> None:
        """A pale ring around all of them, then those that stand for more above those that stand for less."""
        self.lay(self.stamped(x, y, HALO), (255, 255, 255), 0.9)
        ranks = np.searchsorted(DENSITIES, count, side="right")
        for rank in np.unique(ranks):
            chosen = ranks == rank
            self.lay(self.stamped(x[chosen], y[chosen], DOT), style.shade(int(rank)))

    def traced(self, paths: Sequence[str], width: float) -> Image.Image:
        """A mask of the paths: their outline, or what they surround when `width` is 0."""
        mask = Image.new("L", self.size, 0)
        surface = aggdraw.Draw(mask)
        pen = aggdraw.Pen("white", width) if width else None
        brush = None if width else aggdraw.Brush("white")
        for path in paths:
            surface.symbol((0, 0), aggdraw.Symbol(path), pen, brush)
        surface.flush()
        return mask

    def stamped(
        self, x: NDArray[np.float64], y: NDArray[np.float64], radius: float, stamp: Stamp | None = None
    ) -> Image.Image:
        """A mask of discs around these places, or of another `stamp` within that radius. The edge of a disc is laid before its
        middle, whoever's it is."""
        width, height = self.size
        pad = AROUND + math.ceil(radius) + 1
        plane = np.zeros((height + 2 * pad, width + 2 * pad), dtype=np.uint8)
        inside = (x > -AROUND) & (x < width + AROUND) & (y > -AROUND) & (y < height + AROUND)
        columns = np.floor(x[inside]).astype(np.int64) + pad
        rows = np.floor(y[inside]).astype(np.int64) + pad
        flat, across = plane.reshape(-1), plane.shape[1]
        places = rows * across + columns
        for down, right, value in stamp or _disc(radius):
            flat[places + (down * across + right)] = value
        return Image.fromarray(np.ascontiguousarray(plane[pad:-pad, pad:-pad]))

    def lay(self, mask: Image.Image, color: tuple[int, int, int], opacity: float = 1.0) -> None:
        if opacity < 1:
            mask = mask.point([round(level * opacity) for level in range(256)])
        width, height = self.size
        for top in range(0, height, BAND):  # a whole image of one colour would weigh four times its mask
            band = mask.crop((0, top, width, min(top + BAND, height)))
            above = Image.new("RGBA", band.size, (*color, 0))
            above.putalpha(band)
            self.image.alpha_composite(above, dest=(0, top))


def _disc(radius: float) -> Stamp:
    """Of the pixels of a disc."""
    reach = math.ceil(radius)
    found = []
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            cover = min(max(radius + 0.5 - math.hypot(down, right), 0.0), 1.0)
            if cover > 0:
                found.append((down, right, round(255 * cover)))
    return sorted(found, key=lambda one: one[2])
