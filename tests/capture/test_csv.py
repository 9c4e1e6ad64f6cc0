"""Imperfect text files: what is mended and told, what is refused and where."""

import pytest

from bocage.capture import errors
from bocage.capture.delimited.dialect import sniff
from bocage.capture.services import inspect
from bocage.capture.understanding import Corrections
from tests.capture.tables import codes_of, rows_of, stage_bytes, types_of


def layout(tmp_path, text, **given):
    file = tmp_path / "f.csv"
    file.write_bytes(text.encode())
    return sniff(file, **given)


@pytest.mark.parametrize(
    ("text", "delimiter", "header_line"),
    [
        ("a,b\n1,2\n", ",", 1),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ";", 1),
        ("a\tb\n1, 2\t3, 4\n", "\t", 1),
        ("a|b|c\n1|2|3\n", "|", 1),
        ("nom;position\nMairie;47,21, -1,55\nÉcole;47,22, -1,56\n", ";", 1),
        ("Fichier exporté le 17/05/2024\n\nnom,code\nA,1\nB,2\n", ",", 3),
        ("Titre du fichier;;;;\nSource;INSEE;;;\n\na;b;c;d;e\n1;2;3;4;5\n5;6;7;8;9\n", ";", 4),
        ("\n\na;b\n1;2\n", ";", 3),
        ("a;b\na;b\na;b\n1;2\n", ";", 3),
        ('"a;b";c\n"1;2";3\n', ";", 1),
        ("heure^libellé\n12:30^x\n13:45^y\n", "^", 1),
        ("cle;instant\n" + "k;2024-01-31T10:00:00\n" * 500, ";", 1),
        ("cle;liste\n" + "k;1,2,3,4\n" * 500, ";", 1),
        ("Titre, sous-titre\n\ncle;a\n" + "1,5;2,5\n" * 500, ";", 3),
        ('"titre\nsur deux lignes",b\n1,2\n', ",", 1),
    ],
)
def test_delimiter_and_header_are_found(tmp_path, text, delimiter, header_line):
    found = layout(tmp_path, text)
    assert (found.dialect.delimiter, found.header_line) == (delimiter, header_line)


def test_a_single_column_keeps_its_commas(tmp_path):
    staged = stage_bytes("adresse\nMairie de Rezé\n2, rue des Fleurs, Nantes\nrien\n".encode(), tmp_path)
    assert rows_of(staged) == [("Mairie de Rezé",), ("2, rue des Fleurs, Nantes",), ("rien",)]
    assert staged.provenance["delimiter"] == ""


def test_a_person_may_give_delimiter_and_header(tmp_path):
    content = b"x;y\n1,2;3\nnom,age;z\nAnne,33;4\n"
    staged = stage_bytes(content, tmp_path, corrections=Corrections(delimiter=",", header_line=3))
    assert [field.label for field in staged.fields] == ["nom", "age;z"]
    assert rows_of(staged) == [("Anne", "33;4")]
    with pytest.raises(errors.HeaderNotFound):
        stage_bytes(content, tmp_path, corrections=Corrections(header_line=99))
    with pytest.raises(errors.BadDelimiter):
        stage_bytes(content, tmp_path, corrections=Corrections(delimiter='"'))


def test_short_rows_are_completed_and_told(tmp_path):
    staged = stage_bytes(b"a,b,c\n1,2,3\n4\n5,6\n7,8,9\n", tmp_path)
    assert rows_of(staged) == [(1, 2, 3), (4, None, None), (5, 6, None), (7, 8, 9)]
    [notice] = [notice for notice in staged.notices if notice.code == "short-rows"]
    assert notice.fields == {"count": 2, "lines": [3, 4]}


def test_long_rows_are_refused_with_their_physical_line(tmp_path):
    with pytest.raises(errors.TooManyCells) as caught:
        stage_bytes(b'a,b\n1,"x\ny\nz"\n2,3\n4,5,6\n', tmp_path)
    assert caught.value.fields == {"line": 6, "cells": 3, "expected": 2}


def test_empty_cells_beyond_the_header_do_not_count(tmp_path):
    assert rows_of(stage_bytes(b"a,b\n1,2,,\n3,4,\n5,6\n7\n", tmp_path)) == [(1, 2), (3, 4), (5, 6), (7, None)]
    staged = stage_bytes(b"a;b;;;\n1;2;;;\n3;4;;;\n", tmp_path)
    assert rows_of(staged) == [(1, 2), (3, 4)]


def test_blank_rows_are_left_out_and_told(tmp_path):
    staged = stage_bytes(b"a;b\n1;2\n;\n\n3;4\n;\n", tmp_path)
    assert rows_of(staged) == [(1, 2), (3, 4)]
    assert "blank-rows-dropped" in codes_of(staged)


