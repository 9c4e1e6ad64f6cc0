"""The verdicts recorded from the reference on real files and on files made wrong on purpose: row, field and code of each error."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.check.cases import Case, by_code, found_in, recorded, schema_at, verdicts

ORACLE = "validata_0.12.5_frictionless_5.18.1"
# The reference breaks off with an error of its own, or cannot open the file: only the expected verdict can be compared.
UNTOLD = {"error", "fatal"}
# See docs/developer/check-differences.md.
DIFFERENT = {
    "derived/cnigfr__operation-amenagement/30-cp1252.csv": "more than one encoding reads as French",
    "invalid/etalab__schema-lieux-covoiturage/exemple-v0.2.0-valide.xls": "numbers of a sheet are read as texts",
    "invalid/NaturalSolutions__schema-arbre/exemple-valide.csv": "the schema itself is refused",
}
MOST_TOLD = 1_000  # where the reference stops


def derived(shared_data, *, of_each):
    """Cases of each operator, from different schemas; all of them when `of_each` is None."""
    seen = Counter()
    for rank, one in enumerate(verdicts(shared_data, "derived/verdicts.jsonl")):
        if one["file"] in DIFFERENT:
            continue
        if of_each is None or (seen[one["operator"]] < of_each and rank % 3 == len(one["operator"]) % 3):
            seen[one["operator"]] += 1
            yield one


def differences(shared_data, cases):
    for one in cases:
        verdict, found = found_in(
            Case(shared_data / one["file"], schema_at(shared_data, one["schema"], one["version"]))
        )
        if verdict.valid != one["expected_valid"]:
            yield one["file"], "verdict", verdict.valid
        told = one[ORACLE]
        if UNTOLD & set(told.get("by_code", {})) or "crash" in told or told["n_errors"] >= MOST_TOLD:
            continue
        expected = sorted(map(recorded, told.get("errors", ())))
        if len(expected) < told["n_errors"]:  # the record keeps the first errors only
            if by_code(found) != told["by_code"]:
                yield one["file"], by_code(found), told["by_code"]
        elif found != expected:
            yield one["file"], found, expected


def test_derived_files_have_the_recorded_errors(shared_data):
    assert list(differences(shared_data, derived(shared_data, of_each=1))) == []


@pytest.mark.slow
def test_every_derived_file_has_the_recorded_errors(shared_data):
    assert list(differences(shared_data, derived(shared_data, of_each=None))) == []


def test_real_files_have_the_recorded_errors(shared_data):
    different = []
    for one in verdicts(shared_data, "real_verdicts.jsonl"):
        schema = schema_at(shared_data, one["schema"], one["version"])
        if one["file"] in DIFFERENT or schema is None or one["rows"] > 3_000:
            continue
        verdict, found = found_in(Case(shared_data / one["file"], schema))
        if verdict.valid != one["valid"] or (not UNTOLD & set(one["by_code"]) and by_code(found) != one["by_code"]):
            different.append((one["file"], by_code(found), one["by_code"]))
    assert different == []


@pytest.mark.slow
def test_real_files_against_every_version_of_their_schema(shared_data):
    different, compared = [], 0
    for one in verdicts(shared_data, "real_verdicts.jsonl"):
        for version, told in one["per_version"].items():
            schema = schema_at(shared_data, one["schema"], version)
            if one["file"] in DIFFERENT or schema is None or UNTOLD & set(told["by_code"]):
                continue
            compared += 1
            verdict, found = found_in(Case(shared_data / one["file"], schema))
            if verdict.valid != told["valid"] or by_code(found) != told["by_code"]:
                different.append((one["file"], version, by_code(found), told["by_code"]))
    assert compared > 50
    assert different == []
