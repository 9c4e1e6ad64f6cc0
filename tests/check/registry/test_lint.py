"""What an author is told: every fault by its code, nothing on a sound schema, no sentence that breaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bocage.check.registry.lint import lint
from bocage.check.registry.lint.sentences import SENTENCES
from bocage.check.registry.lint.words import told
from tests.check.registry.making import SOUND, descriptors, with_fields

TEXT = {"name": "a", "type": "string"}
COMPARE = {"name": "compare-columns-value", "params": {"column": "id", "column2": "id"}}

FAULTY: list[tuple[str, dict[str, Any]]] = [
    ("constraints-misspelt", with_fields(TEXT | {"contraints": {"required": True}})),
    ("constraint-misplaced", with_fields(TEXT | {"pattern": "^a$"})),
    ("constraint-misplaced", with_fields(TEXT | {"enum": ["oui", "non"]})),
    ("constraint-misplaced", with_fields(TEXT | {"type": "array", "arrayItem": {"type": "string", "enum": ["x"]}})),
    ("constraint-unknown", with_fields(TEXT | {"constraints": {"requierd": True}})),
    ("constraint-not-for-type", with_fields(TEXT | {"constraints": {"minimum": 1}})),
    ("constraint-not-for-type", with_fields(TEXT | {"type": "integer", "constraints": {"maxLength": 1}})),
    ("constraint-unreadable", with_fields(TEXT | {"constraints": {"required": "oui"}})),
    ("constraint-unreadable", with_fields(TEXT | {"constraints": {"enum": []}})),
    ("constraints-unreadable", with_fields(TEXT | {"constraints": ["required"]})),
    ("bound-unreadable", with_fields(TEXT | {"type": "date", "constraints": {"minimum": "01/02/2020"}})),
    ("bounds-crossed", with_fields(TEXT | {"type": "integer", "constraints": {"minimum": 3, "maximum": 2}})),
    ("bounds-crossed", with_fields(TEXT | {"constraints": {"minLength": 3, "maxLength": 2}})),
    ("pattern-unreadable", with_fields(TEXT | {"constraints": {"pattern": "("}})),
    ("pattern-slow", with_fields(TEXT | {"constraints": {"pattern": r"(a)\1"}})),
    ("pattern-alternation", with_fields(TEXT | {"constraints": {"pattern": "^a$|^b$"}})),
    ("enum-twice", with_fields(TEXT | {"constraints": {"enum": ["a", "a"]}})),
    ("enum-spaces", with_fields(TEXT | {"constraints": {"enum": ["sans porc ", "b"]}})),
    ("example-refused", with_fields(TEXT | {"example": "12", "constraints": {"pattern": "[a-z]+"}})),
    ("type-unknown", with_fields({"name": "a", "type": "text"})),
    ("format-unknown", with_fields(TEXT | {"format": "siret"})),
    ("format-unknown", with_fields({"name": "a", "type": "date", "format": "jj/mm/aaaa"})),
    ("word-misspelt", with_fields(TEXT | {"desciption": "x"})),
    ("word-misspelt", SOUND | {"countrycode": "FR"}),
    ("word-without-effect", with_fields(TEXT | {"nullable": True})),
    ("word-without-effect", with_fields({"name": "a", "type": "array", "items": {"type": "string"}})),
    ("word-without-effect", with_fields({"name": "a", "type": "integer", "minProperties": 1})),
    ("boolean-ambiguous", with_fields({"name": "a", "type": "boolean", "trueValues": ["x"], "falseValues": ["x"]})),
    ("list-unreadable", SOUND | {"missingValues": "NA"}),
    ("array-item-without-effect", with_fields(TEXT | {"arrayItem": {"type": "string"}})),
    ("field-without-name", with_fields({"type": "string"})),
    ("field-twice", with_fields(TEXT, TEXT)),
    ("field-name-spaces", with_fields({"name": "a ", "type": "string"})),
    ("field-name-invisible", with_fields({"name": "\u200dportage", "type": "string"})),
    ("fields-not-described", with_fields(TEXT | {"description": ""})),
    ("key-unreadable", SOUND | {"primaryKey": {"id": 1}}),
    ("key-of-no-field", SOUND | {"primaryKey": ["idd"]}),
    ("foreign-key-uneven", SOUND | {"foreignKeys": [{"fields": "id", "reference": {"resource": "x", "fields": ["a", "b"]}}]}),
    ("key-of-no-field", SOUND | {"foreignKeys": [{"fields": "zz", "reference": {"resource": "x", "fields": "a"}}]}),
    ("reference-remote", with_fields(TEXT | {"$ref": "https://example.org/x.json"})),
    ("reference-without-effect", with_fields(TEXT | {"$ref": "#"})),
    ("check-unknown", SOUND | {"custom_checks": [{"name": "french-sirett-value", "params": {"column": "id"}}]}),
    ("check-unreadable", SOUND | {"custom_checks": ["siret"]}),
    ("check-parameter-absent", SOUND | {"custom_checks": [{"name": "siret", "params": {}}]}),
    ("check-parameter-absent", SOUND | {"custom_checks": [COMPARE]}),
    ("check-of-no-field", SOUND | {"custom_checks": [{"name": "siret", "params": {"column": "IDD"}}]}),
    ("check-operator", SOUND | {"custom_checks": [COMPARE | {"params": {"column": "id", "column2": "id", "op": "="}}]}),
    ("check-renamed", SOUND | {"custom_checks": [{"name": "french-siret-value", "params": {"column": "id"}}]}),
    ("registry-required", {key: value for key, value in SOUND.items() if key != "homepage"}),
    ("registry-encouraged", {key: value for key, value in SOUND.items() if key != "sources"}),
    ("version-not-semver", SOUND | {"version": "1.0"}),
    ("version-differs", SOUND | {"version": "1.0.1"}),
    ("geography-unreadable", SOUND | {"geography": {"fields": []}}),
    ("geography-of-no-field", SOUND | {"geography": {"fields": ["geom"]}}),
    ("geography-type", SOUND | {"geography": {"fields": ["id"], "geometryTypes": ["Pont"]}}),
    ("geography-crs", SOUND | {"geography": {"fields": ["id"], "crs": "Lambert 93"}}),
]  # fmt: skip


def codes(descriptor: dict[str, Any]) -> list[str]:
    return [one.code for one in lint(descriptor, number="1.0.0")]


def test_a_sound_schema_has_nothing_to_mend() -> None:
    assert codes(SOUND) == []


@pytest.mark.parametrize(("code", "descriptor"), FAULTY, ids=[f"{n}-{code}" for n, (code, _d) in enumerate(FAULTY)])
def test_a_fault_is_told_alone(code: str, descriptor: dict[str, Any]) -> None:
    """Only what is wrong: a false alarm teaches authors not to read."""
    found = codes(descriptor)
    assert code in found
    assert set(found) <= {code, "field-without-name"} | ALONGSIDE.get(code, set())


ALONGSIDE = {
    "reference-remote": {"word-without-effect"},
    "check-unknown": set(),
    "field-without-name": {"fields-not-described"},
}


def test_every_code_has_a_case_and_every_case_a_sentence() -> None:
    assert {code for code, _descriptor in FAULTY} | {"code-list-absent"} == set(SENTENCES)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_sentence_is_whole(language: str) -> None:
    from django.utils import translation

    with translation.override(language):
        for code, descriptor in FAULTY:
            one = next(one for one in told(lint(descriptor, number="1.0.0")) if one.code == code)
            assert one.sentence
            assert "%(" not in one.sentence + one.advice


def test_it_says_what_to_write_instead() -> None:
    told_advice = {
        one.code: one.advice
        for descriptor in (
            with_fields(TEXT | {"contraints": {}}),
            with_fields({"name": "a", "type": "text"}),
            SOUND | {"primaryKey": ["idd"]},
            SOUND | {"custom_checks": [{"name": "french-siret-value", "params": {"column": "id"}}]},
        )
        for one in told(lint(descriptor))
    }
    assert "constraints" in told_advice["constraints-misspelt"]
    assert "string" in told_advice["type-unknown"]
    assert "id" in told_advice["key-of-no-field"]
    assert "siret" in told_advice["check-renamed"]


def test_the_faults_of_the_national_schemas_are_found(shared_data: Path) -> None:
    """The census of the corpus: misspelt constraints, constraints outside, words of JSON Schema, patterns."""
    counts: dict[str, int] = {}
    for file in sorted((shared_data / "schemas" / "table-schema").rglob("*.json")):
        for one in lint(json.loads(file.read_text("utf-8"))):
            counts[one.code] = counts.get(one.code, 0) + 1
    assert counts["constraints-misspelt"] == 2
    assert counts["constraint-misplaced"] >= 25  # 23 enums and 2 patterns, without those inside arrayItem
    assert counts["word-without-effect"] >= 5
    assert counts["pattern-slow"] >= 4
    assert counts["pattern-alternation"] >= 1
    assert "type-unknown" not in counts
    assert "pattern-unreadable" not in counts


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_words = st.sampled_from(
    [
        "name",
        "type",
        "constraints",
        "enum",
        "pattern",
        "minimum",
        "maximum",
        "required",
        "trueValues",
        "arrayItem",
        "format",
    ]
)


@given(
    st.lists(st.dictionaries(_words, _json, max_size=5), min_size=1, max_size=3),
    st.dictionaries(
        st.sampled_from(["primaryKey", "foreignKeys", "custom_checks", "missingValues", "geography", "version"]), _json
    ),
)
def test_whatever_is_written_it_answers(fields: list[dict[str, Any]], rest: dict[str, Any]) -> None:
    findings = lint({"fields": fields} | rest)
    assert all(one.code in SENTENCES for one in findings)
    assert all(one.sentence for one in told(findings))


@given(descriptors())
def test_well_formed_constraints_are_never_called_misplaced(descriptor: dict[str, Any]) -> None:
    assert not {"constraint-misplaced", "constraint-unknown", "constraint-not-for-type"} & set(codes(descriptor))
