"""Positions and shapes of an answer in another reference system than that of the versions, for whoever asks for a file.

Coordinates are always easting or longitude first, then northing or latitude, whatever the register says of the system's axes:
this is how GIS read files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import literal, main_geometry, name

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

CRS84 = "OGC:CRS84"
"""Of everything in the store: longitude and latitude on WGS 84."""

SAME_PLACES = (CRS84, "EPSG:4326")
"""The same numbers, in one order or the other."""

Part = Literal["", "shapes", "drawn", "all"]
"""What moves: nothing, the shapes, also the position that the features are drawn by, or every geographic column.

A position written as “lon” and “lat”, or as latitude and longitude in a cell, is one by definition, and stays."""


@dataclass(frozen=True)
class Reprojection:
    """`crs`: a code that the engine knows, such as EPSG:2154. `flipped`: latitude or northing first, for the interfaces that
    keep the order of the register's axes."""

    crs: str
    part: Part
    flipped: bool = False

    def applied(self, rows: str, columns: Sequence[Field], *, pairs: bool) -> str:
        """`rows`, a SELECT of `columns`, with their coordinates in `crs`. What has none there is missing. With `pairs`,
        positions are {lon, lat} before and after."""
        moved = {name(one.name): pairs and one.type == FieldType.GEOPOINT for one in self._moved(columns)}
        if not moved:
            return rows
        there = ", ".join(f"{self._there(one, paired)} AS {one}" for one, paired in moved.items())
        finite = ", ".join(f"{_finite(one, paired)} AS {one}" for one, paired in moved.items())
        return f"SELECT * REPLACE ({finite}) FROM (SELECT * REPLACE ({there}) FROM ({rows}) AS w) AS p"

    def _there(self, column: str, paired: bool) -> str:
        shape = f"ST_Point({column}.lon, {column}.lat)" if paired else column
        if self.crs not in SAME_PLACES:
            shape = f"TRY(ST_Transform({shape}, {literal(CRS84)}, {literal(self.crs)}, always_xy := true))"
        return f"ST_FlipCoordinates({shape})" if self.flipped else shape

    def _moved(self, columns: Sequence[Field]) -> list[Field]:
        drawn = main_geometry(columns)
        return [
            one
            for one in columns
            if one.type.is_geographic
            and (
                self.part == "all"
                or (self.part and one.type == FieldType.GEOMETRY)
                or (self.part == "drawn" and one is drawn)
            )
        ]


def _finite(geometry: str, paired: bool) -> str:
    kept = f"CASE WHEN {_is_finite(geometry)} THEN {geometry} END"
    return f"struct_pack(lon := ST_X({kept}), lat := ST_Y({kept}))" if paired else kept


def _is_finite(geometry: str) -> str:
    """Outside of where a projection is defined, the engine gives infinity."""
    sides = (f"coalesce(isfinite({side}({geometry})), true)" for side in ("ST_XMin", "ST_XMax", "ST_YMin", "ST_YMax"))
    return " AND ".join(sides)
