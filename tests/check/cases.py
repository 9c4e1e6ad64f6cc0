"""Files to check and what is found in them, in the words of the recorded verdicts: (row, field, code)."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bocage.capture.text import text_table
from bocage.check.descriptor import read_schema
from bocage.check.rules.beyond import needs_spatial
from bocage.check.services import check
from bocage.check.verdict import Verdict
from bocage.store.engine import literal, workshop

# Told of the header: the reference gives them no row.
_OF_HEADER = {"missing-label", "duplicate-label", "blank-label", "incorrect-label", "source-error"}
# Codes whose field the reference names as we do; it gives none, or a place, for the others.
_WITH_FIELD = {"type-error", "constraint-error", "missing-label", "unique-error"}


@dataclass(frozen=True)
class Case:
    file: Path
    schema: dict[str, Any]


Found = list[tuple[int, str, str]]


def found_in(case: Case) -> tuple[Verdict, Found]:
    """The verdict, and every error of it: row (0: none), field, code; sorted."""
    schema = read_schema(case.schema)
    with tempfile.TemporaryDirectory() as name, workshop(Path(name), spatial=False) as shop:
        folder = Path(name)
        if needs_spatial(schema, "validata"):
            shop.need_spatial()
        table = text_table(case.file, filename=case.file.name, workshop=shop, directory=folder)
        verdict = check(table, schema, workshop=shop, directory=folder)
        rows: list[tuple[Any, ...]] = []
        if verdict.faults:
            columns = "row, label, code FROM read_parquet(" + literal(verdict.faults) + ") WHERE level = 'error'"
            rows = shop.execute(f"SELECT {columns}")
    assert sum(family.count for family in verdict.errors) == len(rows)
    return verdict, sorted(said(row, label, code) for row, label, code in rows)


def said(row: int | None, label: str | None, code: str) -> tuple[int, str, str]:
    return (
        0 if code in _OF_HEADER or row == 1 else row or 0,
        (label or "") if code in _WITH_FIELD else "",
        code,
    )


def recorded(error: dict[str, Any]) -> tuple[int, str, str]:
    return said(error.get("rowNumber"), error.get("fieldName"), error["type"])


@cache
def schema_at(shared: Path, name: str, version: str) -> dict[str, Any] | None:
    files = sorted((shared / "schemas" / "table-schema" / name / version).glob("*.json"))
    return json.loads(files[0].read_text("utf-8")) if files else None


def verdicts(shared: Path, name: str) -> Iterator[dict[str, Any]]:
    with (shared / name).open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def by_code(found: Found) -> dict[str, int]:
    return dict(Counter(code for _, _, code in found))
