"""The Base Adresse Locale: the verdicts of validateur-bal 3.5.2, recorded on its own files."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from bocage.check.rules import beyond
from bocage.check.rules.bal.descriptor import descriptor
from bocage.check.rules.bal.projection import metres
from bocage.check.rules.kinds import Bench
from bocage.store.engine import workshop
from tests.check.rules.benches import bench_of, counted

PROFILES = ("1.3-relax", "1.3", "1.4", "1.5")
EVERY_PROFILE = {"1.4-valid-relax.csv", "1.5-without-ban-ids.csv", "toponyme-replacing-voie_nom.csv", "sample.csv"}
NETWORK = {"row.cog_no_match_id_ban_commune"}  # asked of the BAN itself


@pytest.fixture(scope="module")
def communes(shared_data: Path) -> pa.Table:
    """`code`, `nom`, `actuelle`: present communes and their former codes."""
    rows = json.loads(gzip.decompress((shared_data / "geo/decoupage/communes.json.gz").read_bytes()))
    present = [one for one in rows if one["type"] in {"commune-actuelle", "arrondissement-municipal"}]
    former = [(old, "", one["code"]) for one in present for old in one.get("anciensCodes", ())]
    told = [(one["code"], one["nom"], one["code"]) for one in present] + former
    # Those that the files name: forty thousand would be joined again at each of the many tests.
    named = "".join(file.read_text(encoding="utf-8", errors="replace") for file in (shared_data / "bal").glob("*.csv"))
    told = [one for one in told if one[0] in named]
    return pa.table({name: [row[place] for row in told] for place, name in enumerate(("code", "nom", "actuelle"))})


@contextmanager
def bal_bench(
    directory: Path, profile: str, labels: list[str], rows: list[list[str]], communes: pa.Table, **told: Any
) -> Iterator[Bench]:
    resources = {"communes": "SELECT * FROM communes"}
    with bench_of(directory, descriptor(profile), labels, rows, resources=resources) as bench:
        bench.workshop.register("communes", communes)
        yield replace(bench, table=replace(bench.table, **told))


def verdict(bench: Bench) -> dict[str, tuple[str, int]]:
    """code → (level, faulty rows)."""
    return {
        family.code: ("I" if family.fields.get("information") else family.level[0].upper(), count)
        for family, count in counted(bench, beyond.tests(bench))
    }


def read(file: Path, delimiter: str) -> tuple[list[str], list[list[str]]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        labels, *rows = csv.reader(opened, delimiter=delimiter)
    return labels, [row for row in rows if row]


@pytest.mark.slow
def test_recorded_verdicts(shared_data: Path, communes: pa.Table, tmp_path: Path) -> None:
    cases = json.loads((shared_data / "bal/verdicts.json").read_text())
    assert len(cases) > 10
    for case in cases:
        labels, rows = read(shared_data / "bal" / case["file"], case["delimiter"])
        told = {"encoding": case["encoding"], "delimiter": case["delimiter"]}
        for profile in PROFILES if case["file"] in EVERY_PROFILE else ("1.4",):
            with bal_bench(tmp_path, profile, labels, rows, communes, **told) as bench:
                said = verdict(bench)
            valid = not any(level == "E" for level, _ in said.values())
            assert valid == case["profiles"][profile], (case["file"], profile, said)
            if profile == "1.4":
                expected = {code: level for code, level in case["codes_profile_1_4"].items() if code not in NETWORK}
                # The validator refuses a file for a column that its profile has no more, without saying why: we say it.
                untold = {code for code, (level, _) in said.items() if level == "E" and code.startswith("uid_adresse.")}
                shown = {code: level for code, (level, _) in said.items() if code not in untold}
                assert shown == expected, case["file"]


@pytest.mark.parametrize(
    ("lon", "lat", "x", "y"),
    [
        (-1.553621, 47.218371, 355_577.0, 6_689_384.0),  # Nantes, Lambert-93
        (-61.73, 16.0, 635_946.0, 1_769_376.0),  # Basse-Terre, UTM 20
        (55.45, -20.88, 338_737.0, 7_690_407.0),  # Saint-Denis, UTM 40
    ],
)
def test_projections(lon: float, lat: float, x: float, y: float, tmp_path: Path) -> None:
    with workshop(tmp_path) as opened:
        east, north = metres(f"({lon})", f"({lat})")
        code = 2154 if lat > 40 else (5490 if lat > 0 else 2975)
        told = opened.execute(f"SELECT {east}, {north}")[0]
        point = f"ST_Transform(ST_Point({lon}, {lat}), 'EPSG:4326', 'EPSG:{code}', always_xy := true)"
        exact = opened.execute(f"SELECT ST_X({point}), ST_Y({point})")[0]
    assert told == pytest.approx(exact, abs=0.02)
    assert told == pytest.approx((x, y), abs=2_000)