def test_duplicate_and_blank_headers(tmp_path):
    staged = stage_bytes(b"id,,id,\n1,x,2,\n3,y,4,\n", tmp_path)
    assert [field.name for field in staged.fields] == ["id", "column_2", "id_2"]
    assert [field.label for field in staged.fields] == ["id", "", "id"]
    assert rows_of(staged) == [(1, "x", 2), (3, "y", 4)]
    assert {"duplicate-headers", "blank-headers"} <= set(codes_of(staged))


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_line_breaks_of_every_kind(tmp_path, newline):
    content = newline.join([b"a;b", b'1;"x\ny"', b"2;z", b""])
    assert rows_of(stage_bytes(content, tmp_path)) == [(1, "x\ny"), (2, "z")]


def test_mixed_line_breaks_and_a_header_on_two_lines(tmp_path):
    content = b'"nom\nusuel";b\r\nx;1\ny;2\r\n"z\r\nz";3\r\n'
    staged = stage_bytes(content, tmp_path)
    assert [field.label for field in staged.fields] == ["nom usuel", "b"]
    assert rows_of(staged) == [("x", 1), ("y", 2), ("z\r\nz", 3)]


@pytest.mark.parametrize("line", [2, 7, 5001])
def test_an_unclosed_quote_is_refused_with_the_line_where_it_opens(tmp_path, line):
    rows = [f'{number};"texte {number}"' for number in range(2, 6000)]
    rows[line - 2] = f'{line};"jamais fermé'
    with pytest.raises((errors.UnclosedQuote, errors.TooManyCells)) as caught:
        stage_bytes("\n".join(["id;nom", *rows]).encode(), tmp_path)
    assert caught.value.fields["line"] == line


def test_text_after_a_closed_quote_is_refused(tmp_path):
    with pytest.raises(errors.UnclosedQuote) as caught:
        stage_bytes(b'a,b\n1,2\n3,"rue "X" bis"\n', tmp_path)
    assert caught.value.fields["line"] == 3


def test_inches_are_not_quotes(tmp_path):
    assert rows_of(stage_bytes(b'a,b\n12" tube,1\n5" vis,2\n', tmp_path)) == [('12" tube', 1), ('5" vis', 2)]


def test_blanks_before_quotes(tmp_path):
    content = b'nom, adresse\nA, "2, rue X"\nB, "3, rue Y"\n'
    assert rows_of(stage_bytes(content, tmp_path)) == [("A", "2, rue X"), ("B", "3, rue Y")]


def test_backslash_escapes(tmp_path):
    assert rows_of(stage_bytes(b'a;b\n"dit \\"oui\\" hier";1\n"x";2\n', tmp_path)) == [('dit "oui" hier', 1), ("x", 2)]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.EmptyFile),
        (b"\n\n  \n", errors.EmptyFile),
        (b"<!DOCTYPE html><html><body>Connexion</body></html>", errors.WebPage),
        (b"a,b\n1,\x002\n" + b"3,4\n" * 50, errors.NotText),
        (bytes(range(256)) * 20, errors.UnknownFormat),
        (b",".join(b"c%d" % n for n in range(20_000)) + b"\n", errors.TooManyColumns),
        (b"a,b\n1," + b"x" * 50_000_000 + b"\n", errors.LineTooLong),
        (b'a,b\n1,"' + b"x\n" * 20_000_000 + b'"\n', errors.LineTooLong),
    ],
    ids=["empty", "blank", "page", "zero", "binary", "columns", "line", "cell"],
)
def test_hopeless_files_are_refused_in_words(tmp_path, content, error):
    with pytest.raises(error) as caught:
        stage_bytes(content, tmp_path)
    assert caught.value.sentence()
    assert "%(" not in str(caught.value)
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_header_alone_is_an_empty_table(tmp_path):
    staged = stage_bytes(b"a,b\n", tmp_path)
    assert (staged.row_count, types_of(staged)) == (0, {"a": "string", "b": "string"})


def test_quoted_line_breaks_that_look_like_rows(tmp_path):
    """More than one buffer of the engine: its threads must not take the inside of a cell for rows."""
    cell = "\n".join(["x,y,z"] * 80_000)
    rows = "".join(f'{number},"{cell}",fin\n' + "1,2,3\n" * 2_000 for number in range(50))
    staged = stage_bytes(f"a,b,c\n{rows}".encode(), tmp_path)
    assert staged.row_count == 50 * 2_001
    assert sum(1 for row in rows_of(staged) if row[1] == cell) == 50


def test_the_lines_of_a_file_with_everything(tmp_path):
    """Preamble, header on two lines, cells on several lines, blank rows: the line told is that of an editor."""
    content = 'Export du jour\n\n"nom\ncomplet";valeur\n"a\nb";1\n\nc;2\nd;3\ne;4\nf;5\ng;6\nh;7\ni;8\nj;beaucoup\n'
    file = tmp_path / "f"
    file.write_text(content)
    [notice] = [n for n in inspect(file, filename="f.csv").notices if n.code == "kept-as-text"]
    assert (notice.fields["line"], notice.fields["value"]) == (15, "beaucoup")
