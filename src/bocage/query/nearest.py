"""Which sides of a long shape may be nearest to what is in a square: a tree of squares, made once for each question.

Measured against a shape of 4,000 positions, each row costs 4,000 measures. But what is in a small square is only near to a few of
its sides: with `d` the distance of the middle to a side, `n` to the nearest one and `h` half the diagonal, a side further than
`n + 2h` is nearest to nothing there. Where all of a square is within the distance asked, or beyond, nothing is measured.

For shapes, squares are a little wider than their side: a row goes to the smallest that holds it, by its middle and size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bocage.query.outlines import Floats, Ints, Outline, Truths, outline_of, squeezed_wkt

if TYPE_CHECKING:
    from bocage.query.plan import Shape

DEPTH = 7
"""Levels of squares under the first: 128 on a side at the last."""
FEW = 80
"""Sides that are measured as soon as they would be sorted further."""
MOST_SOUGHT = 400_000
"""Sides that the squares of a level need together: beyond, they are not cut further."""
MOST_WRITTEN, MOST_TIMES = 150_000, 40
"""Sides of all the pieces, and how many times those of the shape. Squares that need few come first; the others are given the
whole shape."""
COARSE = 3
"""Level from which squares that are cut are known by what they need too, for rows as large as they are."""
WIDER = 1.25
"""How much wider squares are for shapes. A quarter of a square that is so much wider is within the square that is so much wider."""
LARGEST = 0.25
"""Of the side of a square: the size of the rows that it holds, if their middle is within its side."""
COARSEST_DECIDED = 2
"""Level from which squares go beyond the box by no more than an eighth of its side: `Reach` is true of that."""
SLACK = 1e-6
"""Of the side of a square: far above what rounding does to the middles and sizes of rows."""
OUT, IN, WHOLE = 0, 1, 2
"""Codes: beyond the distance asked; within it, or inside of the shape; the others are ranks of pieces from 2 on, below zero where
the edge of a surface may go through the square. The piece WHOLE is the shape itself."""
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""


@dataclass(frozen=True)
class Reach:
    """What is asked: within so many degrees of arc. The distance on the squeezed plane times `least` and `most` is on either side
    of the distance on the sphere."""

    degrees: float
    least: float
    most: float


@dataclass(frozen=True)
class Nearest:
    """`left`, `bottom`, `side`: the first square, on the plane. `codes`: of positions, those of the last level, row by row from the
    south west; of shapes, of all levels, one after the other. `pieces`: WKT on the plane; the first is the whole shape."""

    left: float
    bottom: float
    side: float
    codes: tuple[int, ...]
    pieces: tuple[str, ...]


@lru_cache(maxsize=2)
def nearest(shape: Shape, squeeze: float, box: Box, reach: Reach | None, *, flat: bool) -> Nearest:
    """`box`: what of which the middle is outside is measured against the whole shape. `reach` None: the distance itself is asked.
    `flat`: of positions."""
    west, south, east, north = box
    side = max((east - west) * squeeze, north - south)
    outline, whole = outline_of(shape, squeeze), squeezed_wkt(shape, squeeze)
    room = min(MOST_WRITTEN, MOST_TIMES * len(outline.sides))
    tree = _Tree(outline, west * squeeze, south, side, reach, flat, [whole], room)
    levels = tree.grown()[DEPTH if flat else 0 :]
    return Nearest(
        tree.left,
        tree.bottom,
        side,
        tuple(np.concatenate([one.ravel() for one in levels]).tolist()),
        tuple(tree.pieces),
    )


@dataclass(frozen=True)
class _Squares:
    """Of one level: columns and rows, and the sides that each may need, square by square."""

    across: Ints
    up: Ints
    owner: Ints
    sides: Ints

    def only(self, kept: Truths) -> _Squares:
        ranks, needed = np.cumsum(kept) - 1, kept[self.owner]
        return _Squares(self.across[kept], self.up[kept], ranks[self.owner[needed]], self.sides[needed])

    def in_four(self) -> _Squares:
        across = np.concatenate([2 * self.across + right for right in (0, 1, 0, 1)])
        up = np.concatenate([2 * self.up + above for above in (0, 0, 1, 1)])
        owner = np.concatenate([self.owner + quarter * len(self.across) for quarter in range(4)])
        return _Squares(across, up, owner, np.tile(self.sides, 4))


@dataclass
class _Tree:
    outline: Outline
    left: float
    bottom: float
    side: float
    reach: Reach | None
    flat: bool
    pieces: list[str]
    room: int

    def grown(self) -> list[Ints]:
        """The codes of each level, by row and column."""
        sides, root = np.arange(len(self.outline.sides)), np.zeros(1, np.int64)
        squares = _Squares(root, root, np.zeros(len(sides), np.int64), sides)
        levels = [np.full((1, 1), WHOLE)]
        for depth in range(DEPTH + 1):
            if depth:
                levels.append(levels[-1].repeat(2, 0).repeat(2, 1))
            if len(squares.across):
                squares = self._coded(levels[-1], squares, depth).in_four()
        return levels

    def _coded(self, codes: Ints, squares: _Squares, depth: int) -> _Squares:
        """Writes the codes of a level; the squares that are to be cut are returned, with the sides that they need."""
        size = self.side / 2**depth
        half = size * (1 + SLACK) * math.sqrt(0.5) * (1 if self.flat else WIDER)
        x, y = self.left + (squares.across + 0.5) * size, self.bottom + (squares.up + 0.5) * size
        squares, near = self._needed(squares, x, y, half)
        known = self._known(x, y, near, half, depth)
        counts = np.bincount(squares.owner, minlength=len(x))
        open_ones = known < 0
        last = depth == DEPTH or len(squares.sides) > MOST_SOUGHT
        cut = open_ones & (counts > FEW) & (not last)
        named = open_ones & (~cut | (depth >= COARSE and not self.flat))
        codes[squares.up, squares.across] = np.where(open_ones, WHOLE, known)
        edge = bool(self.outline.surfaces) & (near <= half)
        self._name(codes, squares, counts, named & cut, edge, self.room * 3 // 4)
        self._name(codes, squares, counts, named & ~cut, edge)
        return squares.only(cut)

    def _name(self, codes: Ints, squares: _Squares, counts: Ints, named: Truths, edge: Truths, left: int = 0) -> None:
        """Writes the pieces of the squares that are named, and their codes, as long as there is more room than is `left`."""
        ends = np.cumsum(counts)
        for rank in sorted(np.flatnonzero(named).tolist(), key=counts.__getitem__):
            if self.room - int(counts[rank]) < left:
                break
            self.room -= int(counts[rank])
            self.pieces.append(self._piece(squares.sides[ends[rank] - counts[rank] : ends[rank]]))
            code = len(self.pieces) + 1
            codes[squares.up[rank], squares.across[rank]] = -code if edge[rank] else code

    def _needed(self, squares: _Squares, x: Floats, y: Floats, half: float) -> tuple[_Squares, Floats]:
        """With the sides that may be nearest to something in them; and the distance of each middle to the nearest one."""
        far = self._distances(x[squares.owner], y[squares.owner], squares.sides)
        near = np.minimum.reduceat(far, np.flatnonzero(np.diff(squares.owner, prepend=-1)))
        kept = far <= near[squares.owner] + 2 * half
        return _Squares(squares.across, squares.up, squares.owner[kept], squares.sides[kept]), near

    def _known(self, x: Floats, y: Floats, near: Floats, half: float, depth: int) -> Ints:
        """Codes of the squares of which all is known, -1 of the others."""
        found = np.full(len(x), -1)
        apart = near > half
        found[apart] = np.where(self.outline.holds(x[apart], y[apart]), IN, -1)
        if self.reach is not None and depth >= COARSEST_DECIDED:
            found[(near + half) * self.reach.most <= self.reach.degrees] = IN
            found[(found < 0) & apart & ((near - half) * self.reach.least > self.reach.degrees)] = OUT
        return found

    def _distances(self, x: Floats, y: Floats, sides: Ints) -> Floats:
        """Of positions to a side each, on the plane."""
        start, way = self._vectors
        dx, dy = x - start[sides, 0], y - start[sides, 1]
        wx, wy = way[sides, 0], way[sides, 1]
        length = wx * wx + wy * wy
        along = np.clip((dx * wx + dy * wy) / np.where(length > 0, length, 1), 0, 1)
        found: Floats = np.hypot(dx - along * wx, dy - along * wy)
        return found

    @cached_property
    def _vectors(self) -> tuple[Floats, Floats]:
        ends = self.outline.positions[self.outline.sides]
        return ends[:, 0], ends[:, 1] - ends[:, 0]

    @cached_property
    def _written(self) -> list[str]:
        return [f"{x!r} {y!r}" for x, y in self.outline.positions.tolist()]

    def _piece(self, sides: Ints) -> str:
        """WKT of these sides, in their order; those that follow each other are one line."""
        starts, ends = self.outline.sides[sides].T.tolist()
        points = [self._written[rank] for rank, end in zip(starts, ends, strict=True) if rank == end]
        lines: list[list[int]] = []
        for start, end in zip(starts, ends, strict=True):
            if start == end:
                continue
            if lines and lines[-1][-1] == start:
                lines[-1].append(end)
            else:
                lines.append([start, end])
        drawn = ", ".join(f"({', '.join(self._written[rank] for rank in line)})" for line in lines)
        kinds = [f"MULTIPOINT ({', '.join(points)})"] * bool(points) + [f"MULTILINESTRING ({drawn})"] * bool(lines)
        return kinds[0] if len(kinds) == 1 else f"GEOMETRYCOLLECTION ({', '.join(kinds)})"
