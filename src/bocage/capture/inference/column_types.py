"""A column of a relation together with the field it becomes."""

from __future__ import annotations

from dataclasses import dataclass

from bocage.capture.reading import Column, Reading
from bocage.capture.sql import identifier
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType

VALUE_SHOWN = 80  # characters of a value quoted in a sentence
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
# Texts that stand for "no value" in real files. They are pointed out, and read as empty once a person asks for the type.
MISSING_MARKERS = frozenset(
    {"null", "none", "nan", "na", "n/a", "#n/a", "n.a.", "n.a", "nc", "n.c.", "n/c", "nd", "n.d.", "n/d", "-", "--", "?",
     "néant", "inconnu", "inconnue", "non renseigné", "non renseignée", "non connu", "vide", "sans objet", "so", "s.o.", "."}
)  # fmt: skip


@dataclass(frozen=True)
class TypedColumn:
    """`expression`: SQL over the relation's columns, of the physical type of the field (see `store.staged.StagedFile`).

    `guarded`: the same, that stops with PRESUMED_WRONGLY on a value that does not fit; for what was only presumed."""

    column: Column
    field: Field
    expression: str
    guarded: str = ""


def as_physical(name: str, kind: FieldType) -> str:
    """A column that the format typed. Numbers stay as they are: DOUBLE, or DECIMAL where a double would lose digits."""
    return identifier(name) if kind is FieldType.NUMBER else f"CAST({identifier(name)} AS {PHYSICAL[kind]})"


def line_of(reading: Reading, row: int) -> int:
    """Where a person finds a row of the relation (from 0)."""
    return reading.line_of(row) if reading.line_of else row + 1
