"""What the reference lets through and the strict profile tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from bocage.check.rules import beyond
from tests.check.rules.benches import bench_of, found


def strict(
    directory: Path, fields: dict[str, str], rows: list[list[str]], producer: dict[str, Any] | None = None
) -> list[tuple[str, int | None, str]]:
    descriptor = {"fields": [{"name": name, "type": kind} for name, kind in fields.items()]}
    with bench_of(directory, descriptor, list(fields), rows, profile="strict", producer=producer or {}) as bench:
        return [(rule.removeprefix("strict."), row, note) for rule, row, _, note in found(bench, beyond.tests(bench))]


def test_the_default_profile_tells_nothing_of_it(tmp_path: Path) -> None:
    descriptor = {"fields": [{"name": "a", "type": "string"}]}
    with bench_of(tmp_path, descriptor, ["a"], [[" NC "]]) as bench:
        assert beyond.tests(bench) == []


def test_spaces_and_placeholders(tmp_path: Path) -> None:
    rows = [["mairie "], ["\u00a0école"], ["NC"], ["-"], ["non renseigné"], ["La Baule"], ["N/A "]]
    assert strict(tmp_path, {"nom": "string"}, rows) == [
        ("spaces", 2, "mairie"), ("spaces", 3, "école"), ("placeholder", 4, None), ("placeholder", 5, None),
        ("placeholder", 6, None), ("placeholder", 8, None), ("spaces", 8, "N/A"),
    ]  # fmt: skip


def test_a_header_alone(tmp_path: Path) -> None:
    assert strict(tmp_path, {"nom": "string"}, []) == [("no-row", None, None)]


def test_the_same_value_everywhere(tmp_path: Path) -> None:
    fields = {"places": "integer", "insee": "string", "couvert": "boolean"}
    rows = [["12", "44109", "true"]] * 25
    assert strict(tmp_path, fields, rows) == [("one-value", None, None)]
    assert strict(tmp_path, fields, rows[:5]) == []


def test_dates_to_come(tmp_path: Path) -> None:
    rows = [["2999-01-01", "2999-01-01"], ["2020-01-01", "2020-01-01"]]
    assert strict(tmp_path, {"date_maj": "date", "date_fin": "date"}, rows) == [("future", 2, None)]


def test_positions_swapped_or_elsewhere(tmp_path: Path) -> None:
    rows = [["-1.55,47.2"], ["47.2,-1.55"], ["2.35,48.85"], [""]]
    assert strict(tmp_path, {"xy": "geopoint"}, rows) == [("swapped-position", 3, "-1.55,47.2")]
    box = {"bbox": [-1.8, 47.0, -1.3, 47.4], "name": "Nantes Métropole"}
    assert strict(tmp_path, {"xy": "geopoint"}, rows, box) == [
        ("swapped-position", 3, "-1.55,47.2"), ("outside-territory", 4, None),
    ]  # fmt: skip
    pairs = [row[0].split(",") if row[0] else ["", ""] for row in rows]
    assert [row for _, row, _ in strict(tmp_path, {"Xlong": "number", "Ylat": "number"}, pairs, box)] == [3, 4]


def test_a_point_out_of_the_commune_that_its_row_names(shared_data: Path, tmp_path: Path) -> None:
    features = json.loads((shared_data / "geo/nantes-metropole/communes.geojson").read_text())["features"]
    shapes = [json.dumps(one["geometry"]) for one in features]
    table = pa.table({
        "code": [one["properties"]["code"] for one in features],
        "nom": [one["properties"]["nom"] for one in features], "shape": shapes,
    })  # fmt: skip
    descriptor = {"fields": [{"name": "insee", "type": "string"}, {"name": "xy", "type": "geopoint"}]}
    rows = [
        ["44109", "-1.5536,47.2184"], ["44162", "-1.5536,47.2184"], ["44109", "47.2184,-1.5536"], ["99999", "-1.5536,47.2184"],
        ["44162", "-1.6486,47.2115"], ["", "-1.5536,47.2184"],
    ]  # fmt: skip
    resources = {"communes": "SELECT code, nom, ST_AsText(ST_GeomFromGeoJSON(shape)) AS wkt FROM shapes"}
    with bench_of(
        tmp_path, descriptor, ["insee", "xy"], rows, profile="strict", resources=resources, spatial=True
    ) as bench:
        bench.workshop.register("shapes", table)
        faults = [(rule, row, note) for rule, row, _, note in found(bench, beyond.tests(bench))]
    assert faults == [
        ("strict.outside-commune", 3, "Saint-Herblain"), ("strict.swapped-position", 4, "-1.5536,47.2184"),
    ]  # fmt: skip
