"""Writing the lookup of a version: its table, the identifiers of its rows, then an index of each column in turn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from bocage.access.viewer import OPERATOR
from bocage.catalog.vocabulary import FieldType
from bocage.query.lookups.lookup import ABSENT, ID, IDS, ROWS, SAME, opened, order_section, rank_section
from bocage.query.record_ids import ids_sql
from bocage.query.relation import DatasetRelation
from bocage.query.rendering import name as quoted
from bocage.store import engine, hot_files
from bocage.store.layout import side_key
from bocage.store.mapped_copies import MappedCopies
from bocage.store.sections import SectionsWriter

if TYPE_CHECKING:
    from bocage.query.lookups.lookup import Lookup
    from bocage.query.relation import Relation
    from bocage.store.engine import Session

_POINT = FieldType.GEOPOINT
NAME = "lookup"
FORMAT = "2"
"""Grows when lookups are written otherwise."""
MANY = 20_000
"""Rows from which a look at all of them costs more than another file to keep."""
MOST = 5_000_000
"""Rows: a column is put in order whole, in a tenth of a gigabyte for each million different texts."""
ROOM = 16
"""A lookup may take some times the bytes of the file of its version, which is compressed; it shares the cache with others."""
USUAL = 8
"""How many times the bytes of its version a lookup mostly takes."""
LONGEST = 200
"""Bytes of a value, on average."""
BATCH = 262_144
"""Rows of a batch: a page takes its rows of few."""
_lookups = MappedCopies(opened)


def is_worth(relation: DatasetRelation) -> bool:
    version = relation.version
    small = version.size_bytes * ROOM <= settings.BOCAGE.hot_cache_mb * 1024 * 1024
    return small and MANY <= version.row_count <= MOST


def lacks_lookup(relation: DatasetRelation) -> bool:
    """Whether one would be worth its room, and there is room for it. One of another format, or of other identifiers, is none."""
    if not is_worth(relation) or _lookups.is_kept(_key(relation), _stamp(relation)):
        return False
    return hot_files.room() > relation.version.size_bytes * USUAL


def lookup_of(relation: DatasetRelation) -> Lookup | None:
    """None while it is not made: nobody waits for it. What reads otherwise than a version is kept has none."""
    plain = type(relation) is DatasetRelation and is_worth(relation)
    return _lookups.find(_key(relation), _stamp(relation)) if plain else None


def make_lookup(relation: DatasetRelation) -> None:
    """Unless it is there. Raises QueryTooLong, QueryTooLarge, VersionDamaged."""
    if is_worth(relation):
        _lookups.get(_key(relation), _stamp(relation), lambda file: _write(relation, file))


def _key(relation: DatasetRelation) -> str:
    return side_key(relation.version.uid, NAME)


def _stamp(relation: DatasetRelation) -> str:
    """Of all that the identifiers depend on, besides the rows of the version."""
    said = repr([relation.key, ids_sql(relation, "")])
    return f"{FORMAT} {hashlib.sha256(said.encode()).hexdigest()}"


def _write(relation: DatasetRelation, file: BinaryIO) -> None:
    with engine.session(relation.version, seconds=settings.BOCAGE.export_seconds) as session:
        write_lookup(file, session, relation, relation.table(session))


def write_lookup(file: BinaryIO, session: Session, relation: Relation, table: str) -> None:
    """`table`: what `relation` reads, whose rows are numbered from 0 without a gap, in this order."""
    writer = SectionsWriter(file)
    sizes, ordered = [], []
    same = {
        f"_{one.name}_{axis}max": f"_{one.name}_{axis}min"
        for one in relation.fields
        if one.type == _POINT
        for axis in "xy"
    }
    left_out = ", ".join(["_row", *map(quoted, same)])
    for batch in _read(session, f"SELECT * EXCLUDE ({left_out}) FROM {table}"):
        writer.put(ROWS, batch)
        sizes.append(batch.num_rows)
        ordered = [field.name for field in batch.schema if has_order(field.type)]
    ids = _column(
        session, f"SELECT id FROM ({ids_sql(relation, relation.source(session, OPERATOR))}) AS i ORDER BY row"
    )
    for start, size in zip(np.cumsum([0, *sizes]), sizes, strict=False):
        writer.put(IDS, pa.record_batch([ids.slice(start, size).combine_chunks()], names=[ID]))
    _put_index(writer, ID, ids)
    for name in ordered:
        _put_index(writer, name, _column(session, f"SELECT {quoted(name)} FROM {table}"))
    writer.finish({SAME: same})


def _read(session: Session, sql: str) -> Iterator[pa.RecordBatch]:
    """In the order of the table, which is that of the file."""
    return session.arrow(sql, rows_per_batch=BATCH)


def _column(session: Session, sql: str) -> pa.ChunkedArray:
    return pa.Table.from_batches(_read(session, sql)).column(0)


def has_order(kind: pa.DataType) -> bool:
    """Values that Python and the engine compare alike."""
    plain = (pa.types.is_boolean, pa.types.is_signed_integer, pa.types.is_floating, pa.types.is_string)
    return any(test(kind) for test in (*plain, pa.types.is_date32, pa.types.is_timestamp))


def _put_index(writer: SectionsWriter, name: str, values: pa.ChunkedArray) -> None:
    """Nothing for values that are no number, which the engine sorts in its own way, nor for long texts, which nobody sorts."""
    if values.nbytes > len(values) * LONGEST:
        return
    comparable = _comparable(values).dictionary_encode().combine_chunks()
    different = comparable.dictionary
    if pa.types.is_floating(different.type) and pc.any(pc.is_nan(different)).as_py():
        return
    rank_of = np.empty(len(different) + 1, np.uint32)
    rank_of[pc.sort_indices(different).to_numpy()] = np.arange(len(different), dtype=np.uint32)
    rank_of[-1] = ABSENT
    rank = rank_of[comparable.indices.fill_null(len(different)).to_numpy(zero_copy_only=False)]
    there = np.flatnonzero(rank != ABSENT).astype(np.uint32)
    order = there[np.argsort(rank[there], kind="stable")]
    writer.put(order_section(name), pa.record_batch([pa.array(order)], names=["row"]))
    writer.put(rank_section(name), pa.record_batch([pa.array(rank)], names=["rank"]))


def _comparable(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_boolean(values.type):
        return values.cast(pa.int8())
    if pa.types.is_floating(values.type):
        return pc.add(values, 0.0)  # zero below zero is zero
    return values
