"""Declared files: names and types are those declared, every value is kept, and what is not as declared is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.capture.declared.errors import (
    ColumnMissing,
    ColumnOfAnotherType,
    FieldNameUnusable,
    ValueNotAsDeclared,
)
from bocage.capture.declared.staging import stage_declared
from bocage.capture.errors import FileRefused
from bocage.capture.understanding import Corrections
from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.store.engine import workshop

T = FieldType
EVERYTHING = (
    Field("Code INSEE", T.STRING, "Code", "cinq caractères"),
    Field("2024", T.INTEGER),
    Field("prix", T.NUMBER),
    Field("ouvert", T.BOOLEAN),
    Field("mois", T.DATE),
    Field("date", T.DATETIME),
    Field("étiquettes", T.ARRAY),
    Field("détail", T.OBJECT),
    Field("geo_point_2d", T.GEOPOINT),
    Field("contour", T.GEOMETRY),
)
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
ROWS = [
    {
        "Code INSEE": "01004",
        "2024": 9007199254740993,
        "prix": 1.1,
        "ouvert": True,
        "mois": "1988-01",
        "date": "2026-05-04T08:00:00.250+02:00",
        "étiquettes": ["a, b", "é", ""],
        "détail": {"k": [1, None]},
        "geo_point_2d": {"lon": -1.5, "lat": 47.25},
        "contour": {"type": "Feature", "geometry": SQUARE, "properties": {}},
    },
    dict.fromkeys([field.name for field in EVERYTHING]),
    {
        "Code INSEE": "",
        "2024": "12",
        "prix": 3,
        "ouvert": "False",
        "mois": "2024-02-29",
        "date": "2024",
        "étiquettes": "seule",
        "détail": '{"déjà": "texte"}',
        "geo_point_2d": "47.25, -1.5",
        "contour": SQUARE,
    },
]
EXPECTED = [
    ("01004", 9007199254740993, 1.1, True, "1988-01-01", "2026-05-04 06:00:00.25+00", ["a, b", "é", ""],
     {"k": [1, None]}, "POINT (-1.5 47.25)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
    (None,) * 10,
    ("", 12, 3.0, False, "2024-02-29", "2024-01-01 00:00:00+00", ["seule"],
     {"déjà": "texte"}, "POINT (-1.5 47.25)", "POLYGON ((0 0, 1 0, 1 1, 0 0))"),
]  # fmt: skip


def stage(tmp_path, file, fields):
    corrections = Corrections.from_dict(json.loads(json.dumps({"declared": [field.as_dict() for field in fields]})))
    return stage_declared(file, filename=file.name, directory=tmp_path / "work", corrections=corrections)


def rows_of(tmp_path, staged):
    written = {T.DATE: "CAST({} AS VARCHAR)", T.DATETIME: "CAST({} AS VARCHAR)"}
    columns = ", ".join(
        (written.get(field.type) or ("ST_AsText({})" if field.type.is_geographic else "{}")).format(f'"{field.name}"')
        for field in staged.fields
    )
    with workshop(tmp_path / "look", readable=[staged.path]) as shop:
        found = shop.execute(f"SELECT {columns} FROM read_parquet('{staged.path}')")
    objects = [rank for rank, field in enumerate(staged.fields) if field.type is T.OBJECT]
    return [tuple(json.loads(v) if i in objects and v else v for i, v in enumerate(row)) for row in found]


@pytest.mark.parametrize("layout", ["lines", "list"])
def test_every_type_from_json(tmp_path, layout):
    file = tmp_path / "records"
    lines = [json.dumps(row, ensure_ascii=False) for row in ROWS]
    file.write_text("\n".join(lines) if layout == "lines" else "[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    staged = stage(tmp_path, file, EVERYTHING)
    assert staged.fields == EVERYTHING
    assert (staged.row_count, staged.geometry.column, staged.geometry.types) == (3, "contour", ("Polygon",))
    assert rows_of(tmp_path, staged) == EXPECTED
    assert [path.name for path in (tmp_path / "work").iterdir()] == [staged.path.name], "nothing else is left"


@pytest.mark.parametrize("content", ["", "\n", "[]", "[\n\n]\n"])
def test_no_row_is_a_table_all_the_same(tmp_path, content):
    file = tmp_path / "empty.jsonl"
    file.write_text(content, encoding="utf-8")
    staged = stage(tmp_path, file, EVERYTHING)
    assert (staged.row_count, staged.fields) == (0, EVERYTHING)


def test_one_line_alone(tmp_path):
    file = tmp_path / "one.jsonl"
    file.write_text('{"a": 1}\n', encoding="utf-8")
    assert rows_of(tmp_path, stage(tmp_path, file, (Field("a", T.INTEGER),))) == [(1,)]


def test_a_code_stays_a_text_and_a_column_keeps_its_capitals(tmp_path):
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"Code": ["01", None], "N": pa.array([1, 2], pa.int32()), "more": [1, 2]}), file)
    fields = (Field("N", T.INTEGER), Field("Code", T.STRING))
    assert rows_of(tmp_path, stage(tmp_path, file, fields)) == [(1, "01"), (2, None)]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (T.INTEGER, 1.5),
        (T.INTEGER, 10**19),
        (T.INTEGER, "douze"),
        (T.NUMBER, "1,5"),
        (T.BOOLEAN, "oui"),
        (T.DATE, "2024-02-30"),
        (T.DATE, "2024-01-01T12:00:00"),
        (T.DATETIME, "hier"),
        (T.ARRAY, {"a": 1}),
        (T.GEOPOINT, {"lon": 1}),
        (T.GEOPOINT, "quelque part"),
        (T.GEOMETRY, {"type": "Polygon", "coordinates": "non"}),
    ],
)
def test_no_value_is_lost_in_silence(tmp_path, kind, value):
    file = tmp_path / "a.jsonl"
    file.write_text('{"x": null}\n' + json.dumps({"x": value}) + "\n", encoding="utf-8")
    with pytest.raises(ValueNotAsDeclared) as refusal:
        stage(tmp_path, file, (Field("x", kind),))
    assert refusal.value.fields["field"] == "x"
    assert list((tmp_path / "work").iterdir()) == []


@pytest.mark.parametrize(
    "content",
    [
        '{"error_code": "Oops", "message": "x"}',
        '{"error_code": "Oops"}\n{"error_code": "Oops"}\n',
        "[1, 2]",
        "<html>",
        '{"a": 1',
        '{"a": 1}\n{"a": ',
        '[{"a": 1}, {"a": 2}',
        '"a"',
        "\x00\x01",
    ],
)
def test_what_is_not_the_data_is_refused(tmp_path, content):
    file = tmp_path / "a.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused):
        stage(tmp_path, file, (Field("a", T.INTEGER),))


def test_types_of_parquet_that_say_the_same(tmp_path):
    instant = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    table = {
        "tz": pa.array([instant], pa.timestamp("us", "Europe/Paris")),
        "naive": pa.array([instant.replace(tzinfo=None)], pa.timestamp("ms")),
        "day": pa.array([instant.replace(tzinfo=None, hour=0, minute=0, second=0)], pa.timestamp("us")),
        "month": ["2024-01"],
        "float": pa.array([0.1], pa.float32()),
        "small": pa.array([7], pa.uint8()),
        "struct": pa.array([{"a": 1}]),
        "point": pa.array([{"lon": -1.5, "lat": 47.0}]),
        "wkb": pa.array([bytes.fromhex("0101000000000000000000f03f0000000000000040")], pa.binary()),
    }
    pq.write_table(pa.table(table), tmp_path / "a.parquet")
    kinds = (T.DATETIME, T.DATETIME, T.DATE, T.DATE, T.NUMBER, T.INTEGER, T.OBJECT, T.GEOPOINT, T.GEOMETRY)
    fields = tuple(Field(name, kind) for name, kind in zip(table, kinds, strict=True))
    assert rows_of(tmp_path, stage(tmp_path, tmp_path / "a.parquet", fields)) == [
        ("2024-01-02 03:04:05+00", "2024-01-02 03:04:05+00", "2024-01-02", "2024-01-01", 0.1, 7, {"a": 1},
         "POINT (-1.5 47)", "POINT (1 2)"),
    ]  # fmt: skip


def test_a_column_of_another_type_or_absent(tmp_path):
    file = tmp_path / "a.parquet"
    pq.write_table(pa.table({"a": ["x"], "b": [[1, 2]]}), file)
    with pytest.raises(ColumnMissing):
        stage(tmp_path, file, (Field("z", T.STRING),))
    with pytest.raises(ColumnOfAnotherType):
        stage(tmp_path, file, (Field("a", T.INTEGER),))
    with pytest.raises(ColumnOfAnotherType):
        stage(tmp_path, file, (Field("b", T.STRING),))
    file.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(FileRefused):
        stage(tmp_path, file, (Field("a", T.STRING),))


@pytest.mark.parametrize(
    "names", [("a", "A"), ("_row",), ("",), ('a"b',), ("a\nb",), ("x" * 200,), (" a",), ("a\ud800",)]
)
def test_names_that_cannot_be_kept(tmp_path, names):
    file = tmp_path / "a.jsonl"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(FieldNameUnusable):
        stage(tmp_path, file, tuple(Field(name, T.STRING) for name in names))


def test_a_shape_that_no_question_can_be_asked_about_is_left_out(tmp_path):
    file = tmp_path / "a.jsonl"
    shapes = [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1]]]},
        {"type": "Point", "coordinates": []},
        {"type": "Feature", "geometry": None, "properties": {}},
        {"type": "LineString", "coordinates": [[0, 0, 5], [1, 1, 5]]},
    ]
    file.write_text("\n".join(json.dumps({"g": shape}) for shape in shapes), encoding="utf-8")
    staged = stage(tmp_path, file, (Field("g", T.GEOMETRY),))
    assert rows_of(tmp_path, staged) == [(None,), (None,), (None,), ("LINESTRING (0 0, 1 1)",)]


VALUES = st.fixed_dictionaries(
    {
        "t": st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
        "i": st.none() | st.integers(-(2**63), 2**63 - 1),
        "n": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "l": st.none()
        | st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=5), max_size=3),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(VALUES, min_size=1, max_size=8), ascii_only=st.booleans())
def test_whatever_json_says_is_kept(tmp_path_factory, rows, ascii_only):
    folder = tmp_path_factory.mktemp("rows")
    file = folder / "a.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows), encoding="utf-8")
    fields = (Field("t", T.STRING), Field("i", T.INTEGER), Field("n", T.NUMBER), Field("l", T.ARRAY))
    assert rows_of(folder, stage(folder, file, fields)) == [tuple(row[name] for name in "tinl") for row in rows]
