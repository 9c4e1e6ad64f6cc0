"""The picture of a portal: fields and hedges seen from a hill, drawn from its identifier and its colours.

Each portal has its own bocage, always the same. The ground is a grid of crooked rows that get lower towards the
horizon; some neighbours are joined; hedges run along the edges, trees stand where hedges meet.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bocage.portal.colors import mix

WIDTH, HEIGHT, HORIZON = 1600, 360, 84
ROWS = 6

Point = tuple[float, float]
Line = list[Point]


@dataclass(frozen=True)
class Palette:
    """`fields` from green to straw; `hedges` far and near; all derived from the portal's header and accent."""

    sky: str
    hills: tuple[str, str]
    fields: tuple[str, ...]
    hedge_far: str
    hedge_near: str

    @classmethod
    def of(cls, header: str, accent: str) -> Palette:
        fields = tuple(
            mix(base, accent, share)
            for base, share in (
                ("#8fb573", 0.35),
                ("#b9cf8b", 0.2),
                ("#d9cf8f", 0.12),
                ("#7aa56c", 0.4),
                ("#c8d9a2", 0.18),
            )
        )
        return cls(
            sky=header,
            hills=(mix(header, accent, 0.45), mix(header, accent, 0.8)),
            fields=fields,
            hedge_far=mix(accent, header, 0.35),
            hedge_near=mix(accent, header, 0.75),
        )


def _levels(dice: random.Random) -> list[float]:
    """Heights of the lines between rows, closer together near the horizon."""
    depth = HEIGHT + 40 - HORIZON
    return [HORIZON + depth * (row / ROWS) ** 1.75 + (dice.uniform(-4, 4) if row else 0) for row in range(ROWS + 1)]


def _row_line(dice: random.Random, level: float, steps: int) -> Line:
    """A line across the whole width that waves a little, more when it is near."""
    swing = (level - HORIZON) * 0.09 + 3
    xs = [-40 + (WIDTH + 80) * step / steps for step in range(steps + 1)]
    return [(x, level + dice.uniform(-swing, swing)) for x in xs]


def _at(line: Line, x: float) -> float:
    """Height of a line at `x`."""
    for (x1, y1), (x2, y2) in pairwise(line):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return line[-1][1]


def _cuts(dice: random.Random, row: int) -> list[float]:
    """Where the hedges of a row start, at its top: fields are wider when they are near."""
    wide = 62 * 1.5**row + 40
    cuts, x = [], -60 + dice.uniform(0, wide)
    while x < WIDTH + 60:
        cuts.append(x)
        x += wide * dice.uniform(0.65, 1.45)
    return cuts


def _fields(dice: random.Random, top: Line, bottom: Line, row: int) -> Iterator[list[Point]]:
    """The fields of a row as polygons; side hedges lean away from the middle, as perspective wants."""
    middle = WIDTH / 2

    def foot(x: float) -> float:
        return middle + (x - middle) * 1.22 + dice.uniform(-8, 8)

    sides = [(x, foot(x)) for x in _cuts(dice, row)]
    for (x1, foot1), (x2, foot2) in pairwise(sides):
        upper = [(x1, _at(top, x1)), *[point for point in top if x1 < point[0] < x2], (x2, _at(top, x2))]
        lower = [(foot1, _at(bottom, foot1)), *[p for p in bottom if foot1 < p[0] < foot2], (foot2, _at(bottom, foot2))]
        yield upper + lower[::-1]


def _path(points: list[Point], *, close: bool = True) -> str:
    moves = "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
    return f"M{moves}{'Z' if close else ''}"


def _furrows(dice: random.Random, field: list[Point], near: float) -> str:
    """Ploughed lines, between the first and last sides of a field."""
    half = len(field) // 2
    (x1, y1), (x2, y2) = field[0], field[half - 1]
    (x4, y4), (x3, y3) = field[-1], field[half]
    count = dice.randint(4, 9)
    lines = []
    for i in range(1, count):
        share = i / count
        start = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share + 2)
        end = (x4 + (x3 - x4) * share, y4 + (y3 - y4) * share - 2)
        lines.append(_path([start, end], close=False))
    return f'<path d="{"".join(lines)}" fill="none" stroke="#fff" stroke-opacity=".22" stroke-width="{0.6 + near * 1.6:.1f}"/>'


def _trees(dice: random.Random, field: list[Point], near: float, color: str) -> str:
    """Round crowns along the top and one side of a field."""
    size = 1.6 + 8.5 * near
    half = len(field) // 2
    crowns = []
    for (x1, y1), (x2, y2) in [*pairwise(field[:half]), (field[0], field[-1])]:
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        count = int(length / (size * dice.uniform(1.9, 3.4)))
        for i in range(count):
            share = (i + dice.uniform(0.1, 0.9)) / max(1, count)
            radius = size * dice.uniform(0.55, 1.15)
            x, y = x1 + (x2 - x1) * share, y1 + (y2 - y1) * share - radius * 0.35
            crowns.append(f"M{x - radius:.0f} {y:.0f}a{radius:.1f} {radius * 0.86:.1f} 0 1 0 {2 * radius:.1f} 0"
                          f"a{radius:.1f} {radius * 0.86:.1f} 0 1 0 {-2 * radius:.1f} 0")  # fmt: skip
    return f'<path d="{"".join(crowns)}" fill="{color}"/>'


def _hill(dice: random.Random, color: str, height: float) -> str:
    points: list[Point] = [(x, HORIZON - height * dice.uniform(0.35, 1)) for x in range(0, WIDTH + 1, 200)]
    curve = f"M0 {HORIZON + 14}L0 {points[0][1]:.0f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        curve += f"C{x1 + 90:.0f} {y1:.0f} {x2 - 90:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
    return f'<path d="{curve}L{WIDTH} {HORIZON + 14}Z" fill="{color}"/>'


def draw(seed: str, header: str, accent: str) -> str:
    """SVG of the landscape: `seed` gives its shape, two colours (`#rrggbb`) give its palette."""
    dice = random.Random(seed)  # noqa: S311  a drawing, not a secret
    palette = Palette.of(header, accent)
    levels = _levels(dice)
    lines = [_row_line(dice, level, 5 + row) for row, level in enumerate(levels)]
    parts = [_hill(dice, palette.hills[0], 58), _hill(dice, palette.hills[1], 30)]
    parts.append(f'<path d="M0 {HORIZON + 6}H{WIDTH}V{HEIGHT}H0Z" fill="{palette.fields[0]}"/>')
    for row in range(ROWS):
        near = row / (ROWS - 1)
        hedge = mix(palette.hedge_far, palette.hedge_near, near)
        for field in _fields(dice, lines[row], lines[row + 1], row):
            color = dice.choice(palette.fields)
            parts.append(
                f'<path d="{_path(field)}" fill="{color}" stroke="{hedge}" stroke-width="{0.8 + 3 * near:.1f}"/>'
            )
            if row > 1 and dice.random() < 0.3:
                parts.append(_furrows(dice, field, near))
            parts.append(_trees(dice, field, near, hedge))
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'preserveAspectRatio="xMidYMin slice" stroke-linejoin="round">{body}</svg>'
    )
