"""What a finding says to the author of a schema, and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bocage.check.registry.lint.finding import Finding, Level
from bocage.check.registry.lint.sentences import SENTENCES


@dataclass(frozen=True)
class ToldFinding:
    """`field`: name of the field, empty for the schema as a whole."""

    code: str
    level: Level
    field: str
    sentence: str
    advice: str


def level_of(code: str) -> Level:
    return SENTENCES[code].level if code in SENTENCES else Level.WARNING


def told(findings: Iterable[Finding | Mapping[str, Any]]) -> list[ToldFinding]:
    """In the active language, the gravest first, then in their order."""
    read = [one if isinstance(one, Finding) else Finding.from_dict(one) for one in findings]
    made = [_told(one) for one in read if one.code in SENTENCES]
    return sorted(made, key=lambda one: list(Level).index(one.level))


def _told(finding: Finding) -> ToldFinding:
    words = SENTENCES[finding.code]
    meant = finding.fields.get("meant", "")
    fields = dict(finding.fields)
    advice = words.advice if meant or words.otherwise is None else words.otherwise
    return ToldFinding(finding.code, words.level, finding.field, str(words.sentence) % fields, str(advice) % fields)
