"""A file as a table of texts: rows numbered as a person counts them, structure told and not mended, French encodings read."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from bocage.capture.services import stage
from bocage.capture.text import text_table
from bocage.capture.text_header import header_row
from bocage.capture.understanding import Corrections
from bocage.check import stored
from bocage.check.descriptor import read_schema
from bocage.check.services import check
from bocage.kernel.errors import BocageError
from bocage.store.engine import workshop
from tests.check.cases import schema_at


@contextmanager
def opened(file, **corrections):
    with tempfile.TemporaryDirectory() as name, workshop(Path(name), spatial=False) as shop:
        given = Corrections(**corrections)
        yield text_table(file, filename=file.name, workshop=shop, directory=Path(name), corrections=given), shop


def rows_of(table, shop):
    return shop.execute(f"SELECT row, {', '.join(table.names)} FROM ({table.with_rows}) ORDER BY row")


def written(tmp_path, text, encoding="utf-8"):
    file = tmp_path / "f.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_rows_count_blank_lines_and_cells_of_several_lines_once(tmp_path):
    file = written(tmp_path, 'a,b\n1,"x\ny"\n\n3,z\n,\n5,t\n')
    with opened(file) as (table, shop):
        expected = [(2, "1", "x\ny"), (3, None, None), (4, "3", "z"), (5, None, None), (6, "5", "t")]
        assert rows_of(table, shop) == expected
        assert table.row_count == 5


def test_cells_missing_or_in_excess_are_told_and_every_row_is_kept(tmp_path):
    file = written(tmp_path, "a,b,c\n1,2,3\n4,5\n6,7,8,9,10\n1,2,3\n1,2,3\n")
    with opened(file) as (table, shop):
        assert [row[:2] for row in rows_of(table, shop)] == [(2, "1"), (3, "4"), (4, "6"), (5, "1"), (6, "1")]
        told = [(fault.code, fault.count, fault.rows, fault.place) for fault in table.faults]
        assert told == [("missing-cell", 1, (3,), 3), ("extra-cell", 1, (4,), 4), ("extra-cell", 1, (4,), 5)]
        every = shop.execute(f"SELECT row, place, code, cell FROM ({table.faulty_sql}) ORDER BY row, place")
        assert every == [(3, 3, "missing-cell", None), (4, 4, "extra-cell", "9"), (4, 5, "extra-cell", "10")]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_a_file_that_holds_nothing_is_an_empty_table(tmp_path, content):
    with opened(written(tmp_path, content)) as (table, _shop):
        assert [fault.code for fault in table.faults] == ["source-error"]
        assert table.labels == ()


@pytest.mark.parametrize(
    ("widths", "row"),
    [([3, 3, 3], 1), ([1, 0, 9, 9, 9, 9], 1), ([1] + [5] * 20, 2), ([], 1), ([1, 1, 1], 1), ([0, 0, 3, 3], 3)],
)
def test_the_row_of_names_is_that_of_the_reference(widths, row):
    assert header_row(widths) == row


def test_a_person_may_say_where_the_names_are(tmp_path):
    file = written(tmp_path, "Titre\n\na;b\n1;2\n")
    with opened(file, header_line=3, delimiter=";") as (table, shop):
        assert (table.labels, table.header_row) == (("a", "b"), 3)
        assert rows_of(table, shop) == [(4, "1", "2")]


def test_rows_of_a_sheet_have_its_numbers(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    for row, cells in {3: ("code", "nom"), 4: ("01", "Rezé"), 6: (44109, "Nantes")}.items():
        for column, value in enumerate(cells, start=1):
            book.active.cell(row, column, value)
    book.save(tmp_path / "f.xlsx")
    with opened(tmp_path / "f.xlsx") as (table, shop):
        assert table.labels == ("code", "nom")
        assert rows_of(table, shop) == [(4, "01", "Rezé"), (5, None, None), (6, "44109", "Nantes")]


REAL = (
    "valid/etalab__schema-lieux-covoiturage/bnlc-2026-08.csv", "valid/etalab__schema-irve-statique/irve-consolidation-20210718.csv",
    "valid/scdl__subventions/exemple_valide.csv", "nantes/cantines/menus_tous.csv", "geo/organisations-open-data-france.csv",
    "in-house/pays-de-mormal-marches_publics_2016-enrichi.csv",
)  # fmt: skip


def samples(shared_data):
    """About 325 extracts of 5 to 500 lines of six real French files, in the two encodings of older software."""
    for name in REAL:
        lines = (shared_data / name).read_text("utf-8-sig").splitlines(keepends=True)
        for length in (5, 20, 100, 500):
            for start in range(0, min(len(lines) - length, length * 120), max(length * 2, 30)):
                text = "".join(lines[start : start + length])
                for encoding in ("cp1252", "iso8859-15"):
                    try:
                        raw = text.encode(encoding)
                    except UnicodeEncodeError:
                        continue
                    if not raw.isascii():
                        yield text, raw


def decoded(shared_data, every, tmp_path):
    from bocage.capture.delimited.encoding import detect_encoding

    file, right, count = tmp_path / "sample", 0, 0
    for text, raw in list(samples(shared_data))[::every]:
        file.write_bytes(raw)
        count += 1
        with suppress(BocageError):  # a file whose accents were spoilt before us is refused, and counts as wrong
            right += raw.decode(detect_encoding(file), "replace") == text
    return right, count


def test_french_samples_are_read_in_their_encoding(shared_data, tmp_path):
    right, count = decoded(shared_data, 6, tmp_path)
    assert count > 25
    assert right / count >= 0.95


@pytest.mark.slow
def test_all_french_samples_are_read_in_their_encoding(shared_data, tmp_path):
    right, count = decoded(shared_data, 1, tmp_path)
    print(right, count)
    assert count >= 200
    assert right / count >= 0.95


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        ("valid/etalab__schema-lieux-covoiturage/bnlc-2026-08.csv", ("etalab/schema-lieux-covoiturage", "0.3.1")),
        ("valid/scdl__subventions/exemple_valide.csv", ("scdl/subventions", "2.1.1")),
        ("valid/etalab__schema-stationnement/exemple-valide.csv", ("etalab/schema-stationnement", "0.1.5")),
    ],
)
def test_a_valid_file_published_is_valid_again(shared_data, tmp_path, monkeypatch, file, schema):
    """Cast, then written back: no value changes in the eyes of its schema."""
    described = read_schema(schema_at(shared_data, *schema))
    kept = stage(shared_data / file, filename=file, directory=tmp_path)
    version = SimpleNamespace(
        schema=[{"name": one.name, "label": one.label} for one in kept.fields], row_count=kept.row_count
    )
    monkeypatch.setattr(stored, "version_path", lambda _version: kept.path)
    with workshop(tmp_path / "bench", readable=[kept.path]) as shop:
        table = stored.stored_table(version, workshop=shop, schema=described)
        verdict = check(table, described, workshop=shop, directory=tmp_path / "bench")
    assert [(one.rule, one.label, one.count, one.examples[:2]) for one in verdict.errors] == []
    assert verdict.row_count == kept.row_count
