"""Real files: rows, columns and texts equal to what independent readers find (csv, openpyxl), and the expected refusals."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from bocage.capture import errors
from bocage.capture.services import stage
from bocage.capture.understanding import Corrections
from bocage.catalog.vocabulary import FieldType
from tests.capture.tables import rows_of

KNOWN_DELIMITERS = {
    "messy/frictionless/accent.csv": ";", "messy/frictionless/delimiter.csv": ";", "messy/hydra/catalog.csv": ";",
    "nantes/velo/data_geolocalisationCompteur.csv": ";", "nantes/velo/data_longueur_pistes_velo.csv": ";",
    "nantes/velo/data_quartier_compteur.csv": ";", "nantes/velo/data_quartiers_nantes.csv": ";",
    "nantes/velo/data_temperature.csv": ";", "valid/etalab__schema-lieux-covoiturage/export-ods-latin1.csv": ";",
}  # fmt: skip
REFUSED = {
    "messy/frictionless/empty.csv": (errors.EmptyFile, {}),
    "messy/frictionless/capital-invalid.csv": (errors.TooManyCells, {"line": 12, "cells": 4}),
    "messy/frictionless/defective-rows.csv": (errors.TooManyCells, {"line": 3, "cells": 4}),
    "messy/frictionless/invalid.csv": (errors.TooManyCells, {"line": 5, "cells": 5}),
    "messy/frictionless/structure-errors.csv": (errors.TooManyCells, {"line": 5, "cells": 6}),
    "messy/csv-detective/c_test_file.csv": (errors.TooManyCells, {"line": 2, "cells": 3}),
}
PREAMBLES = {"messy/csv-detective/a_test_file.csv": (";", 2)}
# The content is that of the valid base: only the container changes.
CONTAINERS = {"30-cp1252": ("cp1252", ";"), "31-semicolon": ("utf-8", ";"), "32-tab": ("utf-8", "\t"),
              "33-utf8-bom": ("utf-8-sig", ","), "34-crlf": ("utf-8", ","), "34b-utf16": ("utf-16", ","),
              "36-title-line-above-header": ("utf-8", ",")}  # fmt: skip


def stage_text(file, tmp_path):
    return stage(file, filename=file.name, directory=tmp_path, corrections=Corrections(geometry_source="none"))


def read_independently(file, encoding=None, delimiter=",", skip=0):
    raw = file.read_bytes()
    try:
        text = raw.decode(encoding or "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    records = [record for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(record)][
        skip:
    ]
    header, rows = records[0], [record + [""] * (len(records[0]) - len(record)) for record in records[1:]]
    named = [place for place, name in enumerate(header) if name.strip() or any(row[place] for row in rows)]
    return [header[place] for place in named], [[row[place] for place in named] for row in rows]


def as_typed(text, field):
    """A cell as the field says that it is, by means of its own."""
    if field.type is FieldType.STRING:
        return text or None
    text = text.strip()
    if not text:
        return None
    if field.type is FieldType.BOOLEAN:
        return text.lower() in ("true", "vrai", "oui", "yes", "1")
    if field.type is FieldType.DATE:
        return datetime.strptime(text, field.original.get("date", "%Y-%m-%d")).date()  # noqa: DTZ007
    if field.type is FieldType.DATETIME:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    plain = re.sub(r"\s", "", text).replace(field.original.get("decimal", "."), ".")
    return int(plain) if field.type is FieldType.INTEGER else float(plain)


def assert_same(staged, header, rows):
    assert [field.label for field in staged.fields] == [" ".join(name.split()) for name in header]
    found = rows_of(staged)
    assert len(found) == len(rows) == staged.row_count
    for cells, row in zip(rows, found, strict=True):
        assert row == tuple(as_typed(cell, field) for cell, field in zip(cells, staged.fields, strict=True))


def named(folder, pattern, shared_data):
    return sorted(str(file.relative_to(shared_data)) for file in (shared_data / folder).rglob(pattern))


@pytest.mark.parametrize("folder", ["valid", "messy", "in-house", "nantes"])
def test_text_files_read_as_an_independent_reader_does(shared_data, tmp_path, folder):
    names = [name for name in named(folder, "*.csv", shared_data) if name not in REFUSED]
    assert names
    for name in names:
        delimiter, skip = PREAMBLES.get(name, (KNOWN_DELIMITERS.get(name, ","), 0))
        staged = stage_text(shared_data / name, tmp_path)
        assert staged.provenance["delimiter"] == delimiter, name
        assert_same(staged, *read_independently(shared_data / name, delimiter=delimiter, skip=skip))


def test_containers_do_not_change_the_content(shared_data, tmp_path):
    """Two schemas for each kind of container: the widest and the narrowest."""
    for kind, (encoding, delimiter) in CONTAINERS.items():
        files = sorted((shared_data / "derived").glob(f"*/{kind}.csv"), key=lambda file: file.stat().st_size)
        for file in (files[0], files[-1]):
            staged = stage_text(file, tmp_path)
            skip = 1 if kind.startswith("36") else 0
            assert_same(staged, *read_independently(file, encoding, delimiter, skip))


def test_typed_workbooks_have_the_rows_and_the_texts_of_openpyxl(shared_data, tmp_path):
    files = sorted((shared_data / "derived").glob("*/35-xlsx-typed.xlsx"))[:4]
    for file in [*files, shared_data / "messy/hydra/catalog.xlsx", shared_data / "in-house/covoiturage-blablacar.xlsx"]:
        staged = stage_text(file, tmp_path)
        book = openpyxl.load_workbook(file, read_only=True)
        header, *rows = book.worksheets[0].iter_rows(values_only=True)
        book.close()
        kept = [place for place, name in enumerate(header) if name]
        rows = [[row[place] for place in kept] for row in rows if any(cell is not None for cell in row)]
        assert [field.label for field in staged.fields] == [" ".join(str(header[place]).split()) for place in kept]
        assert staged.row_count == len(rows)
        for cells, row in zip(rows, rows_of(staged), strict=True):
            assert row == tuple(
                as_typed(plain(cell), field) for cell, field in zip(cells, staged.fields, strict=True)
            ), file


def plain(value):
    """What the cell would be in a text file: 1340 and not 1340.0, a day without its midnight."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "isoformat"):
        return value.isoformat().removesuffix("+00:00").removesuffix("T00:00:00")
    return "" if value is None else str(value)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_broken_files_are_refused_with_their_reason(shared_data, tmp_path, name):
    error, fields = REFUSED[name]
    with pytest.raises(error) as caught:
        stage_text(shared_data / name, tmp_path)
    assert fields.items() <= caught.value.fields.items()
    assert not list(Path(tmp_path).iterdir())


def test_compressed_and_other_workbooks(shared_data, tmp_path):
    rows = {
        "csv-detective/file.csv.gz": None, "hydra/20190618-annuaire-diagnostiqueurs_compressed.csv.gz": None,
        "csv-detective/file.xls": 5, "csv-detective/file.ods": 3, "frictionless/table.ods": 2, "hydra/catalog.xls": 2,
    }  # fmt: skip
    for name, expected in rows.items():
        staged = stage_text(shared_data / "messy" / name, tmp_path)
        assert staged.row_count == expected or (expected is None and staged.row_count > 0), name
