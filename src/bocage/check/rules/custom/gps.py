"""Positions in France (`french-gps-coordinates`), in a column of type geopoint.

Rules and codes `french-gps-coordinates` and `reversed-french-gps-coordinates` (the swapped position would be in France), no
field; note of the second one: the position the right way round, `lon,lat`. Degrees, CRS84.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.columns import column, readable, shown
from bocage.check.rules.kinds import RULES, Bench, Test
from bocage.check.rules.position import position_of
from bocage.check.verdict import Family

NAME = "french-gps-coordinates"
# West, south, east, north of metropolitan France, Guadeloupe, Martinique, Guyane, La Réunion, Mayotte. Edges are outside.
BOXES = (
    (-5.141277, 41.333571, 9.560091, 51.088989), (-61.809839, 15.832041, -61.001959, 16.514488),
    (-61.229033, 14.388646, -60.809655, 14.878723), (-54.60239, 2.111055, -51.619041, 5.748138),
    (55.216526, -21.389631, 55.836654, -20.8718), (45.01833, -13.005254, 45.299985, -12.63659),
)  # fmt: skip


def in_france(lon: str, lat: str) -> str:
    """SQL boolean on two SQL doubles, in degrees."""
    inside = (
        f"({lon} > {west} AND {lon} < {east} AND {lat} > {south} AND {lat} < {north})"
        for west, south, east, north in BOXES
    )
    return f"({' OR '.join(inside)})"


class FrenchPosition:
    name = NAME

    def tests(self, bench: Bench, params: Mapping[str, Any]) -> Sequence[Test | Family]:
        try:
            cell = column(bench, parameters.text(NAME, params, "column"))
        except parameters.WrongCheck as wrong:
            return [wrong.family]
        if cell is None:
            return []
        if cell.field.type != "geopoint":
            return [parameters.check_error("type", NAME, column=cell.field.name, type=cell.field.type)]
        lon, lat = position_of(cell)
        out, swapped = f"NOT {in_france(lon, lat)}", in_france(lat, lon)
        label, place = cell.field.name, cell.place
        reversed_name = f"reversed-{NAME}"
        return [
            Test(
                Family(NAME, NAME, label=label, place=place),
                f"{readable(cell)} AND {out} AND NOT {swapped}",
                shown(cell),
            ),
            Test(
                Family(reversed_name, reversed_name, label=label, place=place),
                f"{readable(cell)} AND {out} AND {swapped}",
                shown(cell),
                f"concat({lat}, ',', {lon})",
            ),
        ]


RULES.register(NAME, FrenchPosition())
