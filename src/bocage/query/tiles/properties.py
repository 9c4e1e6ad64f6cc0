"""Properties of features: SQL of values of the types that a vector tile knows, which are texts, numbers and booleans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import instant
from bocage.query.rendering import name as quoted

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

RECORD, COUNT = "_id", "_count"
OURS = frozenset({RECORD, COUNT})
LONGEST_TEXT = 1_000
"""Characters; the rest of a longer text is read where the record is."""


def shown(fields: Iterable[Field], chosen: Sequence[Field] | None) -> tuple[Field, ...]:
    """Those asked, among those that exist for the reader, in the order of the dataset."""
    names = None if chosen is None else {field.name for field in chosen}
    return tuple(
        field
        for field in fields
        if (names is None or field.name in names) and not field.type.is_geographic and field.name.lower() not in OURS
    )


def value_sql(field: Field, longest: int = LONGEST_TEXT) -> str:
    """Of the column of the field. NaN and infinity are missing values."""
    column = quoted(field.name)
    match field.type:
        case FieldType.INTEGER:
            return f"{column}::BIGINT"
        case FieldType.NUMBER:
            return f"CASE WHEN isfinite({column}::DOUBLE) THEN {column}::DOUBLE END"
        case FieldType.BOOLEAN:
            return column
        case FieldType.DATETIME:
            return instant(column, "UTC")
        case FieldType.ARRAY:
            return _short(f"array_to_string({column}, ', ')", longest)
        case _:
            return _short(f"{column}::VARCHAR", longest)


def _short(text: str, longest: int) -> str:
    return f"CASE WHEN length({text}) > {longest} THEN left({text}, {longest - 1}) || '…' ELSE {text} END"
