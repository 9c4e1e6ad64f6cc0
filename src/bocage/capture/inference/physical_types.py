"""Columns of formats that have types of their own: from the engine's SQL types to the physical types of a staged file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bocage.capture.errors import TooManyColumns
from bocage.capture.positions.notices import BINARY_COLUMN, notice
from bocage.capture.reading import Column
from bocage.capture.sql import identifier
from bocage.capture.tables.rows_file import unique_names
from bocage.catalog.vocabulary import FieldType
from bocage.store.staged import Notice

MOST_COLUMNS = 2_000
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_LOCAL_TIMESTAMPS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_SIMPLE = {
    **dict.fromkeys(_INTEGERS, (FieldType.INTEGER, "CAST({column} AS BIGINT)")),
    "UBIGINT": (FieldType.NUMBER, "CAST({column} AS DECIMAL(20, 0))"),
    "HUGEINT": (FieldType.NUMBER, "CAST({column} AS DECIMAL(38, 0))"),
    "UHUGEINT": (FieldType.NUMBER, "CAST({column} AS DECIMAL(38, 0))"),
    "DECIMAL": (FieldType.NUMBER, "{column}"),
    "DOUBLE": (FieldType.NUMBER, "{column}"),
    # through text: 0.1 must not become 0.10000000149011612
    "FLOAT": (FieldType.NUMBER, "CAST(CAST({column} AS VARCHAR) AS DOUBLE)"),
    "BOOLEAN": (FieldType.BOOLEAN, "{column}"),
    "DATE": (FieldType.DATE, "{column}"),
    "TIMESTAMP WITH TIME ZONE": (FieldType.DATETIME, "{column}"),
    # without a zone: kept as written, as in text files
    **dict.fromkeys(_LOCAL_TIMESTAMPS, (FieldType.DATETIME, "timezone('UTC', CAST({column} AS TIMESTAMP))")),
    "BLOB": (FieldType.STRING, "base64({column})"),
}


@dataclass(frozen=True)
class TypedColumns:
    """`select`: one SQL expression with its alias per column."""

    columns: tuple[Column, ...]
    select: tuple[str, ...]
    notices: tuple[Notice, ...]


def typed_columns(described: Sequence[tuple[str, str]], *, infer: frozenset[str] = frozenset()) -> TypedColumns:
    """From (name, SQL type) pairs. `infer`: text columns whose type is left to be inferred. Raises TooManyColumns."""
    if len(described) > MOST_COLUMNS:
        raise TooManyColumns(columns=len(described), limit=MOST_COLUMNS)
    labels = [name for name, _ in described]
    columns, select, notices = [], [], []
    for name, (label, sql_type) in zip(unique_names(labels, reserved=["geometry"]), described, strict=True):
        kind, expression = staged_type(identifier(label), sql_type)
        if sql_type == "BLOB":
            notices.append(notice(BINARY_COLUMN, column=label))
        if sql_type in _LOCAL_TIMESTAMPS:
            notices.append(Notice("no-offset", {"field": label}))
        columns.append(Column(name, label, None if label in infer and sql_type == "VARCHAR" else kind))
        select.append(f"{expression} AS {identifier(name)}")
    return TypedColumns(tuple(columns), tuple(select), tuple(notices))


def staged_type(column: str, sql_type: str) -> tuple[FieldType, str]:
    """The field type that an SQL type guarantees, and the expression that brings it to its staged physical type."""
    base = sql_type.partition("(")[0]
    if base in _SIMPLE and not sql_type.endswith("]"):
        kind, expression = _SIMPLE[base]
        return kind, expression.format(column=column)
    if sql_type.endswith("[]") and sql_type in ("VARCHAR[]", "JSON[]"):
        return FieldType.ARRAY, f"CAST({column} AS VARCHAR[])"
    if sql_type.endswith("]") or base in ("STRUCT", "MAP", "UNION", "VARIANT"):
        return FieldType.OBJECT, f"CAST(to_json({column}) AS VARCHAR)"
    return FieldType.STRING, f"CAST({column} AS VARCHAR)"
