"""What is proposed for a column of a schema: plain data."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bocage.check.mapping.normal import normal
from bocage.check.mapping.steps import ColumnMapping, Step

if TYPE_CHECKING:
    from bocage.check.mapping.reasons import Reason

SURE = 0.62
"""From here on a proposal stands by itself; below, a person is asked."""
WORTH = 0.34
"""Below, nothing is proposed."""
MARGIN = 0.06
"""A proposal that another column nearly equals is not sure."""
TELLING = 0.9
WIDE_MARGIN = 0.35
"""The same, when the other column holds just what is expected: of two SIRET, the name alone decides."""


@dataclass(frozen=True)
class Candidate:
    """`confidence`: 0 to 1. `consumed`: sources that another target may not take as well.
    `telling`: how much the values alone say, see `fits.Fit`; 0 when they do not all do."""

    target: str
    sources: tuple[str, ...]
    steps: tuple[Step, ...]
    confidence: float
    reasons: tuple[Reason, ...] = ()
    consumed: tuple[str, ...] = ()
    telling: float = 0.0

    def mapping(self) -> ColumnMapping:
        return ColumnMapping(self.target, self.sources, self.steps)


@dataclass(frozen=True)
class Suggestion:
    """`best`: the one chosen among the whole schema; None: nothing is worth proposing. `others`: ranked. `sure`: it may stand
    without being looked at."""

    target: str
    required: bool
    best: Candidate | None = None
    others: tuple[Candidate, ...] = ()
    sure: bool = False

    @property
    def asks(self) -> bool:
        """Somebody has to look: not sure, or required and without any column."""
        return (self.best is not None and not self.sure) or (self.best is None and self.required)


@dataclass(frozen=True)
class Known:
    """What the platform knows. `accepted`: (target, normalised label) → how many datasets hold them for the same.
    `communes`: datasets of communes that the person may read. `organization`: {"name", "siren", "siret", "insee"} of the producer,
    those that are known."""

    accepted: dict[tuple[str, str], int] = field(default_factory=dict)
    communes: tuple[Communes, ...] = ()
    organization: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Communes:
    """A dataset of communes: names of its fields; empty when it has none of the kind. `names`: its communes (`place_name`)."""

    dataset: str
    title: str
    insee: str
    name: str = ""
    postcode: str = ""
    shape: str = ""
    names: frozenset[str] = frozenset()

    def knows(self, written: Sequence[str]) -> float:
        """0 to 1: the share of these names that the dataset has."""
        said = {place_name(one) for one in written}
        return len(said & self.names) / len(said) if said else 0.0


def place_name(written: str) -> str:
    """As `reference_tables.key_sql` compares it."""
    plain = re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", normal(written)))
    return re.sub(r" cedex( [0-9]+)?$", "", plain)


def lacking(suggestions: list[Suggestion]) -> list[str]:
    """Columns that the schema requires and that nothing fills."""
    return [one.target for one in suggestions if one.required and one.best is None]
