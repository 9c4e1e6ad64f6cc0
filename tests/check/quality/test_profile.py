"""What the columns hold, counted exactly where it is told as exact; and what is odd against the version before."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from bocage.catalog.fields import Field
from bocage.catalog.vocabulary import FieldType
from bocage.check.quality.anomalies import compare, distance
from bocage.check.quality.profile import profile
from bocage.check.quality.words import anomaly_sentences

FIELDS = (
    Field("code", FieldType.STRING, "Code"),
    Field("places", FieldType.INTEGER),
    Field("taux", FieldType.NUMBER),
    Field("jour", FieldType.DATE),
    Field("ouvert", FieldType.BOOLEAN),
)


@pytest.fixture
def look(tmp_path):
    def make(**columns):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.parquet"
        rows = len(next(iter(columns.values())))
        types = {
            "code": pa.string(),
            "places": pa.int64(),
            "taux": pa.float64(),
            "jour": pa.date32(),
            "ouvert": pa.bool_(),
        }
        arrays = {name: pa.array(columns.get(name, [None] * rows), kind) for name, kind in types.items()}
        pq.write_table(pa.table(arrays), path)
        found = profile(path, FIELDS)
        return found, {column["name"]: column for column in found["columns"]}

    return make


def test_counts_bounds_and_frequent_values(look):
    days = [date(2026, 1, 1) + timedelta(days=n % 60) for n in range(300)]
    found, columns = look(
        code=["A"] * 200 + ["B"] * 90 + [None] * 10,
        places=list(range(300)),
        taux=[0.5] * 299 + [float("nan")],
        jour=days,
        ouvert=[True] * 100 + [False] * 200,
    )
    assert found["rows"] == 300
    code = columns["code"]
    assert (code["filled"], code["missing"], code["distinct"]) == (290, 10, 2)
    assert (code["top"], code["codes"]) == ([("A", 200), ("B", 90)], ["A", "B"])
    places = columns["places"]
    assert (places["low"], places["high"], places["mean"], sum(places["counts"])) == ("0", "299", 149.5, 300)
    assert len(places["counts"]) == len(places["edges"]) - 1 == 20
    assert columns["taux"]["counts"] == []
    assert (columns["jour"]["low"], columns["jour"]["high"]) == ("2026-01-01", "2026-03-01")
    assert columns["ouvert"]["top"] == [("false", 200), ("true", 100)]
    assert found["filled_share"] == pytest.approx((290 + 300 * 4) / 1500, abs=1e-3)


def test_hostile_values_and_names(tmp_path):
    names = ['a"b', "c'd; DROP TABLE x", "%s"]
    values = ["'; SELECT 1 --", "x" * 5000, "\u202e", "{", "NULL"] * 300
    path = tmp_path / "h.parquet"
    pq.write_table(pa.table(dict.fromkeys(names, pa.array(values))), path)
    found = profile(path, [Field(name, FieldType.STRING) for name in names])
    assert all(column["filled"] == 1500 and column["distinct"] == 5 for column in found["columns"])
    assert max(len(value) for column in found["columns"] for value, _ in column["top"]) <= 120


def test_empty_tables_and_empty_columns(look):
    found, _columns = look(code=[])
    assert (found["rows"], found["filled_share"]) == (0, None)
    found, columns = look(code=["", "  ", None])
    assert columns["code"]["filled"] == 0
    assert compare(found, found) == []


def test_what_an_ordinary_update_changes_is_not_told(look):
    before, _ = look(code=["A", "B"] * 100, places=list(range(200)), taux=[n % 7 / 2 for n in range(200)])
    after, _ = look(code=["A", "B"] * 110, places=list(range(220)), taux=[n % 7 / 2 for n in range(220)])
    assert compare(before, after) == []


def test_each_oddity_is_told_in_words(look):
    before, _ = look(
        code=["A", "B"] * 100, places=[n % 50 for n in range(200)], taux=[1.0, 2.0] * 100, ouvert=[True] * 200
    )
    after, _ = look(
        code=["A", "Z"] * 50, places=[400 + n % 50 for n in range(100)], taux=[None] * 100, ouvert=[True] * 100
    )
    found = compare(before, after)
    assert [one["code"] for one in found] == ["volume-drop", "new-codes", "shift", "column-emptied"]
    with override("fr"):
        sentences = anomaly_sentences(found)
    assert "50" in sentences[0]
    assert "Z" in sentences[1]
    assert all("%(" not in sentence for sentence in sentences)


def test_lost_and_retyped_columns(look, tmp_path):
    before, _ = look(code=["A"] * 40, places=[1] * 40)
    after = {**before, "columns": [dict(column) for column in before["columns"][1:]]}
    after["columns"][0]["type"] = "string"
    assert [one["code"] for one in compare(before, after)] == ["column-lost", "type-changed"]


@settings(max_examples=60)
@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=8).map(sorted), st.integers(-100, 100))
def test_the_distance_between_two_distributions(quantiles, step):
    moved = [quantile + step for quantile in quantiles]
    assert distance(quantiles, quantiles) == 0
    assert 0 <= distance(quantiles, moved) <= 1
    assert distance(quantiles, moved) == pytest.approx(distance(moved, quantiles))
    assert distance([0, 1], [5, 6]) == 1
