"""Bocage and the reference on the same files, one beside the other. Slow: the reference has to be there, and is."""

from __future__ import annotations

import pytest

from tests.check.cases import Case, found_in, said, schema_at, verdicts
from tests.check.oracle import environment
from tests.check.oracle.mutations import mutated
from tests.check.oracle.spellings import spelled

pytestmark = [pytest.mark.slow]
MUTATIONS = 12
OWN_FAULT = {"error"}  # the reference breaks off: it has no verdict


@pytest.fixture(scope="module")
def reference():
    environment.VALIDATA.installed()
    return environment.ask


def differences(reference, cases):
    """(file, ours, theirs) where they are not equal; and how many were compared."""
    different, compared = [], 0
    for (file, schema), told in zip(cases, reference(cases), strict=True):
        theirs = sorted(said(*error) for error in told["errors"])
        if told.get("fatal") or OWN_FAULT & {code for _, _, code in theirs} or len(theirs) >= 1_000:
            continue
        compared += 1
        _verdict, found = found_in(Case(file, schema))
        if found != theirs:
            different.append((str(file), found, theirs))
    return different, compared


def test_every_spelling_in_every_kind_of_field(reference, tmp_path):
    different, compared = differences(reference, list(spelled(tmp_path)))
    assert compared > 40
    assert different == []


def test_mutations_of_valid_files(reference, tmp_path, shared_data):
    cases, schemas = [], set()
    for one in verdicts(shared_data, "derived/verdicts.jsonl"):
        if one["operator"] not in ("00-base", "04-reordered-columns") or one["schema"] in schemas:
            continue
        schemas.add(one["schema"])
        schema = schema_at(shared_data, one["schema"], one["version"])
        folder = tmp_path / str(len(schemas))
        folder.mkdir()
        files = mutated(shared_data / one["file"], schema, folder, seed=2, count=MUTATIONS)
        cases += [(file, schema) for file in files]
    different, compared = differences(reference, cases)
    assert compared > 200
    assert different == []
