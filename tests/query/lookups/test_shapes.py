"""What is written of a lookup, and decided of its shapes, is what the engine writes and decides."""

from __future__ import annotations

import random
import struct
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.query.distances import great_circle
from bocage.query.lookups.nearness import Close
from bocage.query.lookups.reading import RECTANGLE
from bocage.query.lookups.shapes import Related, Undecided, geojson
from bocage.query.lookups.texts import feature_texts
from bocage.query.places import RELATIONS
from bocage.query.plan import ROW_ID
from bocage.query.rendering import FeatureLine
from bocage.query.sql import Parameters, column
from bocage.store import engine

DRAW = random.Random(27)
COUNT = 400
STRINGS = ('é"\\/\u2028\x7f\U0001f600', "\b\t\n\f\r", "a%sb%%", "", "</script>", "\\u001f", "{}")
NUMBERS = (0.0, -0.0, 1e15, 1e16, 1.5e300, 5e-324, 1e-5, 0.1 + 0.2, float("nan"), float("inf"), 123456789012345680.0)
INSTANTS = (0, 1, 1_500_000, -1, -62_135_596_800_000_000, 253_402_300_799_999_999)


def position() -> tuple[float, float]:
    return round(DRAW.uniform(-180, 180), DRAW.choice((1, 7, 15))), round(DRAW.uniform(-90, 90), 7)


def ring() -> str:
    first, *others = (position() for _ in range(DRAW.randint(3, 9)))
    return "(" + ", ".join(f"{x!r} {y!r}" for x, y in (first, *others, first)) + ")"


def line() -> str:
    return "(" + ", ".join("{!r} {!r}".format(*position()) for _ in range(DRAW.randint(2, 9))) + ")"


SHAPES = {
    "POINT": lambda: "({!r} {!r})".format(*position()),
    "LINESTRING": line,
    "POLYGON": lambda: f"({ring()}, {ring()})",
    "MULTIPOINT": line,
    "MULTILINESTRING": lambda: f"({line()}, {line()})",
    "MULTIPOLYGON": lambda: f"(({ring()}), ({ring()}, {ring()}))",
}


def shape() -> str:
    kind = DRAW.choice(list(SHAPES))
    return f"{kind} {'EMPTY' if DRAW.random() < 0.05 else SHAPES[kind]()}"


def wkb_of(texts: list[str | None]) -> pa.Array:
    with engine.session() as session:
        asked = "SELECT ST_AsWKB(ST_GeomFromText(t)) AS w FROM (SELECT unnest(?::VARCHAR[]) AS t)"
        return pa.concat_arrays([batch.column(0) for batch in session.arrow(asked, [texts])]).cast(pa.binary())


def some(made: Any) -> list[Any]:
    return [None if DRAW.random() < 0.1 else made() for _ in range(COUNT)]


@pytest.fixture(scope="module")
def table() -> pa.RecordBatch:
    """Columns as a lookup gives them: instants in microseconds, shapes as WKB."""
    words = [*STRINGS, *("".join(chr(DRAW.randint(32, 0x2FF)) for _ in range(9)) for _ in range(50))]
    pairs = some(position)
    return pa.record_batch(
        {
            ROW_ID: pa.array([f'{DRAW.getrandbits(64):x}"' for _ in range(COUNT)]),
            "nom %s": pa.array(some(lambda: DRAW.choice(words))),
            "rang": pa.array(some(lambda: DRAW.randint(-(2**63), 2**63 - 1)), pa.int64()),
            "part": pa.array(some(lambda: DRAW.choice((*NUMBERS, DRAW.uniform(-1e6, 1e6)))), pa.float64()),
            "ouvert": pa.array(some(lambda: DRAW.random() < 0.5)),
            "jour": pa.array(some(lambda: date.fromordinal(DRAW.randint(1, 3_652_059)))),
            "instant": pa.array(some(lambda: DRAW.choice((*INSTANTS, DRAW.randint(-(10**16), 10**16)))), pa.int64()),
            "mots": pa.array(some(lambda: [*DRAW.sample(words, 3), None]), pa.list_(pa.string())),
            "geo_point_2d": pa.StructArray.from_arrays(
                [pa.array([pair and pair[axis] for pair in pairs], pa.float64()) for axis in (0, 1)], ["lon", "lat"]
            ),
            "geo_shape": wkb_of(some(shape)),
        }
    )


FIELDS = {
    ROW_ID: T.STRING, "nom %s": T.STRING, "rang": T.INTEGER, "part": T.NUMBER, "ouvert": T.BOOLEAN, "jour": T.DATE,
    "instant": T.DATETIME, "mots": T.ARRAY, "geo_point_2d": T.GEOPOINT, "geo_shape": T.GEOMETRY,
}  # fmt: skip
READ = {
    "instant": "make_timestamptz(instant)",
    "geo_shape": "ST_GeomFromWKB(geo_shape)",
    "geo_point_2d": "CASE WHEN geo_point_2d.lon IS NOT NULL THEN geo_point_2d END",
}


def written_by_the_engine(table: pa.RecordBatch, rendering: FeatureLine, columns: list[Field]) -> list[str]:
    with engine.session() as session:
        lent = session.lend(pa.Table.from_batches([table]))
        read = ", ".join(f'{READ.get(one.name, chr(34) + one.name + chr(34))} AS "{one.name}"' for one in columns)
        asked = f"SELECT {rendering.line(columns, 'UTC')} AS line FROM (SELECT {read} FROM {lent}) AS q"
        return [text for batch in session.arrow(asked) for text in batch.column(0).to_pylist()]


