"""The columns that a schema promises, from texts to the types of the store.

A value is read as its schema says it is written, else in any way that capture reads for this type. Where values that the check
accepts could still not be read, the column stays text: nothing that is right is lost. What the check refused becomes empty, and
is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bocage.capture.inference.column_types import PHYSICAL
from bocage.capture.inference.styles import STYLES, text_of
from bocage.capture.reading import Column
from bocage.catalog.vocabulary import FieldType
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.table import ROW, TextTable
from bocage.check.verdict import Verdict
from bocage.store.engine import Workshop, literal, quoted
from bocage.store.staged import Notice

EMPTIED = "values-emptied"

TYPES = {
    "integer": FieldType.INTEGER,
    "year": FieldType.INTEGER,
    "number": FieldType.NUMBER,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
}
"""Of Table Schema; every other type stays as it is written. Positions are then found in the texts, as in any file."""

_WHOLE, _DECIMAL = "[+-]?[0-9]+", "[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?"


@dataclass(frozen=True)
class Promised:
    """One column of the table once checked: `text`, `value`: SQL over the table; `type` None: still to be inferred."""

    label: str
    type: FieldType | None
    text: str
    value: str


def typed(
    table: TextTable, schema: TableSchema, verdict: Verdict, rows: str, *, workshop: Workshop
) -> tuple[str, tuple[Column, ...], list[Notice]]:
    """SELECT of `rows` (a relation with the columns of `table` and ROW), in their order, typed; its columns; what was emptied."""
    promised = [_promised(schema.field(label.strip()), name, label) for name, label in _columns(table)]
    kept, notices = _without_loss(promised, verdict, rows, workshop)
    names = [f"c{rank}" for rank in range(len(kept))]
    select = ", ".join(f"{one.value} AS {name}" for one, name in zip(kept, names, strict=True))
    columns = tuple(Column(name, one.label.strip(), one.type) for one, name in zip(kept, names, strict=True))
    return f"SELECT {select} FROM ({rows}) AS rows ORDER BY {ROW}", columns, notices


def _columns(table: TextTable) -> list[tuple[str, str]]:
    return list(zip(table.names, table.labels, strict=True))


def _promised(field: SchemaField | None, name: str, label: str) -> Promised:
    x = quoted(name)
    if field is None:
        return Promised(label, None, x, x)
    text = _present(field, x)
    kind = TYPES.get(field.type, FieldType.STRING)
    if kind is FieldType.STRING:
        return Promised(label, kind, text, text)
    return Promised(label, kind, text_of(text), f"CAST({_value(field, kind, text_of(text))} AS {PHYSICAL[kind]})")


def _present(field: SchemaField, x: str) -> str:
    """What the schema calls a missing value is empty."""
    markers = [marker for marker in field.missing_values or () if marker]
    return f"CASE WHEN {x} NOT IN ({', '.join(map(literal, markers))}) THEN {x} END" if markers else x


def _value(field: SchemaField, kind: FieldType, x: str) -> str:
    ways = [_as_schema_says(field, kind, x), *(style.read(x) for style in STYLES if style.type is kind)]
    return f"coalesce({', '.join(way for way in ways if way)})"


def _as_schema_says(field: SchemaField, kind: FieldType, x: str) -> str:
    if kind is FieldType.BOOLEAN:
        true, false = (", ".join(map(literal, values)) for values in (field.true_values, field.false_values))
        return f"CASE WHEN {x} IN ({true or 'NULL'}) THEN true WHEN {x} IN ({false or 'NULL'}) THEN false END"
    if kind in (FieldType.INTEGER, FieldType.NUMBER):
        return _number(field, kind, x)
    if field.format not in ("default", "any", ""):
        form = f"try_strptime({x}, {literal(field.format)})"
        return f"CAST({form} AS DATE)" if kind is FieldType.DATE else f"make_timestamptz(epoch_us({form}))"
    return ""


def _number(field: SchemaField, kind: FieldType, x: str) -> str:
    plain = f"replace({x}, {literal(field.group_char)}, '')" if field.group_char else x
    if field.decimal_char not in (".", ""):
        plain = f"replace({plain}, {literal(field.decimal_char)}, '.')"
    if not field.bare_number:
        plain = f"regexp_replace({plain}, '^[^0-9.+-]+|[^0-9.]+$', '', 'g')"
    pattern = _WHOLE if kind is FieldType.INTEGER else _DECIMAL
    return f"CASE WHEN regexp_full_match({plain}, '{pattern}') THEN TRY_CAST({plain} AS {PHYSICAL[kind]}) END"


def _without_loss(
    promised: Sequence[Promised], verdict: Verdict, rows: str, workshop: Workshop
) -> tuple[list[Promised], list[Notice]]:
    """A column that would lose more than what the check refused in it stays text."""
    read = [one for one in promised if one.type not in (None, FieldType.STRING)]
    lost = _lost(read, rows, workshop)
    refused = _refused(verdict)
    kept, notices = [], []
    for one in promised:
        gone = lost.get(one.label, 0)
        if gone > refused.get(one.label.strip(), 0):
            kept.append(Promised(one.label, FieldType.STRING, one.text, one.text))
            continue
        kept.append(one)
        if gone:
            notices.append(Notice(EMPTIED, {"field": one.label.strip(), "count": gone}))
    return kept, notices


def _lost(read: Sequence[Promised], rows: str, workshop: Workshop) -> dict[str, int]:
    if not read:
        return {}
    counts = ", ".join(f"count({one.text}) - count({one.value})" for one in read)
    [found] = workshop.execute(f"SELECT {counts} FROM ({rows}) AS rows")
    return {one.label: int(count) for one, count in zip(read, found, strict=True)}


def _refused(verdict: Verdict) -> dict[str, int]:
    counts: dict[str, int] = {}
    for family in verdict.families:
        if family.label:
            counts[family.label] = counts.get(family.label, 0) + family.count
    return counts
