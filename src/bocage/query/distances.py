"""Distances in SQL: metres along the great circle, between rows and a shape of the query."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlglot import exp

from bocage.catalog.vocabulary import FieldType
from bocage.query.nearest import DEPTH, IN, LARGEST, OUT, WHOLE, Reach, nearest
from bocage.query.outlines import squeezed_wkt
from bocage.query.places import EARTH_RADIUS, METRES_PER_DEGREE, SAFETY, around, bound, overlaps, shape_sql
from bocage.query.plan import Call, Column, Constant, Near, Operation
from bocage.query.sql import binary, call, case, cast, column, joined, number

if TYPE_CHECKING:
    from bocage.query.nearest import Box, Nearest
    from bocage.query.plan import Compare, Shape
    from bocage.query.sql import Sql, Writer

NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)
MANY = 64
"""Positions of a shape from which it is worth knowing which of its sides are near."""


def near(writer: Writer, node: Near) -> Sql:
    """Within so many metres: first the box around, then what is known of the squares of that box, then the exact distance."""
    box, operand, shape = around(node.shape, node.metres), node.operand, node.shape
    metres = writer.parameters.bind(node.metres)
    if box is None:
        return exp.LTE(this=distance(writer, operand, shape), expression=metres)
    meets = overlaps(writer, operand, *box)
    if not _is_long(shape) or node.metres < 0:
        return joined(exp.And, [meets, exp.LTE(this=distance(writer, operand, shape), expression=metres)])
    squeeze = _squeeze(shape)
    squares = _Squares(
        writer, operand, shape, nearest(shape, squeeze, box, _reach(box, squeeze, node.metres), flat=_flat(operand))
    )
    close = exp.Paren(this=exp.LTE(this=squares.measured(), expression=metres))
    decided: list[tuple[Sql, Sql]] = [(squares.says(OUT), exp.false()), (squares.says(IN), exp.true())]
    return joined(exp.And, [meets, exp.Paren(this=case(decided, close))])


def as_near(node: Compare) -> Near | None:
    """The same question, when a distance to a shape is compared with a number that it must not go beyond."""
    asked, limit = (node.left, node.right) if node.operator == "<=" else (node.right, node.left)
    if node.operator not in ("<=", ">=") or not isinstance(asked, Call) or asked.operation is not Operation.DISTANCE:
        return None
    operand = asked.arguments[0]
    if not isinstance(operand, Column) or not isinstance(limit, Constant) or limit.type not in NUMBERS:
        return None
    return Near(operand, asked.options[0], float(limit.value))


def distance_call(writer: Writer, node: Call) -> Sql:
    operand = node.arguments[0]
    assert isinstance(operand, Column)  # noqa: S101  plans are made so
    return distance(writer, operand, node.options[0])


def distance(writer: Writer, operand: Column, shape: Shape) -> Sql:
    """Metres along the great circle. Between shapes: between their nearest points, found on a plane that is squeezed at
    the latitude of the shape of the query."""
    at = writer.parameters.bind
    if _flat(operand) and shape.point is not None:
        return great_circle(bound(operand, "xmin"), bound(operand, "ymin"), at(shape.point[0]), at(shape.point[1]))
    squeeze = _squeeze(shape)
    if not _is_long(shape):
        whole = call("ST_GeomFromText", at(squeezed_wkt(shape, squeeze)))
        return _between(writer, operand, whole, squeeze)
    squares = _Squares(writer, operand, shape, nearest(shape, squeeze, _twice_around(shape), None, flat=_flat(operand)))
    return exp.Paren(this=case([(squares.says(IN), cast(number(0), "DOUBLE"))], squares.measured()))


def _is_long(shape: Shape) -> bool:
    return shape.wkt.count(" ") > 2 * MANY


def _flat(operand: Column) -> bool:
    return operand.type == FieldType.GEOPOINT


def _squeeze(shape: Shape) -> float:
    _, south, _, north = shape.bounds
    return max(math.cos(math.radians((south + north) / 2)), 1e-3)


def _twice_around(shape: Shape) -> Box:
    """The bounds of the shape, as much again on each side."""
    west, south, east, north = shape.bounds
    more = max(east - west, north - south, 1e-6)
    return west - more, south - more, east + more, north + more


def _reach(box: Box, squeeze: float, metres: float) -> Reach:
    """What a degree of the plane may be on the sphere, within the box and an eighth of its side around."""
    west, south, east, north = box
    more = max(east - west, north - south) / 8
    low, high = max(south - more, -90.0), min(north + more, 90.0)
    narrow = min(math.cos(math.radians(low)), math.cos(math.radians(high)))
    wide = 1.0 if low <= 0 <= high else max(math.cos(math.radians(low)), math.cos(math.radians(high)))
    half = math.radians(max(east - west, north - south) + 2 * more / squeeze) / 2
    bent = math.sin(half) / half if half < math.pi / 2 else 0.0
    return Reach(
        metres / METRES_PER_DEGREE, min(1.0, narrow / squeeze) * bent / SAFETY, max(1.0, wide / squeeze) * SAFETY
    )


class _Squares:
    """What is known of a row by the square where it is."""

    def __init__(self, writer: Writer, operand: Column, shape: Shape, known: Nearest) -> None:
        self.writer, self.operand, self.shape, self.known = writer, operand, shape, known
        self.squeeze = _squeeze(shape)
        self._code = self._found()

    def says(self, code: int) -> Sql:
        return exp.EQ(this=self._code.copy(), expression=number(code))

    def measured(self) -> Sql:
        """Exactly, against the sides that may be nearest; nothing from a row that meets a surface."""
        rank = binary(exp.Sub, call("abs", call("coalesce", self._code.copy(), number(WHOLE))), number(1))
        pieces = self.writer.parameters.bind_geometries(self.known.pieces)
        found = _between(self.writer, self.operand, call("list_extract", pieces, rank), self.squeeze)
        if not any(code < 0 for code in self.known.codes):
            return found
        edge = exp.LT(this=self._code.copy(), expression=number(0))
        inside = exp.And(
            this=edge, expression=call("ST_Intersects", column(self.operand.name), shape_sql(self.writer, self.shape))
        )
        return exp.Paren(this=case([(inside, cast(number(0), "DOUBLE"))], found))

    def _found(self) -> Sql:
        """The code of the smallest square that holds the row; missing when its middle is outside of the first one."""
        at, side = self.writer.parameters.bind, self.known.side
        x, y = (binary(exp.Div, binary(exp.Sub, middle, at(low)), at(side))
                for middle, low in zip(self._middle(), (self.known.left, self.known.bottom), strict=True))  # fmt: skip
        level = number(DEPTH) if _flat(self.operand) else self._level()
        count = call("power", number(2), level)
        first = (
            number(0)
            if _flat(self.operand)
            else binary(exp.Div, binary(exp.Sub, call("power", number(4), level.copy()), number(1)), number(3))
        )
        up, across = (
            call(
                "least",
                call("floor", binary(exp.Mul, share.copy(), count.copy())),
                binary(exp.Sub, count.copy(), number(1)),
            )
            for share in (y, x)
        )
        rank = joined(exp.Add, [first, binary(exp.Mul, up, count.copy()), across, number(1)])
        codes = self.writer.parameters.bind_whole_numbers(self.known.codes)
        inside = joined(exp.And, [exp.Between(this=share, low=number(0), high=number(1)) for share in (x, y)])
        return case([(inside, call("list_extract", codes, cast(rank, "BIGINT")))])

    def _middle(self) -> tuple[Sql, Sql]:
        low, high = (bound(self.operand, "xmin"), bound(self.operand, "ymin"))
        if not _flat(self.operand):
            low, high = (
                binary(exp.Div, binary(exp.Add, one, bound(self.operand, other)), number(2))
                for one, other in ((low, "xmax"), (high, "ymax"))
            )
        return exp.Paren(this=exp.Mul(this=low, expression=self.writer.parameters.bind(self.squeeze))), high

    def _level(self) -> Sql:
        """Of the smallest squares that hold what is as large. Missing when it is larger than the first one holds."""
        at, largest = self.writer.parameters.bind, self.known.side * LARGEST
        wide, high = (
            binary(exp.Sub, bound(self.operand, f"{axis}max"), bound(self.operand, f"{axis}min")) for axis in "xy"
        )
        size = call("greatest", binary(exp.Mul, wide, at(self.squeeze)), high, at(largest / 2 ** (DEPTH + 1)))
        level = call("floor", call("log2", binary(exp.Div, at(largest), size)))
        fits = exp.LTE(this=size.copy(), expression=at(largest))
        return case([(fits, call("least", level, number(DEPTH)))])


def _between(writer: Writer, operand: Column, drawn: Sql, squeeze: float) -> Sql:
    """From the row to a geometry of the squeezed plane. The shortest line is made once for each row: the engine sees no expression
    twice in a condition as one."""
    at = writer.parameters.bind
    if _flat(operand):
        row = call("ST_Point", binary(exp.Mul, bound(operand, "xmin"), at(squeeze)), bound(operand, "ymin"))
    else:
        row = call("ST_Affine", column(operand.name), at(squeeze), at(0.0), at(0.0), at(1.0), at(0.0), at(0.0))
    ends: list[Sql] = []
    line = exp.to_identifier("line")
    for end in ("ST_StartPoint", "ST_EndPoint"):
        point = call(end, exp.Column(this=line.copy()))
        ends += [binary(exp.Div, call("ST_X", point), at(squeeze)), call("ST_Y", point.copy())]
    measure = exp.Lambda(this=great_circle(*ends), expressions=[line], colon=True)
    return call(
        "list_extract",
        call("list_transform", exp.Array(expressions=[call("ST_ShortestLine", row, drawn)]), measure),
        number(1),
    )


def great_circle(lon1: Sql, lat1: Sql, lon2: Sql, lat2: Sql) -> Sql:
    """Haversine, metres."""
    sines = [
        call("power", call("sin", binary(exp.Div, call("radians", binary(exp.Sub, one, other)), number(2))), number(2))
        for one, other in ((lat2.copy(), lat1.copy()), (lon2.copy(), lon1.copy()))
    ]
    across = joined(exp.Mul, [call("cos", call("radians", lat1)), call("cos", call("radians", lat2)), sines[1]])
    half = binary(exp.Add, sines[0], across)
    diameter = exp.Literal.number(repr(2 * EARTH_RADIUS))
    root = call("sqrt", half)  # of the antipodes, a hair above one; `least` would take a missing one for it
    sine = case([(exp.GT(this=root, expression=number(1)), number(1))], root.copy())
    return binary(exp.Mul, diameter, call("asin", sine))
