"""The columns that say where a row is in a grid, as the tables beside a version keep them and as they are computed on the way.

Their names begin with a tilde, which no field of a dataset does. Lengths and coordinates are in metres of the grid.
"""

from __future__ import annotations

from bocage.query.rendering import name as quoted

MARK = "~"
KIND = quoted("~kind")
"""0, 1 or 2: points, lines, surfaces. Missing for what has no place in the grid, as the others are."""
HOME_X, HOME_Y = quoted("~hx"), quoted("~hy")
"""The middle of the bounds: a record counts in the tile where it is, whichever others it is drawn in."""
X0, Y0, X1, Y1 = (quoted(f"~{one}") for one in ("x0", "y0", "x1", "y1"))
SHAPE = quoted("~shape")
"""The geometry, valid, of one dimension, within the domain of the grid, in its normal form. Missing for a position: its bounds are
all of it."""
THICK = quoted("~thick")
"""Of surfaces: the least ratio, among all rings, of their area to their length; of lines: half the extent of the least part.
What is thick for the unit of a tile keeps its form there, and the turn of its rings."""
EDGE = quoted("~edge")
"""The shortest edge, along the axes; 0 when it is not known. Those longer than a unit end on different integers."""
AX, AY, BX, BY = (quoted(f"~{one}") for one in ("ax", "ay", "bx", "by"))
"""Both ends of a line."""
WEIGHT = quoted("~weight")
"""Positions in the geometry."""
PLACE = quoted("~place")
"""Rank along the Hilbert curve."""
RECORD = quoted("~id")
"""Identifier of the record."""
COUNT = quoted("~n")
"""Of records: 1, or more for what stands for several."""
KEY = quoted("~key")
"""What names a row among those of a statement."""

PLACED = (KIND, HOME_X, HOME_Y, X0, Y0, X1, Y1, SHAPE, THICK, EDGE, AX, AY, BX, BY, WEIGHT)
SIDE = f"greatest({X1} - {X0}, {Y1} - {Y0})"
