"""Positions of a lookup within so many metres of another, without the engine: `distances.great_circle` in numpy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bocage.query.lookups.shapes import Undecided
from bocage.query.places import EARTH_RADIUS

if TYPE_CHECKING:
    from bocage.query.lookups.conditions import At
    from bocage.query.lookups.lookup import Bools, Lookup

DOUBT, DOUBT_METRES = 1e-6, 1e-6
"""Nearer than this to the limit, in proportion and in metres, a last digit could decide, which is a decimetre at the antipodes: the
engine has it."""


@dataclass(frozen=True)
class Close:
    """A column of positions; `lon`, `lat` in degrees. For few rows: each position is read."""

    lookup: Lookup
    name: str
    lon: float
    lat: float
    metres: float

    def holds(self, at: At) -> Bools:
        """Raises Undecided."""
        assert not isinstance(at, slice)  # noqa: S101  of few rows
        found = self.lookup.take(at, [f"_{self.name}_{side}" for side in ("xmin", "ymin")])
        lon, lat = (found.column(axis).to_numpy(zero_copy_only=False) for axis in (0, 1))
        away = great_circle(lon, lat, self.lon, self.lat)
        doubt = DOUBT_METRES + DOUBT * abs(self.metres)
        if not bool((np.abs(away - self.metres) > doubt).all()):  # nor is what is no number decided here
            raise Undecided
        close: Bools = away <= self.metres
        return close


def great_circle(
    lon1: npt.NDArray[np.float64], lat1: npt.NDArray[np.float64], lon2: float, lat2: float
) -> npt.NDArray[np.float64]:
    """Haversine, metres; degrees are given."""
    sines = [np.square(np.sin(np.radians(one - other) / 2)) for one, other in ((lat2, lat1), (lon2, lon1))]
    across = np.cos(np.radians(lat1)) * np.cos(np.radians(lat2)) * sines[1]
    found: npt.NDArray[np.float64] = 2 * EARTH_RADIUS * np.arcsin(np.minimum(1, np.sqrt(sines[0] + across)))
    return found
