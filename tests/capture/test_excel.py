import datetime as dt
import io
import zipfile

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from bocage.capture import errors
from bocage.capture.services import inspect
from bocage.capture.understanding import Corrections
from tests.capture.tables import codes_of, rows_of, stage_bytes, types_of


def xlsx(*sheets):
    """A workbook: (name, rows) per sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def test_typed_cells(tmp_path):
    day, noon = dt.datetime(2024, 1, 31), dt.datetime(2024, 1, 31, 12, 30)  # noqa: DTZ001  cells have no zone
    rows = [
        ["nom", "code", "entier", "décimal", "jour", "instant", "vrai", "mélange"],
        ["Été", "01004", 12, 1.5, day, noon, True, day],
        ["l’île", "2A004", -3, 1e-7, day, day, False, noon],
        [None, "00000", 40356497400034, 0.1, None, None, None, None],
    ]
    staged = stage_bytes(xlsx(("Feuille", rows)), tmp_path, "t.xlsx")
    assert list(types_of(staged).values()) == [
        "string", "string", "integer", "number", "date", "datetime", "boolean", "datetime",
    ]  # fmt: skip
    found = rows_of(staged)
    utc = dt.UTC
    assert found[0] == ("Été", "01004", 12, 1.5, day.date(), noon.replace(tzinfo=utc), True, day.replace(tzinfo=utc))
    assert found[1] == (
        "l’île",
        "2A004",
        -3,
        1e-7,
        day.date(),
        day.replace(tzinfo=utc),
        False,
        noon.replace(tzinfo=utc),
    )
    assert found[2] == (None, "00000", 40356497400034, 0.1, None, None, None, None)


def test_titles_blank_rows_and_empty_columns(tmp_path):
    rows = [["Rapport 2024"], [], [None, "a", "b", None], [None, 1, "x"], [], [None, 2, "y"], [None, None, None, None]]
    staged = stage_bytes(xlsx(("F", rows)), tmp_path, "t.xlsx")
    assert rows_of(staged) == [(1, "x"), (2, "y")]
    assert {"preamble", "blank-rows-dropped"} <= set(codes_of(staged))


def test_a_table_far_from_the_corner_tells_the_right_line(tmp_path):
    book = openpyxl.Workbook()
    for row, values in enumerate([("nom", "valeur"), *((f"n{n}", n) for n in range(9)), ("n", "douze")], start=5):
        for column, value in enumerate(values, start=3):
            book.active.cell(row, column, value)
    output = io.BytesIO()
    book.save(output)
    staged = stage_bytes(output.getvalue(), tmp_path, "t.xlsx")
    [notice] = [notice for notice in staged.notices if notice.code == "kept-as-text"]
    assert (notice.fields["line"], notice.fields["value"]) == (15, "douze")


def test_sheets_are_layers(tmp_path):
    content = xlsx(("Vide", []), ("Un", [["a"], [1]]), ("Deux", [["b", "c"], [2, 3]]))
    file = tmp_path / "f"
    file.write_bytes(content)
    found = inspect(file, filename="f.xlsx")
    assert [layer.name for layer in found.layers] == ["Vide", "Un", "Deux"]
    assert found.layer == "Un"
    staged = stage_bytes(content, tmp_path, "t.xlsx", Corrections(layer="Deux"))
    assert rows_of(staged) == [(2, 3)]
    assert staged.provenance["layer"] == "Deux"
    with pytest.raises(errors.LayerNotFound) as caught:
        stage_bytes(content, tmp_path, "t.xlsx", Corrections(layer="Trois"))
    assert "Un, Deux" in str(caught.value)


def test_xls_is_known_by_its_content(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Feuille")
    for row, values in enumerate([("nom", "valeur"), ("é", 1.0), ("à", 2.5)]):
        for column, value in enumerate(values):
            sheet.write(row, column, value)
    output = io.BytesIO()
    book.save(output)
    for name in ("t.xls", "t.xlsx", "t.csv", "sans-extension"):
        assert rows_of(stage_bytes(output.getvalue(), tmp_path, name)) == [("é", 1.0), ("à", 2.5)]


def test_ods(tmp_path):
    book = OpenDocumentSpreadsheet()
    table = Table(name="Feuille")
    for values in (("nom", "valeur"), ("é", "01"), ("à", "02")):
        row = TableRow()
        for value in values:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            row.addElement(cell)
        table.addElement(row)
    book.spreadsheet.addElement(table)
    output = io.BytesIO()
    book.write(output)
    assert rows_of(stage_bytes(output.getvalue(), tmp_path, "t.ods")) == [("é", "01"), ("à", "02")]


def test_the_real_broken_workbook(shared_data, tmp_path):
    content = (shared_data / "in-house/prenoms-carrieres-sous-poissy.xlsx").read_bytes()
    staged = stage_bytes(content, tmp_path, "prenoms.xlsx")
    assert staged.row_count == 930
    assert types_of(staged)["coll_insee"] == "string"


def test_a_damaged_workbook_is_refused_in_words(tmp_path):
    content = xlsx(("F", [["a"], [1]]))
    with pytest.raises(errors.FileRefused) as caught:
        stage_bytes(content[: len(content) // 2], tmp_path, "t.xlsx")
    assert caught.value.advice()
    with pytest.raises(errors.UnreadableWorkbook):
        stage_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, tmp_path, "t.xls")


def test_a_stray_cell_at_the_edge_does_not_take_the_memory(tmp_path):
    """XFD1048576 makes a grid of 17 billion cells out of a file of five kilobytes."""
    content = io.BytesIO(xlsx(("F", [["a"], [1]])))
    bomb = io.BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(bomb, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(
                    b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                )
            target.writestr(name, data)
    with pytest.raises(errors.WorkbookTooLarge):
        stage_bytes(bomb.getvalue(), tmp_path, "t.xlsx")
