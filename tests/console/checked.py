"""A dataset that follows a schema, with a report and rows aside, without any engine at work."""

from __future__ import annotations

import json

import pyarrow as pa
import pyarrow.parquet as pq

from bocage.catalog.models import Dataset
from bocage.check.aside import COLUMN, FAULTS_COLUMN, ROW_COLUMN
from bocage.check.layout import ASIDE, FAULTS, below, new_place
from bocage.check.models import Conformity, Quarantine, Report, Schema, SchemaVersion
from bocage.check.verdict import Family, Fault, Verdict

DESCRIPTOR = {
    "name": "parkings",
    "title": "Parkings",
    "fields": [{"name": "code"}, {"name": "places", "type": "integer"}],
}
ROWS = ((4, "P3", "beaucoup"), (7, "<script>alert(1)</script>", "-"))


def checked(dataset: Dataset) -> Quarantine:
    """Two rows aside, whose column `places` is wrong."""
    schema = Schema.objects.create(name="local/parkings", kind="local", title="Parkings")
    version = SchemaVersion.objects.create(schema=schema, number="1.0.0", descriptor=DESCRIPTOR)
    conformity = Conformity.objects.create(dataset=dataset, schema_version=version, policy="quarantine")
    examples = tuple(Fault(row, cell) for row, _code, cell in ROWS)
    family = Family("type-error", "type.integer", label="places", place=2, count=2, examples=examples)
    verdict = Verdict("local/parkings", "1.0.0", valid=False, families=(family,), row_count=9, wrong_rows=2)
    faults = [
        {
            "row": row, "place": 2, "label": "places", "code": "type-error", "rule": "type.integer", "level": "error",
            "cell": cell, "family": 0,
        }
        for row, _code, cell in ROWS
    ]  # fmt: skip
    report = Report.objects.create(
        dataset=dataset, schema_version=version, verdict=verdict.as_dict(), valid=False, error_count=2,
        faults=_written(dataset, FAULTS, faults),
    )  # fmt: skip
    told = json.dumps([{"label": "places", "rule": "type.integer", "code": "type-error", "family": 0}])
    rows = [
        {ROW_COLUMN: row, f"{COLUMN}code": code, f"{COLUMN}places": cell, FAULTS_COLUMN: told}
        for row, code, cell in ROWS
    ]
    file = _written(dataset, ASIDE, rows)
    return Quarantine.objects.create(conformity=conformity, file=file, row_count=2, report=report)


def _written(dataset: Dataset, suffix: str, rows: list[dict[str, object]]) -> str:
    path = new_place(dataset, suffix)
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)
    return below(path)
