"""Numbers as texts: the quick way writes what the engine itself writes."""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.query.digits import digits, finite, is_plain
from bocage.query.rendering import CsvLine, GeoJsonLine, JsonLine

random = np.random.default_rng(20_000)
ROWS = 40_000
POWERS = np.concatenate([10.0 ** np.arange(-320, 309), 2.0 ** np.arange(-1074, 1024)])
DOUBLES = {
    "between zero and one": random.random(ROWS),
    "of every size": 10 ** random.uniform(-20, 25, ROWS),
    "any bits": random.integers(0, 2**63 - 1, ROWS).view("f8"),
    "amounts": np.round(random.uniform(0, 1e6, ROWS), 2),
    "degrees": np.round(random.uniform(0, 180, ROWS), 6),
    "whole": random.integers(0, 2**60, ROWS).astype("f8"),
    "of half the precision": random.random(ROWS).astype("f4").astype("f8"),
    "powers": POWERS,
    "beside powers": np.concatenate([np.nextafter(POWERS, 0), np.nextafter(POWERS, np.inf)]),
    "special": np.array([0.0, np.nan, np.inf, 1e15, 1e16, 0.0001, 0.00001, 5e-324, 1.7976931348623157e308, 9007199254740993.0]),
}  # fmt: skip


def asked(sql: str, values: object) -> list[tuple[object, ...]]:
    with duckdb.connect() as engine:
        engine.register("numbers", pa.table({"n": values}))
        return engine.execute(sql).fetchall()


@pytest.mark.parametrize("kind", DOUBLES)
def test_doubles_are_written_as_the_engine_writes_them(kind):
    both = np.concatenate([DOUBLES[kind], -DOUBLES[kind]])
    assert asked(f"SELECT n FROM numbers WHERE {digits('n')} <> n::VARCHAR", both) == []
    written = f"count(*) FILTER (isfinite(n)), count({finite('n')}), count(*) FILTER ({finite('n')} <> n::VARCHAR)"
    [(numbers, texts, others)] = asked(f"SELECT {written} FROM numbers", both)
    assert (texts, others) == (numbers, 0)


def test_most_numbers_are_written_the_quick_way():
    for kind in ("between zero and one", "amounts", "degrees"):
        [(share,)] = asked(f"SELECT avg({is_plain('n')}::INTEGER) FROM numbers", -DOUBLES[kind])
        assert share > 0.99


@pytest.mark.parametrize("kind", ["FLOAT", "DECIMAL(9, 3)", "BIGINT", "HUGEINT"])
def test_other_numbers_are_left_to_the_engine(kind):
    values = [0.1, -2.5, 0.0, 1234.0, None]
    sql = f"SELECT {digits('m')}, m::VARCHAR, {finite('m')} FROM (SELECT n::{kind} AS m FROM numbers)"
    for quick, plain, shown in asked(sql, values):
        assert quick == plain == shown


def test_positions_of_every_size_are_written_as_their_two_numbers():
    numbers = np.concatenate([DOUBLES["any bits"], DOUBLES["degrees"], DOUBLES["special"]])
    pairs = "SELECT struct_pack(lon := n, lat := -n) AS p, n::VARCHAR AS lon, (-n)::VARCHAR AS lat FROM numbers"
    expected = {
        CsvLine(): "concat(lat, ', ', lon, chr(13), chr(10))",
        JsonLine(): """concat('{"p":{"lon":', lon, ',"lat":', lat, '}}', chr(10))""",
        GeoJsonLine(
            ""
        ): """concat('{"type":"Feature","geometry":{"type":"Point","coordinates":[', lon, ',', lat, ']},"properties":{}}')""",
    }
    for kind, written in expected.items():
        line = kind.line([Field("p", FieldType.GEOPOINT)], "UTC")
        assert asked(f"SELECT {line}, {written} FROM ({pairs}) WHERE {line} <> {written}", numbers) == []


@pytest.mark.parametrize(
    "missing", ["NULL", "struct_pack(lon := NULL::DOUBLE, lat := 1.5)", "struct_pack(lon := 1e-9, lat := NULL::DOUBLE)"]
)
def test_a_position_that_lacks_a_side_is_missing(missing):
    point = [Field("p", FieldType.GEOPOINT)]
    typed = f"SELECT {missing}::STRUCT(lon DOUBLE, lat DOUBLE) AS p"
    lines = ", ".join(kind.line(point, "UTC") for kind in (CsvLine(), JsonLine(), GeoJsonLine("")))
    assert asked(f"SELECT {lines} FROM ({typed})", [0.0]) == [
        ("\r\n", '{"p":null}\n', '{"type":"Feature","geometry":null,"properties":{}}')
    ]
