"""The lines of a batch as a relation of a workshop: `_n` BIGINT (order), `_o` ("p" or "d"), then the columns of the version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from bocage.capture.positions.sql import point_inside
from bocage.capture.positions.tables import SHAPE, Table, with_shape
from bocage.capture.understanding import GeometryFound
from bocage.catalog.vocabulary import FieldType
from bocage.pipeline.pushes.layout import Layout, PushColumn
from bocage.pipeline.pushes.payload import LIMIT_BYTES
from bocage.store.engine import literal, quoted

LARGEST_LINE = LIMIT_BYTES * 4
"""Bytes: a line is longer than what was sent, by its escapes."""

POINT_OF_SHAPE = "geo_point_2d"
_JSON = {FieldType.INTEGER: "BIGINT", FieldType.BOOLEAN: "BOOLEAN", FieldType.ARRAY: "VARCHAR[]"}
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)


def write_lines(payloads: Iterable[bytes], path: Path) -> None:
    """One file of all the lines, numbered in order."""
    number = 0
    with path.open("wb") as file:
        for payload in payloads:
            for line in payload.split(b"\n"):
                file.write(b'{"n":%d,%s\n' % (number, line[1:]))
                number += 1


def operations(file: Path, layout: Layout, found: GeometryFound | None, main: str) -> str:
    """SELECT of the lines of `file`. `found`: from which columns the geometry `main` of the version is made, where the record
    does not give it; None when none are known."""
    columns = [f"{_value(one)} AS {quoted(one.name)}" for one in layout.columns]
    return placed(f"SELECT n AS _n, o AS _o, {', '.join(columns)} FROM {_read(file, layout)}", layout, found, main)


def partial_operations(file: Path, layout: Layout) -> str:
    """SELECT of lines that hold a part of their record: `_c`, the names of the columns that they say, beside `_n` and `_o`. The
    other columns are missing values; nothing is made of positions yet (`placed`)."""
    columns = [f"{_value(one)} AS {quoted(one.name)}" for one in layout.columns]
    return f"SELECT n AS _n, o AS _o, c AS _c, {', '.join(columns)} FROM {_read(file, layout, ', c: ' + literal('VARCHAR[]'))}"


def placed(select: str, layout: Layout, found: GeometryFound | None, main: str) -> str:
    """`select` (`_n`, `_o` and the columns) with the geometries that the other columns tell. As `operations`."""
    if found is not None and layout.by_name.keys() >= set(found.columns):
        numbers = frozenset(one.name for one in layout.columns if one.type in _NUMBERS)
        select = with_shape(Table(select, numbers), found)
        select = f"SELECT _n, _o, {_replaced(layout, {main: f'coalesce({quoted(main)}, {SHAPE})'})} FROM ({select}) AS shaped"
    return _with_points(select, layout, main)


def _read(file: Path, layout: Layout, more: str = "") -> str:
    struct = ", ".join(f"{quoted(one.name)} {_json_type(one)}" for one in layout.columns)
    columns = f"{{n: 'BIGINT', o: 'VARCHAR', r: {literal(f'STRUCT({struct})')}{more}}}"
    options = f"format='newline_delimited', maximum_object_size={LARGEST_LINE}, columns={columns}"
    return f"read_json({literal(str(file))}, {options})"


def _json_type(column: PushColumn) -> str:
    if column.type is FieldType.NUMBER:
        return "VARCHAR" if column.scale else "DOUBLE"
    return _JSON.get(column.type, "VARCHAR")


def _value(column: PushColumn) -> str:
    x = f"r.{quoted(column.name)}"
    if column.type.is_geographic:
        return f"ST_GeomFromGeoJSON({x})"
    if column.type is FieldType.DATETIME:
        return f"make_timestamptz(epoch_us(CAST(rtrim({x}, 'Z') AS TIMESTAMP)))"
    return f"CAST({x} AS {column.sql_type})"


def _with_points(select: str, layout: Layout, main: str) -> str:
    """Beside shapes, capture keeps a point inside each."""
    point = next((one for one in layout.columns if one.name == POINT_OF_SHAPE and one.name != main), None)
    if point is None or not main:
        return select
    made = {POINT_OF_SHAPE: f"coalesce({quoted(POINT_OF_SHAPE)}, {point_inside(quoted(main))})"}
    return f"SELECT _n, _o, {_replaced(layout, made)} FROM ({select}) AS pointed"


def _replaced(layout: Layout, made: dict[str, str]) -> str:
    return names_of(layout.columns, made)


def names_of(columns: Sequence[PushColumn], made: dict[str, str] | None = None) -> str:
    """The columns as a SELECT list; of those `made`, the SQL given."""
    told = [(one.name, (made or {}).get(one.name)) for one in columns]
    return ", ".join(f"{sql} AS {quoted(name)}" if sql else quoted(name) for name, sql in told)
