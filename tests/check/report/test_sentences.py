"""Every rule speaks, in French and in English, without a hole and without a word of machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.utils import translation

import bocage.check.rules
from bocage.check.descriptor_faults import STRING_FORMATS, TYPES
from bocage.check.report import wording  # noqa: F401  fills the words
from bocage.check.report.expectations import date_words, expectations
from bocage.check.report.sentences import fault_message, summary, told, told_family
from bocage.check.report.words import UNKNOWN, WORDINGS
from bocage.check.schema import SchemaField, TableSchema
from bocage.check.verdict import Family, Fault, Verdict

JARGON = re.compile(
    r"regex|regexp|expression régulière|contrainte|constraint|parse|null\b|string\b|enum\b|pattern", re.IGNORECASE
)
BAL = "\n".join(one.read_text("utf-8") for one in (Path(bocage.check.rules.__file__).parent / "bal").glob("*.py"))
LISTED = Path(bocage.check.rules.__file__).parent / "README.md"


def listed_rules() -> list[tuple[str, str]]:
    """(rule, code) of the table of rules; several rules may share a line."""
    found = []
    for line in LISTED.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) < 5 or "`" not in cells[1]:
            continue
        codes = re.findall(r"`([^`]+)`", cells[2])
        rules = re.findall(r"`([^`]+)`", re.sub(r"\([^)]*\)", "", cells[1]))
        found += [(rule, codes[0] if codes else rule) for rule in rules]
    return found


@pytest.mark.parametrize(("rule", "code"), listed_rules())
def test_every_listed_rule_has_words_of_its_own(rule: str, code: str) -> None:
    assert WORDINGS.has(rule) or WORDINGS.has(code), f"no words for {rule}"
    assert WORDINGS.of(rule, code) is not UNKNOWN


CONSTRAINTS = (
    "required", "pattern", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
)  # fmt: skip
STRUCTURE = (
    "missing-label", "optional-label", "extra-label", "label-order", "duplicate-label", "blank-label", "incorrect-label",
    "blank-row", "extra-cell", "missing-cell", "source-error", "encoding-error", "unique-error", "primary-key",
)  # fmt: skip


@pytest.mark.parametrize(
    "rule",
    [
        *(f"type.{name}" for name in (*TYPES, *STRING_FORMATS) if name not in ("any", "default")), "type.array-item",
        *(f"constraint.{name}" for name in CONSTRAINTS), *STRUCTURE,
    ],
)  # fmt: skip
def test_every_rule_of_the_core_has_words(rule: str) -> None:
    assert rule in dict(WORDINGS.items())


@pytest.mark.parametrize("code", sorted(set(re.findall(r'"([a-z_]+[.][a-z_.]+)"', BAL))))
def test_every_code_of_addresses_is_worded(code: str) -> None:
    words = WORDINGS.of(f"bal.{code}")
    assert words is not UNKNOWN
    assert words is WORDINGS.of("bal.something.else") or str(words.expected)


def test_the_list_of_rules_is_read() -> None:
    assert ("custom.siret", "custom-check-error") in listed_rules()
    assert len(listed_rules()) > 40


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_sentence_says_a_word_of_machine(language: str) -> None:
    with translation.override(language):
        for rule, words in WORDINGS.items():
            for sentence in (words.title, words.found, words.expected, words.advice):
                said = (
                    str(sentence % {"n": 2, "count": "2"} if "%(count)s" in repr(sentence) else sentence)
                    if sentence
                    else ""
                )
                assert not JARGON.search(re.sub(r"%\(\w+\)s", "", said)), (rule, said)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_families_are_told_whole(verdict: Verdict, schema: TableSchema, language: str) -> None:
    with translation.override(language):
        for family in told(verdict, (), schema):
            for sentence in (family.title, family.sentence, family.expected, family.advice):
                assert "%(" not in sentence
                assert "…" not in sentence
            assert family.title
            assert family.sentence


def test_the_french_of_a_date(verdict: Verdict, schema: TableSchema) -> None:
    with translation.override("fr"):
        date = next(one for one in told(verdict, (), schema) if one.rule == "type.date")
    assert date.title == "Format de date incorrect"
    assert date.sentence == "2 cellules de la colonne « date_maj » ne sont pas des dates comme attendu."
    assert date.expected == "Une date s’écrit année-mois-jour, par exemple 2024-02-28."


def test_errors_come_first_and_structure_before_cells(verdict: Verdict, schema: TableSchema) -> None:
    codes = [family.code for family in told(verdict, (), schema)]
    assert codes[0] == "missing-label"
    assert codes[-1] == "extra-label"


def test_a_long_list_of_values_is_cut() -> None:
    field = SchemaField("type", constraints={"enum": [f"valeur {n}" for n in range(400)]})
    family = Family("constraint-error", "constraint.enum", label="type", examples=(Fault(2, "x"),))
    with translation.override("fr"):
        said = told_family(0, family, (), TableSchema("s", (field,))).expected
    assert "et 388 autres" in said
    assert len(said) < 400


def test_the_summary_counts(verdict: Verdict) -> None:
    with translation.override("fr"):
        assert summary(verdict) == "5 problèmes à corriger sur 4 lignes"
        assert summary(Verdict("s", "1", True, row_count=1294)).replace("\xa0", " ").replace("\u202f", " ") == (
            "Tout est juste sur 1 294 lignes."
        )


def test_one_fault_has_a_message_with_its_value(verdict: Verdict, schema: TableSchema) -> None:
    with translation.override("fr"):
        message = fault_message(verdict.families[3], schema)
    assert message == "« {cell} » ne convient pas. Une date s’écrit année-mois-jour, par exemple 2024-02-28."


@pytest.mark.parametrize(
    ("pattern", "said"), [("%Y-%m-%d", "year-month-day"), ("default", "year-month-day"), ("%Y", "year")]
)
def test_formats_of_dates_in_words(pattern: str, said: str) -> None:
    with translation.override("en"):
        assert date_words(pattern) == said


def test_a_bound_of_zero_is_shown() -> None:
    field = SchemaField("places", type="integer", constraints={"minimum": 0})
    family = Family("constraint-error", "constraint.minimum", label="places")
    assert expectations(family, field) == {"limit": "0"}


def test_an_unknown_rule_still_has_a_title() -> None:
    family = Family("something-else", "plugin.rule", label="x", examples=(Fault(2, "y"),))
    assert told_family(0, family).title == str(UNKNOWN.title)


def test_hostile_fields_do_not_break_the_sentence() -> None:
    family = Family(
        "constraint-error",
        "constraint.enum",
        label="%(x)s %s {cell}",
        fields={"n": "%(y)s"},
        examples=(Fault(2, "%s"),),
    )
    assert "%(x)s %s {cell}" in told_family(0, family).sentence
