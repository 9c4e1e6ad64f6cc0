"""Distances to long shapes: by the few sides that may be nearest, exactly as by all of them."""

from __future__ import annotations

import math
from random import Random

import duckdb
import numpy as np
import pytest
import shapely

from bocage.catalog.vocabulary import FieldType
from bocage.query import distances
from bocage.query.compile import Compiler, Source
from bocage.query.nearest import nearest
from bocage.query.odsql.geometries import read_shape
from bocage.query.outlines import outline_of
from bocage.query.places import EARTH_RADIUS, around
from bocage.query.plan import Call, Column, Compare, Constant, Near, Operation, Shape
from bocage.query.sql import written
from bocage.store.hardening import spatial_extension

MILLIMETRE = 1e-3
ROWS = 200


def wavy(count: int, size: float, lat: float, seed: int = 1) -> list[tuple[float, float]]:
    """A rough ring around longitude 2."""
    random = Random(seed)
    turns = [2 * math.pi * rank / count for rank in range(count)]
    radii = [size * (1 + 0.3 * math.sin(7 * turn) + 0.02 * random.random()) for turn in turns]
    return [(2 + r * math.cos(t), lat + 0.6 * r * math.sin(t)) for r, t in zip(radii, turns, strict=True)]


def chain(points: list[tuple[float, float]]) -> str:
    return ", ".join(f"{x!r} {y!r}" for x, y in points)


def ring(points: list[tuple[float, float]]) -> str:
    return f"({chain([*points, points[0]])})"


def shapes(lat: float, size: float) -> dict[str, Shape]:
    outer, hole = wavy(400, size, lat), wavy(90, size / 3, lat)
    island = [(x + 3 * size, y) for x, y in wavy(200, size / 2, lat, seed=2)]
    polygon = f"POLYGON ({ring(outer)}, {ring(hole)})"
    written_shapes = {
        "line": f"LINESTRING ({chain(outer)})",
        "lines": f"MULTILINESTRING (({chain(outer)}), ({chain(island)}))",
        "surface": polygon,
        "surfaces": f"MULTIPOLYGON (({ring(outer)}, {ring(hole)}), ({ring(island)}))",
        "points": f"MULTIPOINT ({chain(outer)})",
        "all": f"GEOMETRYCOLLECTION ({polygon}, LINESTRING ({chain(island)}), MULTIPOINT ({chain(island[:9])}), POINT (2 {lat}))",
        "in a corner": f"LINESTRING ({chain([*wavy(300, size / 500, lat), (2 + 4 * size, lat + size)])})",
    }
    return {name: read_shape(wkt) for name, wkt in written_shapes.items()}


WHERE = ((47.0, 0.4), (68.0, 3.0), (0.0, 0.003))
"""Latitude and size in degrees."""
KINDS = tuple(shapes(0, 1))


def rows_around(shape: Shape, drawn: str) -> list[shapely.Geometry]:
    random = Random(f"{shape.bounds} {drawn}")
    west, south, east, north = shape.bounds
    size = max(east - west, north - south)
    found = []
    for _rank in range(ROWS):
        x, y = random.uniform(west - size, east + size), random.uniform(south - size, north + size)
        length = size * 10 ** random.uniform(-4, -0.3)
        turn = random.uniform(0, math.pi)
        end = (x + length * math.cos(turn), y + length * math.sin(turn))
        line = shapely.LineString([(x, y), end])
        found.append({"point": shapely.Point(x, y), "line": line, "box": shapely.box(*line.bounds)}[drawn])
    return found


def true_distances(rows: list[shapely.Geometry], shape: Shape) -> np.ndarray:
    """By GEOS: the shortest line on the squeezed plane, then along the great circle."""
    squeeze = math.cos(math.radians((shape.bounds[1] + shape.bounds[3]) / 2))

    def squeezed(shapes: object) -> np.ndarray:
        return shapely.transform(shapes, lambda at: at * [squeeze, 1])  # type: ignore[call-overload,no-any-return]

    lines = shapely.shortest_line(squeezed(np.array(rows)), squeezed(shapely.from_wkt(shape.wkt)))
    ends = np.radians(shapely.get_coordinates(lines).reshape(-1, 2, 2) / [squeeze, 1])
    (lon1, lat1), (lon2, lat2) = ends[:, 0].T, ends[:, 1].T
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * np.arcsin(np.sqrt(half))


