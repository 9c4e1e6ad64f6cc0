"""A copy of the person's table as a workbook: wrong cells coloured, with a comment that says why; a second sheet lists it all.

Every cell is written as text: codes keep their zeros, and a formula in the file is only its own letters. Rows keep the numbers
they have in the person's file. A table too large for a workbook that opens comfortably keeps its wrong rows only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from bocage.check.report.faults import faults_sql, worded_faults_sql
from bocage.check.report.sentences import fault_message, told
from bocage.check.report.values import counted, shortened
from bocage.check.schema import TableSchema
from bocage.check.table import ROW, TextTable
from bocage.check.verdict import Verdict
from bocage.store.engine import Workshop, quoted

MOST_CELLS = 1_000_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_COMMENTS = 1_000
MOST_LISTED = 20_000
LONGEST_TEXT = 32_767
LONGEST_COMMENT = 1_000
SHEET_REFUSES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass
class Paper:
    """The workbook being written, its formats, and how many comments it has."""

    workbook: Any
    wrong: Any
    doubtful: Any
    plain: Any
    header: Any
    wrong_header: Any
    title: Any
    wrap: Any
    comments: int = 0


def annotate(out: Path, table: TextTable, verdict: Verdict, schema: TableSchema | None, *, workshop: Workshop) -> None:
    """Write the workbook `out` (XLSX), in the active language and in bounded memory, time and size."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "tmpdir": str(out.parent),
    }
    with xlsxwriter.Workbook(str(out), options) as workbook:
        paper = _paper(workbook)
        names = table.names[:MOST_COLUMNS]
        rows = table.row_count or verdict.row_count
        whole = rows * max(1, len(names)) <= MOST_CELLS and rows + (table.header_row or 1) < MOST_ROWS
        sheet = workbook.add_worksheet(_sheet_name(table.sheet or _("Data"), _("To mend")))
        _write_header(sheet, paper, table, verdict, numbered=not whole)
        _write_rows(sheet, paper, table, verdict, schema, workshop, whole=whole)
        listing = workbook.add_worksheet(_("To mend"))
        _write_listing(listing, paper, verdict, schema, workshop, whole=whole)


def _paper(workbook: Any) -> Paper:
    text = {"num_format": "@", "valign": "top"}
    red, orange = {"bg_color": "#F8CFCB", "border": 1, "border_color": "#A3241C"}, {"bg_color": "#FBE3C4"}
    bold = {"bold": True, "num_format": "@"}
    return Paper(
        workbook,
        wrong=workbook.add_format(text | red),
        doubtful=workbook.add_format(text | orange),
        plain=workbook.add_format(text),
        header=workbook.add_format(bold),
        wrong_header=workbook.add_format(bold | red),
        title=workbook.add_format({"bold": True, "font_size": 14}),
        wrap=workbook.add_format(text | {"text_wrap": True}),
    )


def _sheet_name(given: str, taken: str) -> str:
    name = given.translate(SHEET_REFUSES).strip(" '")[:31] or _("Data")
    return f"{name[:27]} (1)" if name.lower() in (taken.lower(), "history") else name


def _write_header(sheet: Any, paper: Paper, table: TextTable, verdict: Verdict, *, numbered: bool) -> None:
    """The names of the columns on their own line of the file; those that a fault of structure concerns are coloured."""
    line = 0 if numbered else max(0, (table.header_row or 1) - 1)
    shift = 1 if numbered else 0
    blamed = {
        family.place: fault_message(family)
        for family in verdict.families
        if family.place is not None and family.level == "error" and all(one.row is None for one in family.examples)
    }
    sheet.set_column(0, min(len(table.labels), MOST_COLUMNS - 1), 18)
    if numbered:
        sheet.write_string(0, 0, _("Row"), paper.header)
    for place, label in enumerate(table.labels[: MOST_COLUMNS - shift], start=1):
        style = paper.wrong_header if place in blamed else paper.header
        sheet.write_string(line, place - 1 + shift, label[:LONGEST_TEXT], style)
        if place in blamed:
            _comment(sheet, paper, line, place - 1 + shift, blamed[place].replace("{cell}", label))
    sheet.freeze_panes(line + 1, 0)


