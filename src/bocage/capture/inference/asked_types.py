"""The type that a person asks for: every value must fit, but for the markers of missing values, which become empty."""

from __future__ import annotations

from bocage.capture.errors import UnknownType, ValueDoesNotFit
from bocage.capture.inference.column_types import (
    MISSING_MARKERS,
    PHYSICAL,
    VALUE_SHOWN,
    TypedColumn,
    as_physical,
    line_of,
)
from bocage.capture.inference.evidence import first_misfit, measure, misfits
from bocage.capture.inference.styles import STYLES, Style, text_of
from bocage.capture.reading import Column, Reading
from bocage.capture.sql import identifier, literal
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop
from bocage.store.staged import Notice


def asked_column(
    workshop: Workshop, reading: Reading, column: Column, field: Field, asked: str
) -> tuple[TypedColumn, list[Notice]]:
    """`field` as it would be; gives it the type asked. Raises UnknownType, ValueDoesNotFit."""
    kind = _known_type(asked, field.label or field.name)
    name = identifier(column.name)
    if kind in (column.type, FieldType.STRING):
        return TypedColumn(column, Field(field.name, kind, field.label), as_physical(column.name, kind)), []
    text = f"CAST({name} AS VARCHAR)"
    relation = f"SELECT {text} AS {name} FROM ({reading.sql}) AS relation"
    style, misfitting = _best_style(workshop, relation, column, kind)
    notices = []
    if misfitting:
        markers = [found for found, _ in misfits(workshop, relation, column.name, style, len(MISSING_MARKERS) * 4)]
        if not all(marker.lower() in MISSING_MARKERS for marker in markers):
            raise _refusal(workshop, reading, relation, column, field, style, misfitting)
        listed = ", ".join(literal(marker) for marker in markers)
        text = f"CASE WHEN trim({text}) NOT IN ({listed}) THEN {text} END"
        shown = {"field": field.label or field.name, "values": markers, "count": misfitting}
        notices = [Notice("markers-emptied", shown)]
    made = Field(field.name, kind, field.label, original=dict(style.original))
    return TypedColumn(column, made, style.read(text_of(text))), notices


def _known_type(asked: str, label: str) -> FieldType:
    if asked in PHYSICAL:
        return FieldType(asked)
    raise UnknownType(label=label, type=asked, types=", ".join(kind.value for kind in PHYSICAL))


def _best_style(workshop: Workshop, relation: str, column: Column, kind: FieldType) -> tuple[Style, int]:
    """The way of writing of this type that most values fit, and how many do not."""
    styles = [style for style in STYLES if style.type is kind]
    fits = measure(workshop, relation, {column.name: styles}, {column.name})[column.name]
    style = max(styles, key=lambda style: fits[style.key].fitting)
    return style, fits[style.key].filled - fits[style.key].fitting


def _refusal(
    workshop: Workshop, reading: Reading, relation: str, column: Column, field: Field, style: Style, count: int
) -> ValueDoesNotFit:
    row, value = first_misfit(workshop, relation, column.name, style, besides=MISSING_MARKERS)
    return ValueDoesNotFit(
        line=line_of(reading, row),
        label=field.label or field.name,
        value=value[:VALUE_SHOWN],
        type=str(style.type.label),
        count=count,
    )
