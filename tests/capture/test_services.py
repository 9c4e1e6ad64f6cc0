"""The two verbs: what is announced is what is staged, corrections are obeyed, nothing is left behind."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.capture import errors
from bocage.capture.inference.infer import SAMPLE_ROWS
from bocage.capture.notices import SENTENCES, sentence
from bocage.capture.services import inspect, stage
from bocage.capture.understanding import Corrections, FieldCorrection
from bocage.store.staged import Notice
from tests.capture.tables import codes_of, rows_of, stage_bytes, types_of

FAR = SAMPLE_ROWS + 500  # beyond what the sample sees


def inspect_bytes(content, tmp_path, corrections=Corrections()):
    file = tmp_path / "inspected"
    file.write_bytes(content)
    return inspect(file, filename="f.csv", corrections=corrections)


def column(values, label="mesure"):
    """A file of two columns whose second one holds these values."""
    return "\n".join([f"cle;{label}", *(f"k{rank};{value}" for rank, value in enumerate(values))]).encode()


def typed(field_type):
    return Corrections(fields={"mesure": FieldCorrection(type=field_type)})


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["1", "2"], "integer"), (["1", "2.5"], "number"), (["1", "2,5"], "number"), (["1", "2,5", "2.5"], "string"),
        (["1 000", "20"], "integer"), (["1 000,5", "20"], "number"), (["1", "007"], "string"), (["1", "+2"], "string"),
        (["1.5", "1e-7"], "number"), (["1e5", "2e5"], "string"), (["1", "NaN"], "string"),
        (["true", "False"], "boolean"), (["true", "0"], "boolean"), (["0", "1"], "integer"), (["oui", "NON"], "boolean"),
        (["oui", "vrai"], "string"), (["o", "n"], "string"),
        (["2024-01-31", "2024-02-29"], "date"), (["31/01/2024", "1/2/2024"], "date"), (["2024-01-31", "31/01/2024"], "string"),
        (["2024-01-31T10:00:00", "2024-01-31 10:00"], "datetime"), (["31/12/2024 23:59", "1/1/2024 0:00"], "datetime"),
        (["12345678901234567890", "1"], "string"), (["244400404", "225300011"], "string"), (["", ""], "string"),
        ([" 12", "13 "], "integer"), (["   ", "13"], "integer"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("far", [False, True])
def test_the_type_is_that_of_the_whole_file(tmp_path, values, kind, far):
    """`far`: the value that decides is beyond the sample; the answer must be the same, for both verbs."""
    first, *rest = values
    content = column([first] * FAR + rest) if far else column(values)
    staged = stage_bytes(content, tmp_path)
    assert types_of(staged)["mesure"] == kind
    assert inspect_bytes(content, tmp_path).fields == staged.fields
    assert staged.row_count == (FAR + len(rest) if far else len(values))


def test_a_column_empty_in_the_head_gets_its_type(tmp_path):
    staged = stage_bytes(column([""] * FAR + ["12,5", "3"]), tmp_path)
    assert types_of(staged)["mesure"] == "number"
    assert [row[1] for row in rows_of(staged)][-3:] == [None, 12.5, 3.0]


def test_values_are_those_written(tmp_path):
    content = "n;d;t;b;x\n1 234,5;31/12/2023;2023-12-31T23:00:00+01:00;oui; é \n;;;;\n-0,5;1/1/2024;2024-01-01T00:00:00Z;NON;\n"
    assert rows_of(stage_bytes(content.encode(), tmp_path)) == [
        (1234.5, date(2023, 12, 31), datetime(2023, 12, 31, 22, tzinfo=UTC), True, " é "),
        (-0.5, date(2024, 1, 1), datetime(2024, 1, 1, tzinfo=UTC), False, None),
    ]


def test_the_rows_keep_the_order_of_the_file(tmp_path):
    staged = stage_bytes(column([str(value) for value in range(300_000)]), tmp_path)
    assert [row[1] for row in rows_of(staged)] == list(range(300_000))


@pytest.mark.parametrize(
    ("values", "code", "found"),
    [
        (
            ["2024-01-31"] * 9 + ["2024-02-30"],
            "kept-as-text",
            {"line": 11, "value": "2024-02-30", "type": "date", "count": 1},
        ),
        (["12"] * 9 + ["NC"], "missing-markers", {"values": ["NC"], "type": "integer"}),
        (["1,234", "12,500"], "ambiguous-comma", {"value": "1,234"}),
        (["31/01/24", "01/02/24"], "short-years", {}),
        (["2024-01-31T10:00"], "no-offset", {}),
        (["24440040400129"], "kept-code", {}),
    ],
)
def test_what_is_doubtful_is_told(tmp_path, values, code, found):
    staged = stage_bytes(column(values), tmp_path)
    [notice] = [notice for notice in staged.notices if notice.code == code]
    assert found.items() <= notice.fields.items()
    assert "%(" not in sentence(notice)


def test_another_column_settles_the_decimal_comma(tmp_path):
    staged = stage_bytes(b"a;b\n1,234;0,5\n12,500;1,25\n", tmp_path)
    assert rows_of(staged) == [(1.234, 0.5), (12.5, 1.25)]


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("string", ["1", "2"], ["1", "2"]), ("number", ["1", "2"], [1.0, 2.0]), ("number", ["1,234"], [1.234]),
        ("boolean", ["0", "1"], [False, True]), ("boolean", ["O", "n"], [True, False]),
        ("datetime", ["2024-01-31"], [datetime(2024, 1, 31, tzinfo=UTC)]), ("array", ['["a","b"]'], [["a", "b"]]),
        ("object", ['{"a":1}'], ['{"a":1}']),
    ],
)  # fmt: skip
def test_a_person_may_force_a_type(tmp_path, kind, values, expected):
    content = "cle\tmesure\n" + "".join(f"k\t{value}\n" for value in values)
    staged = stage_bytes(content.encode(), tmp_path, corrections=typed(kind))
    assert types_of(staged)["mesure"] == kind
    assert [row[1] for row in rows_of(staged)] == expected


def test_a_forced_type_that_would_lose_a_value_is_refused_with_its_place(tmp_path):
    with pytest.raises(errors.ValueDoesNotFit) as caught:
        stage_bytes(column(["1"] * FAR + ["beaucoup", "trop"]), tmp_path, corrections=typed("integer"))
    assert {"line": FAR + 2, "label": "mesure", "value": "beaucoup", "count": 2}.items() <= caught.value.fields.items()
    with pytest.raises(errors.UnknownType):
        stage_bytes(column(["1"]), tmp_path, corrections=typed("pierre"))


def test_markers_of_missing_values_are_emptied_when_a_person_asks(tmp_path):
    content = column(["12", "NA", "7", "-", "na"])
    assert types_of(stage_bytes(content, tmp_path))["mesure"] == "string"
    staged = stage_bytes(content, tmp_path, corrections=typed("integer"))
    assert [row[1] for row in rows_of(staged)] == [12, None, 7, None, None]
    [notice] = [notice for notice in staged.notices if notice.code == "markers-emptied"]
    assert notice.fields["count"] == 3
    with pytest.raises(errors.ValueDoesNotFit) as caught:
        stage_bytes(column(["NA", "12", "douze"]), tmp_path, corrections=typed("integer"))
    assert {"line": 4, "value": "douze"}.items() <= caught.value.fields.items()


def test_fields_are_renamed_and_dropped_by_their_technical_name(tmp_path):
    content = b"Nom;\xc3\x82ge;Secret\nAnne;33;x\n"
    fields = {"age": FieldCorrection(label="Années"), "secret": FieldCorrection(keep=False)}
    staged = stage_bytes(content, tmp_path, corrections=Corrections(fields=fields))
    assert [(field.name, field.label) for field in staged.fields] == [("nom", "Nom"), ("age", "Années")]
    everything = {name: FieldCorrection(keep=False) for name in ("nom", "age", "secret")}
    with pytest.raises(errors.NoColumn):
        stage_bytes(content, tmp_path, corrections=Corrections(fields=everything))


def test_provenance_and_nothing_left_behind(tmp_path):
    content = "a;b\né;2\n".encode("cp1252")
    staged = stage_bytes(content, tmp_path, "Écoles 2024.csv")
    assert staged.provenance == {
        "filename": "Écoles 2024.csv", "format": "csv", "encoding": "cp1252", "delimiter": ";", "layer": "",
        "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
    }  # fmt: skip
    assert list((tmp_path / "staging").iterdir()) == [staged.path]
    assert "encoding-guessed" in codes_of(staged)
    with pytest.raises(errors.TooManyCells):
        stage_bytes(b"a;b\n1;2;3\n", tmp_path)
    assert list((tmp_path / "staging").iterdir()) == [staged.path]


def test_the_source_file_is_never_touched(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"a;b\n1\n")
    stage(file, filename="f", directory=tmp_path / "staging")
    assert file.read_bytes() == b"a;b\n1\n"


def test_the_preview_is_ready_for_json(tmp_path):
    content = "n;d;t;x\n1,5;31/12/2023;2023-12-31T23:00:00Z;é\n;;;y\n" + "2,5;;;z\n" * 50
    found = inspect_bytes(content.encode(), tmp_path)
    assert len(found.preview) == 20
    assert found.preview[0] == {"n": 1.5, "d": "2023-12-31", "t": "2023-12-31T23:00:00+00:00", "x": "é"}
    assert found.preview[1] == {"n": None, "d": None, "t": None, "x": "y"}
    assert found.row_estimate == 52


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(["1", "2.5", "2,5", "x", "", "01", "2024-01-01", "oui", " 3"]), min_size=1, max_size=5))
def test_both_verbs_agree(tmp_path, values):
    content = column(values)
    assert inspect_bytes(content, tmp_path).fields == stage_bytes(content, tmp_path).fields


def test_every_notice_has_a_sentence_and_an_unknown_one_does_not_fail():
    assert sentence(Notice("from-a-plug-in")) == "from-a-plug-in"
    assert len(SENTENCES) > 20
