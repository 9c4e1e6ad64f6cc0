"""Values that must exist elsewhere: another table, this very one, a reference dataset."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bocage.check.rules import beyond
from bocage.check.verdict import Family
from tests.check.rules.benches import bench_of, found


def key(fields: Any, resource: str, reference: Any) -> dict[str, Any]:
    return {"fields": fields, "reference": {"resource": resource, "fields": reference}}


def told(
    directory: Path, names: str, keys: list[dict[str, Any]], rows: list[list[str]], **resources: dict[str, list[str]]
) -> list[tuple[str, int | None, str]]:
    descriptor = {"fields": [{"name": name, "type": "string"} for name in names], "foreignKeys": keys}
    selects = {name: f"SELECT * FROM {name}" for name in resources}
    with bench_of(directory, descriptor, list(names), rows, resources=selects) as bench:
        for name, columns in resources.items():
            bench.workshop.register(
                name, pa.table({one: pa.array(values, pa.string()) for one, values in columns.items()})
            )
        return [(rule, row, cell) for rule, row, cell, _ in found(bench, beyond.tests(bench))]


def test_another_table(tmp_path: Path) -> None:
    rows = [["1", "x"], ["3", "x"], ["", "x"], ["01", "x"]]
    assert told(tmp_path, "ab", [key("a", "sites", "id")], rows, sites={"id": ["1", "2", None]}) == [
        ("foreign-key", 3, "3"), ("foreign-key", 5, "01"),
    ]  # fmt: skip


def test_a_key_of_two_columns_is_one_value(tmp_path: Path) -> None:
    rows = [["1", "2"], ["2", "1"], ["12", ""], ["", "12"], ["", ""]]
    refused = told(tmp_path, "ab", [key(["a", "b"], "sites", ["x", "y"])], rows, sites={"x": ["1"], "y": ["2"]})
    assert refused == [("foreign-key", 3, "2 · 1"), ("foreign-key", 4, "12"), ("foreign-key", 5, "12")]


def test_this_very_table(tmp_path: Path) -> None:
    rows = [["1", ""], ["2", "1"], ["3", "9"]]
    assert told(tmp_path, "ab", [key("b", "", "a")], rows) == [("foreign-key", 4, "9")]


def test_a_table_that_was_not_given_is_said_and_refuses_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, "ab", [key("a", "sites", "id")], [["1", "x"]]) == [("foreign-key.resource", None, "")]


def test_an_empty_reference_refuses_every_value(tmp_path: Path) -> None:
    assert told(tmp_path, "ab", [key("a", "sites", "id")], [["1", "x"], ["", "x"]], sites={"id": []}) == [
        ("foreign-key", 2, "1")
    ]


def test_exists_in_a_reference_dataset(tmp_path: Path) -> None:
    check = {"name": "exists-in", "params": {"column": "insee", "resource": "communes", "field": "code"}}
    descriptor = {"fields": [{"name": "insee", "type": "string"}], "custom_checks": [check]}
    rows = [["44109"], ["44000"], [""]]
    given = {"communes": "SELECT '44109' AS code"}
    with bench_of(tmp_path, descriptor, ["insee"], rows, resources=given) as bench:
        assert found(bench, beyond.tests(bench)) == [("exists-in", 3, "44000", None)]
    with bench_of(tmp_path, descriptor, ["insee"], rows) as bench:
        [family] = beyond.tests(bench)
    assert isinstance(family, Family)
    assert (family.rule, family.level) == ("exists-in.resource", "warning")


@pytest.mark.parametrize(("column", "refused"), [("site_id", []), ("site_name", "all")])
def test_counting_sites_and_their_channels(column: str, refused: Any, shared_data: Path, tmp_path: Path) -> None:
    """The real files of the national schemas of bicycle counters: channels refer to their sites."""
    place = shared_data / "valid/etalab__schema-comptage-mobilites-{}"
    channels = min(Path(str(place).format("channel")).glob("*.csv"))
    with channels.open(encoding="utf-8-sig", newline="") as opened:
        labels, *rows = csv.reader(opened)
    sites = min(Path(str(place).format("site")).glob("*.csv"))
    with sites.open(encoding="utf-8-sig", newline="") as opened:
        known = list(csv.DictReader(opened))
    if "site_id" not in labels:
        pytest.skip(f"channels without site_id: {labels}")
    descriptor = {
        "fields": [{"name": name, "type": "string"} for name in labels],
        "foreignKeys": [key("site_id", "site", column)],
    }
    with bench_of(tmp_path, descriptor, labels, rows, resources={"site": f'SELECT "{column}" FROM sites'}) as bench:
        bench.workshop.register("sites", pa.Table.from_pylist(known))
        faults = found(bench, beyond.tests(bench))
    assert len(faults) == (len(rows) if refused == "all" else 0), json.dumps(faults[:5])