@pytest.fixture(scope="module")
def engine():
    with duckdb.connect() as connection:
        connection.execute(f"LOAD '{spatial_extension()}'")
        yield connection


def given(engine: duckdb.DuckDBPyConnection, rows: list[shapely.Geometry]) -> None:
    """The rows, and one without a place."""
    bounds = ", ".join(f"ST_{side}(g) AS _g_{side.lower()}" for side in ("XMin", "YMin", "XMax", "YMax"))
    texts = [shapely.to_wkt(row, rounding_precision=-1) for row in rows] + [None]
    shown = "SELECT unnest(range(len($1))) AS rank, ST_GeomFromText(unnest($1)) AS g"
    engine.execute(f"CREATE OR REPLACE TABLE rows AS SELECT *, {bounds} FROM ({shown})", [texts])


def answers(engine: duckdb.DuckDBPyConnection, asked: Near | Call | Compare) -> list[object]:
    """Of each row, in order; the last is of the one without a place."""
    compiler = Compiler(Source("rows", index=None, ids=None))  # type: ignore[arg-type]
    tree = compiler.value(asked) if isinstance(asked, Call) else compiler.predicate(asked)
    statement = f"SELECT {written(tree)} FROM rows AS r ORDER BY rank"
    return [value for (value,) in engine.execute(statement, compiler.parameters.values).fetchall()]


@pytest.mark.parametrize("drawn", ["point", "line"])
@pytest.mark.parametrize(("rank", "kind"), list(enumerate(KINDS)))
def test_what_is_measured_is_what_geos_measures_against_the_whole_shape(engine, rank, kind, drawn):
    shape = shapes(*WHERE[rank % len(WHERE)])[kind]
    drawn = "box" if drawn == "line" and rank % 2 else drawn
    rows = rows_around(shape, drawn)
    column = Column("g", FieldType.GEOPOINT if drawn == "point" else FieldType.GEOMETRY)
    true = true_distances(rows, shape)
    given(engine, rows)
    measured = Call(Operation.DISTANCE, (column,), FieldType.NUMBER, (shape,))
    *found, missing = answers(engine, measured)
    assert missing is None
    assert np.abs(np.array(found) - true).max() < MILLIMETRE
    for share in (0.3,):
        metres = float(np.quantile(true, share)) + 0.5
        asked = Near(column, shape, metres)
        *near, missing = answers(engine, asked)
        sure = np.abs(true - metres) > MILLIMETRE
        assert missing is None
        assert distances.as_near(Compare("<=", measured, Constant(metres, FieldType.NUMBER))) == asked
        assert (np.array(near)[sure] == (true <= metres)[sure]).all()


def test_what_is_inside_of_a_surface_is_at_no_distance_and_in_its_hole_at_some(engine):
    shape = shapes(47, 0.4)["surface"]
    rows = [shapely.Point(2, 47), shapely.Point(2.2, 47.1)]
    column = Column("g", FieldType.GEOPOINT)
    given(engine, rows)
    hole, inside, _missing = answers(engine, Call(Operation.DISTANCE, (column,), FieldType.NUMBER, (shape,)))
    assert hole > 1000  # type: ignore[operator]
    assert inside == 0


@pytest.mark.parametrize("kind", KINDS)
def test_outlines_hold_every_position_of_the_shape(kind):
    shape = shapes(47, 0.4)[kind]
    outline = outline_of(shape, 0.5)
    assert (outline.positions / [0.5, 1]).tolist() == shapely.get_coordinates(shapely.from_wkt(shape.wkt)).tolist()


def test_few_sides_are_measured_where_there_are_many():
    shape = read_shape(f"LINESTRING ({chain(wavy(4000, 0.3, 47))})")
    box = around(shape, 1000)
    assert box is not None
    squeeze = math.cos(math.radians(47))
    known = nearest(shape, squeeze, box, distances._reach(box, squeeze, 1000), flat=True)
    sizes = [piece.count(",") for piece in known.pieces[1:]]
    assert max(sizes) < 400
    assert known.codes.count(0) > len(known.codes) / 2
