"""The two columns of a file that make its positions, and the system in which they are written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bocage.check.mapping.columns import Column, Content
from bocage.check.mapping.kinds.positions import WGS84
from bocage.check.mapping.names import likeness, words_of

_METROPOLE = ((41.0, 51.6), (-5.6, 10.0))
_NUMERIC = frozenset({Content.NUMBER, Content.INTEGER})


@dataclass(frozen=True)
class Positions:
    """`crs`: see `kinds.positions.SYSTEMS`; `named`: how plainly the names say it, 0 to 1."""

    lon: Column
    lat: Column
    crs: str
    named: float


def positions_of(columns: Sequence[Column]) -> list[Positions]:
    """Pairs of columns, those in degrees first, most plainly named first. Each column is in one pair."""
    numeric = [one for one in columns if one.content in _NUMERIC]
    found = []
    for lon in numeric:
        for lat in numeric:
            named = min(axis_named(lon.label, "lon"), axis_named(lat.label, "lat"))
            if lon is not lat and named >= 0.8 and _rest(lon.label, "lon") == _rest(lat.label, "lat"):
                crs = system_of(numbers(lon.values), numbers(lat.values))
                if crs:
                    found.append(Positions(lon, lat, crs, named))
    found.sort(key=lambda one: (one.crs != WGS84, -one.named))
    taken: set[int] = set()
    kept = []
    for one in found:
        if not {one.lon.place, one.lat.place} & taken:
            taken |= {one.lon.place, one.lat.place}
            kept.append(one)
    return kept


def axis_named(label: str, axis: str) -> float:
    """Does the name of the column say that it is the longitude (`lon`) or the latitude (`lat`)?"""
    return max((likeness(word, axis) for word in words_of(label)), default=0.0)


def _rest(label: str, axis: str) -> tuple[str, ...]:
    return tuple(word for word in words_of(label) if likeness(word, axis) < 0.8)


def system_of(xs: Sequence[float], ys: Sequence[float]) -> str:
    """The code of the system in which these are x and y; "" when none is plausible."""
    if not xs or not ys:
        return ""
    x, y = _middle(xs), _middle(ys)
    if all(abs(one) <= 180 for one in xs) and all(abs(one) <= 90 for one in ys):
        return WGS84
    if (
        1_000_000 < x < 2_400_000
        and 1_000_000 < y < 9_500_000
        and (zone := round((y - 200_000) / 1_000_000) + 41) in range(42, 51)
    ):
        return f"EPSG:{3900 + zone}"
    if 0 < x < 1_300_000 and 6_000_000 < y < 7_200_000:
        return "EPSG:2154"
    if 0 < x < 1_300_000 and 1_600_000 < y < 2_700_000:
        return "EPSG:27572"
    return ""


def numbers(values: Sequence[str]) -> list[float]:
    found = []
    for value in values:
        bare = "".join(value.split()).replace(",", ".")
        if re.fullmatch(r"[-+]?\d+([.]\d+)?", bare):
            found.append(float(bare))
    return found


def latitude_first(label: str, values: Sequence[str]) -> bool:
    """In cells that hold both: told by the values where they can be of one order only, else by the name."""
    pairs = [tuple(map(float, re.findall(r"[-+]?\d+[.]\d+", value)[:2])) for value in values]
    pairs = [pair for pair in pairs if len(pair) == 2]
    (south, north), (west, east) = _METROPOLE
    if pairs and all(south <= a <= north and west <= b <= east for a, b in pairs):
        return True
    if pairs and all(south <= b <= north and west <= a <= east for a, b in pairs):
        return False
    return bool(re.search(r"lat.*lo?n|geo.?point|y.*x", label.lower()))


def range_plausible(axis: str, values: Sequence[str]) -> float:
    """0 to 1: could these be longitudes, or latitudes? In mainland France one is never taken for the other."""
    read = numbers(values)
    if not read:
        return 0.5
    low, high = _METROPOLE[0] if axis == "lat" else _METROPOLE[1]
    other_low, other_high = _METROPOLE[1] if axis == "lat" else _METROPOLE[0]
    if all(low <= one <= high for one in read):
        return 1.0
    if all(other_low <= one <= other_high for one in read):
        return 0.2
    limit = 90 if axis == "lat" else 180
    return 0.8 if all(abs(one) <= limit for one in read) else 0.0


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]
