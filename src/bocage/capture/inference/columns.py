"""From the columns of a relation to typed fields: what was inferred, what a person corrected, what remains doubtful."""

from __future__ import annotations

from collections.abc import Sequence

from bocage.capture.inference.asked_types import asked_column
from bocage.capture.inference.codes import named_as_code
from bocage.capture.inference.column_types import TypedColumn, as_physical
from bocage.capture.inference.doubts import doubts
from bocage.capture.inference.infer import Inference, infer
from bocage.capture.inference.names import technical_names
from bocage.capture.inference.styles import text_of
from bocage.capture.reading import Column, Reading
from bocage.capture.sql import identifier, literal
from bocage.capture.understanding import Corrections, FieldCorrection
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop
from bocage.store.staged import Notice

PRESUMED_WRONGLY = "bocage: the sample was not like the rest"


def typed_columns(
    workshop: Workshop, reading: Reading, corrections: Corrections, *, presume: bool = False
) -> tuple[list[TypedColumn], list[Notice]]:
    """The columns to keep, in order, and what to tell. Raises UnknownType, ValueDoesNotFit. `presume`: see `infer`."""
    names = technical_names([column.label for column in reading.columns])
    asked = [corrections.fields.get(name, FieldCorrection()) for name in names]
    kept = [
        (column, name, correction)
        for column, name, correction in zip(reading.columns, names, asked, strict=True)
        if correction.keep
    ]
    free = [column for column, _, correction in kept if not correction.type]
    inferred = infer(workshop, reading.sql, free, presume=presume)
    typed: list[TypedColumn] = []
    notices: list[Notice] = []
    for column, name, correction in kept:
        field = Field(name, FieldType.STRING, correction.label or column.label)
        if correction.type:
            one, told = asked_column(workshop, reading, column, field, correction.type)
        elif column.type is not None:
            one, told = _native(column, field, column.type), []
        else:
            found = inferred[column.name]
            one, told = _inferred(column, field, found), doubts(workshop, reading, column, field.label or name, found)
        typed.append(one)
        notices += told
    return typed, notices


def pairs(typed: Sequence[TypedColumn]) -> list[tuple[Column, Field]]:
    """What the search for a geometry looks at."""
    return [(one.column, one.field) for one in typed]


def _inferred(column: Column, field: Field, found: Inference) -> TypedColumn:
    style = found.style
    if style is None:
        return TypedColumn(column, field, identifier(column.name))
    x = text_of(identifier(column.name), padded=found.padded)
    value = style.read(x)
    stop = f"error({literal(PRESUMED_WRONGLY)})"
    guarded = f"CASE WHEN {x} IS NOT NULL THEN coalesce({value}, {stop}) END" if found.presumed else ""
    return TypedColumn(
        column, Field(field.name, style.type, field.label, original=dict(style.original)), value, guarded
    )


def _native(column: Column, field: Field, kind: FieldType) -> TypedColumn:
    """The type that the format guarantees; a whole number whose name says that it is a code becomes text all the same."""
    if kind is FieldType.INTEGER and named_as_code(column.label, kind):
        kind = FieldType.STRING
    return TypedColumn(column, Field(field.name, kind, field.label), as_physical(column.name, kind))
