"""Three generated layers of a territory: points, lines, polygons, the same rows for every system.

A disc around Nantes, dense in the middle: where a map is looked at, there is much to see. Written once as GeoParquet (what Bocage
publishes) and as CSV with hexadecimal WKB (what PostGIS copies)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from random import Random

import duckdb

from benchmarks.systems import _spatial

CENTRE = (-1.5536, 47.2184)
RADIUS = 0.30
"""Degrees of latitude."""
CATEGORIES = ("Eau", "Voirie", "Arbre", "Banc", "Borne", "Abri", "Lampe", "Kiosque")
FIELDS = ("id", "nom", "categorie", "valeur", "releve")


@dataclass(frozen=True)
class Layer:
    """`shape`: SQL of the geometry around `x`, `y`, out of the random numbers `a` and `b` between 0 and 1."""

    name: str
    rows: int
    kind: str
    shape: str

    def named(self, rows: int) -> Layer:
        return Layer(self.name, rows, self.kind, self.shape)


LAYERS = (
    Layer("points", 1_000_000, "Point", "ST_Point(x, y)"),
    Layer("polygons", 100_000, "Polygon", "ST_MakeEnvelope(x, y, x + 0.0001 + a * 0.0003, y + 0.0001 + b * 0.0002)"),
    Layer("lines", 500_000, "LineString", (
        "ST_MakeLine([ST_Point(x, y), ST_Point(x + (a - 0.5) * 0.001, y + (b - 0.5) * 0.001), "
        "ST_Point(x + (a - 0.5) * 0.002, y + (b - 0.2) * 0.0015), ST_Point(x + (a - 0.3) * 0.003, y + (b - 0.5) * 0.002)])")),
)  # fmt: skip


def scaled(share: float) -> list[Layer]:
    """The layers with that share of their rows."""
    return [one.named(max(1_000, round(one.rows * share))) for one in LAYERS]


def make(folder: Path, layer: Layer) -> tuple[Path, Path]:
    """GeoParquet and CSV of a layer, made unless they are there."""
    parquet, csv = (folder / f"{layer.name}-{layer.rows}.{ending}" for ending in ("parquet", "csv"))
    if parquet.is_file() and csv.is_file():
        return parquet, csv
    engine = duckdb.connect(config={"threads": 2})
    engine.execute(f"LOAD '{_spatial()}'; SELECT setseed(0.44)")
    words = ", ".join(f"'{one}'" for one in CATEGORIES)
    # One thread: the generator of random numbers gives the same rows only in one order.
    engine.execute(f"""SET threads = 1; CREATE TABLE drawn AS
        SELECT i, pow(random(), 1.6) * {RADIUS} AS far, random() * {2 * math.pi} AS turn, random() AS a, random() AS b,
               random() AS c, random() AS d FROM range({layer.rows}) r(i)""")
    engine.execute(f"""CREATE TABLE layer AS SELECT (i + 1)::BIGINT AS id, 'objet n° ' || i AS nom,
            [{words}][1 + (c * {len(CATEGORIES)})::INTEGER % {len(CATEGORIES)}] AS categorie,
            round(d * 1000, 2) AS valeur, DATE '2020-01-01' + (a * 2000)::INTEGER AS releve, {layer.shape} AS geom
        FROM (SELECT *, {CENTRE[0]} + far * cos(turn) * 1.47 AS x, {CENTRE[1]} + far * sin(turn) AS y FROM drawn)""")
    engine.execute(f"COPY layer TO '{parquet}' (FORMAT parquet, COMPRESSION zstd)")
    engine.execute(f"COPY (SELECT * REPLACE (hex(ST_AsWKB(geom)) AS geom) FROM layer) TO '{csv}' (FORMAT csv, HEADER)")
    engine.close()
    return parquet, csv


def box(random: Random, side: float) -> tuple[float, float, float, float]:
    """A box of `side` degrees of latitude, somewhere people look."""
    far, turn = random.random() ** 1.6 * RADIUS * 0.8, random.random() * 2 * math.pi
    x, y = CENTRE[0] + far * math.cos(turn) * 1.47, CENTRE[1] + far * math.sin(turn)
    return x, y, x + side * 1.47, y + side


def tile(random: Random, zoom: int) -> tuple[int, int]:
    """Column and row of a tile of WebMercatorQuad, somewhere people look."""
    west, south, _east, _north = box(random, 0)
    across = 2**zoom
    column = int((west + 180) / 360 * across)
    row = int((1 - math.asinh(math.tan(math.radians(south))) / math.pi) / 2 * across)
    return column, row
