"""A shape of a query as numbers: its chains of positions, on the plane that is squeezed at its latitude."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bocage.query.plan import Shape

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
_SIMPLE = re.compile(r"(MULTI)?(POINT|LINESTRING|POLYGON) (\([^A-Z]*\))")
"""Shapes are written by `odsql.geometries`: kinds in capitals, exponents in small letters."""
_CHAIN = re.compile(r"\(([^()]+)\)")
_BETWEEN_SURFACES = ")), (("
_RING = re.compile(r"[^()]*\d[^()]*")
"""The positions of a chain, of a body cut at its brackets."""


@dataclass(frozen=True)
class Outline:
    """`chains`: positions (n, 2), x and y in degrees, x squeezed. `points`: whether each position of the chain is alone, by chain.
    `surfaces`: ranks of their chains, the outer ring first."""

    chains: tuple[Floats, ...]
    points: tuple[bool, ...]
    surfaces: tuple[tuple[int, ...], ...]

    @cached_property
    def positions(self) -> Floats:
        return np.concatenate(self.chains)

    @cached_property
    def sides(self) -> Ints:
        """(n, 2): ranks in `positions` of both ends; the same of a position alone."""
        found, first = [], 0
        for chain, alone in zip(self.chains, self.points, strict=True):
            ranks = np.arange(first, first + len(chain))
            found.append(np.stack([ranks, ranks] if alone else [ranks[:-1], ranks[1:]], axis=1))
            first += len(chain)
        return np.concatenate(found)

    def holds(self, x: Floats, y: Floats) -> Truths:
        """Whether each position is within a surface: inside its outer ring and outside of its holes. Not said of their edges."""
        found = np.zeros(len(x), bool)
        for outer, *holes in self.surfaces:
            low, high = self.chains[outer].min(0), self.chains[outer].max(0)
            near = np.flatnonzero((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
            inside = _is_inside(self.chains[outer], x[near], y[near])
            for hole in holes:
                inside &= ~_is_inside(self.chains[hole], x[near], y[near])
            found[near] |= inside
        return found


def outline_of(shape: Shape, squeeze: float) -> Outline:
    chains: list[Floats] = []
    points: list[bool] = []
    surfaces: list[tuple[int, ...]] = []
    for _multi, kind, body in _SIMPLE.findall(shape.wkt):
        for part in body.split(_BETWEEN_SURFACES) if kind == "POLYGON" else [body]:
            rings = _RING.findall(part)
            if kind == "POLYGON":
                surfaces.append(tuple(range(len(chains), len(chains) + len(rings))))
            chains += [_numbers(ring, squeeze) for ring in rings]
            points += [kind == "POINT"] * len(rings)
    return Outline(tuple(chains), tuple(points), tuple(surfaces))


def squeezed_wkt(shape: Shape, squeeze: float) -> str:
    """The same shape on the squeezed plane."""

    def moved(found: re.Match[str]) -> str:
        return f"({', '.join(f'{x!r} {y!r}' for x, y in _numbers(found.group(1), squeeze).tolist())})"

    return _CHAIN.sub(moved, shape.wkt)


def _numbers(chain: str, squeeze: float) -> Floats:
    found = np.array(chain.replace(",", " ").split(), float).reshape(-1, 2)
    found[:, 0] *= squeeze
    return found


def _is_inside(ring: Floats, x: Floats, y: Floats) -> Truths:
    """By the number of sides that a ray going east crosses, from the positions of each latitude together."""
    found = np.zeros(len(x), bool)
    y0, y1 = ring[:-1, 1], ring[1:, 1]
    for level in np.unique(y).tolist():
        crossed = (y0 <= level) != (y1 <= level)
        start, end = ring[:-1][crossed], ring[1:][crossed]
        at = np.sort(start[:, 0] + (level - start[:, 1]) * (end[:, 0] - start[:, 0]) / (end[:, 1] - start[:, 1]))
        here = y == level
        found[here] = (len(at) - np.searchsorted(at, x[here], side="right")) % 2 == 1
    return found
