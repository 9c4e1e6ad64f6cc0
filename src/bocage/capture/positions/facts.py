"""What the positions of a file are worth, counted over all of its rows: how many are written, read, on Earth, in France.

Counted over the table that is read, each question being a pass over it; or, once it is written, over the Parquet file: its
footer answers nearly everything, and the rest is read by columns.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from bocage.capture.positions.crs import CRS84, Bounds
from bocage.capture.positions.geometry_file import describe, ogc_names
from bocage.capture.positions.sql import in_france, shown, within_france
from bocage.capture.positions.tables import SHAPE, Table, X, Y, is_point, is_read, is_written, with_shape, with_source
from bocage.capture.reading import PresumedWrongly
from bocage.capture.sql import identifier, literal
from bocage.capture.understanding import GeometryFound
from bocage.store.engine import Workshop

EXAMPLE_LENGTH = 60
POINTS = ("Point",)
_OF_SHAPE = (f"ST_XMin({SHAPE})", f"ST_YMin({SHAPE})")


@dataclass(frozen=True)
class Facts:
    """`written`: rows where something is written; `read`: of these, what could be read; `located`: of these, on Earth.

    `types`: OGC names; `french`: of the positions located, those that fall in France."""

    rows: int
    written: int
    read: int
    located: int
    types: tuple[str, ...]
    french: int


class TablePositions:
    """The positions of a table that is read. Each question is a pass over it."""

    def __init__(self, workshop: Workshop, table: Table) -> None:
        self._workshop = workshop
        self._table = table
        self._known: dict[GeometryFound, Facts] = {}

    def facts(self, found: GeometryFound) -> Facts:
        """Taken in the system `found.crs`."""
        if found not in self._known:
            self._known[found] = self._count(found)
        return self._known[found]

    def _count(self, found: GeometryFound) -> Facts:
        kinds = f"list(DISTINCT CAST(ST_GeometryType({SHAPE}) AS VARCHAR)) FILTER ({SHAPE} IS NOT NULL)"
        [(rows, located, types, french, written, read)] = self._workshop.execute(
            f"SELECT count(*), count({SHAPE}), {'NULL' if is_point(found) else kinds}, "
            f"count(*) FILTER ({in_france(*self._place(found))}), {_unlocated(self._table, found, SHAPE)} "
            f"FROM ({self._shapes(found)}) AS positions"
        )
        names = POINTS if is_point(found) and located else ogc_names(types)
        return Facts(rows, located + written, located + read, located, names, french)

    def bounds(self, found: GeometryFound) -> Bounds | None:
        """Where nearly all coordinates are, in their own system: the odd zero or typing error does not count."""
        [(west, south, east, north)] = self._workshop.execute(
            f"SELECT quantile_cont({X}, 0.02), quantile_cont({Y}, 0.02), quantile_cont({X}, 0.98), quantile_cont({Y}, 0.98) "
            f"FROM ({with_source(self._table, found)}) AS positions WHERE isfinite({X}) AND isfinite({Y})"
        )
        return None if west is None else (west, south, east, north)

    def french_if_swapped(self, found: GeometryFound) -> int:
        """How many positions would fall in France if x and y were exchanged."""
        x, y = self._place(found)
        [(count,)] = self._workshop.execute(
            f"SELECT count(*) FILTER ({in_france(y, x)}) FROM ({self._shapes(found)}) AS positions"
        )
        return int(count)

    def example(self, found: GeometryFound) -> str:
        """The first value that could not be read."""
        text = shown(found.columns, self._table.numbers)
        unread = f"{is_written(self._table, found)} AND NOT ({is_read(found)})"
        rows = self._workshop.execute(
            f"SELECT {text} FROM ({with_source(self._table, found)}) AS positions WHERE {unread} LIMIT 1"
        )
        return str(rows[0][0])[:EXAMPLE_LENGTH] if rows else ""

    def first_outside(self, found: GeometryFound) -> int | None:
        """The first row, from 1, whose position is read and nowhere on Earth."""
        [(row,)] = self._workshop.execute(
            f"SELECT min(place) FROM (SELECT *, row_number() OVER () AS place FROM ({self._shapes(found)}) AS positions) "
            f"WHERE {SHAPE} IS NULL AND {is_written(self._table, found)} AND {is_read(found)}"
        )
        return None if row is None else int(row)

    def _shapes(self, found: GeometryFound) -> str:
        """The table with X, Y and SHAPE."""
        return with_shape(self._table, found)

    def _place(self, found: GeometryFound) -> tuple[str, str]:
        """x and y in degrees, over `_shapes`."""
        return (X, Y) if is_point(found) and found.crs == CRS84 else _OF_SHAPE


class FilePositions(TablePositions):
    """The positions of a table once it is written: the column `shape` of a Parquet file holds those of `written`.

    `source`: the table that was read; `kept`: the names of its columns that are in the file too. What the file does not keep
    (the text of a position) is looked for in the source."""

    def __init__(
        self,
        workshop: Workshop,
        source: Table,
        parquet: Path,
        *,
        shape: str,
        written: GeometryFound,
        kept: Collection[str],
    ) -> None:
        super().__init__(workshop, Table(f"SELECT * FROM read_parquet({literal(str(parquet))})", source.numbers))
        self._file = describe(workshop, parquet, shape)
        self._written = written
        self._column = identifier(shape)
        self._source = None if set(written.columns) <= set(kept) else TablePositions(workshop, source)

    def _count(self, found: GeometryFound) -> Facts:
        """Raises PresumedWrongly when the file was not written so."""
        if replace(found, types=()) != replace(self._written, types=()):
            raise PresumedWrongly
        file, written, read = self._file, 0, 0
        if file.located < file.rows:
            if self._source:
                return self._source.facts(found)
            written, read = self._unlocated(found)
        french = self._french(found)
        return Facts(file.rows, file.located + written, file.located + read, file.located, file.types, french)

    def bounds(self, found: GeometryFound) -> Bounds | None:
        """When each row is on Earth, in degrees, the footer is enough."""
        if self._written.crs == CRS84 and self._file.located == self._file.rows:
            return self._file.bounds
        return self._source.bounds(found) if self._source else super().bounds(found)

    def example(self, found: GeometryFound) -> str:
        return self._source.example(found) if self._source else super().example(found)

    def _unlocated(self, found: GeometryFound) -> tuple[int, int]:
        """Of the rows without a shape, those where something is written, and those where it could be read."""
        empty = Table(f"SELECT * FROM ({self._table.sql}) AS file WHERE {self._column} IS NULL", self._table.numbers)
        [(written, read)] = self._workshop.execute(
            f"SELECT {_unlocated(empty, found, self._column)} FROM ({with_source(empty, found)}) AS positions"
        )
        return written, read

    def _french(self, found: GeometryFound) -> int:
        if self._file.bounds is None:
            return 0
        if within_france(self._file.bounds):
            return self._file.located
        [(french,)] = self._workshop.execute(
            f"SELECT count(*) FILTER ({in_france(*self._place(found))}) FROM ({self._shapes(found)}) AS positions"
        )
        return int(french)

    def _shapes(self, found: GeometryFound) -> str:
        rows = self._table.sql if self._source else with_source(self._table, found)
        return f"SELECT *, {self._column} AS {SHAPE} FROM ({rows}) AS file"

    def _place(self, found: GeometryFound) -> tuple[str, str]:
        """Two columns of numbers are read quicker than shapes; texts are not."""
        of_numbers = not self._source and found.source == "latlon" and self._table.numbers.issuperset(found.columns)
        return (X, Y) if of_numbers and found.crs == CRS84 else _OF_SHAPE


def _unlocated(table: Table, found: GeometryFound, shape: str) -> str:
    """Two counts of rows without a shape: something is written; and it could be read."""
    written, read = is_written(table, found), is_read(found)
    return (
        f"count(*) FILTER ({shape} IS NULL AND {written}), count(*) FILTER ({shape} IS NULL AND {written} AND {read})"
    )
