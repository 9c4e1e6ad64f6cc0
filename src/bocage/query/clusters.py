"""Groups of positions that are close to each other on a map: the cells of a grid, then cells joined across its lines.

A cell is `radius` pixels wide on the Web Mercator plane at a zoom. Each round, a cluster goes to the strongest neighbour
(most rows) whose centre is nearer than the radius, when that one goes nowhere itself; centres then move. It ends when no two
centres are nearer, or after MOST_ROUNDS. All of it is set operations over the cells, never over rows.
"""

from __future__ import annotations

import math

import sqlglot
from sqlglot import exp

from bocage.query.sql import DIALECT, Sql, binary, call, cast, concatenated, number, text, written

MOST_ROUNDS = 40

_X = "((sum(lon) / sum(n) + 180) / 360) * {cells}"
_Y = "(0.5 - ln(tan(radians(45 + (sum(lat) / sum(n)) / 2))) / {turn}) * {cells}"
_MERGE = """
WITH RECURSIVE merged AS (
  SELECT cell, cell AS cluster, sum(lon) AS lon, sum(lat) AS lat, count(*) AS n, 0 AS round
  FROM ({rows}) AS q WHERE cell IS NOT NULL GROUP BY cell
  UNION ALL
  SELECT cell, coalesce(target, cluster) AS cluster, lon, lat, n, round + 1 AS round
  FROM (
    SELECT m.*, t.target AS target, max(t.target) OVER () IS NOT NULL AS moving
    FROM merged AS m LEFT JOIN (
      WITH placed AS (
        SELECT cluster, row_number() OVER (ORDER BY sum(n), cluster) AS strength, {x} AS x, {y} AS y
        FROM merged GROUP BY cluster
      ), sides AS (
        SELECT column0 AS dx, column1 AS dy
        FROM (VALUES (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1)) AS v(column0, column1)
      ), nearest AS (
        SELECT a.cluster AS cluster, a.strength AS strength, max(b.strength) AS best
        FROM placed AS a CROSS JOIN sides AS s
        JOIN placed AS b ON CAST(floor(b.x) AS BIGINT) = CAST(floor(a.x) AS BIGINT) + s.dx
          AND CAST(floor(b.y) AS BIGINT) = CAST(floor(a.y) AS BIGINT) + s.dy
        WHERE (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) < 1
        GROUP BY a.cluster, a.strength
      )
      SELECT a.cluster AS cluster, b.cluster AS target
      FROM nearest AS a JOIN nearest AS b ON b.strength = a.best
      WHERE a.best <> a.strength AND b.best = b.strength
    ) AS t ON t.cluster = m.cluster
  ) AS step WHERE moving AND round < {rounds}
)
SELECT cell, cluster FROM merged WHERE round = (SELECT max(round) FROM merged)
"""


def cells_across(zoom: int, radius: int) -> float:
    """How many cells go round the world."""
    return 256.0 * (1 << zoom) / radius


def cell(lon: Sql, lat: Sql, cells: Sql) -> Sql:
    """`x:y`; missing when the position is. `lat` within the square of Web Mercator."""
    x = binary(exp.Div, binary(exp.Add, lon, number(180)), number(360))
    slope = call("ln", call("tan", call("radians", binary(exp.Add, number(45), binary(exp.Div, lat, number(2))))))
    y = binary(exp.Sub, exp.Literal.number("0.5"), binary(exp.Div, slope, exp.Literal.number(repr(2 * math.pi))))
    pieces = [cast(cast(call("floor", binary(exp.Mul, side, cells.copy())), "BIGINT"), "VARCHAR") for side in (x, y)]
    return concatenated([pieces[0], text(":"), pieces[1]])


def merged(rows: Sql, cells: float) -> Sql:
    """(cell, cluster) from a SELECT of `cell`, `lon`, `lat` over the rows; a cluster bears the name of one of its cells."""
    places = {"cells": repr(cells), "turn": repr(2 * math.pi)}
    statement = _MERGE.format(rows=written(rows), x=_X.format(**places), y=_Y.format(**places), rounds=MOST_ROUNDS)
    return sqlglot.parse_one(statement, dialect=DIALECT)  # type: ignore[return-value]
