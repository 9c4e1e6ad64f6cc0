"""What is proposed is right nearly always, and never silently wrong on what is required.

The figures are counted on layouts with their truth; those held out were not looked at while the suggestions were tuned.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import pytest

from bocage.capture.text import text_table as text_of_file
from bocage.check.descriptor import read_schema
from bocage.check.mapping.apply import apply
from bocage.check.mapping.columns import MOST_COLUMNS, Content, content_of
from bocage.check.mapping.normal import normal
from bocage.check.mapping.suggest import suggest
from bocage.check.mapping.suggestions import Communes, Known, Suggestion, lacking
from bocage.check.schema import SchemaField, TableSchema
from bocage.store.engine import workshop
from tests.check.mapping.layouts import Layout
from tests.check.mapping.layouts_held_out import HELD_OUT
from tests.check.mapping.layouts_tuning import TUNING
from tests.check.mapping.real_layouts import REAL, RealLayout
from tests.check.mapping.workbench import cells, mappings_of, text_table

ASKED = 0.85


@dataclass
class Score:
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)

    def add(self, name: str, suggestions: Iterable[Suggestion], truth: dict[str, frozenset[str]]) -> None:
        for one in suggestions:
            found = frozenset(one.best.sources) if one.best else frozenset()
            if found == truth.get(one.target, frozenset()):
                self.right += 1
                continue
            self.wrong.append(f"{name}: {one.target} from {sorted(found)}")
            if one.sure and one.required:
                self.silent.append(self.wrong[-1])

    @property
    def share(self) -> float:
        return self.right / (self.right + len(self.wrong))


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    with workshop(tmp_path_factory.mktemp("bench"), spatial=False) as opened:
        yield opened


def proposed(bench, layout: Layout, data, **more) -> list[Suggestion]:
    return suggest(text_table(bench, *layout.table(data)), read_schema(layout.descriptor(data)), workshop=bench, **more)


@pytest.mark.parametrize(("layouts", "least"), [(TUNING, 0.95), (HELD_OUT, ASKED)], ids=["tuning", "held out"])
def test_the_first_suggestion_is_right_nearly_always(bench, shared_data, layouts, least, record_property):
    score = Score()
    for layout in layouts:
        score.add(layout.name, proposed(bench, layout, shared_data), layout.truth())
    record_property("right", f"{score.right} / {score.right + len(score.wrong)}")
    assert score.share >= least, score.wrong
    assert not score.silent


def test_the_layouts_are_many_and_of_many_schemas():
    assert len(TUNING) + len(HELD_OUT) >= 12
    assert len({layout.schema for layout in (*TUNING, *HELD_OUT)}) >= 6
    assert all(layout.held_out for layout in HELD_OUT)
    assert not any(layout.held_out for layout in TUNING)


def real(bench, tmp_path, data, layout: RealLayout):
    file = data / layout.file
    table = text_of_file(file, filename=file.name, workshop=bench, directory=tmp_path)
    return table, read_schema(json.loads((data / "schemas/table-schema" / layout.schema).read_text()))


def test_real_files_of_services_are_recognised(tmp_path, shared_data):
    score = Score()
    with workshop(tmp_path, spatial=False) as bench:
        for layout in REAL:
            table, schema = real(bench, tmp_path, shared_data, layout)
            truth = {target: frozenset({label}) for target, label in layout.truth.items()}
            score.add(layout.file, suggest(table, schema, workshop=bench), truth)
    assert score.share >= 0.95, score.wrong
    assert not score.silent


def test_what_the_steps_make_is_what_the_valid_file_had(bench, shared_data):
    """Layouts are written from valid files: what is proposed for each column makes the values of the valid file again."""
    same, other = 0, []
    for layout in TUNING:
        if "BNLC" in layout.base or "no_accent" in layout.columns:
            continue
        schema = read_schema(layout.descriptor(shared_data))
        suggestions = proposed(bench, layout, shared_data)
        table = text_table(bench, *layout.table(shared_data))
        made = cells(bench, apply(table, mappings_of(suggestions, table.labels), schema, workshop=bench))
        written = {target: forms for target, _label, forms in layout.lines()}
        for target in layout.truth().keys() & set(made[0]):
            if {"upper", "lower"} & set(written.get(target, ())):
                continue
            for before, after in zip(layout.expected(shared_data), made, strict=True):
                if alike(before[target], after[target] or "", schema.field(target)):
                    same += 1
                else:
                    other.append(f"{layout.name}: {target}: {before[target]!r} → {after[target]!r}")
    assert same / (same + len(other)) > 0.99, other[:20]


def alike(before: str, after: str, said: SchemaField | None) -> bool:
    if said is not None and said.type == "boolean":
        return (before in said.true_values) == (after in said.true_values)
    try:
        return Decimal(before) == Decimal(after)
    except InvalidOperation:
        return "".join(before.split()) == "".join(after.split())


FIELDS = (
    SchemaField("nom", title="Nom de la collectivité", constraints={"required": True}),
    SchemaField("insee", constraints={"required": True, "pattern": r"^([013-9]\d|2[AB1-9])\d{3}$"}),
    SchemaField("position", "geopoint"),
    SchemaField("id", constraints={"required": True, "pattern": r"^([013-9]\d|2[AB1-9])\d{3}-T-\d{3}$"}),
)
SCHEMA = TableSchema("test/taxis", FIELDS)
ROWS = [["Saint-Herblain", "44800", "47,2", "-1,6"], ["St Sebastien sur Loire", "44230", "47,2", "-1,5"]]
LABELS = ["Ville", "CP", "Lat", "Long"]


def by_target(suggestions: list[Suggestion]) -> dict[str, Suggestion]:
    return {one.target: one for one in suggestions}


def test_a_code_is_looked_up_only_in_a_dataset_that_knows_the_names(bench):
    table = text_table(bench, LABELS, ROWS)
    names = frozenset({"saint herblain", "saint sebastien sur loire", "reze"})
    communes = Communes("communes", "Communes", "code_insee", "nom", "cp", names=names)
    found = by_target(suggest(table, SCHEMA, workshop=bench, known=Known(communes=(communes,))))["insee"]
    assert found.best is not None
    assert found.best.sources == ("Ville", "CP")
    assert found.best.steps[0].params == {"dataset": "communes", "keys": ["nom", "cp"], "value": "code_insee"}
    elsewhere = Communes("communes", "Communes", "code_insee", "nom", "cp", names=frozenset({"lyon"}))
    found = by_target(suggest(table, SCHEMA, workshop=bench, known=Known(communes=(elsewhere,))))["insee"]
    assert found.best is None or found.best.steps == ()


def test_two_coordinates_make_a_position_whatever_their_system(bench):
    degrees = by_target(suggest(text_table(bench, LABELS, ROWS), SCHEMA, workshop=bench))["position"]
    assert degrees.best is not None
    assert (degrees.best.sources, degrees.sure) == (("Long", "Lat"), True)
    metres = [["355577,5", "6689723"], ["356000", "6690000"]]
    lambert = by_target(suggest(text_table(bench, ["X", "Y"], metres), SCHEMA, workshop=bench))["position"]
    assert lambert.best is not None
    assert lambert.best.steps[0].params == {"crs": "EPSG:2154", "to": "lonlat"}
    assert any("Lambert-93" in reason.sentence() for reason in lambert.best.reasons)


def test_what_is_known_of_the_organisation_is_proposed_and_asked(bench):
    facts = {"name": "Ville de Rezé", "insee": "44143"}
    found = by_target(
        suggest(text_table(bench, ["Truc"], [["x"]]), SCHEMA, workshop=bench, known=Known(organization=facts))
    )
    for target, value in (("nom", "Ville de Rezé"), ("insee", "44143")):
        best = found[target].best
        assert best is not None
        assert best.steps[0].params == {"value": value}
        assert found[target].asks
    assert found["id"].best is not None
    assert found["id"].best.sources == ("@insee",)


def test_what_nothing_fills_is_told(bench):
    schema = TableSchema("s", (SchemaField("truc", constraints={"required": True}), SchemaField("machin")))
    found = suggest(text_table(bench, ["Ville"], [["Rezé"]]), schema, workshop=bench)
    assert lacking(found) == ["truc"]
    assert [one.asks for one in found] == [True, False]


def test_what_was_accepted_elsewhere_counts_unless_the_values_say_no(bench):
    schema = TableSchema("s", (SchemaField("zzz", "date"), SchemaField("yyy")))
    known = Known(accepted={("zzz", normal("Xénon")): 3, ("yyy", normal("Krypton")): 1})
    table = text_table(bench, ["Xénon", "Krypton"], [["05/07/2021", "a"]])
    found = by_target(suggest(table, schema, workshop=bench, known=known))
    assert found["zzz"].best is not None
    assert found["zzz"].best.sources == ("Xénon",)
    assert found["zzz"].best.reasons[0].code == "elsewhere"
    assert found["zzz"].sure
    assert found["yyy"].sure
    numbers = text_table(bench, ["Xénon", "Krypton"], [["bleu", "a"]])
    assert by_target(suggest(numbers, schema, workshop=bench, known=known))["zzz"].best is None


def test_two_columns_that_would_do_as_well_are_asked(bench):
    schema = TableSchema("s", (SchemaField("siret", constraints={"required": True, "pattern": r"^\d{14}$"}),))
    table = text_table(bench, ["SIRET A", "SIRET B"], [["21440109300015", "24440040400129"]])
    found = suggest(table, schema, workshop=bench)[0]
    assert found.best is not None
    assert not found.sure
    assert found.asks


def test_longitudes_are_never_latitudes(bench):
    schema = TableSchema("s", (SchemaField("longitude", "number"), SchemaField("latitude", "number")))
    swapped = text_table(bench, ["latitude", "longitude"], [["-1.55", "47.21"], ["-1.6", "47.3"]])
    assert not any(one.sure for one in suggest(swapped, schema, workshop=bench))


def test_a_column_is_used_once(bench):
    schema = TableSchema("s", (SchemaField("date_maj", "date"), SchemaField("date_creation", "date")))
    table = text_table(bench, ["Date de mise à jour"], [["05/07/2021"]])
    assert [one.best is not None for one in suggest(table, schema, workshop=bench)] == [True, False]


@pytest.mark.parametrize("rows", [[], [["", ""]], [[None, None]]])
def test_an_empty_file_is_mapped_by_its_names_alone(bench, rows):
    schema = TableSchema("s", (SchemaField("nom"), SchemaField("date_maj", "date")))
    found = by_target(suggest(text_table(bench, ["Nom", "MAJ"], rows), schema, workshop=bench))
    assert found["nom"].best is not None
    assert found["nom"].best.sources == ("Nom",)


def test_patterns_that_explode_or_that_the_engine_does_not_know_are_no_trouble(bench):
    patterns = (r"^(a+)+$", r"^(?=a).*$", r"(", r"\1", "a{5000}", "'; DROP TABLE file; --")
    schema = TableSchema(
        "s", tuple(SchemaField(f"code {rank}", constraints={"pattern": one}) for rank, one in enumerate(patterns))
    )
    started = time.monotonic()
    suggest(text_table(bench, ["code"], [["a" * 390 + "!"]] * 50), schema, workshop=bench)
    assert time.monotonic() - started < 10


def test_ten_thousand_columns_are_looked_at_in_part(bench):
    labels = [f"colonne {rank}" for rank in range(1_200)]
    schema = TableSchema("s", tuple(SchemaField(f"champ {rank}") for rank in range(60)))
    started = time.monotonic()
    assert len(suggest(text_table(bench, labels, [["x"] * len(labels)]), schema, workshop=bench)) == 60
    assert time.monotonic() - started < 30
    assert len(labels) > MOST_COLUMNS


@pytest.mark.parametrize(
    ("values", "content"),
    [
        (["446 720 633 00010", "40356497400034"], Content.SIRET),
        (["W333216789"], Content.RNA),
        (["44109", "2A004"], Content.COMMUNE_CODE),
        (["oui", "Non"], Content.BOOLEAN),
        (["0", "1"], Content.INTEGER),
        (["2019", "2020.0"], Content.YEAR),
        (["05/07/2021", "1er mars 2020"], Content.DATE),
        (["47.21, -1.55"], Content.POSITION),
        (["1 234,5 €", "12"], Content.NUMBER),
        (["8h30"], Content.TIME),
        (["02 40 00 00 00"], Content.PHONE),
        ([], Content.EMPTY),
        (["15 000- 89 999,99"], Content.TEXT),
    ],
)
def test_contents(values, content):
    assert content_of(values) is content
