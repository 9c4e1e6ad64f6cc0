"""The faults for machines: CSV for spreadsheets, JSON with the keys of the reference, a badge."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pytest
from django.utils import translation

from bocage.check.report.badge import badge
from bocage.check.report.faults import tags_of
from bocage.check.report.listing import faults_csv, report_json
from bocage.check.schema import TableSchema
from bocage.check.verdict import Family, Fault, Verdict
from bocage.store.engine import Workshop


def rows_of(pieces: object) -> list[dict[str, str]]:
    text = b"".join(pieces).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_the_csv_has_every_fault_with_its_row(kept_verdict: Verdict, schema: TableSchema, shop: Workshop) -> None:
    with translation.override("fr"):
        rows = rows_of(faults_csv(kept_verdict, schema, workshop=shop))
    assert len(rows) == 8
    dates = [row for row in rows if row["Règle"] == "type.date"]
    assert [row["Ligne"] for row in dates] == ["2", "5"]
    assert dates[0]["Valeur trouvée"] == "05/07/2021"
    assert dates[0]["Explication"].startswith("« 05/07/2021 » ne convient pas.")


def test_no_value_of_the_csv_is_a_formula(kept_verdict: Verdict, schema: TableSchema, shop: Workshop) -> None:
    rows = rows_of(faults_csv(kept_verdict, schema, workshop=shop))
    assert "'=1+2" in {row["Value found"] if "Value found" in row else row["Valeur trouvée"] for row in rows}


@pytest.mark.parametrize(
    ("cell", "written"),
    [("-1,55", "-1,55"), ("+33 2 40", "+33 2 40"), ("-cmd|x", "'-cmd|x"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1")],
)
def test_what_a_spreadsheet_would_run_is_quoted(schema: TableSchema, shop: Workshop, cell: str, written: str) -> None:
    family = Family("type-error", "type.date", label="date_maj", place=2, examples=(Fault(2, cell),))
    with translation.override("fr"):
        [row] = rows_of(faults_csv(Verdict("s", "1", False, (family,)), schema, workshop=shop))
    assert row["Valeur trouvée"] == written


def test_the_json_has_the_keys_of_the_reference(kept_verdict: Verdict, schema: TableSchema, shop: Workshop) -> None:
    with translation.override("fr"):
        report = json.loads(b"".join(report_json(kept_verdict, schema, workshop=shop)))
    assert report["valid"] is False
    assert report["stats"]["errors"] == kept_verdict.error_count == len(report["errors"])
    assert report["stats"]["rows"] == 4
    date = next(one for one in report["errors"] if one["rule"] == "type.date" and one["rowNumber"] == 2)
    assert date["type"] == "type-error"
    assert (date["fieldName"], date["fieldNumber"], date["cell"]) == ("date_maj", 2, "05/07/2021")
    assert date["tags"] == ["#table", "#row", "#cell"]
    assert report["warnings"] == [
        "Colonne surnuméraire : La colonne « colonne_maison » n’est pas dans le schéma : elle n’a pas été contrôlée."
    ]


def test_a_limit_bounds_the_errors_not_the_counts(kept_verdict: Verdict, schema: TableSchema, shop: Workshop) -> None:
    report = json.loads(b"".join(report_json(kept_verdict, schema, workshop=shop, limit=2)))
    assert len(report["errors"]) == 2
    assert report["stats"]["errors"] == 7


def test_a_valid_table_gives_an_empty_list(schema: TableSchema, shop: Workshop) -> None:
    report = json.loads(b"".join(report_json(Verdict("s", "1", True, row_count=3), schema, workshop=shop)))
    assert report["valid"] is True
    assert report["errors"] == report["warnings"] == []


def test_custom_checks_say_body() -> None:
    assert list(tags_of("opening-hours-value")) == ["#body"]


@pytest.mark.parametrize(
    ("valid", "problems", "said"),
    [(True, 0, "valide"), (False, 1, "1 défaut"), (False, 3, "3 défauts"), (None, 0, "non contrôlé")],
)
def test_the_badge_is_a_picture_that_speaks(valid: bool | None, problems: int, said: str) -> None:
    with translation.override("fr"):
        picture = ET.fromstring(badge("scdl/prenoms", valid, problems))
    assert picture.attrib["aria-label"] == f"scdl/prenoms : {said}"
    assert picture.attrib["role"] == "img"


def test_the_badge_escapes() -> None:
    drawn = badge("<script>alert('x')</script>\"&", True)
    assert "<script>" not in drawn
    ET.fromstring(drawn)
