"""Columns of formats that have types of their own: from the engine's SQL types to the physical types of a staged file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bocage.capture.errors import TooManyColumns
from bocage.capture.geo_notices import BINARY_COLUMN, notice
from bocage.capture.reading import Column
from bocage.capture.rows_file import unique_names
from bocage.capture.sql import identifier
from bocage.catalog.vocabulary import FieldType
from bocage.store.staged import Notice

MOST_COLUMNS = 2_000
_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_WIDE = {"UBIGINT": "DECIMAL(20, 0)", "HUGEINT": "DECIMAL(38, 0)", "UHUGEINT": "DECIMAL(38, 0)"}
_LOCAL_TIMESTAMPS = {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}


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
        columns.append(Column(name, label, None if label in infer and sql_type == "VARCHAR" else kind))
        select.append(f"{expression} AS {identifier(name)}")
    return TypedColumns(tuple(columns), tuple(select), tuple(notices))


def staged_type(column: str, sql_type: str) -> tuple[FieldType, str]:  # noqa: PLR0911  one answer per type
    """The field type that an SQL type guarantees, and the expression that brings it to its staged physical type."""
    base = sql_type.partition("(")[0]
    if sql_type.endswith("[]") and sql_type in ("VARCHAR[]", "JSON[]"):
        return FieldType.ARRAY, f"CAST({column} AS VARCHAR[])"
    if sql_type.endswith("]") or base in ("STRUCT", "MAP", "UNION", "VARIANT"):
        return FieldType.OBJECT, f"CAST(to_json({column}) AS VARCHAR)"
    if sql_type in _INTEGERS:
        return FieldType.INTEGER, f"CAST({column} AS BIGINT)"
    if sql_type in _WIDE:
        return FieldType.NUMBER, f"CAST({column} AS {_WIDE[sql_type]})"
    if base == "DECIMAL" or sql_type == "DOUBLE":
        return FieldType.NUMBER, column
    if sql_type == "FLOAT":  # through text: 0.1 must not become 0.10000000149011612
        return FieldType.NUMBER, f"CAST(CAST({column} AS VARCHAR) AS DOUBLE)"
    if sql_type == "BOOLEAN":
        return FieldType.BOOLEAN, column
    if sql_type == "DATE":
        return FieldType.DATE, column
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return FieldType.DATETIME, column
    if sql_type in _LOCAL_TIMESTAMPS:  # without a zone: legal time, as a person of the territory reads it
        return FieldType.DATETIME, f"timezone('Europe/Paris', CAST({column} AS TIMESTAMP))"
    if sql_type == "BLOB":
        return FieldType.STRING, f"base64({column})"
    return FieldType.STRING, f"CAST({column} AS VARCHAR)"
