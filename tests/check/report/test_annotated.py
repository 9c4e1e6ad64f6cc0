"""The annotated copy, read again by another library: the right cells, the right words, no formula, no lost zero."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation

from bocage.check.report import annotated
from bocage.check.report.annotated import annotate
from bocage.check.schema import TableSchema
from bocage.check.table import TextTable
from bocage.check.verdict import Family, Fault, Verdict
from bocage.store.engine import Workshop

RED = "FFF8CFCB"


@pytest.fixture
def book(tmp_path: Path, table: TextTable, kept_verdict: Verdict, schema: TableSchema, shop: Workshop):
    with translation.override("fr"):
        annotate(tmp_path / "out.xlsx", table, kept_verdict, schema, workshop=shop)
    return openpyxl.load_workbook(tmp_path / "out.xlsx")


def test_comments_are_on_the_wrong_cells(book) -> None:
    sheet = book["Lieux"]
    commented = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert commented == {"A3", "A4", "A5", "B2", "B5", "C5"}
    assert sheet["B2"].comment.text.startswith("« 05/07/2021 » ne convient pas. Une date s’écrit année-mois-jour")
    assert sheet["B2"].fill.start_color.rgb == RED
    assert sheet["A2"].fill.start_color.rgb != RED


def test_rows_keep_their_numbers(book) -> None:
    sheet = book["Lieux"]
    assert [cell.value for cell in sheet[1]] == ["insee", "date_maj", "type"]
    assert sheet["A2"].value == "44109"
    assert sheet["B3"].value == "2021-07-06"
    assert sheet["B5"].value == "31/02/2021"


def test_a_formula_is_only_its_letters(book) -> None:
    cell = book["Lieux"]["A3"]
    assert cell.value == "=1+2"
    assert cell.data_type == "s"


def test_codes_stay_text(book) -> None:
    cell = book["Lieux"]["A2"]
    assert cell.data_type == "s"
    assert cell.number_format == "@"


def test_the_second_sheet_lists_what_to_mend(book) -> None:
    words = [cell.value for row in book["À corriger"].iter_rows() for cell in row if cell.value]
    assert "Colonne manquante" in words
    assert "Format de date incorrect" in words
    assert "31/02/2021" in words


def test_comments_are_bounded_and_the_rest_is_listed(
    tmp_path: Path, table: TextTable, kept_verdict: Verdict, schema: TableSchema, shop: Workshop, monkeypatch
) -> None:
    monkeypatch.setattr(annotated, "MOST_COMMENTS", 2)
    annotate(tmp_path / "few.xlsx", table, kept_verdict, schema, workshop=shop)
    book = openpyxl.load_workbook(tmp_path / "few.xlsx")
    assert sum(1 for row in book.worksheets[0].iter_rows() for cell in row if cell.comment) == 2
    assert book.worksheets[0]["C5"].fill.start_color.rgb == RED


def test_a_large_table_keeps_its_wrong_rows_only(
    tmp_path: Path, table: TextTable, kept_verdict: Verdict, schema: TableSchema, shop: Workshop, monkeypatch
) -> None:
    monkeypatch.setattr(annotated, "MOST_CELLS", 8)
    only = Family("type-error", "type.date", label="date_maj", place=2, examples=(Fault(5, "31/02/2021"),))
    verdict = replace(kept_verdict, families=(only,), faults=None)
    annotate(tmp_path / "large.xlsx", table, verdict, schema, workshop=shop)
    sheet = openpyxl.load_workbook(tmp_path / "large.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]] == [5, "1234", "31/02/2021", "aire de covoiturage"]
    assert sheet["C2"].comment is not None
    assert sheet.max_row == 2


@pytest.mark.parametrize("name", ["[a]:*?/\\", "x" * 60, "History", "", "À corriger", "'quoted'"])
def test_any_name_of_sheet_is_accepted(
    tmp_path: Path, table: TextTable, verdict: Verdict, schema: TableSchema, shop: Workshop, name: str
) -> None:
    with translation.override("fr"):
        annotate(tmp_path / "named.xlsx", replace(table, sheet=name), verdict, schema, workshop=shop)
    assert len(openpyxl.load_workbook(tmp_path / "named.xlsx").sheetnames) == 2


def test_a_cell_longer_than_a_sheet_holds(
    tmp_path: Path, verdict: Verdict, schema: TableSchema, shop: Workshop
) -> None:
    table = TextTable("SELECT 2 AS row, repeat('x', 100000) AS c0", ("c0",), ("insee",), row_count=1)
    annotate(tmp_path / "long.xlsx", table, replace(verdict, families=()), schema, workshop=shop)
    assert len(openpyxl.load_workbook(tmp_path / "long.xlsx").worksheets[0]["A2"].value) == annotated.LONGEST_TEXT
