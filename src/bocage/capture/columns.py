"""From the columns of a relation to typed fields: what was inferred, what a person corrected, what remains doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bocage.capture.codes import named_as_code
from bocage.capture.errors import UnknownType, ValueDoesNotFit
from bocage.capture.evidence import first_misfit, measure, misfits
from bocage.capture.infer import Inference, infer
from bocage.capture.names import technical_names
from bocage.capture.reading import Column, Reading
from bocage.capture.sql import identifier, literal
from bocage.capture.styles import STYLES, Style, text_of
from bocage.capture.understanding import Corrections, FieldCorrection
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import Workshop
from bocage.store.staged import Notice

VALUE_SHOWN = 80
PRESUMED_WRONGLY = "bocage: the sample was not like the rest"
# Texts that stand for "no value" in real files; only empty cells are read so, the others are pointed out.
MISSING_MARKERS = frozenset(
    {"null", "none", "nan", "na", "n/a", "#n/a", "n.a.", "n.a", "nc", "n.c.", "n/c", "nd", "n.d.", "n/d", "-", "--", "?",
     "néant", "inconnu", "inconnue", "non renseigné", "non renseignée", "non connu", "vide", "sans objet", "so", "s.o.", "."}
)  # fmt: skip
PHYSICAL = {
    FieldType.STRING: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.NUMBER: "DOUBLE",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.DATE: "DATE",
    FieldType.DATETIME: "TIMESTAMPTZ",
    FieldType.ARRAY: "VARCHAR[]",
    FieldType.OBJECT: "VARCHAR",
}


@dataclass(frozen=True)
class TypedColumn:
    """`expression`: SQL over the relation's columns, of the physical type of the field (see `store.staged.StagedFile`).

    `guarded`: the same, that stops with PRESUMED_WRONGLY on a value that does not fit; for what was only presumed."""

    column: Column
    field: Field
    expression: str
    guarded: str = ""


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
    inferred = infer(
        workshop, reading.sql, [column for column, _, correction in kept if not correction.type], presume=presume
    )
    typed: list[TypedColumn] = []
    notices: list[Notice] = []
    for column, name, correction in kept:
        label = correction.label or column.label
        if correction.type:
            typed.append(_forced(workshop, reading, column, name, label, correction.type))
        elif column.type is not None:
            typed.append(_native(column, name, label))
        else:
            found = inferred[column.name]
            typed.append(_inferred(column, name, label, found))
            notices += _doubts(workshop, reading, column, label or name, found)
    return typed, notices


def _inferred(column: Column, name: str, label: str, found: Inference) -> TypedColumn:
    style = found.style
    if style is None:
        return TypedColumn(column, Field(name, FieldType.STRING, label), identifier(column.name))
    field = Field(name, style.type, label, original=dict(style.original))
    x = text_of(identifier(column.name), padded=found.padded)
    value = style.read(x)
    stop = f"error({literal(PRESUMED_WRONGLY)})"
    guarded = f"CASE WHEN {x} IS NOT NULL THEN coalesce({value}, {stop}) END" if found.presumed else ""
    return TypedColumn(column, field, value, guarded)


def _native(column: Column, name: str, label: str) -> TypedColumn:
    """The type that the format guarantees; a whole number whose name says that it is a code becomes text all the same."""
    kind = column.type or FieldType.STRING
    if kind is FieldType.INTEGER and named_as_code(column.label, kind):
        kind = FieldType.STRING
    return TypedColumn(column, Field(name, kind, label), f"CAST({identifier(column.name)} AS {PHYSICAL[kind]})")


def _forced(workshop: Workshop, reading: Reading, column: Column, name: str, label: str, asked: str) -> TypedColumn:
    """The type that a person asked for: every value must fit."""
    kind = _known_type(asked, label or name)
    if kind is column.type:
        return _native(column, name, label) if kind is not FieldType.INTEGER else _kept_integer(column, name, label)
    text = f"CAST({identifier(column.name)} AS VARCHAR)"
    if kind is FieldType.STRING:
        return TypedColumn(column, Field(name, kind, label), text)
    relation = f"SELECT {text} AS {identifier(column.name)} FROM ({reading.sql}) AS relation"
    styles = [style for style in STYLES if style.type is kind]
    fits = measure(workshop, relation, {column.name: styles}, {column.name})[column.name]
    style = max(styles, key=lambda style: fits[style.key].fitting)
    fit = fits[style.key]
    if fit.fitting < fit.filled:
        row, value = first_misfit(workshop, relation, column.name, style)
        raise ValueDoesNotFit(
            line=_line(reading, row),
            label=label or name,
            value=value[:VALUE_SHOWN],
            type=str(kind.label),
            count=fit.filled - fit.fitting,
        )
    return TypedColumn(column, Field(name, kind, label, original=dict(style.original)), style.read(text_of(text)))


def _kept_integer(column: Column, name: str, label: str) -> TypedColumn:
    """A person says that this code is a number after all."""
    field = Field(name, FieldType.INTEGER, label)
    return TypedColumn(column, field, f"CAST({identifier(column.name)} AS {PHYSICAL[FieldType.INTEGER]})")


def _known_type(asked: str, label: str) -> FieldType:
    if asked in PHYSICAL:
        return FieldType(asked)
    raise UnknownType(label=label, type=asked, types=", ".join(kind.value for kind in PHYSICAL))


def _doubts(workshop: Workshop, reading: Reading, column: Column, label: str, found: Inference) -> list[Notice]:
    """What a person should look at in a column of text."""
    if found.style is not None:
        return [Notice(found.style.notice, {"field": label})] if found.style.notice else []
    style, fit = found.nearly, found.fit
    if style is None or fit is None:
        return []
    if found.reason == "code":
        return [Notice("kept-code", {"field": label})]
    if found.reason == "ambiguous":
        return [Notice("ambiguous-comma", {"field": label, "value": _example(workshop, reading, column)})]
    if named_as_code(column.label, style.type):
        return []
    return [_nearly(workshop, reading, column, label, style, fit.filled - fit.fitting)]


def _nearly(workshop: Workshop, reading: Reading, column: Column, label: str, style: Style, count: int) -> Notice:
    """Nearly all values have the type: which ones have not?"""
    others = [text for text, _ in misfits(workshop, reading.sql, column.name, style, len(MISSING_MARKERS))]
    if all(text.lower() in MISSING_MARKERS for text in others):
        return Notice("missing-markers", {"field": label, "values": others, "type": style.type.value, "count": count})
    row, value = first_misfit(workshop, reading.sql, column.name, style)
    shown = {"line": _line(reading, row), "value": value[:VALUE_SHOWN], "type": style.type.value, "count": count}
    return Notice("kept-as-text", {"field": label} | shown)


def _example(workshop: Workshop, reading: Reading, column: Column) -> str:
    name = identifier(column.name)
    rows = workshop.execute(
        f"SELECT trim({name}) FROM ({reading.sql}) AS relation WHERE strpos({name}, ',') > 0 LIMIT 1"
    )
    return str(rows[0][0]) if rows else ""


def _line(reading: Reading, row: int) -> int:
    return reading.line_of(row) if reading.line_of else row + 1


def pairs(typed: Sequence[TypedColumn]) -> list[tuple[Column, Field]]:
    """What the search for a geometry looks at."""
    return [(one.column, one.field) for one in typed]
