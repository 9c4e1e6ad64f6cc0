"""From metres of a grid to the integers of a tile: SQL of the geometry that is encoded.

Measured on the engine: its own `ST_AsMVTGeom` takes 17 to 36 µs for each feature, a scaling 0.4. So what is wholly inside the
tile and its margin, and thick enough to keep its form when it is rounded, is only scaled; the rest is cut. What is smaller than
a pixel is drawn as its bounds, and a position alone is only arithmetic. Every ring has the turn that the format wants, and no
edge is without length.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bocage.query.rendering import name as quoted
from bocage.query.tiles import columns as c
from bocage.query.tiles.requests import EXTENT

if TYPE_CHECKING:
    from bocage.query.tiles.grids import Grid

MARGIN = 64
"""Units around a tile in which lines and surfaces go on, so that no edge is drawn where it is cut."""
SMALL = 8
"""Units: a pixel of a tile shown on 512."""
THICK = 2.2
"""Units: rounding moves a point by 0.71 at most, and points nearer than 1.42 are joined."""
NEAR = 1.42
"""Units: two points that are further from each other are never rounded to the same one."""
LEAST = 2
"""Units: the side of what would otherwise vanish."""
DRAWN = quoted("~drawn")
_U0, _V0, _U1, _V1, _UA, _VA, _UB, _VB = (quoted(f"~{one}") for one in ("u0", "v0", "u1", "v1", "ua", "va", "ub", "vb"))
_WHOLLY, _THICK, _TINY = (quoted(f"~is-{one}") for one in ("wholly", "thick", "tiny"))


@dataclass(frozen=True)
class Frame:
    """A tile of a grid. `flat`: every row is a position, so that nothing has to be cut."""

    grid: Grid
    zoom: int
    column: int
    row: int
    flat: bool = False

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top, metres."""
        return self.grid.tile_bounds(self.zoom, self.column, self.row)

    @property
    def unit(self) -> float:
        """Metres."""
        return unit(self.grid, self.zoom)

    @cached_property
    def around(self) -> tuple[float, float, float, float]:
        """The bounds with the margin."""
        return self.within(MARGIN)

    def within(self, units: float) -> tuple[float, float, float, float]:
        """The bounds, so much wider on each side."""
        left, bottom, right, top = self.bounds
        more = units * self.unit
        return (left - more, bottom - more, right + more, top + more)

    @property
    def home(self) -> str:
        """Condition: the row counts in this tile and in no other."""
        return self.home_within(0)

    def home_within(self, units: float) -> str:
        """Condition: it counts here or nearby."""
        left, bottom, right, top = self.within(units)
        across = f"{c.HOME_X} >= {left!r} AND {c.HOME_X} < {right!r}"
        return f"({across} AND {c.HOME_Y} > {bottom!r} AND {c.HOME_Y} <= {top!r})"

    @property
    def meets(self) -> str:
        """Condition: the row may be seen in this tile. Positions, and what stands for several, only where they count."""
        return self.meets_within(MARGIN)

    def meets_within(self, units: float) -> str:
        """Condition: it may be seen here or nearby."""
        if self.flat:
            return f"({c.KIND} IS NOT NULL AND {self.home})"
        left, bottom, right, top = self.within(units)
        near = f"{c.X0} <= {right!r} AND {c.X1} >= {left!r} AND {c.Y0} <= {top!r} AND {c.Y1} >= {bottom!r}"
        return f"({near} AND {c.KIND} IS NOT NULL AND ({c.SHAPE} IS NOT NULL OR {self.home}))"

    @property
    def wholly(self) -> str:
        left, bottom, right, top = self.around
        return f"({c.X0} >= {left!r} AND {c.X1} <= {right!r} AND {c.Y0} >= {bottom!r} AND {c.Y1} <= {top!r})"

    def u(self, x: str) -> str:
        return f"({x} - {self.bounds[0]!r}) * {1 / self.unit!r}"

    def v(self, y: str) -> str:
        return f"({self.bounds[3]!r} - {y}) * {1 / self.unit!r}"


def unit(grid: Grid, zoom: int) -> float:
    """Metres of one unit of a tile."""
    return grid.tile_side(zoom) / EXTENT


def drawn(rows: str, frame: Frame, *, coarse: bool = False) -> str:
    """SELECT of the columns of `rows` with DRAWN, the geometry in the units of the tile; rows of which nothing is seen are left
    out. `coarse`: everything as its bounds."""
    if frame.flat:
        return f"SELECT *, {_point(frame)} AS {DRAWN} FROM {rows} AS h"
    measured = f"SELECT *, {_measures(frame, coarse)} FROM {rows} AS h"
    cut = f"SELECT *, {_case(frame, coarse)} AS {DRAWN} FROM ({measured}) AS m"
    lost = f"{DRAWN} IS NULL OR ST_IsEmpty({DRAWN})"
    kept = f"SELECT * REPLACE (CASE WHEN {lost} THEN {_speck(frame)} ELSE {DRAWN} END AS {DRAWN}) FROM ({cut}) AS d"
    return f"SELECT * FROM ({kept}) AS k WHERE {DRAWN} IS NOT NULL"