def _write_rows(
    sheet: Any,
    paper: Paper,
    table: TextTable,
    verdict: Verdict,
    schema: TableSchema | None,
    workshop: Workshop,
    *,
    whole: bool,
) -> None:
    messages = [fault_message(family, schema) for family in verdict.families]
    levels = [family.level for family in verdict.families]
    names = table.names[: MOST_COLUMNS - (0 if whole else 1)]
    most = min(MOST_ROWS - 2, MOST_CELLS // max(1, len(names)))
    for written, (row, cells, blamed) in enumerate(
        _rows(table, verdict, names, workshop, whole=whole, most=most), start=1
    ):
        line, shift = (row - 1, 0) if whole else (written, 1)
        if shift:
            sheet.write_number(line, 0, row)
        by_place: dict[int, list[int]] = {}
        for place, family in blamed:
            by_place.setdefault(place or 1, []).append(family)
        for place, cell in enumerate(cells, start=1):
            if cell is None and place not in by_place:
                continue
            _write_cell(sheet, paper, (line, place - 1 + shift), cell, by_place.get(place, ()), messages, levels)


def _write_cell(
    sheet: Any,
    paper: Paper,
    at: tuple[int, int],
    cell: str | None,
    blamed: Sequence[int],
    messages: Sequence[str],
    levels: Sequence[str],
) -> None:
    style = paper.plain
    if blamed:
        style = paper.wrong if any(levels[family] == "error" for family in blamed) else paper.doubtful
        said = " ".join(dict.fromkeys(messages[family].replace("{cell}", shortened(cell or "")) for family in blamed))
        _comment(sheet, paper, *at, said)
    if cell is None:
        sheet.write_blank(*at, None, style)
    else:
        sheet.write_string(*at, cell[:LONGEST_TEXT], style)


def _comment(sheet: Any, paper: Paper, line: int, column: int, words: str) -> None:
    if paper.comments < MOST_COMMENTS:
        paper.comments += 1
        sheet.write_comment(line, column, words[:LONGEST_COMMENT], {"author": "Bocage", "width": 260, "height": 90})


def _rows(
    table: TextTable, verdict: Verdict, names: Sequence[str], workshop: Workshop, *, whole: bool, most: int
) -> Iterator[tuple[int, list[str | None], list[tuple[int | None, int]]]]:
    """(row, cells, [(place, family)…]) in the order of the file; the rows without a fault only when `whole`."""
    # A blank row is a fault of a row that the table may not have; what is said on the line of names is in the listing.
    faults, after = faults_sql(verdict, workshop=workshop), int(table.header_row or 0)
    blamed = f"SELECT row, list({{'place': place, 'family': family}}) AS blamed FROM ({faults}) WHERE row > {after} GROUP BY row"
    columns = "".join(f", t.{quoted(name)}" for name in names)
    sql = (
        f"SELECT coalesce(t.{ROW}, b.row) AS row_, b.blamed{columns} FROM ({table.with_rows}) t "
        f"{'FULL' if whole else 'RIGHT'} JOIN ({blamed}) b ON t.{ROW} = b.row ORDER BY row_ LIMIT {int(most)}"
    )
    for batch in workshop.arrow(sql):
        columns_of: Mapping[int, list[Any]] = {place: column.to_pylist() for place, column in enumerate(batch.columns)}
        for position in range(batch.num_rows):
            wrong = [(one["place"], one["family"]) for one in columns_of[1][position] or ()]
            cells = [columns_of[place][position] for place in range(2, 2 + len(names))]
            yield columns_of[0][position], cells, wrong


def _write_listing(
    sheet: Any, paper: Paper, verdict: Verdict, schema: TableSchema | None, workshop: Workshop, *, whole: bool
) -> None:
    """What to mend, then every fault with its row, up to MOST_LISTED."""
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 3, 40)
    line = 0
    sheet.write_string(line, 0, _("What is to be mended"), paper.title)
    for family in told(verdict, (), schema):
        line += 1
        sheet.write_string(line, 0, family.title, paper.header)
        sheet.write_string(line, 1, f"{family.sentence} {family.expected}"[:LONGEST_TEXT], paper.wrap)
        sheet.write_string(line, 2, family.advice, paper.wrap)
    line += 2
    if not whole:
        sheet.write_string(
            line, 0, _("The table is large: the first sheet holds only its rows that have something wrong.")
        )
        line += 1
    total = sum(family.count for family in verdict.families)
    if total > MOST_LISTED:
        words = _("Only the first %(shown)s of %(total)s faults are listed here; the CSV report has them all.")
        sheet.write_string(line, 0, words % {"shown": counted(MOST_LISTED), "total": counted(total)})
        line += 1
    for column, title in enumerate((_("Row"), _("Explanation"), _("Column"), _("Value found"))):
        sheet.write_string(line, column, title, paper.header)
    faults = worded_faults_sql(verdict, schema, workshop=workshop)
    ordered = f"SELECT row, message, label, cell FROM ({faults}) ORDER BY row NULLS FIRST, place LIMIT {MOST_LISTED}"
    for batch in workshop.arrow(ordered):
        for fault in batch.to_pylist():
            line += 1
            if fault["row"] is not None:
                sheet.write_number(line, 0, fault["row"])
            for column, name in enumerate(("message", "label", "cell"), start=1):
                sheet.write_string(line, column, fault[name] or "", paper.plain)
