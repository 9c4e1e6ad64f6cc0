"""The next delivery: the same columns need no hand, others are explained, then followed or not as the contract says."""

from __future__ import annotations

import json

import pytest
from django.utils import translation

from bocage.capture.text import text_table as text_of_file
from bocage.check.descriptor import read_schema
from bocage.check.mapping.drift import drift
from bocage.check.mapping.errors import LayoutChanged
from bocage.check.mapping.replay import kinds_of, replay
from bocage.check.mapping.steps import ColumnMapping, ColumnMappings, Step
from bocage.check.mapping.suggest import suggest
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.vocabulary import Contract
from tests.check.mapping.layouts_tuning import TUNING
from tests.check.mapping.workbench import cells, mappings_of, text_table


@pytest.fixture(autouse=True)
def in_french():
    """Whatever language the test before left active."""
    with translation.override("fr"):
        yield


LABELS = ("Nom du parking", "Nb places", "Date MAJ")
KINDS = {"Nom du parking": "text", "Nb places": "integer", "Date MAJ": "date"}
MAPPING = ColumnMappings(
    (
        ColumnMapping("nom", ("Nom du parking",)),
        ColumnMapping("nb_pl", ("Nb places",), (Step("number", {"whole": True}),)),
        ColumnMapping("maj", ("Date MAJ",), (Step("date"),)),
        ColumnMapping("id", ("@nom", "Nb places"), (Step("concat", {"separator": "-"}),)),
        ColumnMapping("org", (), (Step("constant", {"value": "Rezé"}),)),
    ),
    LABELS,
    kinds=KINDS,
)
SCHEMA = TableSchema("s", tuple(SchemaField(name) for name in ("id", "nom", "nb_pl", "maj", "org")))


def test_order_capitals_and_blanks_are_no_change():
    same = drift(MAPPING, ("date maj", " Nb places ", "NOM DU PARKING"), Contract.FREEZE, KINDS)
    assert not same.changed
    assert same.sentences() == []
    assert [one.sources for one in same.mapping.columns[:3]] == [("NOM DU PARKING",), ("Nb places",), ("date maj",)]


def test_a_respelled_label_is_followed_even_when_frozen(shop):
    table = text_table(shop, ["nom du PARKING", "NB PLACES", "Date  maj"], [["a", "3", "05/07/2021"]])
    found = cells(shop, replay(table, MAPPING, SCHEMA, Contract.FREEZE, workshop=shop).table)
    assert found == [{"id": "a-3", "nom": "a", "nb_pl": "3", "maj": "2021-07-05", "org": "Rezé"}]


def test_a_column_renamed_is_recognised():
    change = drift(MAPPING, ("Nom du parking", "Nombre de places", "Date MAJ"), Contract.EVOLVE)
    assert [(one.before, one.after, one.certain) for one in change.renamed] == [("Nb places", "Nombre de places", True)]
    assert change.lost == ("Nb places",)
    assert change.new == ("Nombre de places",)
    assert change.mapping.columns[1].sources == ("Nombre de places",)
    assert change.mapping.layout == ("Nom du parking", "Nombre de places", "Date MAJ")
    assert change.unfilled == ()
    assert "« Nb places » s’appelle désormais « Nombre de places »" in change.sentences()[0]


def test_the_misspelling_of_the_real_deliveries_is_recognised(tmp_path, shop, shared_data):
    """Pays de Mormal, 2015 then 2016: “Remarques falcultatives”, then “facultatives”."""
    tables = []
    for year in (2015, 2016):
        file = shared_data / f"in-house/pays-de-mormal-marches_publics_{year}-enrichi.csv"
        tables.append(text_of_file(file, filename=file.name, workshop=shop, directory=tmp_path))
    first = ColumnMappings(tuple(ColumnMapping(one, (one,)) for one in tables[0].labels), tables[0].labels)
    change = drift(first, tables[1].labels, Contract.EVOLVE)
    assert [(one.before[-13:], one.after[-12:], one.certain) for one in change.renamed] == [
        ("falcultatives", "facultatives", True)
    ]
    assert len(change.lost) == len(change.new) == 1
    assert drift(first, tables[1].labels, Contract.FREEZE).stops


