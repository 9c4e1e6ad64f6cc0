"""Columns of a page without a statement: as they are kept, or under a mask that keeps their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from bocage.catalog.vocabulary import FieldType
from bocage.query.compile import ROW
from bocage.query.lookups.lookup import ID
from bocage.query.lookups.shapes import geojson
from bocage.query.lookups.veiling import veiled
from bocage.query.plan import ROW_ID, Column

if TYPE_CHECKING:
    from bocage.query.lookups.lookup import Lookup, Rows
    from bocage.query.lookups.masked import Veil
    from bocage.query.plan import Output

_T = FieldType
_AS_KEPT = {
    _T.STRING: pa.types.is_string,
    _T.INTEGER: pa.types.is_signed_integer,
    _T.NUMBER: pa.types.is_float64,
    _T.BOOLEAN: pa.types.is_boolean,
    _T.DATE: pa.types.is_date32,
    _T.DATETIME: lambda kind: pa.types.is_timestamp(kind) and kind.unit == "us",
    _T.GEOMETRY: pa.types.is_binary,
    _T.ARRAY: lambda kind: pa.types.is_list(kind) and pa.types.is_string(kind.value_type),
}
_BESIDE = {ROW_ID: ID, ROW: ROW}
"""Columns that `Lookup.take` gives with all others."""


def shown(lookup: Lookup, rows: Rows, outputs: Sequence[Output], veils: Mapping[str, Veil]) -> pa.RecordBatch | None:
    """As `present.shown_sql` gives them, one column `c0`, `c1`… for each output. None when a statement has to make one of them."""
    found = kept(lookup, rows, outputs, veils)
    if found is None:
        return None
    columns = [
        _drawn(column) if output.field.type == _T.GEOMETRY else column
        for column, output in zip(found.columns, outputs, strict=True)
    ]
    if any(column is None for column in columns):
        return None
    return pa.record_batch(columns, names=found.schema.names)


def kept(lookup: Lookup, rows: Rows, outputs: Sequence[Output], veils: Mapping[str, Veil]) -> pa.RecordBatch | None:
    """The same, the rows in their order, shapes as WKB. `veils`: of the columns that the reader does not see as they are kept."""
    names = [_kept(lookup, output) for output in outputs]
    if not all(names):
        return None
    wanted = dict.fromkeys(name for some in names for name in some or ())
    found = lookup.take(rows, [name for name in wanted if name not in _BESIDE.values()])
    columns = [_column(found, output, some or (), veils) for output, some in zip(outputs, names, strict=True)]
    return pa.record_batch(columns, names=[f"c{place}" for place in range(len(columns))])


def _kept(lookup: Lookup, output: Output) -> Sequence[str] | None:
    """Names of the columns that an output is made of."""
    column = output.expression
    if not isinstance(column, Column) or column.type != output.field.type:
        return None
    if column.name in _BESIDE:
        return [_BESIDE[column.name]]
    if column.type == _T.GEOPOINT:
        return [f"_{column.name}_xmin", f"_{column.name}_ymin"]
    kind = lookup.kind(column.name)
    same = kind is not None and column.type in _AS_KEPT and _AS_KEPT[column.type](kind)
    return [column.name] if same else None


def _column(found: pa.RecordBatch, output: Output, names: Sequence[str], veils: Mapping[str, Veil]) -> pa.Array:
    columns = [veiled(found.column(name), veils[name]) if name in veils else found.column(name) for name in names]
    if output.field.type == _T.GEOPOINT:
        return pa.StructArray.from_arrays(columns, ["lon", "lat"])
    return columns[0].cast(pa.int64()) if output.field.type == _T.DATETIME else columns[0]


def _drawn(shapes: pa.Array) -> pa.Array | None:
    """As texts; None when the engine would write one of them otherwise."""
    texts = [None if shape is None else geojson(shape) for shape in shapes.to_pylist()]
    return pa.array(texts, pa.string()) if texts.count(None) == shapes.null_count else None
