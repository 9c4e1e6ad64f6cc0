"""A small table, wrong in every way that matters here, and its verdict made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bocage.check.schema import SchemaField, TableSchema
from bocage.check.table import TextTable
from bocage.check.verdict import Family, Fault, Verdict
from bocage.store.engine import Workshop, literal, workshop

ROWS = [
    (2, "44109", "05/07/2021", "Aire de covoiturage"),
    (3, "=1+2", "2021-07-06", "Parking"),
    (5, "1234", "31/02/2021", "aire de covoiturage"),
]

SCHEMA = TableSchema(
    name="test/lieux",
    version="1.2.0",
    title="Lieux",
    fields=(
        SchemaField("insee", example="44109", constraints={"required": True, "pattern": "^[0-9]{5}$"}),
        SchemaField("date_maj", type="date", format="%Y-%m-%d"),
        SchemaField("type", constraints={"enum": ["Aire de covoiturage", "Parking"]}),
        SchemaField("siret", constraints={"required": True}),
    ),
)

FAMILIES = (
    Family("missing-label", "missing-label", label="siret", place=4, examples=(Fault(),)),
    Family("blank-row", "blank-row", count=1, examples=(Fault(4),)),
    Family(
        "constraint-error", "constraint.pattern", label="insee", place=1, count=2,
        examples=(Fault(3, "=1+2"), Fault(5, "1234")),
    ),
    Family(
        "type-error", "type.date", label="date_maj", place=2, count=2,
        examples=(Fault(2, "05/07/2021"), Fault(5, "31/02/2021")),
    ),
    Family("constraint-error", "constraint.enum", label="type", place=3, examples=(Fault(5, "aire de covoiturage"),)),
    Family("extra-label", "extra-label", level="warning", label="colonne_maison", place=5, examples=(Fault(),)),
)  # fmt: skip


@pytest.fixture
def schema() -> TableSchema:
    return SCHEMA


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    with workshop(tmp_path, spatial=False) as opened:
        yield opened


@pytest.fixture
def table() -> TextTable:
    values = ", ".join(f"({row}, {literal(a)}, {literal(b)}, {literal(c)})" for row, a, b, c in ROWS)
    sql = f"SELECT * FROM (VALUES {values}) AS t(row, c0, c1, c2)"
    return TextTable(sql, ("c0", "c1", "c2"), ("insee", "date_maj", "type"), row_count=3, sheet="Lieux")


@pytest.fixture
def verdict() -> Verdict:
    return Verdict("test/lieux", "1.2.0", False, FAMILIES, row_count=4, wrong_rows=4, field_count=3)


@pytest.fixture
def kept_verdict(verdict: Verdict, shop: Workshop, tmp_path: Path) -> Verdict:
    """The same, its faults in a file as a check leaves them."""
    from bocage.check.report.faults import faults_sql

    path = tmp_path / "faults.parquet"
    shop.execute(f"COPY ({faults_sql(verdict, workshop=shop)}) TO {literal(str(path))} (FORMAT parquet)")
    return replace(verdict, faults=path)
