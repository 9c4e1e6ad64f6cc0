"""A table, and the same table with its positions: columns computed once, one layer of SELECT upon the other.

Each layer adds columns that the next ones read. Written as one expression, a shape would be computed as many times as it is
named, for the engine computes the branches of a CASE apart.
"""

from __future__ import annotations

from dataclasses import dataclass

from bocage.capture.positions.crs import CRS84
from bocage.capture.positions.sql import coordinates, moved, on_earth, present, source_shape
from bocage.capture.reading import Reading
from bocage.capture.tables.rows_file import refused_shape
from bocage.capture.understanding import GeometryFound
from bocage.catalog.vocabulary import FieldType

# Columns that the layers add: the technical name of a field has no colon.
X, Y = '"bocage:x"', '"bocage:y"'  # DOUBLE, in the source's own system
SOURCE = '"bocage:source"'  # GEOMETRY in the source's own system, where the source holds shapes
SHAPE = '"bocage:shape"'  # GEOMETRY in CRS84, two dimensions, on Earth; else NULL
_MOVED = '"bocage:moved"'


@dataclass(frozen=True)
class Table:
    """`sql`: a SELECT; `numbers`: the names of its columns that are numbers for the engine."""

    sql: str
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, reading: Reading) -> Table:
        kinds = (FieldType.INTEGER, FieldType.NUMBER)
        return cls(reading.sql, frozenset(column.name for column in reading.columns if column.type in kinds))

    def head(self, rows: int) -> Table:
        return Table(f"SELECT * FROM ({self.sql}) AS head LIMIT {rows}", self.numbers)


def with_source(table: Table, found: GeometryFound) -> str:
    """The table with X and Y; and SOURCE, when the source holds shapes."""
    if pair := coordinates(found, table.numbers):
        return f"SELECT *, {pair[0]} AS {X}, {pair[1]} AS {Y} FROM ({table.sql}) AS positions"
    shapes = f"SELECT *, {source_shape(found)} AS {SOURCE} FROM ({table.sql}) AS shapes"
    if found.source != "native":
        # One that the geometry library refuses (an open ring) would make an error of every later question about it.
        sound = f"CASE WHEN NOT {refused_shape(SOURCE)} THEN {SOURCE} END"
        shapes = f"SELECT * REPLACE ({sound} AS {SOURCE}) FROM ({shapes}) AS shapes"
    return f"SELECT *, ST_XMin({SOURCE}) AS {X}, ST_YMin({SOURCE}) AS {Y} FROM ({shapes}) AS shapes"


def with_shape(table: Table, found: GeometryFound) -> str:
    """The same with SHAPE, from `found.crs`."""
    source = with_source(table, found)
    if is_point(found):
        if found.crs == CRS84:
            point = f"CASE WHEN {on_earth(X, Y, X, Y)} THEN ST_Point({X}, {Y}) END"
            return f"SELECT *, {point} AS {SHAPE} FROM ({source}) AS positions"
        geometry = f"ST_Point({X}, {Y})"
    else:
        geometry = f"ST_Force2D({SOURCE})"
    there = on_earth(*(f"ST_{bound}({_MOVED})" for bound in ("XMin", "YMin", "XMax", "YMax")))
    return (
        f"SELECT * EXCLUDE ({_MOVED}), CASE WHEN {there} THEN {_MOVED} END AS {SHAPE} "
        f"FROM (SELECT *, {moved(geometry, found.crs)} AS {_MOVED} FROM ({source}) AS source) AS moved"
    )


def is_point(found: GeometryFound) -> bool:
    """Is each position made of two numbers?"""
    return found.source in ("latlon", "latlon_text", "lonlat_text")


def is_written(table: Table, found: GeometryFound) -> str:
    """Condition on a row of `with_source`: something is written there, readable or not."""
    if found.source == "native":
        return f"{SOURCE} IS NOT NULL AND NOT ST_IsEmpty({SOURCE})"
    return present(found.columns, table.numbers)


def is_read(found: GeometryFound) -> str:
    """Condition on a row of `with_source`: what is written there could be read."""
    return f"{X} IS NOT NULL AND {Y} IS NOT NULL" if is_point(found) else f"{SOURCE} IS NOT NULL"
