"""All the faults, for spreadsheets and for machines: streamed, however many."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext as _
from pyarrow import csv

from bocage.check.report.faults import worded_faults_sql
from bocage.check.report.mends import Mend
from bocage.check.report.sentences import told
from bocage.check.schema import TableSchema
from bocage.check.verdict import Verdict
from bocage.store.engine import Workshop

BOM = "\ufeff".encode()
ORDER = "ORDER BY level, row NULLS FIRST, place NULLS FIRST, family"
# What a spreadsheet would take for a formula; a number that begins with a sign is not one.
FORMULA = r"^[=@\t\r]|^[+-].*[^0-9., ]"


def faults_csv(verdict: Verdict, schema: TableSchema | None, *, workshop: Workshop) -> Iterator[bytes]:
    """`;`, UTF-8 with its mark: what the spreadsheets of French desks open without a question."""
    titles = {
        "row": _("Row"), "place": _("Column number"), "label": _("Column"), "cell": _("Value found"), "title": _("Problem"),
        "message": _("Explanation"), "level": _("Level"), "code": _("Code"), "rule": _("Rule"),
    }  # fmt: skip
    head = BOM + csv_line(titles.values())
    faults = worded_faults_sql(verdict, schema, workshop=workshop)
    texts = ("label", "cell", "message")
    columns = ", ".join(f"{_inert(name)} AS {name}" if name in texts else name for name in titles)
    return csv_lines(head, workshop.arrow(f"SELECT {columns} FROM ({faults}) {ORDER}"))


def csv_lines(head: bytes, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    yield head
    options = csv.WriteOptions(include_header=False, delimiter=";", quoting_style="needed")
    for batch in batches:
        buffer = io.BytesIO()
        csv.write_csv(pa.Table.from_batches([batch]), buffer, options)
        yield buffer.getvalue()


def _inert(column: str) -> str:
    """SQL of a text that no spreadsheet runs."""
    return f"CASE WHEN regexp_matches({column}, '{FORMULA}') THEN '''' || {column} ELSE {column} END"


def csv_line(values: Any) -> bytes:
    return (";".join('"' + str(value).replace('"', '""') + '"' for value in values) + "\r\n").encode()


def errors_json(
    verdict: Verdict, schema: TableSchema | None, *, workshop: Workshop, level: str = "error", limit: int | None = None
) -> Iterator[str]:
    """One JSON object a piece, with the keys of the reference: type, title, message, tags, rowNumber, fieldName, fieldNumber,
    cell, and our `rule`. Made by the engine: lists of a million errors leave at its pace."""
    faults = worded_faults_sql(verdict, schema, workshop=workshop)
    said = (
        "to_json({'type': code, 'title': title, 'message': message, 'tags': tags, 'rule': rule, 'rowNumber': row, "
        "'fieldName': nullif(label, ''), 'fieldNumber': place, 'cell': cell})::VARCHAR"
    )
    bound = "" if limit is None else f" LIMIT {int(limit)}"
    where = "" if level == "" else " WHERE level = ?"
    parameters = [level] if level else []
    batches = workshop.arrow(f"SELECT {said} AS error FROM ({faults}){where} {ORDER}{bound}", parameters)
    return (error for batch in batches for error in batch.column(0).to_pylist())


def report_head(
    verdict: Verdict,
    schema: TableSchema | None,
    mends: Sequence[Mend] = (),
    facts: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Everything of the JSON report but the list of errors. `facts`: of the file (`encoding`, `delimiter`, `sheet`…)."""
    families = told(verdict, mends, schema)
    return {
        "valid": verdict.valid,
        "stats": {
            "errors": verdict.error_count,
            "warnings": sum(family.count for family in verdict.warnings),
            "seconds": round(verdict.seconds, 3),
            "fields": verdict.field_count,
            "rows": verdict.row_count,
            "rows_processed": verdict.row_count,
            "rows_in_error": verdict.wrong_rows,
        },
        "schema": {"name": verdict.schema, "version": verdict.schema_version, "title": schema.title if schema else ""},
        "profile": verdict.profile,
        "file": dict(facts or {}),
        "warnings": [f"{family.title} : {family.sentence}" for family in families if family.level == "warning"],
        "families": [family_json(family) for family in families],
    }


def family_json(family: Any) -> dict[str, Any]:
    return {
        "type": family.code,
        "rule": family.rule,
        "level": family.level,
        "fieldName": family.label or None,
        "fieldNumber": family.place,
        "count": family.count,
        "title": family.title,
        "message": family.sentence,
        "expected": family.expected,
        "advice": family.advice,
        "examples": [
            {"rowNumber": one.row, "cell": one.cell, "proposed": one.proposed, "note": one.note or None}
            for one in family.examples
        ],
        "mends": [mend.as_dict() for mend in family.mends],
    }


def report_json(
    verdict: Verdict,
    schema: TableSchema | None,
    *,
    workshop: Workshop,
    mends: Sequence[Mend] = (),
    facts: Mapping[str, Any] | None = None,
    limit: int | None = None,
) -> Iterator[bytes]:
    """The whole report, streamed. Its shape is in the OpenAPI document of the check interface."""
    head = json.dumps(report_head(verdict, schema, mends, facts), ensure_ascii=False, default=str)
    return _document(head, errors_json(verdict, schema, workshop=workshop, limit=limit))


def _document(head: str, errors: Iterator[str]) -> Iterator[bytes]:
    yield head[:-1].encode() + b', "errors": ['
    separator = "\n"
    for error in errors:
        yield f"{separator}{error}".encode()
        separator = ",\n"
    yield b"\n]}"
