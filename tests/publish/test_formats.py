"""Every format, read back by an independent reader."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, date, datetime

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType as T
from bocage.publish.files import FORMATS
from bocage.publish.files.errors import NoGeometry, TextTooLong, TooManyRows
from bocage.publish.files.formats import Options
from bocage.publish.files.workbook import MOST_ROWS
from tests.publish.engine import FIELDS, POLYGON, Engine

FULL = (
    'Piscine ; "Léo"\n2', "01004", 12, 2.5, True, date(2026, 5, 4), datetime(2026, 5, 4, 8, 0, tzinfo=UTC), ["eau", "sport"],
    '{"a":[1,2]}', "POINT (-1.55 47.21)", POLYGON,
)  # fmt: skip
EMPTY = (None,) * len(FIELDS)


def made(engine: Engine, name: str, options: Options = Options(), timezone: str = "UTC") -> bytes:
    kind = FORMATS.get(name)
    with engine.stream(timezone, kind.rendering(options)) as stream:
        return b"".join(kind.chunks(stream, options))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine([FULL, EMPTY])


def test_csv_is_read_back_exactly(engine):
    content = made(engine, "csv")
    assert content.startswith(b"\xef\xbb\xbfnom;code;")
    assert b"\r\n" in content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == [field.name for field in FIELDS]
    assert rows[1][:9] == [
        FULL[0], "01004", "12", "2.5", "true", "2026-05-04", "2026-05-04T08:00:00+00:00", "eau,sport", '{"a":[1,2]}',
    ]  # fmt: skip
    assert rows[1][9] == "47.21, -1.55"
    assert json.loads(rows[1][10])["type"] == "Polygon"
    assert rows[2] == [""] * len(FIELDS)


def test_csv_dialect(engine):
    options = Options(use_labels=True, delimiter=",", list_separator="|", quote_all=True, with_bom=False)
    content = made(engine, "csv", options).decode()
    assert content.startswith('"Nom de l’équipement","Code INSEE","places"')
    row = next(iter(list(csv.reader(io.StringIO(content, newline="")))[1:]))
    assert row[7] == "eau|sport"
    assert '"12"' in content


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_point_is_quoted_when_its_comma_is_the_delimiter(engine, delimiter):
    content = made(engine, "csv", Options(delimiter=delimiter)).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))
    assert [row[9] for row in rows] == ["centre", "47.21, -1.55", ""]


def test_dates_follow_the_time_zone(engine):
    assert b"2026-05-04T10:00:00+02:00" in made(engine, "csv", timezone="Europe/Paris")
    assert b"2026-05-04T05:30:00-02:30" in made(engine, "jsonl", timezone="America/St_Johns")


def test_json_is_an_array_of_the_standard_shapes(engine):
    first, second = json.loads(made(engine, "json"))
    assert list(first) == [field.name for field in FIELDS]
    assert first["centre"] == {"lon": -1.55, "lat": 47.21}
    assert first["contour"]["type"] == "Feature"
    assert first["contour"]["geometry"]["type"] == "Polygon"
    assert first["tags"] == ["eau", "sport"]
    assert first["brut"] == {"a": [1, 2]}
    assert first["maj"] == "2026-05-04T08:00:00+00:00"
    assert second == dict.fromkeys(first)


def test_json_lines(engine):
    lines = made(engine, "jsonl").decode().splitlines()
    assert [json.loads(line)["code"] for line in lines] == ["01004", None]


def test_geojson_draws_the_shape_and_keeps_the_point_as_a_property(engine):
    collection = json.loads(made(engine, "geojson"))
    first, second = collection["features"]
    assert first["geometry"]["type"] == "Polygon"
    assert first["properties"]["centre"] == {"lon": -1.55, "lat": 47.21}
    assert "contour" not in first["properties"]
    assert second["geometry"] is None


def test_geojson_without_geometry_is_refused():
    with pytest.raises(NoGeometry):
        made(Engine([("a",)], (Field("a", T.STRING),)), "geojson")


def test_parquet_is_geoparquet(engine):
    table = pq.read_table(io.BytesIO(made(engine, "parquet")))
    assert table.column_names == [field.name for field in FIELDS]
    geo = json.loads(table.schema.metadata[b"geo"])
    assert geo["primary_column"] == "contour"
    assert geo["columns"]["centre"]["geometry_types"] == ["Point"]
    assert table["centre"].cast("binary")[0].as_py()[:5] == b"\x01\x01\x00\x00\x00"
    assert table["code"].to_pylist() == ["01004", None]


def test_workbook_keeps_codes_as_texts_and_dates_as_dates(engine):
    book = openpyxl.load_workbook(io.BytesIO(made(engine, "xlsx", Options(use_labels=True))))
    header, first, second = list(book.active.iter_rows(values_only=True))
    assert header[:3] == ("Nom de l’équipement", "Code INSEE", "places")
    assert first[:5] == (FULL[0], "01004", 12, 2.5, True)
    assert [moment.isoformat() for moment in first[5:7]] == ["2026-05-04T00:00:00", "2026-05-04T08:00:00"]
    assert first[7] == "eau,sport"
    assert second == (None,) * len(FIELDS)


def test_workbook_writes_what_excel_cannot_hold_as_texts():
    fields = (Field("grand", T.INTEGER), Field("ancien", T.DATE), Field("formule", T.STRING), Field("brut", T.STRING))
    engine = Engine([(12345678901234567, date(1789, 7, 14), "=1+1", "a<b&\x07c")], fields)
    sheet = openpyxl.load_workbook(io.BytesIO(made(engine, "xlsx"))).active
    assert [cell.value for cell in sheet[2]] == ["12345678901234567", "1789-07-14", "=1+1", "a<b&c"]
    assert sheet["C2"].data_type != "f"


def test_workbook_refuses_what_does_not_fit(monkeypatch):
    with pytest.raises(TextTooLong):
        made(Engine([("x" * 32_768,)], (Field("a", T.STRING),)), "xlsx")
    monkeypatch.setattr("bocage.publish.files.workbook.MOST_ROWS", 1)
    with pytest.raises(TooManyRows):
        made(Engine([("x",), ("y",)], (Field("a", T.STRING),)), "xlsx")
    assert MOST_ROWS == 1_048_575


@pytest.mark.parametrize("name", ["csv", "json", "jsonl", "geojson", "parquet", "xlsx"])
def test_no_row_still_makes_a_file(name):
    content = made(Engine([]), name)
    if name == "json":
        assert json.loads(content) == []
    elif name == "geojson":
        assert json.loads(content)["features"] == []
    elif name == "parquet":
        assert pq.read_table(io.BytesIO(content)).column_names == [field.name for field in FIELDS]
    elif name == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(content)).active.max_row == 1
    elif name == "csv":
        assert content.count(b"\r\n") == 1
    else:
        assert content == b""


@pytest.mark.parametrize("name", ["csv", "json", "geojson", "parquet", "xlsx"])
def test_the_same_rows_make_the_same_bytes(engine, name):
    assert made(engine, name) == made(engine, name)


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(TEXTS, st.floats(width=32), st.lists(TEXTS, max_size=2)), min_size=1, max_size=6))
def test_any_text_survives_csv_and_json(rows):
    fields = (Field('a"é', T.STRING), Field("n", T.NUMBER), Field("l", T.ARRAY))
    engine = Engine(list(rows), fields)
    expected = [(text, number if math.isfinite(number) else None, values) for text, number, values in rows]
    records = json.loads(made(engine, "json"))
    assert [tuple(record.values()) for record in records] == expected
    content = made(engine, "csv", Options(with_bom=False)).decode()
    read = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
    assert [row[0] for row in read] == ['a"é', *(row[0] for row in rows)]
    assert [row[2] for row in read[1:]] == [",".join(row[2]) for row in rows]
