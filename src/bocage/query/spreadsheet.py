"""A row of a worksheet (SpreadsheetML), written by the engine. Dates become Excel's day numbers, codes stay texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bocage.catalog.vocabulary import FieldType
from bocage.query.rendering import CsvLine, concatenated, literal, name

if TYPE_CHECKING:
    from bocage.catalog.fields import Field

LONGEST_TEXT = 32_767
"""Characters that Excel keeps in one cell."""
LARGEST_EXACT = 999_999_999_999_999
"""Excel keeps fifteen digits: a longer whole number is written as a text, exact."""
TOO_LONG = "\x01"
"""Stands for a cell that Excel could not hold; a character that XML forbids, so never met otherwise."""
FIRST_DAY = "1900-03-01"
"""Before it, Excel's calendar is wrong by a day or does not exist: the date is written as a text."""


@dataclass(frozen=True)
class SheetRow:
    """`date` and `instant`: numbers of the cell formats, in the style sheet of the workbook."""

    date: int
    instant: int

    def line(self, columns: Sequence[Field], timezone: str) -> str:
        return concatenated(["'<row>'", *(self._cell(column, timezone) for column in columns), "'</row>'"])

    def _cell(self, field: Field, timezone: str) -> str:
        column = name(field.name)
        if field.type == FieldType.INTEGER:
            exact = f"{column} BETWEEN -{LARGEST_EXACT} AND {LARGEST_EXACT}"
            cell = f"CASE WHEN {exact} THEN {_number(column)} ELSE {_text(f'{column}::VARCHAR')} END"
        elif field.type == FieldType.NUMBER:
            cell = f"CASE WHEN isfinite({column}::DOUBLE) THEN {_number(column)} END"
        elif field.type == FieldType.BOOLEAN:
            cell = f"('<c t=\"b\"><v>' || {column}::INTEGER || '</v></c>')"
        elif field.type == FieldType.DATE:
            cell = _moment(column, f"date_diff('day', DATE '1899-12-30', {column})", self.date)
        elif field.type == FieldType.DATETIME:
            local = f"timezone({literal(timezone)}, {column})"
            cell = _moment(local, f"(epoch_us({local}) / 86400000000.0 + 25569)", self.instant)
        else:
            cell = _text(CsvLine().text(field, timezone))
        return f"coalesce({cell}, '<c/>')"


def _number(column: str, style: int = 0) -> str:
    opening = f'<c s="{style}"><v>' if style else "<c><v>"
    return f"('{opening}' || {column} || '</v></c>')"


def _moment(value: str, serial: str, style: int) -> str:
    return f"CASE WHEN {value} < '{FIRST_DAY}' THEN {_text(f'{value}::VARCHAR')} ELSE {_number(serial, style)} END"


def _text(text: str) -> str:
    clean = f"regexp_replace({text}, '[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{{FFFE}}\\x{{FFFF}}]', '', 'g')"
    escaped = f"replace(replace(replace({clean}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')"
    kept = f"CASE WHEN length({text}) > {LONGEST_TEXT} THEN '{TOO_LONG}' ELSE {escaped} END"
    return f"('<c t=\"inlineStr\"><is><t xml:space=\"preserve\">' || {kept} || '</t></is></c>')"
