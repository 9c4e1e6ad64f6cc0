"""Proposals: what offices and spreadsheets do to values, undone; each verified by the same rules as the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from bocage.check.mapping.steps import STEPS
from bocage.check.report.candidates import candidates, latitude_first
from bocage.check.report.mend_words import CAUSES, mend_sentence
from bocage.check.report.mends import Mend, proposals
from bocage.check.schema import CustomCheck, SchemaField, TableSchema
from bocage.check.services import check
from bocage.check.table import TextTable
from bocage.check.verdict import Family
from bocage.store.engine import Workshop, literal


@pytest.fixture
def mends_of(shop: Workshop, tmp_path: Path) -> Any:
    """The proposals for a file of these columns."""

    def made(fields: Sequence[SchemaField], columns: dict[str, Sequence[str | None]], **schema: Any) -> list[Mend]:
        rows = list(zip(*columns.values(), strict=True))
        values = ", ".join(
            f"({row}, {', '.join('NULL' if cell is None else literal(cell) for cell in cells)})"
            for row, cells in enumerate(rows, start=2)
        )
        names = tuple(f"c{place}" for place in range(len(columns)))
        table = TextTable(
            f"SELECT * FROM (VALUES {values}) AS t(row, {', '.join(names)})", names, tuple(columns), row_count=len(rows)
        )
        asked = TableSchema("test", tuple(fields), **schema)
        verdict = check(table, asked, workshop=shop, directory=tmp_path)
        return proposals(verdict, asked, table, workshop=shop, directory=tmp_path)

    return made


KINDS = SchemaField("t", constraints={"enum": ["Aire de covoiturage", "Parking"]})
DAYS = SchemaField("p", constraints={"pattern": "^(lundi|mardi)([|](lundi|mardi))*$"}, example="lundi|mardi")
CASES = [
    (SchemaField("d", "date", "%Y-%m-%d"), "05/07/2021", "2021-07-05", "french_date"),
    (SchemaField("d", "date", "%Y-%m-%d"), "5 juillet 2021", "2021-07-05", "french_date"),
    (SchemaField("n", "number"), "1,5", "1.5", "decimal_comma"),
    (SchemaField("n", "number"), "1 234,50 €", "1234.50", "decimal_comma"),
    (SchemaField("i", "integer"), "12.0", "12", "point_zero"),
    (SchemaField("i", "integer"), "1 250", "1250", "number_marks"),
    (SchemaField("b", "boolean"), "oui", "true", "yes_no"),
    (SchemaField("b", "boolean"), "VRAI", "true", "yes_no"),
    (KINDS, "aire de  Covoiturage", "Aire de covoiturage", "spelling_of_list"),
    (SchemaField("t", constraints={"enum": ["Supermarché", "Parking"]}), "Supermarchet", "Supermarché", "nearest_code"),
    (SchemaField("c", constraints={"pattern": "^[0-9]{5}$"}), "1234", "01234", "lost_zero"),
    (SchemaField("c", constraints={"pattern": "[A-Z]{2}"}), "fr", "FR", "capitals"),
    (SchemaField("g", "geopoint"), "[-1.55, 47.21]", "-1.55,47.21", "position"),
    (SchemaField("g", "geopoint"), "47.21;-1.55", "-1.55,47.21", "swapped"),
    (SchemaField("u", "string", "uri"), "www.commune.fr", "https://www.commune.fr", "web_prefix"),
    (DAYS, "lundi, mardi", "lundi|mardi", "separator"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "before", "after", "cause"), CASES, ids=[f"{case[3]}-{case[1]}" for case in CASES])
def test_a_habit_is_undone(mends_of, field: SchemaField, before: str, after: str, cause: str) -> None:
    [best, *_others] = mends_of([field], {field.name: [before, None]})
    assert (best.cause, best.examples) == (cause, ((before, after),))
    assert (best.mended, best.left) == (1, 0)


def test_dates_that_do_not_exist_are_left(mends_of) -> None:
    [mend] = mends_of([SchemaField("d", "date", "%Y-%m-%d")], {"d": ["05/07/2021"] * 3 + ["31/02/2021", "2021-01-01"]})
    assert (mend.mended, mend.left) == (3, 1)
    assert "31/02/2021" not in mend.proposed


def test_two_causes_are_two_proposals(mends_of) -> None:
    mends = mends_of([SchemaField("d", "date", "%Y-%m-%d")], {"d": ["25/07/2021", "26/07/2021", "07/26/2021"]})
    assert [(one.cause, one.mended, one.left) for one in mends] == [("french_date", 2, 1), ("american_date", 1, 0)]


def test_nothing_is_proposed_that_another_rule_refuses(mends_of) -> None:
    """A SIRET that lost its zero is given it back only when the key is then right."""
    fields = [SchemaField("siret")]
    checks = (CustomCheck("siret", {"column": "siret"}),)
    [mend] = mends_of(
        fields, {"siret": ["5571000000014", "2440040470026", "21440109100010"]}, custom_checks=checks
    ) or [None]
    assert mend is None or all(len(after) == 14 for _before, after in mend.examples)
    assert mends_of(fields, {"siret": ["123"]}, custom_checks=checks) == []


def test_a_bound_still_holds(mends_of) -> None:
    field = SchemaField("i", "integer", constraints={"maximum": 10})
    [mend] = mends_of([field], {"i": ["9.0", "12.0"]})
    assert (mend.mended, mend.left) == (1, 1)


def test_two_codes_as_near_are_none(mends_of) -> None:
    field = SchemaField("t", constraints={"enum": ["Place A", "Place B"]})
    assert mends_of([field], {"t": ["Place C"]}) == []


@pytest.mark.parametrize("label", ["ID_LOCAL", "Id local", "id_locale", "local_id"])
def test_a_column_under_a_near_name_is_found(mends_of, label: str) -> None:
    [mend] = mends_of([SchemaField("id_local", constraints={"required": True})], {label: ["1"]})
    assert (mend.cause, mend.sources, mend.target) == ("renamed", (label,), "id_local")


def test_a_column_of_another_name_is_not(mends_of) -> None:
    assert mends_of([SchemaField("id_local", constraints={"required": True})], {"commentaire": ["1"]}) == []


def test_metres_in_two_columns_become_degrees_together(mends_of) -> None:
    fields = [
        SchemaField("Xlong", "number", constraints={"minimum": -180, "maximum": 180}),
        SchemaField("Ylat", "number", constraints={"minimum": -90, "maximum": 90}),
    ]
    mends = mends_of(
        fields, {"Xlong": ["355577.80", "-1.55", "999999999"], "Ylat": ["6689329.00", "47.2", "999999999"]}
    )
    assert [one.target for one in mends] == ["Xlong", "Ylat"]
    assert len({one.key for one in mends}) == 1
    assert [(one.mended, one.left) for one in mends] == [(1, 1), (1, 1)]
    longitude, latitude = (float(one.examples[0][1]) for one in mends)
    assert (longitude, latitude) == (pytest.approx(-1.55, abs=0.02), pytest.approx(47.22, abs=0.02))


def test_too_many_distinct_values_are_left_alone(mends_of, monkeypatch) -> None:
    monkeypatch.setattr("bocage.check.report.mends.MOST_VALUES", 2)
    assert mends_of([SchemaField("n", "number")], {"n": ["1,1", "1,2", "1,3"]}) == []


def test_every_step_proposed_exists_and_every_cause_has_words() -> None:
    fields = [
        SchemaField("f", kind)
        for kind in ("date", "datetime", "time", "integer", "year", "number", "boolean", "geopoint", "string")
    ]
    rules = [
        "type.date",
        "constraint.pattern",
        "constraint.enum",
        "custom.siret",
        "reversed-french-gps-coordinates",
        "type.uri",
    ]
    values = ["47.2,-1.5", "www.a.fr", "x"]
    for field in fields:
        for rule in rules:
            for one in candidates(Family("x", rule, label="f"), field, values):
                assert one.cause in CAUSES
                assert all(step.kind in STEPS for step in one.steps)


def test_latitude_first_is_seen_from_the_values() -> None:
    assert latitude_first(["47.21,-1.55", "48,85;2,35"])
    assert not latitude_first(["-1.55,47.21"])
    assert not latitude_first(["", "x", "12"])


def test_the_sentence_says_how_far_it_goes() -> None:
    with translation.override("fr"):
        all_of_them = mend_sentence(Mend("d", 0, "french_date", mended=412)).replace("\u00a0", " ")
        some = mend_sentence(Mend("d", 0, "french_date", mended=410, left=2)).replace("\u00a0", " ")
    assert all_of_them == "412 sont écrites jour/mois/année. Une seule règle les corrige toutes."
    assert some == "410 sont écrites jour/mois/année. Une seule règle les corrige ; il en reste 2 à corriger à la main."