def _measures(frame: Frame, coarse: bool) -> str:
    """Corners and ends in units, and what the case below asks."""
    corners = {_U0: frame.u(c.X0), _V0: frame.v(c.Y1), _U1: frame.u(c.X1), _V1: frame.v(c.Y0)}
    ends = {
        _UA: frame.u(f"coalesce({c.AX}, {c.X0})"), _VA: frame.v(f"coalesce({c.AY}, {c.Y0})"),
        _UB: frame.u(f"coalesce({c.BX}, {c.X1})"), _VB: frame.v(f"coalesce({c.BY}, {c.Y1})"),
    }  # fmt: skip
    small = f"{c.SIDE} <= {SMALL * frame.unit!r}"
    tiny = "true" if coarse else f"{small} OR ({c.COUNT} > 1 AND {c.SHAPE} IS NULL)"
    named = [f"greatest({-MARGIN}, least({EXTENT + MARGIN - LEAST}, round({one}))) AS {name}"
             for name, one in (corners | ends).items()]  # fmt: skip
    thick = f"{c.THICK} >= {THICK * frame.unit!r}"
    return ", ".join([*named, f"{frame.wholly} AS {_WHOLLY}", f"{thick} AS {_THICK}", f"({tiny}) AS {_TINY}"])


def _case(frame: Frame, coarse: bool) -> str:
    position = "true" if coarse else f"({c.SHAPE} IS NULL OR {c.COUNT} > 1)"
    return f"""CASE
        WHEN {c.KIND} = 0 AND {position} THEN {_point(frame)}
        WHEN {c.KIND} = 2 AND {_TINY} THEN {_box(_U0, _V0, _U1, _V1)}
        WHEN {c.KIND} = 1 AND {_TINY} THEN {_stroke()}
        WHEN {c.SHAPE} IS NULL THEN NULL
        WHEN {_WHOLLY} AND {_THICK} AND {c.EDGE} >= {frame.unit!r} THEN {_scaled(frame)}
        WHEN {_WHOLLY} AND {_THICK} THEN coalesce(TRY(ST_RemoveRepeatedPoints({_scaled(frame)}, {NEAR})), {cut(frame)})
        ELSE {cut(frame)} END"""


def _point(frame: Frame) -> str:
    sides = (f"greatest(0, least({EXTENT - 1}, floor({one})))" for one in (frame.u(c.HOME_X), frame.v(c.HOME_Y)))
    return f"ST_Point({', '.join(sides)})"


def _box(u0: str, v0: str, u1: str, v1: str) -> str:
    """Turned as outer rings are: the engine turns its envelopes the other way."""
    return f"ST_Reverse(ST_MakeEnvelope({u0}, {v0}, greatest({u0} + {LEAST}, {u1}), greatest({v0} + {LEAST}, {v1})))"


def _stroke() -> str:
    """From one end of a short line to the other; a little way east if they are the same."""
    end = f"CASE WHEN {_UA} = {_UB} AND {_VA} = {_VB} THEN {_UB} + {LEAST} ELSE {_UB} END"
    return f"ST_MakeLine(ST_Point({_UA}, {_VA}), ST_Point({end}, {_VB}))"


def _scaled(frame: Frame) -> str:
    """Half a unit is added because the encoder forgets what comes after the point."""
    scale, left, top = 1 / frame.unit, frame.bounds[0], frame.bounds[3]
    moves = f"{0.5 - left * scale!r}, {top * scale + 0.5!r}"
    return f"ST_Affine({c.SHAPE}::GEOMETRY, {scale!r}, 0, 0, {-scale!r}, {moves})"


def cut(frame: Frame) -> str:
    """Of a shape that is there: given a missing one, the function of the engine ends the whole process's engine."""
    left, bottom, right, top = frame.bounds
    box = f"{{'min_x': {left!r}, 'min_y': {bottom!r}, 'max_x': {right!r}, 'max_y': {top!r}}}::BOX_2D"
    shape = f"ST_AsMVTGeom({c.SHAPE}::GEOMETRY, {box}, {EXTENT}, {MARGIN}, true)"
    return f"TRY(ST_CollectionExtract({shape}, {c.KIND} + 1))"


def _speck(frame: Frame) -> str:
    """What is too thin to be kept when it is rounded is drawn all the same, in the middle of where it is."""
    middle = f"round(({_U0} + {_U1}) / 2)", f"round(({_V0} + {_V1}) / 2)"
    line = f"ST_MakeLine(ST_Point({middle[0]}, {middle[1]}), ST_Point({middle[0]} + {LEAST}, {middle[1]}))"
    surface = _box(*middle, *middle)
    thin = f"{c.SHAPE} IS NOT NULL AND NOT {_THICK} AND {frame.home}"
    return f"CASE WHEN {thin} AND {c.KIND} = 2 THEN {surface} WHEN {thin} AND {c.KIND} = 1 THEN {line} END"
