"""The distinct shapes of a column, read once into a table of the workshop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from bocage.check.rules.kept import kept_values
from bocage.check.rules.kinds import Bench, Cell

MOST_SHAPES = 500_000  # read at once
MOST_TOGETHER = 100_000  # compared with one another
_numbers = count(1)


class Shapes:
    """`table`: `text`, `rows` (how many hold it), `shape` (NULL when unreadable), `scaled` (the same in metres, about)."""

    def __init__(self, bench: Bench, cell: Cell, table: str, number: int) -> None:
        self.bench, self.cell, self.table, self.number = bench, cell, table, number

    def refused(self, sql: str) -> str:
        """A table of what a SELECT (text, note) over this one answers."""
        rows = self.bench.workshop.execute(sql)
        return kept_values(
            self.bench.workshop, ((str(text), None if note is None else str(note)) for text, note in rows), "shapes"
        )


def reading(text: str) -> str:
    """SQL geometry of a text in any of the three notations; NULL when it is none."""
    return (
        f"CASE WHEN starts_with(ltrim({text}), '{{') THEN TRY(ST_GeomFromGeoJSON({text})) "
        f"WHEN regexp_full_match({text}, '[0-9A-Fa-f]+') THEN TRY(ST_GeomFromHEXWKB({text})) "
        f"ELSE TRY(ST_GeomFromText(regexp_replace({text}, '^SRID=4326;', ''))) END"
    )


@contextmanager
def shapes_of(bench: Bench, cell: Cell) -> Iterator[Shapes]:
    """The table is gone on leaving: a workshop is shared by all the rules of a check."""
    bench.workshop.need_spatial()
    table = f"_shapes_{next(_numbers)}"
    # A degree is shorter along a parallel: scaled where the shape is, areas are right to some parts in a thousand.
    latitude = "(ST_YMin(shape) + ST_YMax(shape)) / 2"
    bench.workshop.execute(
        f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS id, text, rows, shape, "
        f"CASE WHEN abs({latitude}) < 90 THEN ST_Scale(shape, 111320 * cos(radians({latitude})), 110574) END AS scaled FROM "
        f"(SELECT text, rows, {reading('text')} AS shape FROM (SELECT {cell.text} AS text, count(*) AS rows "
        f"FROM ({bench.table.sql}) AS t WHERE {cell.text} IS NOT NULL GROUP BY ALL LIMIT {MOST_SHAPES + 1}))"
    )
    try:
        [(number,)] = bench.workshop.execute(f"SELECT count(*) FROM {table}")
        yield Shapes(bench, cell, table, number)
    finally:
        bench.workshop.execute(f"DROP TABLE {table}")
