"""The layout of a table against that of its schema: labels missing, twice, blank; rows blank, too short, too long.

Columns are matched by name, in any order. A required column (or one of the primary key) that is not there is an error, another
one a warning, as are columns that the schema does not know and columns in another order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from bocage.check.rules.kinds import Cell
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.table import TextTable
from bocage.check.verdict import Family, Fault
from bocage.store.engine import literal, quoted


def label_families(table: TextTable, schema: TableSchema) -> list[Family]:
    """What is wrong with the labels, errors first. No label at all: the file is empty, and that is another fault."""
    labels = [label.strip() for label in table.labels]
    if not labels:
        return []
    return [*_misshapen(table, labels), *_absent(schema, labels), *_warnings(schema, labels)]


def duplicated(table: TextTable) -> list[str]:
    counts = Counter(label.strip() for label in table.labels)
    return [label for label, count in counts.items() if count > 1]


def _misshapen(table: TextTable, labels: list[str]) -> Iterator[Family]:
    at = (Fault(row=table.header_row),) if table.header_row else ()
    twice = duplicated(table)
    if twice:
        # One fault, as for the reference, which then looks no further.
        yield Family("duplicate-label", "duplicate-label", label=twice[0], fields={"labels": twice}, examples=at)
        return
    for place, label in enumerate(labels, start=1):
        if not label:
            yield Family("blank-label", "blank-label", place=place, examples=at)
        elif label.replace("\n", " ").strip() != label:
            yield Family("incorrect-label", "incorrect-label", label=label, place=place, examples=at)


def _absent(schema: TableSchema, labels: list[str]) -> Iterator[Family]:
    for field in schema.fields:
        if field.name not in labels and (field.is_required or field.name in schema.primary_key):
            yield Family("missing-label", "missing-label", label=field.name, fields={"required": True})


def _warnings(schema: TableSchema, labels: list[str]) -> Iterator[Family]:
    names = [field.name for field in schema.fields]
    known = set(names)
    for field in schema.fields:
        if field.name not in labels and not (field.is_required or field.name in schema.primary_key):
            yield Family("optional-label", "optional-label", level="warning", label=field.name)
    for place, label in enumerate(labels, start=1):
        if label and label not in known:
            yield Family("extra-label", "extra-label", level="warning", label=label, place=place)
    if set(labels) == known and labels != names:
        yield Family("label-order", "label-order", level="warning", fields={"labels": names})


def row_families(table: TextTable) -> list[Family]:
    """Faults of rows that were found while the file was opened: one family for each code, all places together."""
    counts = Counter[str]()
    for fault in table.faults:
        counts[fault.code] += fault.count
    return [Family(code, code, count=count) for code, count in counts.items()]


def cells_of(table: TextTable, schema: TableSchema) -> dict[str, Cell]:
    """The columns of the file that the schema describes, by name of the schema, in the order of the file; values to come."""
    found: dict[str, Cell] = {}
    for place, (name, label) in enumerate(zip(table.names, table.labels, strict=True), start=1):
        field = schema.field(label.strip())
        if field is not None and field.name not in found:
            found[field.name] = Cell(field, field.name, place, text_of(name, missing_values(field, schema)), "NULL")
    return found


def missing_values(field: SchemaField | None, schema: TableSchema) -> tuple[str, ...]:
    own = field.missing_values if field else None
    return schema.missing_values if own is None else own


def text_of(name: str, missing: tuple[str, ...]) -> str:
    """SQL text of a column, NULL where it is missing. An empty cell, NULL in the table, is a text when nobody says that it is
    missing."""
    text = quoted(name) if "" in missing else f"coalesce({quoted(name)}, '')"
    others = [value for value in missing if value]
    if not others:
        return text
    if len(others) == 1:
        return f"nullif({text}, {literal(others[0])})"
    return f"(CASE WHEN {text} IN ({', '.join(map(literal, others))}) THEN NULL ELSE {text} END)"


def blank(table: TextTable, schema: TableSchema, cells: Mapping[str, Cell]) -> str:
    """SQL boolean: the row holds nothing, in no column, known of the schema or not."""
    by_place = {cell.place: cell.text for cell in cells.values()}
    texts = [
        by_place.get(place) or text_of(name, schema.missing_values) for place, name in enumerate(table.names, start=1)
    ]
    return f"(coalesce({', '.join(texts)}) IS NULL)" if texts else "false"
