"""Places in SQL: CRS84 geometry, and the bounds `_g_xmin`… that stand beside each geometry column g."""

from __future__ import annotations

import math

from sqlglot import exp

from bocage.catalog.vocabulary import FieldType
from bocage.query.plan import Aggregate, Call, Column, InBox, Related, Shape, Spatial, Summary
from bocage.query.sql import Sql, Writer, binary, call, cast, column, concatenated, joined, number, text

EARTH_RADIUS = 6_371_008.771_4
"""Metres; mean radius of the WGS 84 ellipsoid."""
METRES_PER_DEGREE = math.pi * EARTH_RADIUS / 180
SAFETY = 1.001
"""Boxes around circles are a little too large rather than too small."""


def bound(operand: Column, side: str) -> Sql:
    """`side`: xmin, ymin, xmax, ymax. For a position all four are its coordinates."""
    return column(f"_{operand.name}_{side}")


def shape_sql(writer: Writer, shape: Shape) -> Sql:
    return call("ST_GeomFromText", writer.parameters.bind(shape.wkt))


def overlaps(writer: Writer, operand: Column, west: float, south: float, east: float, north: float) -> Sql:
    """The bounds of the value meet the box: cheap, on plain numbers. Those of a position are read once each."""
    at = writer.parameters.bind
    x, y = ("xmin", "ymin") if operand.type == FieldType.GEOPOINT else ("xmax", "ymax")
    return joined(
        exp.And,
        [
            exp.LTE(this=bound(operand, "xmin"), expression=at(float(east))),
            exp.GTE(this=bound(operand, x), expression=at(float(west))),
            exp.LTE(this=bound(operand, "ymin"), expression=at(float(north))),
            exp.GTE(this=bound(operand, y), expression=at(float(south))),
        ],
    )


def in_box(writer: Writer, node: InBox) -> Sql:
    """A box whose west is east of its east crosses the antimeridian."""
    if node.west > node.east:
        halves = ((node.west, max(180.0, node.west)), (min(-180.0, node.east), node.east))
        parts = [InBox(node.operand, west, node.south, east, node.north) for west, east in halves]
        return joined(exp.Or, [in_box(writer, part) for part in parts])
    box = (node.west, node.south, node.east, node.north)
    meets = overlaps(writer, node.operand, *box)
    if node.operand.type == FieldType.GEOPOINT:
        return meets
    envelope = call("ST_MakeEnvelope", *(writer.parameters.bind(float(side)) for side in box))
    return joined(exp.And, [meets, call("ST_Intersects", column(node.operand.name), envelope)])


def around(shape: Shape, metres: float) -> tuple[float, float, float, float] | None:
    """A box that holds what is within so many metres, west, south, east, north. None over the antimeridian or a pole."""
    west, south, east, north = shape.bounds
    high = metres / METRES_PER_DEGREE * SAFETY + 1e-9
    latitude = min(max(abs(south - high), abs(north + high)), 90.0)
    squeeze = math.cos(math.radians(latitude))
    wide = high / squeeze if squeeze > 1e-6 else 360.0
    if west - wide < -180 or east + wide > 180:
        return None
    return west - wide, south - high, east + wide, north + high


def spatial(writer: Writer, node: Spatial) -> Sql:
    shape = shape_sql(writer, node.shape)
    if node.relation == "disjoint":
        return exp.Paren(this=call("ST_Disjoint", column(node.operand.name), shape))
    name = RELATIONS[node.relation]
    return joined(
        exp.And, [overlaps(writer, node.operand, *node.shape.bounds), call(name, column(node.operand.name), shape)]
    )


RELATIONS = {
    "intersects": "ST_Intersects", "within": "ST_Within", "disjoint": "ST_Disjoint", "contains": "ST_Contains",
    "crosses": "ST_Crosses", "equals": "ST_Equals", "overlaps": "ST_Overlaps", "touches": "ST_Touches",
}  # fmt: skip
"""Relation → function of the engine. All but disjoint need bounds that meet."""


def related(writer: Writer, node: Related) -> Sql:
    return exp.Paren(this=call(RELATIONS[node.relation], writer.value(node.left), writer.value(node.right)))


def shape_call(writer: Writer, node: Call) -> Sql:
    return shape_sql(writer, node.options[0])


def cluster(writer: Writer, node: Call) -> Sql:
    """The cluster of the row; missing when the value is."""
    return writer.cluster(node)


def middle(operand: Column) -> tuple[Sql, Sql]:
    """Longitude and latitude of the middle of the bounds; latitude kept inside the Web Mercator square."""
    lon = binary(exp.Div, binary(exp.Add, bound(operand, "xmin"), bound(operand, "xmax")), number(2))
    lat = binary(exp.Div, binary(exp.Add, bound(operand, "ymin"), bound(operand, "ymax")), number(2))
    return lon, call("greatest", number(-85), call("least", number(85), lat))


def aggregate(writer: Writer, node: Aggregate) -> Sql:
    operand = node.argument
    assert isinstance(operand, Column)  # noqa: S101  plans are made so
    if node.summary is Summary.BOX:
        sides = [call("min", bound(operand, "xmin")), call("min", bound(operand, "ymin")),
                 call("max", bound(operand, "xmax")), call("max", bound(operand, "ymax"))]  # fmt: skip
        return call("ST_MakeEnvelope", *sides)
    if node.summary in (Summary.LONGITUDE, Summary.LATITUDE):
        lon, lat = middle(operand)
        return call("avg", lon if node.summary is Summary.LONGITUDE else lat)
    return call("ST_ConvexHull", call("ST_Collect", call("list", column(operand.name))))


def centroid(writer: Writer, node: Call) -> Sql:
    """JSON text `{"cluster_centroid": {"lat": …, "lon": …}}`; missing for the group of the missing."""
    lon, lat = (cast(writer.value(axis), "VARCHAR") for axis in node.arguments)
    return concatenated([text('{"cluster_centroid": {"lat": '), lat, text(', "lon": '), lon, text("}}")])
