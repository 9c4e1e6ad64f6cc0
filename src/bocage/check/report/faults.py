"""Every fault of a verdict as a relation, with the words of its family: what the CSV, the JSON and the workbook read."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from bocage.check.report.sentences import fault_message, words_of
from bocage.check.schema import TableSchema
from bocage.check.verdict import Verdict
from bocage.store.engine import Workshop, literal

COLUMNS = pa.schema(
    [
        ("row", pa.int64()), ("place", pa.int32()), ("label", pa.string()), ("code", pa.string()), ("rule", pa.string()),
        ("level", pa.string()), ("cell", pa.string()), ("family", pa.int32()),
    ]
)  # fmt: skip
EXAMPLES, WORDS = "report_examples", "report_words"
LONGEST_CELL = 1_000
"""Characters of a faulty value that lists of faults repeat."""


def faults_sql(verdict: Verdict, *, workshop: Workshop) -> str:
    """SELECT of all faults, columns COLUMNS. Without a kept list, the examples are all there is."""
    if verdict.faults is not None:
        columns = ", ".join(COLUMNS.names)
        return f"SELECT {columns} FROM read_parquet({literal(str(verdict.faults))})"
    rows = [
        {
            "row": fault.row, "place": family.place, "label": family.label, "code": family.code, "rule": family.rule,
            "level": family.level, "cell": fault.cell, "family": index,
        }
        for index, family in enumerate(verdict.families)
        for fault in family.examples
    ]  # fmt: skip
    workshop.register(EXAMPLES, pa.Table.from_pylist(rows, COLUMNS))
    return f"SELECT * FROM {EXAMPLES}"


def worded_faults_sql(verdict: Verdict, schema: TableSchema | None, *, workshop: Workshop) -> str:
    """The same, plus `title`, `message` and `tags` (a list), in the active language; `cell` shortened."""
    rows = [
        {
            "family": index,
            "title": str(words_of(family).title),
            "message": fault_message(family, schema),
            "tags": list(tags_of(family.code)),
        }
        for index, family in enumerate(verdict.families)
    ]
    types = pa.schema(
        [("family", pa.int32()), ("title", pa.string()), ("message", pa.string()), ("tags", pa.list_(pa.string()))]
    )
    workshop.register(WORDS, pa.Table.from_pylist(rows, types))
    cell = f"left(f.cell, {LONGEST_CELL})"
    return (
        f"SELECT f.* REPLACE ({cell} AS cell), w.title, replace(w.message, '{{cell}}', coalesce({cell}, '')) AS message, w.tags "
        f"FROM ({faults_sql(verdict, workshop=workshop)}) f JOIN {WORDS} w ON f.family = w.family"
    )


TAGS: dict[str, Sequence[str]] = {
    "missing-label": ("#table", "#header", "#label"),
    "extra-label": ("#table", "#header", "#label"),
    "duplicate-label": ("#table", "#header", "#label"),
    "blank-label": ("#table", "#header", "#label"),
    "incorrect-label": ("#table", "#header", "#label"),
    "blank-header": ("#table", "#header"),
    "blank-row": ("#table", "#row"),
    "primary-key": ("#table", "#row"),
    "foreign-key": ("#table", "#row"),
    "extra-cell": ("#table", "#row", "#cell"),
    "missing-cell": ("#table", "#row", "#cell"),
    "type-error": ("#table", "#row", "#cell"),
    "constraint-error": ("#table", "#row", "#cell"),
    "unique-error": ("#table", "#row", "#cell"),
    "table-dimensions": ("#table",),
    "source-error": (),
    "encoding-error": (),
    "check-error": (),
}
"""The tags of the reference; the checks beyond Table Schema say `#body`."""


def tags_of(code: str) -> Sequence[str]:
    return TAGS.get(code, ("#body",))
