"""The score of a dataset: six dimensions from 0 to 1, weighted. Published in docs/user/quality.md, which a test keeps equal.

Two laws, tested: every value is between 0 and 1; mending anything never lowers anything. The gain of an action is therefore
computed by applying it to the facts, never promised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bocage.catalog.vocabulary import Frequency
from bocage.check.quality.facts import GRACE, Facts
from bocage.check.vocabulary import Dimension

WEIGHTS: dict[Dimension, float] = {
    Dimension.COMPLETENESS: 0.15,
    Dimension.CONFORMITY: 0.25,
    Dimension.FRESHNESS: 0.20,
    Dimension.DOCUMENTATION: 0.20,
    Dimension.ACCESSIBILITY: 0.10,
    Dimension.CONSISTENCY: 0.10,
}

WITHOUT_SCHEMA = 0.4
"""Conformity of a dataset that follows no schema: not wrong, but nobody can tell that it is right."""

OUTDATED = 0.9
PER_ANOMALY = 0.15


@dataclass(frozen=True)
class Reason:
    """One thing that counted: a code of `quality.words`, its fields, whether it is as it should be."""

    code: str
    good: bool
    fields: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "good": self.good, "fields": self.fields}


@dataclass(frozen=True)
class Measure:
    value: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Scored:
    dimensions: dict[Dimension, Measure]

    @property
    def total(self) -> float:
        return sum(WEIGHTS[name] * measure.value for name, measure in self.dimensions.items())

    def as_dict(self) -> dict[str, Any]:
        """What `Score.dimensions` keeps."""
        return {
            name.value: {"value": round(one.value, 4), "reasons": [reason.as_dict() for reason in one.reasons]}
            for name, one in self.dimensions.items()
        }


def score(facts: Facts) -> Scored:
    return Scored({name: _MEASURES[name](facts) for name in WEIGHTS})


def _completeness(facts: Facts) -> Measure:
    """The share of cells that hold something."""
    if not facts.published:
        return Measure(0.0, (Reason("no-data", False),))
    if facts.filled_share is None:
        return Measure(0.0, (Reason("not-profiled", False),))
    percent = round(100 * facts.filled_share)
    return Measure(facts.filled_share, (Reason("filled", facts.filled_share >= 0.9, {"percent": percent}),))


def _conformity(facts: Facts) -> Measure:
    """0.4 without a schema; with one, 0.4 + 0.6 × share of right rows ÷ (1 + faults of the table), × 0.9 when outdated."""
    if not facts.published:
        return Measure(0.0, (Reason("no-data", False),))
    if not facts.follows_schema:
        return Measure(WITHOUT_SCHEMA, (Reason("no-schema", False),))
    if not facts.checked:
        return Measure(WITHOUT_SCHEMA, (Reason("not-checked", False),))
    delivered = facts.row_count + facts.waiting_rows
    wrong = facts.wrong_rows + facts.waiting_rows
    share = 1 - wrong / delivered if delivered else 1.0
    current = OUTDATED if facts.schema_outdated else 1.0
    value = WITHOUT_SCHEMA + (1 - WITHOUT_SCHEMA) * current * max(0.0, share) / (1 + facts.table_faults)
    reasons = [Reason("right-rows", wrong == 0, {"wrong": wrong, "rows": delivered})]
    if facts.table_faults:
        reasons.append(Reason("table-faults", False, {"count": facts.table_faults}))
    reasons.append(Reason("schema-version", not facts.schema_outdated))
    return Measure(value, tuple(reasons))


def _freshness(facts: Facts) -> Measure:
    """1 while the promise is kept (one day of grace); then falls to 0 in twice the promised period. 0.8 for what promises no date,
    0 when no frequency is stated."""
    if facts.age is None:
        return Measure(0.0, (Reason("no-data", False),))
    if not facts.frequency_is_stated:
        return Measure(0.0, (Reason("no-frequency", False),))
    silence = Frequency(facts.frequency).longest_silence
    if silence is None:
        final = facts.frequency == Frequency.NEVER
        return Measure(1.0 if final else 0.8, (Reason("final" if final else "irregular", True),))
    late = (facts.age - silence - GRACE) / (2 * silence)
    days = max(0, (facts.age - silence).days)
    if late <= 0:
        return Measure(1.0, (Reason("kept-promise", True),))
    return Measure(max(0.0, 1 - late), (Reason("late", False, {"days": days}),))


_DOCUMENTATION: tuple[tuple[str, float, Callable[[Facts], float]], ...] = (
    ("description", 0.3, lambda facts: min(1.0, facts.description_length / 100)),
    ("fields", 0.3, lambda facts: facts.described_fields / facts.field_count if facts.field_count else 0.0),
    ("keywords", 0.1, lambda facts: min(1.0, facts.keywords / 3)),
    ("theme", 0.1, lambda facts: float(facts.themes > 0)),
    ("period", 0.1, lambda facts: float(facts.temporal)),
    ("territory", 0.1, lambda facts: float(facts.spatial)),
)

_ACCESSIBILITY: tuple[tuple[str, float, Callable[[Facts], float]], ...] = (
    ("published", 0.5, lambda facts: float(facts.published)),
    ("licence", 0.25, lambda facts: float(facts.licence_is_open)),
    ("contact", 0.25, lambda facts: float(facts.contact)),
)
"""Who may see a dataset is decided by its owner: being private is not a fault."""


def _weighted(parts: tuple[tuple[str, float, Callable[[Facts], float]], ...], facts: Facts) -> Measure:
    values = [(code, weight, min(1.0, measure(facts))) for code, weight, measure in parts]
    reasons = tuple(Reason(code, value >= 1.0, {"percent": round(100 * value)}) for code, _, value in values)
    return Measure(min(1.0, sum(weight * value for _, weight, value in values)), reasons)


def _consistency(facts: Facts) -> Measure:
    """0.8 less 0.15 for each anomaly against the version before; 0.2 more when a key identifies the rows."""
    if not facts.published:
        return Measure(0.0, (Reason("no-data", False),))
    steady = max(0.0, 0.8 - PER_ANOMALY * facts.anomalies)
    reasons = (Reason("anomalies", not facts.anomalies, {"count": facts.anomalies}), Reason("key", facts.key))
    return Measure(steady + (0.2 if facts.key else 0.0), reasons)


_MEASURES: dict[Dimension, Callable[[Facts], Measure]] = {
    Dimension.COMPLETENESS: _completeness,
    Dimension.CONFORMITY: _conformity,
    Dimension.FRESHNESS: _freshness,
    Dimension.DOCUMENTATION: lambda facts: _weighted(_DOCUMENTATION, facts),
    Dimension.ACCESSIBILITY: lambda facts: _weighted(_ACCESSIBILITY, facts),
    Dimension.CONSISTENCY: _consistency,
}