@pytest.mark.parametrize("left_out", [(), ("geo_shape",), ("geo_shape", "geo_point_2d"), tuple(FIELDS)[1:]])
def test_features_are_written_letter_by_letter_alike(table: pa.RecordBatch, left_out: tuple[str, ...]) -> None:
    columns = [Field(name, kind) for name, kind in FIELDS.items() if name not in left_out]
    rendering = FeatureLine(ROW_ID, ",\n%")
    expected = written_by_the_engine(table, rendering, columns)
    alike = [
        feature_texts(table.slice(row, 1).select([one.name for one in columns]), columns, rendering)
        for row in range(COUNT)
    ]
    assert [text for [text] in filter(None, alike)] == [
        one for one, text in zip(expected, alike, strict=True) if text is not None
    ]
    assert alike.count(None) <= COUNT // 10


def test_what_the_engine_writes_otherwise_is_left_to_it() -> None:
    columns = [Field(ROW_ID, T.STRING), Field("nom", T.STRING)]
    strange = pa.record_batch({ROW_ID: pa.array(["1", "2"]), "nom": pa.array(["a", "b\x1f"])})
    assert feature_texts(strange, columns, FeatureLine(ROW_ID)) is None
    columns = [Field(ROW_ID, T.STRING), Field("dit", T.OBJECT)]
    assert feature_texts(strange.rename_columns([ROW_ID, "dit"]), columns, FeatureLine(ROW_ID)) is None
    [small, far, deep, many] = wkb_of(
        ["POINT(0.00001 2)", "LINESTRING(0 0, 1e20 1)", "POINT Z (1 2 3)", "GEOMETRYCOLLECTION(POINT(1 2))"]
    ).to_pylist()
    point = wkb_of(["POINT(1 2)"])[0].as_py()
    cut = (point[:-1], point + b"x", point[:3], b"", b"\0" + point[1:], struct.pack("<BII", 1, 2, 2**32 - 1))
    assert [geojson(one) for one in (small, far, deep, many, *cut)] == [None] * 10


@pytest.mark.parametrize("relation", [one for one in RELATIONS if one != "disjoint"])
def test_shapes_meet_as_the_engine_says(relation: str) -> None:
    """Valid or not, and others that have their corners: what raises a fault is left to the engine."""
    shapes = [one for one in (shape() for _ in range(COUNT)) if one]
    boxes = [
        RECTANGLE.format(x, y, x + size, y + size) for x, y in (position() for _ in range(12)) for size in (0.0, 20.0)
    ]
    stored = wkb_of(shapes)
    lookup: Any = SimpleNamespace(take=lambda at, names: pa.record_batch([stored.take(pa.array(at))], names=names))
    asked = f"SELECT {RELATIONS[relation]}(ST_GeomFromText(t), ST_GeomFromText(?)) AS r FROM (SELECT unnest(?::VARCHAR[]) AS t)"
    decided = 0
    with engine.session() as session:
        for other in (*boxes, *shapes[:12]):
            try:
                found = Related(lookup, "geo", relation, other).holds(np.arange(COUNT, dtype=np.uint32))
            except Undecided:
                continue
            expected = [one for batch in session.arrow(asked, [other, shapes]) for one in batch.column(0).to_pylist()]
            assert found.tolist() == expected, other
            decided += 1
    assert decided > 10


def test_a_shape_that_is_none_is_left_to_the_engine() -> None:
    lookup: Any = SimpleNamespace(take=lambda _at, names: pa.record_batch([pa.array([b"\1\2"])], names=names))
    for wkt in ("POINT(1 2)", "POLYGON((inf 0, 1 1, 2 0, inf 0))", "POLYGON((0 0, 1 1))"):
        with pytest.raises(Undecided):
            Related(lookup, "geo", "intersects", wkt).holds(np.arange(1, dtype=np.uint32))


def test_positions_are_near_as_the_engine_says() -> None:
    """Poles, the antimeridian, the antipodes, the position itself: alike, or left to the engine."""
    ends = [0.0, 90.0, -90.0, 180.0, -180.0, 1e-9]
    pairs = [position() for _ in range(COUNT)] + [(lon, lat) for lon in ends for lat in ends if abs(lat) <= 90]
    table = pa.table({"x": pa.array([x for x, _y in pairs]), "y": pa.array([y for _x, y in pairs])})
    lookup: Any = SimpleNamespace(take=lambda _at, _names: table.to_batches()[0])
    for lon, lat in (*pairs[:20], (2.35, 48.85), (0.0, 90.0), (180.0, 0.0)):
        given = Parameters()
        asked = great_circle(column("x"), column("y"), given.bind(lon), given.bind(lat)).sql("duckdb")
        with engine.session() as session:
            rows = session.arrow(f"SELECT {asked} AS d FROM {session.lend(table)} AS r", given.values)
            metres = np.concatenate([batch.column(0).to_numpy() for batch in rows])
        for limit in (-1.0, 0.5, 800.0, 1e6, float(metres[3]) * 1.00001 + 1, 3e7):
            found = Close(lookup, "geo", lon, lat, limit).holds(np.arange(len(pairs), dtype=np.uint32))
            assert found.tolist() == (metres <= limit).tolist()
        with pytest.raises(Undecided):
            Close(lookup, "geo", lon, lat, float(metres[5])).holds(np.arange(len(pairs), dtype=np.uint32))