def test_of_two_likely_names_none_is_followed():
    change = drift(MAPPING, ("Nom du parking", "Nombre de places", "Nbre places", "Date MAJ"), Contract.EVOLVE)
    assert not any(one.certain for one in change.renamed)
    assert change.unfilled == ("nb_pl", "id")


def test_what_is_made_of_a_lost_column_is_left_out_and_told():
    change = drift(MAPPING, ("Nb places", "Date MAJ"), Contract.EVOLVE)
    assert change.unfilled == ("nom", "id")
    assert [one.target for one in change.mapping.columns] == ["nb_pl", "maj", "org"]
    assert "« nom », « id »" in change.sentences()[-1]


def test_a_choice_goes_on_with_the_columns_that_are_left():
    mapping = ColumnMappings((ColumnMapping("nom", ("Enseigne", "Raison sociale")),), ("Enseigne", "Raison sociale"))
    change = drift(mapping, ("Raison sociale",), Contract.EVOLVE)
    assert change.mapping.columns[0].sources == ("Raison sociale",)
    assert change.unfilled == ()


def test_another_kind_of_values_is_a_change():
    kinds = KINDS | {"Nb places": "text", "Date MAJ": "datetime"}
    change = drift(MAPPING, LABELS, Contract.FREEZE, kinds)
    assert [(one.label, one.before.value, one.after.value) for one in change.retyped] == [
        ("Nb places", "integer", "text")
    ]
    assert change.stops
    assert not drift(MAPPING, LABELS, Contract.FREEZE, KINDS | {"Nb places": "empty"}).changed


def test_a_mapping_without_layout_says_nothing():
    assert not drift(ColumnMappings(), ("a",), Contract.FREEZE).changed


ROWS = [
    ["Gare", "12", "05/07/2021", "neuf"],
    ["Mairie", "NC", "06/07/2021", ""],
    ["Port", "8", "07/07/2021", ""],
    ["Lac", "6", "", ""],
]


def delivered(shop, contract, rows=ROWS, labels=(*LABELS, "État")):
    return replay(text_table(shop, labels, rows), MAPPING, SCHEMA, contract, workshop=shop)


def test_freeze_stops_with_a_sentence(shop):
    with pytest.raises(LayoutChanged) as stop:
        delivered(shop, Contract.FREEZE)
    assert "La colonne « État » est nouvelle." in stop.value.sentence()
    assert stop.value.advice()


def test_evolve_follows(shop):
    done = delivered(shop, Contract.EVOLVE)
    assert [row["nom"] for row in cells(shop, done.table)] == ["Gare", "Mairie", "Port", "Lac"]
    assert cells(shop, done.table)[1]["nb_pl"] == "NC"


def test_rows_that_hold_something_unexpected_are_left_out(shop):
    """A new column that is filled, and texts where there were numbers: half of them, so that the column changed kind."""
    done = delivered(shop, Contract.DISCARD_ROW)
    assert done.drift.retyped
    assert [row["nom"] for row in cells(shop, done.table)] == ["Port", "Lac"]


def test_values_that_are_unexpected_are_left_out(shop):
    made = cells(shop, delivered(shop, Contract.DISCARD_VALUE).table)
    assert [row["nb_pl"] for row in made] == ["12", None, "8", "6"]
    assert [row["nom"] for row in made] == ["Gare", "Mairie", "Port", "Lac"]


@pytest.mark.parametrize("layout", TUNING, ids=lambda layout: layout.name)
def test_the_next_delivery_needs_no_hand(shop, shared_data, layout):
    """Mapped once on the first half of a file; the second half, in another order of columns, is published alike."""
    schema = read_schema(layout.descriptor(shared_data))
    labels, rows = layout.table(shared_data)
    half = max(1, len(rows) // 2)
    first = text_table(shop, labels, rows[:half], "first")
    mapping = mappings_of(suggest(first, schema, workshop=shop), first.labels, kinds_of(first, shop))
    mapping = ColumnMappings.from_dict(json.loads(json.dumps(mapping.as_dict())))
    whole = text_table(shop, labels, rows, "whole")
    turned = text_table(shop, labels[::-1], [row[::-1] for row in rows], "turned")
    at_once = cells(shop, replay(whole, mapping, schema, Contract.EVOLVE, workshop=shop).table)
    done = replay(turned, mapping, schema, Contract.EVOLVE, workshop=shop)
    assert not done.drift.lost
    assert not done.drift.new
    assert cells(shop, done.table) == at_once
