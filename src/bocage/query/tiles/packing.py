"""Writing a pack: the tables of `pyramid`, with values of properties as tiles have them and geometries as lists of positions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
import structlog
from django.conf import settings

from bocage.query.compile import ROW
from bocage.query.record_ids import ids_sql
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import name as quoted
from bocage.query.tiles import columns as c
from bocage.query.tiles.packs import Pack, Writer, opened
from bocage.query.tiles.properties import shown, value_sql
from bocage.query.tiles.pyramid import EDITION, rungs, tables
from bocage.query.tiles.values import fields_of
from bocage.store import engine
from bocage.store.layout import side_key
from bocage.store.mapped_copies import MappedCopies

if TYPE_CHECKING:
    from bocage.query.tiles.pyramid import PlacedRelation
    from bocage.store.engine import Session

ROWS = "rows"
BATCH = 65_536
"""Rows of a batch: those of which a tile takes a few are read without the others."""
THICKEST = 1e30
"""Metres: what is said of positions, as a number of four bytes."""
ID, VALUE = "id", "p:"
"""Column of identifiers; before the name of a field."""
FORMAT = "3"
"""Grows when packs are written otherwise."""
_packs = MappedCopies(opened)
log = structlog.get_logger("bocage.query")


def level_of(zoom: int) -> str:
    return f"level_{zoom}"


def pack_of(relation: PlacedRelation) -> Pack | None:
    """Made when it is not there. None for a version that is too large for what the hot cache may hold, and where there is no room
    on the disk: tiles are then made without.

    Raises QueryTooLong, QueryTooLarge, VersionDamaged."""
    if relation.version.size_bytes * ROOM > settings.BOCAGE.hot_cache_mb * 1024 * 1024:
        return None
    key = side_key(relation.version.uid, f"pack-{relation.grid.identifier}")
    try:
        return _packs.get(key, _stamp(relation), lambda file: _write(relation, file))
    except OSError as error:
        log.warning("pack.not_kept", version=relation.version.uid, reason=error.strerror)
        return None


ROOM = 16
"""A pack may take some times the bytes of the file of its version, which is compressed; it shares the cache with others."""


def _stamp(relation: PlacedRelation) -> str:
    """Of all that the values depend on, besides the rows of the version. Made once for a relation, which never changes."""
    known: str | None = vars(relation).get(_STAMP)
    if known is None:
        plain = DatasetRelation(relation.dataset, relation.version)
        fields = [(field.name, field.type.value) for field in relation.fields]
        said = repr([plain.key, relation.drawn.name, relation.flat, fields, ids_sql(plain, "")])
        known = vars(relation)[_STAMP] = f"{FORMAT} {EDITION} {hashlib.sha256(said.encode()).hexdigest()}"
    return known


_STAMP = "_stamp"


def _write(relation: PlacedRelation, file: BinaryIO) -> None:
    writer = Writer(file)
    with engine.session(relation.version, seconds=settings.BOCAGE.export_seconds) as session:
        place = tables(session, relation)
        found = rungs(session, place)
        writer.section(ROWS, map(_with_fields, _read(session, f"{place}.rows", _row_columns(relation))))
        for zoom in found:
            if zoom < relation.grid.pyramid:
                columns = _level_columns(flat=relation.flat)
                writer.section(level_of(zoom), _read(session, f"{place}.{level_of(zoom)}", columns))
    writer.finish({str(zoom): rung for zoom, rung in found.items()})


def _read(session: Session, table: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
    """In the order of the table, which is that of PLACE, or of KEY."""
    return session.arrow(f"SELECT {', '.join(columns)} FROM {table}", rows_per_batch=BATCH)


def _with_fields(rows: pa.RecordBatch) -> pa.RecordBatch:
    """Identifiers and values as tiles have them."""
    names = rows.schema.names
    columns = [
        fields_of(one) if name == ID or name.startswith(VALUE) else one
        for name, one in zip(names, rows.columns, strict=True)
    ]
    return pa.record_batch(columns, names=names)


def _row_columns(relation: PlacedRelation) -> list[str]:
    values = [f"{value_sql(field)} AS {quoted(VALUE + field.name)}" for field in shown(relation.fields, None)]
    return [*_drawn_columns(flat=relation.flat), f"{quoted(ROW)}::UINTEGER AS row", f"{c.RECORD} AS {ID}", *values]


def _level_columns(*, flat: bool) -> list[str]:
    middle = [] if flat else [_number(c.HOME_X, "hx"), _number(c.HOME_Y, "hy")]
    return [*_drawn_columns(flat=flat), *middle, f"{c.COUNT}::BIGINT AS n", f"{c.KEY}::BIGINT AS key"]


def _drawn_columns(*, flat: bool) -> list[str]:
    if flat:
        return [_number(f"CASE WHEN {c.KIND} IS NOT NULL THEN {one} END", name)
                for one, name in ((c.HOME_X, "hx"), (c.HOME_Y, "hy"))]  # fmt: skip
    there = f"CASE WHEN {c.KIND} IS NOT NULL THEN {{}} END"
    return [
        f"coalesce({c.KIND}, 255)::UTINYINT AS kind",
        *(_number(there.format(one), name) for one, name in
          ((c.X0, "x0"), (c.Y0, "y0"), (c.X1, "x1"), (c.Y1, "y1"))),
        f"({c.SHAPE} IS NOT NULL AND {c.KIND} IS NOT NULL)::UTINYINT AS shaped",
        f"least(coalesce({c.THICK}, 0), {THICKEST})::FLOAT AS thick", f"{_rings()} AS rings",
    ]  # fmt: skip


def _number(sql: str, name: str) -> str:
    return f"coalesce({sql}, 'nan'::DOUBLE)::DOUBLE AS {name}"


def _rings() -> str:
    """The positions of a shape: those of points as one list, each line, each ring; NULL where there is none. Lists of one
    around each branch: functions of the engine are asked of what is there."""
    position = "STRUCT(x DOUBLE, y DOUBLE)[]"
    parts = f"ST_Dump({c.SHAPE}::GEOMETRY)"
    points = f"[list_transform({parts}, lambda p: {{'x': ST_X(p.geom), 'y': ST_Y(p.geom)}})]"
    lines = f"list_transform({parts}, lambda p: ST_LineString2DFromWKB(ST_AsWKB(p.geom)))::{position}[]"
    surfaces = f"list_transform({parts}, lambda p: ST_Polygon2DFromWKB(ST_AsWKB(p.geom)))"
    rings = f"flatten({surfaces}::{position}[][])"
    return f"""CASE WHEN {c.SHAPE} IS NULL OR {c.KIND} IS NULL THEN NULL
        WHEN {c.KIND} = 0 THEN {points} WHEN {c.KIND} = 1 THEN {lines} ELSE {rings} END"""
