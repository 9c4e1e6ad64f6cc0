"""The nine criteria of data.gouv.fr, as its own code reads them: shown as nine lamps, before publication and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bocage.check.quality.facts import Facts

CRITERIA: dict[str, Callable[[Facts], bool]] = {
    "license": lambda facts: facts.licence_is_open,
    "temporal_coverage": lambda facts: facts.temporal,
    "spatial": lambda facts: facts.located,
    "update_frequency": lambda facts: facts.frequency_is_stated,
    "update_fulfilled_in_time": lambda facts: facts.frequency_is_stated and facts.is_up_to_date,
    "dataset_description_quality": lambda facts: facts.is_described,
    # What is published here is always offered in open formats, from this very machine.
    "has_open_format": lambda facts: facts.published,
    "all_resources_available": lambda facts: facts.published,
    "has_resources_documentation": lambda facts: facts.published and (facts.follows_schema or facts.described_fields > 0),
}  # fmt: skip
"""The keys are those of `quality` in the API of data.gouv.fr."""


@dataclass(frozen=True)
class Lamp:
    code: str
    lit: bool


def lamps(facts: Facts) -> list[Lamp]:
    return [Lamp(code, holds(facts)) for code, holds in CRITERIA.items()]
