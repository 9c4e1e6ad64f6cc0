"""Groups of positions that are close to each other on a map: the cells of a grid, then cells joined across its lines.

A cell is `radius` pixels wide on the Web Mercator plane at a zoom. Each round, a cluster goes to the strongest neighbour
(most rows) whose centre is nearer than the radius, when that one goes nowhere itself; centres then move. It ends when no two
centres are nearer, or after a number of rounds. All of it is set operations over the cells, never over rows.
"""

from __future__ import annotations

import math

import sqlglot
from sqlglot import exp

from bocage.query.sql import DIALECT, Sql, binary, call, cast, number, written

MOST_ROUNDS = 15
MOST_CELLS = 20_000
"""Beyond, cells are left as they are: no page holds so many groups, and no map shows them."""
_LINE = 2**31
"""Cells of a line of the grid, at most: two centimetres. A cell is numbered line after line."""
_SIDES = ", ".join(str(dx * _LINE + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))

_X = "((lon / n + 180) / 360) * {cells}"
_Y = "(0.5 - ln(tan(radians(45 + (lat / n) / 2))) / {turn}) * {cells}"
_MERGE = """
WITH RECURSIVE cells AS MATERIALIZED (
  SELECT cell, sum(lon) AS lon, sum(lat) AS lat, count(*) AS n FROM ({rows}) AS q WHERE cell IS NOT NULL GROUP BY cell
), grid AS MATERIALIZED (
  SELECT count(*) <= {most} AS few FROM cells
), merged AS (
  SELECT cell, cell AS cluster, lon, lat, n, 0 AS round FROM cells WHERE (SELECT few FROM grid)
  UNION ALL
  SELECT cell, coalesce(target, cluster) AS cluster, lon, lat, n, round + 1 AS round
  FROM (
    SELECT m.*, t.target AS target, max(t.target) OVER () IS NOT NULL AS moving
    FROM merged AS m LEFT JOIN (
      WITH clusters AS (
        SELECT cluster, sum(lon) AS lon, sum(lat) AS lat, sum(n) AS n FROM merged GROUP BY cluster
      ), placed AS (
        SELECT cluster, row_number() OVER (ORDER BY n, cluster) AS strength, {x} AS x, {y} AS y,
          CAST(floor({x}) AS BIGINT) * {line} + CAST(floor({y}) AS BIGINT) AS place
        FROM clusters
      ), around AS (
        SELECT cluster, strength, x, y, place + unnest([{sides}]) AS side
        FROM placed
      ), nearest AS (
        SELECT a.cluster AS cluster, a.strength AS strength, max(b.strength) AS best
        FROM around AS a JOIN placed AS b ON b.place = a.side
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
# `around` is where it is: joined to the nine sides directly, the engine would compare all clusters two by two.


def cells_across(zoom: int, radius: int) -> float:
    """How many cells go round the world."""
    return min(256.0 * (1 << zoom) / radius, float(_LINE))


def cell(lon: Sql, lat: Sql, cells: Sql) -> Sql:
    """The number of the cell; missing when the position is. `lat` within the square of Web Mercator."""
    x = binary(exp.Div, binary(exp.Add, lon, number(180)), number(360))
    slope = call("ln", call("tan", call("radians", binary(exp.Add, number(45), binary(exp.Div, lat, number(2))))))
    y = binary(exp.Sub, exp.Literal.number("0.5"), binary(exp.Div, slope, exp.Literal.number(repr(2 * math.pi))))
    line, place = (cast(call("floor", binary(exp.Mul, side, cells.copy())), "BIGINT") for side in (x, y))
    return binary(exp.Add, binary(exp.Mul, line, number(_LINE)), place)


def merged(rows: Sql, cells: float) -> Sql:
    """(cell, cluster) from a SELECT of `cell`, `lon`, `lat` over the rows; a cluster bears the name of one of its cells.
    Nothing when there are too many cells: each is then its own cluster, and nothing is joined to the rows."""
    places = {"cells": repr(cells), "turn": repr(2 * math.pi)}
    bounds = {"line": _LINE, "sides": _SIDES, "most": MOST_CELLS, "rounds": MOST_ROUNDS}
    statement = _MERGE.format(rows=written(rows), x=_X.format(**places), y=_Y.format(**places), **bounds)
    return sqlglot.parse_one(statement, dialect=DIALECT)  # type: ignore[return-value]
