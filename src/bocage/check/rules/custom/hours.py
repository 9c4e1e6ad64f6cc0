"""Opening hours (`opening-hours-value`), as OpenStreetMap writes them; asked once for each distinct value.

Rule and code `opening-hours-value`, no field. See `hours_grammar` for what is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bocage.check.rules.custom.distinct import refused_values
from bocage.check.rules.custom.hours_grammar import is_opening_hours
from bocage.check.rules.custom.value_rule import Refusal, ValueRule
from bocage.check.rules.kinds import RULES, Bench

NAME = "opening-hours-value"


def _decide(bench: Bench, text: str, _params: Mapping[str, Any]) -> Refusal:
    return Refusal(refused_values(bench, text, is_opening_hours, "hours"))


RULES.register(NAME, ValueRule(NAME, NAME, NAME, _decide))
