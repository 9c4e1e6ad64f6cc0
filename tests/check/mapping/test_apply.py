"""A whole mapping: columns in the schema's order, rows under their numbers, one column made from another."""

from __future__ import annotations

import dataclasses
import time

import pytest

from bocage.check.mapping.apply import MOST_STEPS, apply
from bocage.check.mapping.errors import CircularMapping, ColumnAbsent, MappingFailed, MappingTooLarge, StepRefused
from bocage.check.mapping.steps import ColumnMapping, ColumnMappings, Step
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.table import StructureFault, TextTable
from tests.check.mapping.workbench import cells, text_table

SCHEMA = TableSchema("s", tuple(SchemaField(name) for name in ("id", "nom", "insee", "Nom")))


def column(target: str, *sources: str, steps: tuple[Step, ...] = ()) -> ColumnMapping:
    return ColumnMapping(target, sources, steps)


def mapped(shop, rows, *columns: ColumnMapping, labels=("Nom ", "Code", "Vide"), **more) -> TextTable:
    table = text_table(shop, labels, rows)
    return apply(table, ColumnMappings(columns, tuple(labels), **more), SCHEMA, workshop=shop)


def test_columns_come_in_the_order_of_the_schema_then_the_others(shop):
    made = mapped(shop, [["a", "1", "x"]], column("insee", "Code"), column("nom", "Nom"), keep_others=True)
    assert made.labels == ("nom", "insee", "Vide")
    assert cells(shop, made) == [{"nom": "a", "insee": "1", "Vide": "x"}]
    assert mapped(shop, [["a", "1", "x"]], column("nom", "Nom")).labels == ("nom",)


def test_rows_keep_the_numbers_of_the_file(shop):
    made = mapped(shop, [["a", "1", ""], ["b", "2", ""]], column("nom", "Nom"))
    assert sorted(shop.execute(f"SELECT row, nom FROM ({made.sql})")) == [(2, "a"), (3, "b")]


def test_numbers_that_cost_are_only_made_where_they_are_read(shop):
    text_table(shop, ["Nom"], [["a"], ["b"]])
    table = TextTable("SELECT c1 FROM file", ("c1",), ("Nom",), "SELECT row, c1 FROM file")
    plain = apply(table, ColumnMappings((column("nom", "Nom"),)), SCHEMA, workshop=shop)
    assert [row[0] for row in shop.execute(f"DESCRIBE {plain.sql}")] == ["nom"]
    assert cells(shop, plain) == [{"nom": "a"}, {"nom": "b"}]
    counted = column("id", "Nom", steps=(Step("template", {"template": "{n}"}),))
    assert cells(shop, apply(table, ColumnMappings((counted,)), SCHEMA, workshop=shop)) == [{"id": "1"}, {"id": "2"}]


def test_a_column_may_be_made_of_another_once_made(shop):
    template = Step("template", {"template": "{@insee}-C-{n}"})
    columns = [column("id", "@insee", steps=(template,)), column("insee", "Code", steps=(Step("pad", {"length": 5}),))]
    assert [row["id"] for row in cells(shop, mapped(shop, [["a", "1004", ""], ["b", "1004", ""]], *columns))] == [
        "01004-C-1", "01004-C-2"
    ]  # fmt: skip


def test_a_column_of_the_file_wins_over_a_made_one(shop):
    made = mapped(
        shop, [["a", "1", "x"]], column("insee", "Code"), column("id", "@insee"), labels=("Nom", "Code", "@insee")
    )
    assert cells(shop, made) == [{"id": "x", "insee": "1"}]


def test_several_columns_and_no_step_give_the_first_that_is_filled(shop):
    made = mapped(shop, [["", "1", "x"], [" ", "", ""]], column("nom", "Nom", "Code"))
    assert cells(shop, made) == [{"nom": "1"}, {"nom": None}]


def test_names_that_differ_by_their_capitals_only_live_together(shop):
    made = mapped(shop, [["a", "1", "x"]], column("nom", "Nom"), column("Nom", "Code"), column("row", "Vide"))
    assert made.labels == ("nom", "Nom", "row")
    assert cells(shop, made) == [{"nom": "a", "Nom": "1", "row": "x"}]


def test_blank_rows_never_become_rows(shop):
    constant = column("nom", steps=(Step("constant", {"value": "Rezé"}),))
    made = mapped(shop, [["a", "1", ""], ["", "", ""], ["b", "2", ""]], constant, column("insee", "Code"))
    assert sorted(row[0] for row in shop.execute(f"SELECT row FROM ({made.sql})")) == [2, 4]
    assert cells(shop, mapped(shop, [["", "", ""]], column("nom", "Nom"))) == [{"nom": None}]


def test_faults_of_the_file_that_concern_no_column_stay(shop):
    table = dataclasses.replace(
        text_table(shop, ["Nom"], [["a"]]), faults=(StructureFault("blank-row"), StructureFault("blank-label", place=1))
    )
    made = apply(table, ColumnMappings((column("nom", "Nom"),)), SCHEMA, workshop=shop)
    assert [fault.code for fault in made.faults] == ["blank-row"]


@pytest.mark.parametrize(("columns", "error"), [
    ([column("nom", "Absent")], ColumnAbsent),
    ([column("nom", "@absent")], ColumnAbsent),
    ([column("nom", "@id"), column("id", "@nom")], CircularMapping),
    ([column("nom", "@nom")], CircularMapping),
    ([column("nom", "Nom"), column("nom", "Code")], CircularMapping),
    ([column("nom", "Nom", steps=(Step("blanks"),) * (MOST_STEPS + 1))], MappingTooLarge),
    ([column("nom", *["Nom"] * 21)], MappingTooLarge),
    ([column(str(rank), "Nom") for rank in range(1001)], MappingTooLarge),
    ([column("nom", "Nom", steps=(Step("no such step"),))], StepRefused),
    ([column("nom", "Nom", "Code", steps=(Step("date"),))], StepRefused),
    ([column("nom", "Nom", steps=(Step("extract", {"pattern": "a(?=b)"}),))], MappingFailed),
])  # fmt: skip
def test_what_cannot_be_made_is_refused_before_a_row_is_read(shop, columns, error):
    with pytest.raises(error) as refusal:
        mapped(shop, [["a", "1", ""]], *columns)
    assert str(refusal.value)


def test_many_steps_stay_cheap(shop):
    """Each step reads the one before several times: written one inside the other they would double at every step."""
    steps = (Step("date"), Step("number"), Step("boolean")) * (MOST_STEPS // 3)
    started = time.monotonic()
    made = mapped(
        shop, [["5/7/2021", "1", ""]] * 50, *(column(name, "Nom", steps=steps) for name in ("id", "nom", "insee"))
    )
    assert cells(shop, made)[0]["id"] == "2021-07-05"
    assert len(made.sql) < 400_000
    assert time.monotonic() - started < 20


def test_a_mapping_is_plain_data():
    made = ColumnMappings((column("a", "B", steps=(Step("date", {"order": "dmy"}),)),), ("B",), True, {"B": "date"})
    assert ColumnMappings.from_dict(made.as_dict()) == made
    assert ColumnMappings.from_dict({}) == ColumnMappings()
