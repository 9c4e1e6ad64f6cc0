"""What changed between two versions, and the promise that is made to those whose files were valid."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from bocage.check.registry.diff import Effect, diff
from bocage.check.registry.diff.words import SENTENCES, conclusion, told
from tests.check.registry.making import SOUND, descriptors, with_fields


def changed(**constraints: Any) -> dict[str, Any]:
    """SOUND with other constraints on `foyers`."""
    other = copy.deepcopy(SOUND)
    other["fields"][1]["constraints"] = constraints
    return other


def field(rank: int, **more: Any) -> dict[str, Any]:
    other = copy.deepcopy(SOUND)
    other["fields"][rank] |= more
    return other


def without(rank: int) -> dict[str, Any]:
    return SOUND | {"fields": [one for place, one in enumerate(SOUND["fields"]) if place != rank]}


NEW = {"name": "neuf", "type": "string"}
MUST = {"constraints": {"required": True}}
LINKED = SOUND | {"foreignKeys": [{"fields": "id", "reference": {"resource": "r", "fields": "a"}}]}
CHECKED = SOUND | {"custom_checks": [{"name": "siret", "params": {"column": "id"}}]}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], Effect]] = [
    ("field-added", SOUND, SOUND | {"fields": [*SOUND["fields"], NEW]}, Effect.NEUTRAL),
    ("required-field-added", SOUND, SOUND | {"fields": [*SOUND["fields"], NEW | MUST]}, Effect.TIGHTENED),
    ("field-removed", SOUND, without(2), Effect.LOOSENED),
    ("field-renamed", SOUND, field(0, name="identifiant") | {"primaryKey": ["id"]}, Effect.TIGHTENED),
    ("type-changed", field(1, type="integer"), field(1, type="number"), Effect.LOOSENED),
    ("type-changed", field(1, type="number"), field(1, type="integer"), Effect.TIGHTENED),
    ("format-changed", SOUND, field(0, format="uri"), Effect.TIGHTENED),
    ("format-removed", field(0, format="uri"), SOUND, Effect.LOOSENED),
    ("required-added", SOUND, changed(minimum=0, maximum=99, required=True), Effect.TIGHTENED),
    ("required-removed", changed(minimum=0, maximum=99, required=True), SOUND, Effect.LOOSENED),
    ("unique-added", SOUND, changed(minimum=0, maximum=99, unique=True), Effect.TIGHTENED),
    ("unique-removed", changed(minimum=0, maximum=99, unique=True), SOUND, Effect.LOOSENED),
    ("bound-added", changed(maximum=99), SOUND, Effect.TIGHTENED),
    ("bound-removed", SOUND, changed(maximum=99), Effect.LOOSENED),
    ("bound-moved", SOUND, changed(minimum=0, maximum=100), Effect.LOOSENED),
    ("bound-moved", SOUND, changed(minimum=1, maximum=99), Effect.TIGHTENED),
    ("bound-moved", SOUND, changed(minimum="0", maximum=99), Effect.NEUTRAL),
    ("pattern-added", SOUND, field(2, constraints={"enum": ["a", "b"], "pattern": "[ab]"}), Effect.TIGHTENED),
    ("pattern-removed", field(2, constraints={"enum": ["a", "b"], "pattern": "[ab]"}), SOUND, Effect.LOOSENED),
    ("pattern-changed", field(2, constraints={"pattern": "[ab]"}), field(2, constraints={"pattern": "[a-c]"}), Effect.UNSURE),
    ("enum-added", field(2, constraints={}), SOUND, Effect.TIGHTENED),
    ("enum-removed", SOUND, field(2, constraints={}), Effect.LOOSENED),
    ("values-added", SOUND, field(2, constraints={"enum": ["a", "b", "c"]}), Effect.LOOSENED),
    ("values-removed", SOUND, field(2, constraints={"enum": ["a"]}), Effect.TIGHTENED),
    ("missing-added", SOUND, SOUND | {"missingValues": ["", "NA"]}, Effect.UNSURE),
    ("missing-removed", SOUND | {"missingValues": ["", "NA"]}, SOUND, Effect.TIGHTENED),
    ("reading-changed", SOUND, field(1, decimalChar=","), Effect.TIGHTENED),
    ("words-changed", SOUND, field(1, title="Foyers"), Effect.NEUTRAL),
    ("order-changed", SOUND, SOUND | {"fields": SOUND["fields"][::-1]}, Effect.NEUTRAL),
    ("key-added", with_fields(*SOUND["fields"]), SOUND, Effect.TIGHTENED),
    ("key-removed", SOUND, with_fields(*SOUND["fields"]), Effect.LOOSENED),
    ("key-changed", SOUND, SOUND | {"primaryKey": ["foyers"]}, Effect.TIGHTENED),
    ("foreign-key-added", SOUND, LINKED, Effect.TIGHTENED),
    ("foreign-key-removed", LINKED, SOUND, Effect.LOOSENED),
    ("check-added", SOUND, CHECKED, Effect.TIGHTENED),
    ("check-removed", CHECKED, SOUND, Effect.LOOSENED),
    ("geography-changed", SOUND, SOUND | {"geography": {"fields": ["id"]}}, Effect.TIGHTENED),
]  # fmt: skip


@pytest.mark.parametrize(("code", "before", "after", "effect"), CASES, ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)])
def test_a_change_is_told_with_its_effect(
    code: str, before: dict[str, Any], after: dict[str, Any], effect: Effect
) -> None:
    found = diff(before, after)
    assert [(one.code, one.effect) for one in found.changes] == [(code, effect)]
    expected = {Effect.TIGHTENED: False, Effect.UNSURE: None}.get(effect, True)
    assert found.stays_valid is expected
    assert "%(" not in told(found)[0].sentence


def test_every_change_has_its_case() -> None:
    assert {case[0] for case in CASES} == set(SENTENCES)


def test_a_misplaced_rule_was_no_rule() -> None:
    """The reference ignores it: moving it where it works makes the schema stricter."""
    before = with_fields({"name": "a", "type": "string", "enum": ["x"]})
    after = with_fields({"name": "a", "type": "string", "constraints": {"enum": ["x"]}})
    assert diff(before, after).stays_valid is False


def test_every_change_back_and_forth_is_seen_both_ways() -> None:
    for _code, before, after, _effect in CASES:
        assert len(diff(before, after).changes) == len(diff(after, before).changes)


@given(descriptors())
def test_nothing_changes_between_a_schema_and_itself(descriptor: dict[str, Any]) -> None:
    assert not diff(descriptor, copy.deepcopy(descriptor))


@given(descriptors(), descriptors())
def test_tightening_one_way_is_never_safe_both_ways(before: dict[str, Any], after: dict[str, Any]) -> None:
    """What only loosens one way must tighten, or be unsure, the other way; and every change has a sentence."""
    found, back = diff(before, after), diff(after, before)
    if any(one.effect == Effect.LOOSENED and one.code != "field-removed" for one in found.changes):
        assert back.stays_valid is not True
    assert all(one.sentence for one in told(found))
    assert conclusion(found)


def test_the_national_versions_compare_in_plain_words(shared_data: Path) -> None:
    """The carpool example of 0.2.3 fails from 0.2.4 on: the comparison must not have promised otherwise."""
    folder = shared_data / "schemas" / "table-schema" / "etalab" / "schema-lieux-covoiturage"
    read = {path.name: json.loads((path / "schema.json").read_text("utf-8")) for path in folder.iterdir()}
    assert diff(read["0.2.3"], read["0.2.4"]).stays_valid is False
    assert diff(read["0.2.8"], read["0.3.0"]).stays_valid is False
    for before, after in [("0.0.1", "0.3.1"), ("0.1.2", "0.2.0")]:
        assert all("%(" not in one.sentence for one in told(diff(read[before], read[after])))
