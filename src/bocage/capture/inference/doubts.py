"""What a person should look at in a column, once its type is inferred."""

from __future__ import annotations

from bocage.capture.inference.codes import named_as_code
from bocage.capture.inference.column_types import MISSING_MARKERS, VALUE_SHOWN, line_of
from bocage.capture.inference.evidence import first_misfit, misfits
from bocage.capture.inference.infer import Inference
from bocage.capture.inference.styles import Style
from bocage.capture.reading import Column, Reading
from bocage.capture.sql import identifier
from bocage.store.engine import Workshop
from bocage.store.staged import Notice


def doubts(workshop: Workshop, reading: Reading, column: Column, label: str, found: Inference) -> list[Notice]:
    """Notices about one column."""
    if found.style is not None:
        return [Notice(found.style.notice, {"field": label})] if found.style.notice else []
    style, fit = found.nearly, found.fit
    if style is None or fit is None or named_as_code(column.label, style.type):
        return []
    if found.reason == "code":
        return [Notice("kept-code", {"field": label})]
    if found.reason == "ambiguous":
        return [Notice("ambiguous-comma", {"field": label, "value": _example(workshop, reading, column)})]
    return [_nearly(workshop, reading, column, label, style, fit.filled - fit.fitting)]


def _nearly(workshop: Workshop, reading: Reading, column: Column, label: str, style: Style, count: int) -> Notice:
    """Nearly all values have the type: which ones have not?"""
    others = [text for text, _ in misfits(workshop, reading.sql, column.name, style, len(MISSING_MARKERS) * 4)]
    if all(text.lower() in MISSING_MARKERS for text in others):
        return Notice("missing-markers", {"field": label, "values": others, "type": style.type.value, "count": count})
    row, value = first_misfit(workshop, reading.sql, column.name, style)
    shown = {"line": line_of(reading, row), "value": value[:VALUE_SHOWN], "type": style.type.value, "count": count}
    return Notice("kept-as-text", {"field": label} | shown)


def _example(workshop: Workshop, reading: Reading, column: Column) -> str:
    name = identifier(column.name)
    rows = workshop.execute(
        f"SELECT trim({name}) FROM ({reading.sql}) AS relation WHERE strpos({name}, ',') > 0 LIMIT 1"
    )
    return str(rows[0][0]) if rows else ""
