"""Outlines of neighbours, simplified together: what two of them share stays the same line on both sides, without a gap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

Position = tuple[float, float]
Ring = list[Position]
"""Longitude and latitude in degrees; the last position is the first one."""

DECIMALS = 5
GRID = 9


def simplify(rings: Iterable[Sequence[Sequence[float]]], tolerance: float) -> list[Ring]:
    """The rings in the order given, each within `tolerance` degrees of what it was; a ring that would vanish is kept whole."""
    whole = [_closed([(round(x, DECIMALS + 1), round(y, DECIMALS + 1)) for x, y, *_ in ring]) for ring in rings]
    beside: dict[Position, set[Position]] = defaultdict(set)
    for ring in whole:
        for one, other in pairwise(ring):
            beside[one].add(other)
            beside[other].add(one)
    meetings = {one for one, others in beside.items() if len(others) != 2}
    return [_ring(ring, meetings, tolerance) for ring in whole]


def label_place(ring: Ring) -> Position:
    """Where a name stands: inside, as far from the edges as a coarse grid says."""
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    south, north = min(y for _, y in ring), max(y for _, y in ring)
    grid = [
        (west + (east - west) * i / (GRID + 1), south + (north - south) * j / (GRID + 1))
        for i in range(1, GRID + 1)
        for j in range(1, GRID + 1)
    ]
    inside = [one for one in grid if _contains(ring, one)] or [((west + east) / 2, (south + north) / 2)]
    x, y = max(inside, key=lambda one: min(_square(one, a, b) for a, b in pairwise(ring)))
    return round(x, DECIMALS), round(y, DECIMALS)


def _closed(ring: Ring) -> Ring:
    steps = [one for rank, one in enumerate(ring) if rank == 0 or one != ring[rank - 1]]
    return steps if len(steps) < 2 or steps[0] == steps[-1] else [*steps, steps[0]]


def _ring(ring: Ring, meetings: set[Position], tolerance: float) -> Ring:
    """Cut where outlines meet; a ring that meets nothing is cut at places that its neighbour inside would choose too."""
    if len(ring) < 6:
        return [_written(one) for one in ring]
    open_ring = ring[:-1]
    cuts = {rank for rank, one in enumerate(open_ring) if one in meetings}
    if len(cuts) < 2:
        first = min(open_ring[rank] for rank in cuts) if cuts else min(open_ring)
        cuts |= {
            open_ring.index(first),
            max(range(len(open_ring)), key=lambda rank: (_apart(open_ring[rank], first), open_ring[rank])),
        }
    ranks = sorted(cuts)
    turned = open_ring[ranks[0] :] + open_ring[: ranks[0]] + [open_ring[ranks[0]]]
    ends = [rank - ranks[0] for rank in ranks] + [len(open_ring)]
    kept = [one for a, b in pairwise(ends) for one in _line(turned[a : b + 1], tolerance)[:-1]]
    kept.append(kept[0])
    return kept if len(kept) > 3 else [_written(one) for one in ring]


def _line(line: Ring, tolerance: float) -> Ring:
    """Douglas–Peucker, without recursion; always walked from the same end, whichever side it is drawn from."""
    turned = line[0] > line[-1]
    line = line[::-1] if turned else line
    keep, spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        between = range(first + 1, last)
        away, index = max(((_square(line[i], line[first], line[last]), i) for i in between), default=(0.0, first))
        if away > tolerance**2:
            keep.add(index)
            spans += [(first, index), (index, last)]
    found = [_written(line[rank]) for rank in sorted(keep)]
    return found[::-1] if turned else found


def _written(one: Position) -> Position:
    return round(one[0], DECIMALS), round(one[1], DECIMALS)


def _apart(a: Position, b: Position) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _square(one: Position, a: Position, b: Position) -> float:
    """Square of the distance to the segment."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else min(1.0, max(0.0, ((one[0] - a[0]) * dx + (one[1] - a[1]) * dy) / length))
    return _apart(one, (a[0] + share * dx, a[1] + share * dy))


def _contains(ring: Ring, one: Position) -> bool:
    x, y = one
    crossed = sum(
        (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in pairwise(ring)
    )
    return crossed % 2 == 1
