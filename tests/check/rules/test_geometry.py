"""Shapes alone and together, however they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bocage.check.rules import beyond
from bocage.check.verdict import Family
from tests.check.rules.benches import bench_of, found


def square(west: float, south: float, side: float = 0.01) -> str:
    east, north = west + side, south + side
    return f"POLYGON(({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))"


def told(directory: Path, check: str, texts: list[str], producer: dict[str, Any] | None = None, **params: Any) -> Any:
    descriptor = {
        "fields": [{"name": "geom", "type": "string"}],
        "custom_checks": [{"name": check, "params": {"column": "geom", **params}}],
    }
    with bench_of(directory, descriptor, ["geom"], [[text] for text in texts], producer=producer or {}) as bench:
        tests = beyond.tests(bench)
        families = [one for one in tests if isinstance(one, Family)]
        return [(rule.removeprefix("geometry."), row, note) for rule, row, _, note in found(bench, tests)], families


def test_what_is_wrong_with_a_shape_alone(tmp_path: Path) -> None:
    point = json.dumps({"type": "Point", "coordinates": [-1.56, 47.2]})
    texts = [
        square(-1.6, 47.2), "POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))", "not a shape", "POLYGON EMPTY", point,
        "0101000000CDCCCCCCCCCCF8BF9A99999999994740", '{"type": "Point"}', "", "POLYGON((0 0, 1 0, 1 1))",
        "POLYGON((0 0, 0.001 0, 0.001 0.00000001, 0 0))",
    ]  # fmt: skip
    faults, _ = told(tmp_path, "geometry", texts, type="Polygon")
    assert [(rule, row) for rule, row, _ in faults] == [
        ("invalid", 3), ("unreadable", 4), ("empty", 5), ("type", 6), ("type", 7), ("unreadable", 8), ("invalid", 10),
        ("sliver", 11),
    ]  # fmt: skip
    assert {rule: note for rule, _, note in faults}["type"] == "POINT"
    assert faults[0][2] == "Self-intersection[0.5 0.5]"


def test_the_same_shape_twice_however_it_is_written(tmp_path: Path) -> None:
    same = json.dumps({"type": "Point", "coordinates": [-1.5500000001, 47.2]})
    faults, _ = told(tmp_path, "geometry", ["POINT(-1.55 47.2)", same, "POINT(-1.55 47.3)", "POINT(-1.55 47.2)"])
    assert faults == [("duplicate", 2, "3"), ("duplicate", 3, "3"), ("duplicate", 5, "3")]


def test_shapes_out_of_the_territory(tmp_path: Path) -> None:
    texts = [square(-1.6, 47.2), square(2.3, 48.8), square(-1.505, 47.2)]
    faults, _ = told(tmp_path, "geometry", texts, {"bbox": [-1.8, 47.0, -1.5, 47.4]})
    assert [(rule, row) for rule, row, _ in faults] == [("outside-territory", 3), ("outside-territory", 4)]
    faults, _ = told(tmp_path, "geometry", texts, {"boundary_wkt": square(-1.8, 47.0, 0.4)})
    assert [(rule, row) for rule, row, _ in faults] == [("outside-territory", 3)]


def test_a_coverage_neither_overlaps_nor_leaves_holes(tmp_path: Path) -> None:
    grid = [square(-1.6 + 0.01 * x, 47.2 + 0.01 * y) for x in range(3) for y in range(3)]
    assert told(tmp_path, "coverage", grid) == ([], [])
    holed, families = told(tmp_path, "coverage", [one for place, one in enumerate(grid) if place != 4])
    assert [row for _, row, _ in holed] == [None]
    assert families[0].fields["places"] == ["-1.585 47.215"]
    assert 800_000 < families[0].fields["square_metres"] < 860_000
    overlapping, _ = told(tmp_path, "coverage", [grid[0], square(-1.595, 47.2), grid[8]], gaps="no")
    assert [(rule, row) for rule, row, _ in overlapping] == [("overlap", 2), ("overlap", 3)]


def test_communes_are_a_coverage(shared_data: Path, tmp_path: Path) -> None:
    communes = json.loads((shared_data / "geo/nantes-metropole/communes.geojson").read_text())["features"]
    faults, families = told(tmp_path, "coverage", [json.dumps(one["geometry"]) for one in communes])
    assert (faults, families) == ([], [])
