"""A span of two years, `AAAA/AAAA`, the first one before the second (`year-interval-value`).

Rule and code `year-interval-value`; field `allow_year_only`; note: `format`, `equal`, `order`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bocage.check.rules.custom import parameters
from bocage.check.rules.custom.value_rule import Refusal, ValueRule
from bocage.check.rules.kinds import RULES, Bench

NAME = "year-interval-value"


def _review(params: Mapping[str, Any]) -> None:
    parameters.optional_text(NAME, params, "allow-year-only")


def _decide(_bench: Bench, text: str, params: Mapping[str, Any]) -> Refusal:
    alone = params.get("allow-year-only") in {"true", "yes"}
    # \p{Nd}: the digits of any script, as the reference; compared as texts, which have four digits of the same script.
    span = rf"regexp_full_match({text}, '\p{{Nd}}{{4}}/\p{{Nd}}{{4}}')"
    year = rf" OR regexp_full_match({text}, '\p{{Nd}}{{4}}')" if alone else ""
    first, second = f"left({text}, 4)", f"right({text}, 4)"
    refused = f"NOT (({span} AND {first} < {second}){year})"
    note = f"CASE WHEN NOT {span} THEN 'format' WHEN {first} = {second} THEN 'equal' ELSE 'order' END"
    return Refusal(refused, note, {"allow_year_only": alone})


RULES.register(NAME, ValueRule(NAME, NAME, NAME, _decide, review=_review))
