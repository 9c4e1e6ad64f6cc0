"""Outlines under the maps: neighbours keep one line between them."""

from __future__ import annotations

import math
from itertools import pairwise

from bocage.portal.outlines import label_place, simplify

TOLERANCE = 0.0006


def _wavy(a: tuple[float, float], b: tuple[float, float]) -> list[tuple[float, float]]:
    """From a to b, b left out, with waves of which the smallest are under the tolerance."""
    steps = [rank / 40 for rank in range(40)]
    return [
        (a[0] + (b[0] - a[0]) * t + 0.004 * math.sin(9 * t), a[1] + (b[1] - a[1]) * t + 0.0002 * math.sin(70 * t))
        for t in steps
    ]


def _edges(ring: list[tuple[float, float]]) -> set[frozenset[tuple[float, float]]]:
    return {frozenset(edge) for edge in pairwise(ring)}


SHARED = _wavy((0.1, 0.0), (0.1, 0.1))
WEST = [(0.0, 0.0), *SHARED, (0.1, 0.1), (0.0, 0.1), (0.0, 0.0)]
EAST = [(0.1, 0.1), *SHARED[::-1], (0.2, 0.0), (0.2, 0.1), (0.1, 0.1)]
"""The other side of the same line, drawn the other way round and begun elsewhere."""


def test_neighbours_share_their_line_exactly() -> None:
    west, east = simplify([WEST, EAST], TOLERANCE)
    shared = _edges(west) & _edges(east)
    assert len(shared) >= 3
    assert len(west) < len(WEST) / 2
    between = [one for edge in shared for one in edge]
    assert min(y for _, y in between) < 0.005
    assert max(y for _, y in between) == 0.1
    assert all(ring[0] == ring[-1] for ring in (west, east))


def test_an_island_and_the_hole_around_it_are_the_same_line() -> None:
    turn = [2 * math.pi * rank / 90 for rank in range(90)]
    island = [(0.05 + 0.02 * math.cos(one), 0.05 + 0.013 * math.sin(one)) for one in turn]
    hole = [*island[40:], *island[:40]][::-1]
    around = [(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1), (0.0, 0.0)]
    _around, inner, outer = simplify([around, hole, island], TOLERANCE)
    assert _edges(inner) == _edges(outer)
    assert 4 < len(inner) < 60


def test_a_small_ring_is_never_lost() -> None:
    tiny = [(rank * 1e-4 * math.cos(rank), rank * 1e-4 * math.sin(rank)) for rank in range(6)]
    [kept] = simplify([tiny], TOLERANCE)
    assert len(kept) >= 4
    assert kept[0] == kept[-1]


def test_a_name_stands_inside_however_bent_the_outline_is() -> None:
    bent = [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0), (0.0, 2.4), (2.4, 2.4), (2.4, 0.6), (0.0, 0.6), (0.0, 0.0)]
    x, y = label_place(bent)
    assert x > 2.4 or y < 0.6 or y > 2.4
