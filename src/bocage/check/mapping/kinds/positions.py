"""Positions: two columns or one, in degrees or in metres, to what the schema asks: “lon,lat”, a JSON pair, one coordinate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from bocage.check.mapping.kinds.base import Kind, Param, Text, matches, part, registered
from bocage.check.mapping.normal import spaceless_sql, trimmed_sql
from bocage.store.engine import literal

WGS84 = "OGC:CRS84"
SYSTEMS: tuple[tuple[str, Text], ...] = (
    (WGS84, _("degrees (WGS 84, GPS)")),
    ("EPSG:2154", "Lambert-93"),
    *((f"EPSG:{3900 + zone}", f"CC{zone}") for zone in range(42, 51)),
    ("EPSG:27572", _("Lambert II extended")),
    ("EPSG:3857", "Web Mercator"),
)
_ORDERS = (("xy", _("longitude then latitude (x, y)")), ("yx", _("latitude then longitude (y, x)")))
_WANTED = (
    ("lonlat", _("longitude,latitude")),
    ("latlon", _("latitude,longitude")),
    ("array", _("[longitude, latitude]")),
    ("lon", _("the longitude")),
    ("lat", _("the latitude")),
)
_NUMBER = "[-+]?[0-9]+(?:[.][0-9]+)?"
_COMMA = "[-+]?[0-9]+,[0-9]+"


def coordinate(text: str) -> str:
    """SQL: a number with a point, out of a cell that may have a comma, a degree sign; NULL when it is none."""
    bare = f"replace(regexp_replace({spaceless_sql(text)}, '°$', ''), ',', '.')"
    return f"CASE WHEN {matches(bare, _NUMBER)} THEN {bare} END"


def pair(text: str) -> tuple[str, str]:
    """SQL of the first and second numbers of one cell: `47.2, -1.5`, `[…]`, `POINT(… …)`, `47,2 ; -1,5`."""
    bare = f"regexp_replace({trimmed_sql(text)}, '^(?i:POINT|LONLAT|LATLON)? ?[(\\[]?(.*?)[)\\]]?$', '\\1')"
    pointed = f"({_NUMBER})\\s*[,;/ ]\\s*({_NUMBER})"
    comma = f"({_COMMA})\\s*[;/ ]\\s*({_COMMA})"
    return tuple(  # type: ignore[return-value]
        f"CASE WHEN {matches(bare, pointed)} THEN {part(bare, pointed, rank)} "
        f"WHEN {matches(bare, comma)} THEN replace({part(bare, comma, rank)}, ',', '.') END"
        for rank in (1, 2)
    )


@registered
class Position(Kind):
    """`crs`: how the file writes positions; degrees are only moved and joined, digit for digit."""

    name = "position"
    label = _("Write the position as the schema does")
    params = {
        "order": Param(_("Order in the file"), "choice", choices=_ORDERS),
        "crs": Param(_("System of coordinates of the file"), "choice", choices=SYSTEMS),
        "to": Param(_("Written"), "choice", choices=_WANTED),
    }
    arity = (1, 2)

    def compiled(self, inputs: Sequence[str], params: Mapping[str, Any]) -> str:
        order, crs = self.choice(params, "order", "xy"), self.choice(params, "crs", WGS84)
        first, second = pair(inputs[0]) if len(inputs) == 1 else (coordinate(inputs[0]), coordinate(inputs[1]))
        x, y = (first, second) if order == "xy" else (second, first)
        if crs != WGS84:
            x, y = self._degrees(x, y, crs)
        match self.choice(params, "to", "lonlat"):
            case "lon":
                return x
            case "lat":
                return y
            case "array":
                return f"'[' || ({x}) || ', ' || ({y}) || ']'"
            case "latlon":
                return f"({y}) || ',' || ({x})"
            case _lonlat:
                return f"({x}) || ',' || ({y})"

    @staticmethod
    def needs_spatial(params: Mapping[str, Any]) -> bool:
        return str(params.get("crs") or WGS84) != WGS84

    @staticmethod
    def _degrees(x: str, y: str, crs: str) -> tuple[str, str]:
        """Seven decimals: a centimetre. PROJ gives longitude first when told that x always is (`always_xy`)."""
        point = f"ST_Point(CAST({x} AS DOUBLE), CAST({y} AS DOUBLE))"
        moved = f"ST_Transform({point}, {literal(crs)}, '{WGS84}', always_xy := true)"
        shown = "CASE WHEN isfinite({0}) THEN rtrim(rtrim(printf('%.7f', {0}), '0'), '.') END"
        return shown.format(f"ST_X({moved})"), shown.format(f"ST_Y({moved})")
