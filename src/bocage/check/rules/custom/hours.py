"""Opening hours (`opening-hours-value`), as OpenStreetMap writes them; asked once for each distinct value.

Rule and code `opening-hours-value`, no field. See `hours_grammar` for what is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bocage.check.rules.custom.hours_grammar import is_opening_hours
from bocage.check.rules.custom.value_rule import Refusal, ValueRule
from bocage.check.rules.kinds import RULES, Bench
from bocage.store.engine import literal

NAME = "opening-hours-value"
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_SPAN = "(?:[01][0-9]|2[0-3]):[0-5][0-9]-(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_DAYS = f"{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*"
_RULE = f"(?:(?:PH|{_DAYS}) )?{_SPAN}(?:,{_SPAN})*"
PLAIN = f"24/7|{_RULE}(?:; {_RULE})*(?:; PH (?:off|closed))?"


def _decide(_bench: Bench, text: str, _params: Mapping[str, Any]) -> Refusal:
    # The commonest, and surely right, are not worth asking about.
    return Refusal(f"NOT regexp_full_match({text}, {literal(PLAIN)})", is_right=is_opening_hours)


RULES.register(NAME, ValueRule(NAME, NAME, NAME, _decide))
