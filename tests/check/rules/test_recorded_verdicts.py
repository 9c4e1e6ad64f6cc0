"""The custom checks on whole files: the same faults, on the same rows and columns, as the verdicts recorded from Validata."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from bocage.capture.text import text_table
from bocage.check.descriptor import read_schema
from bocage.check.services import check
from bocage.store.engine import workshop

CODES = {
    "custom-check-error", "opening-hours-value", "phone-number-value", "compare-columns-value", "cohesive-columns-value",
    "sum-columns-value", "year-interval-value", "one-of-required", "french-gps-coordinates", "check-error",
}  # fmt: skip
ORACLE = "validata_0.12.5_frictionless_5.18.1"
REAL = ("exemple_invalide.csv", "exemple_valide.csv", "exemple_invalide_erreurs_cellules.csv", "in-house-estrees.csv")


def told(shared_data: Path, file: str, schema: str, version: str, directory: Path) -> Counter[str]:
    place = shared_data / "schemas/table-schema" / schema / version / "schema.json"
    descriptor = json.loads(place.read_text())
    with workshop(directory, spatial=False) as opened:
        table = text_table(shared_data / file, filename=Path(file).name, workshop=opened, directory=directory)
        verdict = check(table, read_schema(descriptor, name=schema), workshop=opened, directory=directory)
    return Counter({code: sum(one.count for one in verdict.errors if one.code == code) for code in CODES}) + Counter()


def test_derived_cases_of_custom_checks(shared_data: Path, tmp_path: Path) -> None:
    cases = [json.loads(line) for line in (shared_data / "derived/verdicts.jsonl").read_text().splitlines()]
    looked_at = 0
    for case in cases:
        oracle = case.get(ORACLE) or {}
        expected = Counter({code: n for code, n in (oracle.get("by_code") or {}).items() if code in CODES})
        if not expected and not case["operator"].startswith(("20", "21")):
            continue
        looked_at += 1
        assert told(shared_data, case["file"], case["schema"], case["version"], tmp_path) == expected, case["file"]
    assert looked_at >= 15


@pytest.mark.parametrize("name", REAL)
def test_real_files(name: str, shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / "real_verdicts.jsonl").read_text().splitlines()
    cases = [case for case in map(json.loads, lines) if case["file"].endswith(f"/{name}")]
    assert cases
    for case in cases:
        version = case.get("version") or case.get("latest")
        expected = Counter(one["type"] for one in case["errors"] if one["type"] in CODES)
        assert told(shared_data, case["file"], case["schema"], version, tmp_path) == expected, case["file"]
